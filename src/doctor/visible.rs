//! Which files the service sees: under a root directory of its own, only what the unit puts there.

use std::path::{Path, PathBuf};

use super::systemd::Unit;

/// Directories that a unit makes for its service, by the setting that names them (systemd.exec(5)).
const MADE: [(&str, &str); 5] = [
    ("StateDirectory", "/var/lib"),
    ("RuntimeDirectory", "/run"),
    ("ConfigurationDirectory", "/etc"),
    ("CacheDirectory", "/var/cache"),
    ("LogsDirectory", "/var/log"),
];

/// What the service of a unit sees.
pub(super) struct Visible {
    /// Within its root directory; none if that is the machine's.
    places: Option<Vec<PathBuf>>,
}

impl Visible {
    pub(super) fn of(service: &Unit) -> Self {
        let (mut has_root, mut bound, mut made) = (false, Vec::new(), Vec::new());
        for (key, value) in service.section("Service") {
            match key {
                "RootDirectory" | "RootImage" => has_root = !matches!(value, "" | "/"),
                // Nothing empties the list, that of both.
                "BindPaths" | "BindReadOnlyPaths" if value.is_empty() => bound.clear(),
                "BindPaths" | "BindReadOnlyPaths" => bound.extend(value.split_whitespace().map(destination)),
                _ => made.extend(
                    MADE.iter()
                        .filter(|(known, _)| *known == key)
                        .flat_map(|(_, above)| value.split_whitespace().map(|name| Path::new(above).join(name))),
                ),
            }
        }
        Self { places: has_root.then(|| [bound, made].concat()) }
    }

    /// Whether the file `path` is there for the service, if it is for this process.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.places.as_ref().is_none_or(|places| places.iter().any(|place| path.starts_with(place)))
    }
}

/// Where `[-]SOURCE[:DESTINATION[:OPTIONS]]` is for the service.
fn destination(bind: &str) -> PathBuf {
    let mut parts = bind.trim_start_matches('-').split(':');
    let source = parts.next().unwrap_or_default();
    parts.next().filter(|destination| !destination.is_empty()).unwrap_or(source).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sees(drop_in: &str, path: &str) -> bool {
        let shipped = include_str!("../../systemd/idv.service");
        Visible::of(&Unit::of("idv.service", &[shipped, drop_in])).has(Path::new(path))
    }

    #[test]
    fn the_shipped_service_sees_its_binary_and_its_own_directories_alone() {
        for path in
            ["/usr/bin/idv", "/var/lib/idv/idv.redb", "/run/idv/control.sock", "/etc/idv/specimens", "/etc/idv/pairs"]
        {
            assert!(sees("", path), "{path}");
        }
        for path in ["/etc/idv/tls/privkey.pem", "/usr/bin/idv2", "/var/lib/idvx", "/run/idv-http.sock"] {
            assert!(!sees("", path), "{path}");
        }
    }

    #[test]
    fn what_a_drop_in_binds_or_opens_is_seen() {
        let key = "/etc/idv/tls/privkey.pem";
        for drop_in in [
            "BindReadOnlyPaths=/etc/idv",
            "BindPaths=-/srv/tls:/etc/idv/tls:rbind /opt",
            "ConfigurationDirectory=idv",
            "RootDirectory=",
            "RootDirectory=/",
        ] {
            assert!(sees(&format!("[Service]\n{drop_in}\n"), key), "{drop_in}");
        }
        for drop_in in
            ["BindReadOnlyPaths=/etc/idv\nBindReadOnlyPaths=", "BindPaths=/etc/idv:/srv", "LogsDirectory=idv"]
        {
            assert!(!sees(&format!("[Service]\n{drop_in}\n"), key), "{drop_in}");
        }
    }
}
