//! Whether the installed systemd unit confines the service as the shipped one does.

use super::finding::Finding;
use super::systemd::Unit;

const CHECK: &str = "systemd";
const SHIPPED: &str = include_str!("../../systemd/idv.service");
/// What the shipped unit sets for an organisation to change.
const FREE: [&str; 3] = ["LoadCredential", "MemoryHigh", "MemoryMax"];

/// What the installed unit and its drop-ins leave out or set otherwise.
pub(super) fn examine() -> Finding {
    let Some(unit) = Unit::installed("idv.service") else {
        return Finding::note(CHECK, "no unit idv.service is installed");
    };
    let (place, loosened) = (unit.path.display(), loosened(&unit));
    if loosened.is_empty() {
        return Finding::ok(CHECK, format!("{place} confines the service as shipped"));
    }
    let text = format!("{place} differs from the shipped unit: {}", loosened.join(", "));
    Finding::warning(CHECK, text, "install the shipped unit; keep local changes in a drop-in (systemctl edit idv)")
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
    fn a_missing_setting_and_a_drop_in_are_told() {
        assert_eq!(loosened(&SHIPPED.replace("PrivateNetwork=yes", "")), ["PrivateNetwork"]);
        assert_eq!(loosened(&format!("{SHIPPED}\n[Service]\nProtectHome=no\n")), ["ProtectHome"]);
    }
}
