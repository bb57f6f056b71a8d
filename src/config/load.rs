//! Finding and reading the configuration.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use figment::value::Dict;

use super::environment::{PREFIX, SEPARATOR};
use super::meant::Config;
use super::problem::{Problem, Problems};
use super::reader::{Findings, Reader};
use super::secret::{self, Source};
use super::typed::Typed;

/// Where the configuration is looked for when nobody says where it is.
pub const PLACES: [&str; 2] = ["/etc/idv/idv.toml", "idv.toml"];

/// Reads the configuration at `path`, or at the first of [`PLACES`] that exists, and the environment over it.
///
/// A variable that begins with `IDV_` and names no key is somebody else's, and among [`Config::strangers`], if it has no
/// `__` and is like no key (`environment.rs` has the rule); else it is a misspelt setting, and a problem.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(path: Option<&Path>) -> Result<Config, Problems> {
    let place = place(path);
    if !place.exists() {
        let remedy = match Source::credential_at(&place) {
            Some(Source::Credential(name)) => secret::hand_over(&name),
            _ => format!(
                "write one (the sample idv.toml explains every key), or name it with --config; looked for: {}",
                place.display()
            ),
        };
        return Err(Problems(vec![problem(&place, "there is no configuration", remedy)]));
    }
    if let Err(error) = File::open(&place) {
        let remedy = "run this as root, or let everybody read it, since it holds no secret: chmod 644".to_owned();
        return Err(Problems(vec![problem(&place, &format!("cannot be read: {error}"), remedy)]));
    }
    let figment = Figment::from(Toml::file_exact(&place)).merge(Env::prefixed(PREFIX).split(SEPARATOR));
    read(&figment, &place).0
}

/// Where the configuration is read: at `path`, or at the first of [`PLACES`] that exists.
#[must_use]
pub fn place(path: Option<&Path>) -> PathBuf {
    match path {
        Some(path) => path.to_owned(),
        None => PLACES.iter().map(PathBuf::from).find(|place| place.exists()).unwrap_or_else(|| PLACES[0].into()),
    }
}

/// Reads the configuration in `text`, without the environment. Returns it with every key that exists.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str) -> (Result<Config, Problems>, BTreeSet<String>) {
    read(&Figment::from(Toml::string(text)), Path::new("idv.toml"))
}

fn read(figment: &Figment, place: &Path) -> (Result<Config, Problems>, BTreeSet<String>) {
    let root: Dict = match figment.extract() {
        Ok(root) => root,
        Err(error) => {
            let problem = problem(place, &in_one_line(&error.kind.to_string()), "mend the TOML there".into());
            return (Err(Problems(vec![problem])), BTreeSet::new());
        }
    };
    let findings = Findings::new(figment, known(place));
    let typed = Typed::read(Reader::new(&findings, root));
    let config = Config::convert(typed, &findings);
    let (problems, keys) = findings.into_parts();
    match config {
        Some(config) if problems.is_empty() => (Ok(config), keys),
        _ => (Err(Problems(problems)), keys),
    }
}

/// What the parser says without its picture of the place, which it draws over several lines.
fn in_one_line(error: &str) -> String {
    let is_picture =
        |line: &str| line.trim_start_matches(|sign: char| sign == ' ' || sign.is_ascii_digit()).starts_with('|');
    let lines = error.lines().map(str::trim).filter(|line| !line.is_empty() && !is_picture(line));
    lines.collect::<Vec<_>>().join(": ")
}

fn problem(place: &Path, problem: &str, remedy: String) -> Problem {
    Problem { place: known(place), key: String::new(), problem: problem.to_owned(), remedy }
}

/// `place` as people know it, who have no business in the service manager's directory.
fn known(place: &Path) -> String {
    match Source::credential_at(place) {
        Some(Source::Credential(name)) if PLACES[0].ends_with(&format!("/{name}")) => {
            format!("{} (or what else LoadCredential={name} names)", PLACES[0])
        }
        Some(credential) => credential.to_string(),
        None => place.display().to_string(),
    }
}
