//! The installed units, found and put together as systemd does it (systemd.unit(5)).

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// Where units are; of files with the same name the first counts. `SYSTEMD_UNIT_PATH` names others.
const PLACES: [&str; 8] = [
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/etc/systemd/system",
    "/run/systemd/system",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// A unit with its drop-ins.
pub(super) struct Unit {
    /// The file that it begins with.
    pub(super) path: PathBuf,
    settings: Vec<Setting>,
}

struct Setting {
    section: String,
    key: String,
    value: String,
}

impl Unit {
    /// The installed unit `name`, such as `idv.service`; none if there is none, or it may not be read.
    pub(super) fn installed(name: &str) -> Option<Self> {
        let places = places();
        let path = places.iter().map(|place| place.join(name)).find(|path| path.exists())?;
        let mut texts = vec![fs::read_to_string(&path).ok()?];
        texts.extend(drop_ins(&places, name).into_values().filter_map(|path| fs::read_to_string(path).ok()));
        Some(Self::of(path, &texts))
    }

    /// The unit that the file `path` with `texts` is: its own, then those of its drop-ins in their order.
    pub(super) fn of(path: impl Into<PathBuf>, texts: &[impl AsRef<str>]) -> Self {
        Self { path: path.into(), settings: texts.iter().flat_map(|text| settings(text.as_ref())).collect() }
    }

    /// Keys and values of `section`, in the order in which they take effect.
    pub(super) fn section(&self, section: &str) -> impl Iterator<Item = (&str, &str)> {
        let settings = self.settings.iter().filter(move |setting| setting.section == section);
        settings.map(|Setting { key, value, .. }| (key.as_str(), value.as_str()))
    }

    /// The values of `key` in `section`, likewise.
    pub(super) fn values(&self, section: &str, key: &str) -> impl Iterator<Item = &str> {
        self.section(section).filter(move |(known, _)| *known == key).map(|(_, value)| value)
    }
}

/// Whether the installed unit `wanted` starts with `unit`, as `systemctl enable` has it.
pub(super) fn is_enabled(wanted: &str, unit: &str) -> bool {
    places().iter().any(|place| place.join(format!("{unit}.wants")).join(wanted).exists())
}

/// Files of units whose names begin with `idv` that are used in place of another of the same name, each with that other: what
/// a package brings is then without effect. A unit that is masked is meant to be.
pub(super) fn shadows() -> Vec<(PathBuf, PathBuf)> {
    shadows_in(&places())
}

fn shadows_in(places: &[PathBuf]) -> Vec<(PathBuf, PathBuf)> {
    let entries = places.iter().flat_map(|place| fs::read_dir(place).into_iter().flatten().flatten());
    let names: BTreeSet<_> = entries.map(|entry| entry.file_name()).filter(|name| is_ours(name)).collect();
    let shadow = |name| {
        let mut found = places.iter().map(|place| place.join(&name)).filter(|path| path.exists());
        let used = found.next().filter(|path| path.is_file())?;
        let other = found.find(|path| !is_same(path, &used))?;
        Some((used, other))
    };
    names.into_iter().filter_map(shadow).collect()
}

fn is_ours(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    (name.starts_with(b"idv.") || name.starts_with(b"idv-")) && !name.ends_with(b".d")
}

#[expect(clippy::disallowed_methods, reason = "this is where systemd's own variable is read")]
fn places() -> Vec<PathBuf> {
    let defaults = PLACES.map(PathBuf::from);
    let Some(named) = std::env::var_os("SYSTEMD_UNIT_PATH") else { return defaults.into() };
    let mut places: Vec<_> = std::env::split_paths(&named).collect();
    // An empty component at the end stands for the usual places.
    if places.pop_if(|last| last.as_os_str().is_empty()).is_some() {
        places.extend(defaults);
    }
    places
}

/// The drop-ins of `name` by their names, in whose order they apply: those of its own go before those of its type, such as
/// `service.d`, which images of LXC bring.
fn drop_ins(places: &[PathBuf], name: &str) -> BTreeMap<OsString, PathBuf> {
    let kind = name.rsplit_once('.').map_or(name, |(_, kind)| kind);
    let of = |name: &str| places.iter().map(|place| place.join(format!("{name}.d"))).collect::<Vec<_>>();
    let mut found = BTreeMap::new();
    for directory in of(name).into_iter().chain(of(kind)) {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
        for path in entries.filter(|path| path.extension() == Some("conf".as_ref())) {
            found.entry(path.file_name().unwrap_or_default().to_owned()).or_insert(path);
        }
    }
    found
}

/// What stands in a unit's file, line by line; a line that ends in a backslash goes on in the next.
fn settings(text: &str) -> Vec<Setting> {
    let (mut section, mut settings, mut begun) = (String::new(), Vec::new(), String::new());
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(part) = line.strip_suffix('\\') {
            begun += part;
            begun.push(' ');
            continue;
        }
        let line = std::mem::take(&mut begun) + line;
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((key, value)) = line.split_once('=') {
            let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
            settings.push(Setting { section: section.clone(), key, value });
        }
    }
    settings
}

/// Whether `value` is one of those that mean yes (systemd.syntax(7)).
pub(super) fn is_yes(value: &str) -> bool {
    ["1", "yes", "y", "true", "t", "on"].iter().any(|yes| value.eq_ignore_ascii_case(yes))
}

/// Whether the file `path` is the one that `named` names, by any way to it.
pub(super) fn is_same(path: &Path, named: &Path) -> bool {
    path == named || fs::canonicalize(path).is_ok_and(|path| fs::canonicalize(named).is_ok_and(|named| path == named))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_unit_is_read_as_systemd_reads_it() {
        let text =
            "[Unit]\nA=1\n[Service]\n# A=2\n; A=3\n A = 4 \nB=one \\\n# between\n  two\nC=\nno setting\n[Install]\nA=5";
        let unit = Unit::of("idv.service", &[text, "[Service]\nA=6"]);
        let service: Vec<_> = unit.section("Service").collect();
        assert_eq!(service, [("A", "4"), ("B", "one  two"), ("C", ""), ("A", "6")]);
    }

    #[test]
    fn drop_ins_apply_by_name_and_the_first_place_counts() {
        let directory = tempfile::TempDir::new().unwrap();
        let places = ["etc", "lib"].map(|place| directory.path().join(place));
        for file in [
            "etc/idv.service.d/20.conf",
            "lib/idv.service.d/20.conf",
            "lib/idv.service.d/10.conf",
            "etc/service.d/15.conf",
            "etc/service.d/10.conf",
            "etc/idv.service.d/30.txt",
        ] {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found: Vec<_> = drop_ins(&places, "idv.service").into_values().collect();
        let expected = ["lib/idv.service.d/10.conf", "etc/service.d/15.conf", "etc/idv.service.d/20.conf"];
        assert_eq!(found, expected.map(|file| directory.path().join(file)));
    }

    #[test]
    fn a_file_in_the_place_of_a_packages_is_told_and_a_masked_unit_is_not() {
        let directory = tempfile::TempDir::new().unwrap();
        let [etc, local, lib] = ["etc", "local", "lib"].map(|place| directory.path().join(place));
        for file in [
            "etc/idv.service",
            "lib/idv.service",
            "local/idv-egress.socket",
            "lib/idv-egress.socket",
            // One alone, drop-ins, and another's.
            "etc/idv.socket",
            "etc/idv.service.d/10.conf",
            "lib/idv.service.d/20.conf",
            "etc/idvd.service",
            "lib/idvd.service",
            "lib/idv-backup.timer",
        ] {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        symlink("/dev/null", etc.join("idv-backup.timer")).unwrap();
        // As /lib is of /usr/lib.
        let again = directory.path().join("again");
        symlink(&lib, &again).unwrap();
        let pair = |place: &Path, name| (place.join(name), lib.join(name));
        let expected = [pair(&local, "idv-egress.socket"), pair(&etc, "idv.service")];
        assert_eq!(shadows_in(&[etc.clone(), local.clone(), lib.clone(), again.clone()]), expected);
        assert_eq!(shadows_in(&[lib.clone(), again]), []);
    }
}
