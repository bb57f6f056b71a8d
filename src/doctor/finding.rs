//! One thing that the doctor found.

use std::fmt;

use serde::Serialize;

use crate::config::Problem;

/// How bad it is, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Worth knowing, such as what was not examined.
    Note,
    /// Works today, and should be mended.
    Warning,
    /// Logins fail, or are not safe.
    Problem,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was examined, such as `certificate`.
    pub check: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found.
    pub text: String,
    /// What to do; for warnings and problems.
    pub remedy: Option<String>,
}

/// What works today and should be mended, and how.
pub struct Warning {
    /// What it is.
    pub text: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.text, self.remedy)
    }
}

impl Warning {
    pub(super) fn new(text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { text: text.into(), remedy: remedy.into() }
    }
}

impl Finding {
    pub(super) fn ok(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, text: text.into(), remedy: None }
    }

    pub(super) fn note(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Note, text: text.into(), remedy: None }
    }

    pub(super) fn warning(check: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, level: Level::Warning, text: text.into(), remedy: Some(remedy.into()) }
    }

    pub(super) fn problem(check: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, level: Level::Problem, text: text.into(), remedy: Some(remedy.into()) }
    }

    pub(super) fn of_warning(check: &'static str, Warning { text, remedy }: Warning) -> Self {
        Self::warning(check, text, remedy)
    }

    /// A problem of the configuration, with its place and key.
    pub(super) fn of_configuration(check: &'static str, problem: &Problem) -> Self {
        let Problem { place, key, problem, remedy } = problem;
        let key = if key.is_empty() { String::new() } else { format!("{key}: ") };
        Self::problem(check, format!("{place}: {key}{problem}"), remedy)
    }
}
