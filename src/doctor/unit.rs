//! Whether the installed systemd unit confines the service as the shipped one does.

use std::fs;
use std::path::{Path, PathBuf};

use super::finding::Finding;

const CHECK: &str = "systemd";
const SHIPPED: &str = include_str!("../../systemd/idv.service");
/// Where units are, first match wins (systemd.unit(5)).
const PLACES: [&str; 4] =
    ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"];
/// What the shipped unit sets for an organisation to change.
const FREE: [&str; 3] = ["LoadCredential", "MemoryHigh", "MemoryMax"];

/// What the installed unit and its drop-ins leave out or set otherwise.
pub(super) fn examine() -> Finding {
    let unit = PLACES.iter().map(|place| Path::new(place).join("idv.service")).find(|unit| unit.exists());
    let Some(unit) = unit else { return Finding::note(CHECK, "no unit idv.service is installed") };
    let Ok(mut text) = fs::read_to_string(&unit) else {
        return Finding::note(CHECK, format!("{} cannot be read", unit.display()));
    };
    text.extend(
        drop_ins().into_iter().filter_map(|path| fs::read_to_string(path).ok()).map(|text| format!("\n{text}")),
    );
    let (place, loosened) = (unit.display(), loosened(&text));
    if loosened.is_empty() {
        return Finding::ok(CHECK, format!("{place} confines the service as shipped"));
    }
    let text = format!("{place} differs from the shipped unit: {}", loosened.join(", "));
    Finding::warning(CHECK, text, "install the shipped unit; keep local changes in a drop-in (systemctl edit idv)")
}

fn drop_ins() -> Vec<PathBuf> {
    let directories = PLACES.iter().rev().map(|place| Path::new(place).join("idv.service.d"));
    let entries = directories.filter_map(|directory| fs::read_dir(directory).ok()).flatten().flatten();
    let mut paths: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.extension() == Some("conf".as_ref())).collect();
    paths.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
    paths
}

/// The settings of the shipped unit's `[Service]` whose values `installed` does not have, or has others beside.
fn loosened(installed: &str) -> Vec<&'static str> {
    let (shipped, installed) = (settings(SHIPPED), settings(installed));
    let values = |of: &[(&str, &str)], key: &str| {
        of.iter().filter(|(known, _)| *known == key).map(|(_, value)| (*value).to_owned()).collect::<Vec<_>>()
    };
    let mut keys: Vec<_> = shipped.iter().map(|(key, _)| *key).filter(|key| !FREE.contains(key)).collect();
    keys.dedup();
    keys.retain(|key| values(&shipped, key) != values(&installed, key));
    keys
}

/// The settings of `[Service]`, in their order.
fn settings(unit: &str) -> Vec<(&str, &str)> {
    let mut is_service = false;
    let mut settings = Vec::new();
    for line in unit.lines().map(str::trim) {
        if line.starts_with('[') {
            is_service = line == "[Service]";
        } else if let Some((key, value)) = line.split_once('=').filter(|_| is_service && !line.starts_with(['#', ';']))
        {
            settings.push((key.trim(), value.trim()));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_unit_is_as_shipped() {
        assert_eq!(loosened(SHIPPED), Vec::<&str>::new());
    }

    #[test]
    fn a_credential_elsewhere_is_the_organisations_own() {
        assert_eq!(loosened(&SHIPPED.replace("/etc/idv/token-secret", "/srv/secret")), Vec::<&str>::new());
    }

    #[test]
    fn a_missing_setting_and_a_drop_in_are_told() {
        assert_eq!(loosened(&SHIPPED.replace("PrivateNetwork=yes", "")), ["PrivateNetwork"]);
        assert_eq!(loosened(&format!("{SHIPPED}\n[Service]\nProtectHome=no\n")), ["ProtectHome"]);
    }
}
