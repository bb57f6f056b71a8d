//! Finding and reading the configuration.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use figment::value::Dict;

use super::environment::{PREFIX, SEPARATOR};
use super::meant::Config;
use super::problem::{Problem, Problems};
use super::reader::{Findings, Reader};
use super::secret::{self, Source};
use super::settings::Written;
use super::typed::{self, Typed};

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
    let text = fs::read_to_string(&place).map_err(|error| {
        let remedy = "run this as root, or let everybody read it, since it holds no secret: chmod 644".to_owned();
        Problems(vec![problem(&place, &format!("cannot be read: {error}"), remedy)])
    })?;
    load_text(&text, &known(&place))
}

/// Reads the configuration in `text`, which stands in `place` as people know it, and the environment over it.
///
/// # Errors
/// As [`load`].
pub fn load_text(text: &str, place: &str) -> Result<Config, Problems> {
    read(text, |figment| figment.merge(Env::prefixed(PREFIX).split(SEPARATOR)), place).0
}

/// Where the configuration is read: at `path`, or at the first of [`PLACES`] that exists.
#[must_use]
pub fn place(path: Option<&Path>) -> PathBuf {
    match path {
        Some(path) => path.to_owned(),
        None => PLACES.iter().map(PathBuf::from).find(|place| place.exists()).unwrap_or_else(|| PLACES[0].into()),
    }
}

/// Where the service that the configuration at `place` is of answers commands, as far as that can be told of one that is
/// not fit.
#[must_use]
pub fn control_socket(place: &Path) -> PathBuf {
    let figment = Figment::from(Toml::file_exact(place)).merge(Env::prefixed(PREFIX).split(SEPARATOR));
    figment.extract_inner("control.socket").unwrap_or_else(|_| typed::CONTROL_SOCKET.into())
}

/// Reads the configuration in `text`, without the environment. Returns it with every key that exists.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str) -> (Result<Config, Problems>, BTreeSet<String>) {
    read(text, |figment| figment, "idv.toml")
}

fn read(
    text: &str,
    environment: impl FnOnce(Figment) -> Figment,
    place: &str,
) -> (Result<Config, Problems>, BTreeSet<String>) {
    let figment = environment(Figment::from(Toml::string(text)));
    let root: Dict = match figment.extract() {
        Ok(root) => root,
        Err(error) => {
            let (place, problem) = (place.to_owned(), in_one_line(&error.kind.to_string()));
            let problem = Problem { place, key: String::new(), problem, remedy: "mend the TOML there".into() };
            return (Err(Problems(vec![problem])), BTreeSet::new());
        }
    };
    let findings = Findings::new(&figment, place.to_owned());
    let typed = Typed::read(Reader::new(&findings, root.clone()));
    let config = Config::convert(typed, &findings);
    let (problems, keys) = findings.into_parts();
    match config {
        Some(config) if problems.is_empty() => {
            (Ok(Config { written: Written::of(text, &root, &keys), ..config }), keys)
        }
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
