//! What a report counts. Where a name is missing from a row, the row is of all that had no place in its table.

use serde::Serialize;

use super::durations::Times;
use super::people::Estimate;
use super::range::{self, Step};
use crate::verification::audit::entry::{Entry, EventOutcome};
use crate::verification::time::Timestamp;

/// All figures.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// What was read.
    pub entries: Entries,
    /// Sessions by what they rest on.
    pub checks: Vec<Checks>,
    /// How long the checks of all methods took that were decided, from the request token on.
    pub time_to_decision: Option<Times>,
    /// Sessions by when they ended.
    pub timeline: Timeline,
    /// What was refused, and which checks failed.
    pub refusals: Vec<Refusal>,
    /// The desk's codes.
    pub codes: Codes,
    /// People.
    pub people: People,
    /// What operators did about people.
    pub acts: Vec<Deed>,
    /// Who looked at what is known of people, or took it away.
    pub looks: Vec<Deed>,
    /// What was done to the service, by action.
    pub operations: Vec<Operation>,
    /// The same one by one: the first ones.
    pub journal: Vec<Entry>,
    /// How many more there were.
    pub journal_left_out: u64,
    /// Erasures and retention.
    pub erasure: Erasure,
    /// Actions that this version does not know, such as a newer one's.
    pub other: Vec<Named>,
}

/// What became of the log's lines.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entries {
    /// All of the log.
    pub read: u64,
    /// Those that an export does not show.
    pub left_out: u64,
    /// Those that the report is of.
    pub told: u64,
    /// Those of another time.
    pub of_another_time: u64,
    /// Those of the time that are of another tenant or of none, in a report of one.
    pub of_another_tenant: u64,
    /// Those that are no entry.
    pub unreadable: u64,
    /// The number of the first of these in the log, which begins with 0.
    pub first_unreadable: Option<u64>,
    /// When the first entry was made.
    #[serde(serialize_with = "instant_or_none")]
    pub first_at: Option<Timestamp>,
    /// When the last one was made.
    #[serde(serialize_with = "instant_or_none")]
    pub last_at: Option<Timestamp>,
}

/// How sessions ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Endings {
    /// The person was verified.
    pub verified: u64,
    /// They were not.
    pub not_verified: u64,
    /// Somebody decides later.
    pub undecided: u64,
    /// They left.
    pub left: u64,
    /// Their time was over.
    pub timed_out: u64,
    /// In a way that this version does not know.
    pub other: u64,
}

/// On what sessions rest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "by", content = "name", rename_all = "snake_case")]
pub enum Grounds {
    /// On a check by this method.
    Method(String),
    /// On what was decided of a case before.
    Case,
    /// On the success of another session in the same browser.
    HandOver,
    /// On nothing: no method was used to its end.
    Nothing,
}

/// Sessions that rest on the same.
#[derive(Clone, Debug, Serialize)]
pub struct Checks {
    /// On what.
    #[serde(flatten)]
    pub grounds: Option<Grounds>,
    /// How they ended.
    #[serde(flatten)]
    pub endings: Endings,
    /// How long those took that were decided, from the request token on.
    pub time_to_decision: Option<Times>,
}

/// Sessions by when they ended.
#[derive(Clone, Debug, Serialize)]
pub struct Timeline {
    /// By what it is divided.
    pub step: Step,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// A part of a timeline.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Part {
    /// When it begins.
    #[serde(serialize_with = "range::serialize")]
    pub from: Timestamp,
    /// How its sessions ended.
    #[serde(flatten)]
    pub endings: Endings,
}

/// What was refused for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// The action; none in the row of the rest.
    pub action: Option<String>,
    /// By which method.
    pub method: Option<String>,
    /// Why, as the log has it.
    pub reason: Option<String>,
    /// How often.
    pub count: u64,
}

/// The desk's codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// Issued.
    pub issued: u64,
    /// Typed by their person.
    pub used: u64,
    /// Made worthless.
    pub revoked: u64,
    /// Dead of wrong codes.
    pub exhausted: u64,
}

/// How many people.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct People {
    /// Whose sessions ended.
    pub met: Estimate,
    /// Who were verified.
    pub verified: Estimate,
    /// Who were for the first time in this log.
    pub verified_first: Estimate,
}

/// What somebody did.
#[derive(Clone, Debug, Serialize)]
pub struct Deed {
    /// Who, as far as the machine proves it.
    pub actor: Option<String>,
    /// Who, by their own word.
    pub claimed: Option<String>,
    /// What; none in the row of the rest.
    pub action: Option<String>,
    /// How often.
    pub count: u64,
    /// How often it was refused or failed.
    pub failed: u64,
    /// How many people it was about, where entries say so.
    pub people: u64,
}

/// What was done to the service.
#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    /// What; none in the row of the rest.
    pub action: Option<String>,
    /// How often.
    pub count: u64,
    /// How often it was refused or failed.
    pub failed: u64,
}

/// Erasures and retention.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Erasure {
    /// How many people were erased.
    pub erased: u64,
    /// How many times that failed.
    pub failed: u64,
    /// How long it took.
    pub time: Option<Times>,
    /// How often retention was applied.
    pub sweeps: u64,
    /// How many people it removed.
    pub people_removed: u64,
    /// How many checks it removed.
    pub checks_removed: u64,
}

/// How often something came.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    /// What; none in the row of the rest.
    pub action: Option<String>,
    /// How often.
    pub count: u64,
}

impl Endings {
    /// One more, of a session with this status (contract 12).
    pub(super) fn add(&mut self, status: Option<&str>) {
        let count = match status {
            Some("success") => &mut self.verified,
            Some("failed") => &mut self.not_verified,
            Some("pending") => &mut self.undecided,
            Some("canceled") => &mut self.left,
            Some("expired") => &mut self.timed_out,
            _ => &mut self.other,
        };
        *count += 1;
    }

    /// All of both.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            verified: self.verified + other.verified,
            not_verified: self.not_verified + other.not_verified,
            undecided: self.undecided + other.undecided,
            left: self.left + other.left,
            timed_out: self.timed_out + other.timed_out,
            other: self.other + other.other,
        }
    }

    /// How many there were.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.verified + self.not_verified + self.neither()
    }

    /// How many ended without a decision.
    #[must_use]
    pub const fn neither(&self) -> u64 {
        self.undecided + self.left + self.timed_out + self.other
    }
}

impl Figures {
    /// How all sessions ended.
    #[must_use]
    pub fn endings(&self) -> Endings {
        self.checks.iter().fold(Endings::default(), |all, checks| all.and(checks.endings))
    }
}

/// Whether an entry says that something was refused or failed.
pub(super) fn is_failure(entry: &Entry) -> bool {
    entry.outcome == EventOutcome::Failure
}

#[expect(clippy::ref_option, reason = "serde hands it over so")]
fn instant_or_none<S: serde::Serializer>(at: &Option<Timestamp>, wire: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(wire)
}
