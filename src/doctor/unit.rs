//! Whether the installed systemd unit confines the service as the shipped one does.

use std::path::Path;

use super::finding::Finding;
use super::systemd::{self, Unit};

const CHECK: &str = "systemd";
const SHIPPED: &str = include_str!("../../systemd/idv.service");
/// What the shipped unit sets for an organisation to change.
const FREE: [&str; 3] = ["LoadCredential", "MemoryHigh", "MemoryMax"];

/// What the installed unit and its drop-ins leave out or set otherwise.
pub(super) fn examine() -> Vec<Finding> {
    let Some(unit) = Unit::installed("idv.service") else {
        return vec![Finding::note(CHECK, "no unit idv.service is installed")];
    };
    let place = unit.path.display();
    let mut findings: Vec<_> = systemd::shadows().iter().map(|(used, other)| shadowed(used, other)).collect();
    if let Some(name) = missing(&unit, |name| Unit::installed(name).is_some()) {
        let text = format!("nothing leads from {place} to {name} once it has failed for good: who connects then waits");
        let remedy = format!("install the shipped idv.service and {name}, and run: systemctl daemon-reload");
        findings.push(Finding::warning(CHECK, text, remedy));
    }
    let loosened = loosened(&unit);
    findings.push(if loosened.is_empty() {
        Finding::ok(CHECK, format!("{place} confines the service as shipped"))
    } else {
        let text = format!("{place} differs from the shipped unit: {}", loosened.join(", "));
        Finding::warning(CHECK, text, "install the shipped unit; keep local changes in a drop-in (systemctl edit idv)")
    });
    findings
}

/// `used` is a file of a unit that keeps `other` from having any effect.
fn shadowed(used: &Path, other: &Path) -> Finding {
    let (used, other) = (used.display(), other.display());
    let remedy =
        format!("keep what is your own in a drop-in (systemctl edit), then: rm {used} && systemctl daemon-reload");
    Finding::warning(CHECK, format!("{used} is used in place of {other}"), remedy)
}

/// Where the shipped unit leads when it has failed for good, if `installed` does not, or that is not installed too.
fn missing(installed: &Unit, is_installed: impl Fn(&str) -> bool) -> Option<String> {
    let shipped = Unit::of("idv.service", &[SHIPPED]);
    let leads_to = |unit: &Unit| -> Vec<String> {
        let values = unit.section("Unit").filter(|(key, _)| *key == "OnFailure").map(|(_, value)| value);
        values.flat_map(str::split_whitespace).map(str::to_owned).collect()
    };
    let led_to = leads_to(installed);
    leads_to(&shipped).into_iter().find(|name| !led_to.contains(name) || !is_installed(name))
}

/// The settings of the shipped unit's `[Service]` whose values `installed` does not have, or has others beside.
fn loosened(installed: &Unit) -> Vec<String> {
    let shipped = Unit::of("idv.service", &[SHIPPED]);
    let mut keys: Vec<_> = shipped.section("Service").map(|(key, _)| key.to_owned()).collect();
    keys.retain(|key| !FREE.contains(&key.as_str()));
    keys.dedup();
    keys.retain(|key| shipped.values("Service", key).ne(installed.values("Service", key)));
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loosened(text: &str) -> Vec<String> {
        super::loosened(&Unit::of("idv.service", &[text]))
    }

    #[test]
    fn the_shipped_unit_is_as_shipped() {
        assert_eq!(loosened(SHIPPED), Vec::<String>::new());
    }

    #[test]
    fn a_credential_elsewhere_is_the_organisations_own() {
        assert_eq!(loosened(&SHIPPED.replace("/etc/idv/token-secret", "/srv/secret")), Vec::<String>::new());
    }

    #[test]
    fn a_target_that_a_failed_service_leads_to_and_that_is_missing_is_told() {
        let told = |text: &str, is_installed| missing(&Unit::of("idv.service", &[text]), |_| is_installed);
        assert_eq!(told(SHIPPED, true), None);
        assert_eq!(told(SHIPPED, false).unwrap(), "idv-failed.target");
        assert_eq!(told(&SHIPPED.replace("OnFailure=", "After="), true).unwrap(), "idv-failed.target");
        // Somebody wants to hear of it too.
        assert_eq!(told(&format!("{SHIPPED}\n[Unit]\nOnFailure=mail@%n.service\n"), true), None);
    }

    #[test]
    fn a_missing_setting_and_a_drop_in_are_told() {
        assert_eq!(loosened(&SHIPPED.replace("PrivateNetwork=yes", "")), ["PrivateNetwork"]);
        assert_eq!(loosened(&format!("{SHIPPED}\n[Service]\nProtectHome=no\n")), ["ProtectHome"]);
    }
}
