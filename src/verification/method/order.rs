//! What an operator of a method orders for a subject.

use super::{Evidence, Kept, Method, desk, document, oidc};
use crate::verification::case::Case;
use crate::verification::check::SubjectRecord;
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::outcome::Status;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// What an operator of a method orders for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Something of the desk's.
    Desk(desk::Order),
    /// Something of who the subject is at a provider.
    Oidc(oidc::Order),
    /// Something of an attempt by document.
    Document(document::Order),
}

/// What is known around an order, beside what its method keeps.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// For whom.
    pub subject: &'a Subject,
    /// Their case, if there is one.
    pub case: Option<&'a Case>,
    /// Whether anything is known of them.
    pub is_known: bool,
    /// The number that the next attempt has whose method numbers them.
    pub next_number: u64,
    /// When.
    pub now: Timestamp,
}

/// What an order comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Carried {
    /// What the method keeps of the subject from then on.
    pub kept: Kept,
    /// What follows for the subject's case.
    pub effect: Effect,
    /// What was done, in words of the log, and as the audit log calls it; none if somebody else tells of it, or nobody.
    pub told: Option<(&'static str, &'static str)>,
    /// What somebody came to of a case, by its name, where they came to anything.
    pub verdict: Option<&'static str>,
    /// Whether that is right, where it is known.
    pub is_right: Option<bool>,
}

/// What follows for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It waits on, from now.
    Prolonged,
    /// It is decided: that is a check.
    Decided(Status, Evidence),
    /// It is undecided again: that is a check that failed.
    Reopened(Evidence),
    /// Nobody decides of it any more.
    Closed,
    /// There is none, and idv has met the subject from now on.
    Met(SubjectRecord),
}

/// Why an order is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Something of an attempt by document stands against it.
    Document(document::review::Refused),
}

impl Order {
    /// Of which method.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Oidc(order) => Method::Oidc(order.provider()),
            Self::Document(_) => Method::Document,
        }
    }

    /// What it is called, in words of the log, and as the audit log calls it; none if somebody else tells of it, or that is for
    /// what comes of it.
    #[must_use]
    pub fn told(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Desk(order) => Some((order.line(), order.action())),
            Self::Oidc(order) => order.line().zip(order.action()),
            Self::Document(order) => order.deed.told(),
        }
    }

    /// Whether it may be about a case that is open.
    #[must_use]
    pub const fn goes_by_cases(&self) -> bool {
        matches!(self, Self::Document(_))
    }

    /// The pictures that it brings, each with what is kept of its sealed bytes.
    #[must_use]
    pub fn objects(&self) -> Vec<(ObjectId, ObjectRecord)> {
        match self {
            Self::Document(order) => order.objects(),
            Self::Desk(_) | Self::Oidc(_) => Vec::new(),
        }
    }

    /// Carries it out where the method keeps `kept` of the subject.
    ///
    /// # Errors
    /// [`Refused`]; nothing changes then.
    pub fn carried_out(self, kept: Kept, setting: &Setting<'_>) -> Result<Carried, Refused> {
        let told = self.told();
        let unaffected = |kept| Ok(Carried { kept, effect: Effect::None, told, verdict: None, is_right: None });
        match self {
            Self::Desk(order) => unaffected(order.carried_out(kept.into_desk()).into()),
            Self::Oidc(order) => unaffected(order.carried_out(kept.into_oidc()).into()),
            Self::Document(order) => {
                let case = setting.case.filter(|case| case.method == Method::Document && case.is_open(setting.now));
                let ordered = order.carried_out(kept.into_document(), &Setting { case, ..*setting });
                let document::review::Ordered { standing, effect, told, verdict, is_right } =
                    ordered.map_err(Refused::Document)?;
                Ok(Carried { kept: standing.into(), effect: effect.into(), told, verdict, is_right })
            }
        }
    }
}

impl From<document::review::Effect> for Effect {
    fn from(effect: document::review::Effect) -> Self {
        match effect {
            document::review::Effect::None => Self::None,
            document::review::Effect::Prolonged => Self::Prolonged,
            document::review::Effect::Decided(status, reviewed) => Self::Decided(status, Evidence::Reviewed(reviewed)),
            document::review::Effect::Reopened(reviewed) => Self::Reopened(Evidence::Reviewed(reviewed)),
            document::review::Effect::Closed => Self::Closed,
            document::review::Effect::Met(record) => Self::Met(record),
        }
    }
}
