//! What somebody looked at, who may look at what is known of people.

use super::{Line, Severity};
use crate::verification::account::Account;
use crate::verification::method::{Method, Slot};
use crate::verification::subject::IdvId;
use crate::verification::tenant::Host;

/// What an operator looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// One person, and their checks.
    Subject(IdvId),
    /// All that is known of one person, to be handed out.
    Export,
    /// A page of a list of people, so many.
    Subjects(u64),
    /// A page of what a method's operators gave out and waits to be used, of so many people.
    Waiting(Method, u64),
    /// A page of a list of cases, so many.
    Cases(u64),
    /// What cases a person has, by whom they are.
    Search {
        /// The number of the one that was found.
        case: Option<u64>,
    },
    /// Their own case, by its number: they are shown nothing of it.
    OwnCase(u64),
    /// A case, or a picture of it.
    Case {
        /// Its number.
        number: u64,
        /// Which picture; none for what is known beside them.
        slot: Option<Slot>,
        /// Why, where the case is not theirs to decide.
        reason: Option<&'static str>,
    },
}

impl Sight {
    /// Its line.
    pub(super) fn line<'e>(&self, tenant: &'e Host, account: &'e Account) -> Line<'e> {
        let severity = if matches!(self, Self::OwnCase(_)) { Severity::Warn } else { Severity::Info };
        let line = Line::new(severity, self.message());
        let line = Line { tenant: Some(tenant), account: Some(account), ..line };
        match self {
            Self::Subject(idv_id) => Line { idv_id: Some(*idv_id), ..line },
            Self::Export | Self::Subjects(_) | Self::Cases(_) => line,
            Self::Waiting(method, _) => Line { method: Some(*method), ..line },
            Self::Search { case } => Line { case: *case, ..line },
            Self::OwnCase(number) => Line { case: Some(*number), ..line },
            Self::Case { number, slot, reason } => Line { case: Some(*number), slot: *slot, cause: *reason, ..line },
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Subject(_) => "a subject was shown",
            Self::Export => "what is known of a subject was handed out",
            Self::Subjects(_) => "subjects were listed",
            Self::Waiting(..) => "what waits to be used was listed",
            Self::Cases(_) => "cases were listed",
            Self::Search { .. } => "a case was searched for",
            Self::OwnCase(_) => "an operator asked for their own case, and was refused",
            Self::Case { slot: None, .. } => "a case was shown",
            Self::Case { slot: Some(_), .. } => "a picture of a case was shown",
        }
    }
}
