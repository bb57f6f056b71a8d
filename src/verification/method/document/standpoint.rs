//! What a case is to an operator who asks for it. To who may not know of it, it does not exist.

use super::dossier::{Dossier, Reviewer, Stage};
use super::review::Powers;
use crate::verification::subject::Subject;

/// What a case is to an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standpoint {
    /// It does not exist.
    Outside,
    /// It does not exist, and it is their own.
    Own,
    /// Theirs to decide, as if they were the first: they see no verdict of anybody.
    Reviews,
    /// Theirs to settle, between two who differ.
    Settles,
    /// Nobody's to decide, and theirs to oversee.
    Oversees,
}

impl Standpoint {
    /// Whether they may have it to themselves, and decide.
    #[must_use]
    pub const fn decides(self) -> bool {
        matches!(self, Self::Reviews | Self::Settles)
    }

    /// Whether they see what others came to.
    #[must_use]
    pub const fn sees_verdicts(self) -> bool {
        matches!(self, Self::Settles | Self::Oversees)
    }
}

impl Dossier {
    /// What it, of `subject`, is to `by`, who has `powers`.
    #[must_use]
    pub fn standpoint(&self, subject: &Subject, by: &Reviewer, powers: &Powers) -> Standpoint {
        if powers.subject.as_ref() == Some(subject) {
            return Standpoint::Own;
        }
        let has_decided = || self.verdicts().iter().any(|given| given.by == *by);
        match &self.stage {
            Stage::Waiting { .. } if has_decided() => Standpoint::Outside,
            Stage::Waiting { .. } if !self.is_disputed() => Standpoint::Reviews,
            Stage::Waiting { .. } if powers.is_supervisor => Standpoint::Settles,
            Stage::AskedAgain { .. } | Stage::Decided { .. } | Stage::Lapsed { .. } if powers.is_supervisor => {
                Standpoint::Oversees
            }
            _ => Standpoint::Outside,
        }
    }
}
