//! Why an operation was not done.

use thiserror::Error;

use super::note::NoteError;
use super::subject::SubjectError;
use crate::store::StoreError;
use crate::verification::method::Method;
use crate::verification::operator::{InvalidOperatorName, OperatorError};
use crate::verification::tenant::Host;

/// Why an operation was not done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OperationError {
    /// Nobody can be meant.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// Nothing is known of the subject.
    #[error("nothing is known of that subject at {0}")]
    UnknownSubject(Host),
    /// The method is off.
    #[error("the {name} method is not enabled; see [methods.{name}] in the configuration", name = .0.kind().as_str())]
    Disabled(Method),
    /// A note or a name cannot be kept.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// An operator of the console cannot be called so.
    #[error(transparent)]
    OperatorName(#[from] InvalidOperatorName),
    /// An operator of the console is not changed so.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// There is no console.
    #[error("there is no console; see [review] in the configuration")]
    NoConsole,
    /// What the method keeps stands against it.
    #[error("{told}")]
    Refused {
        /// Why, as the log has it.
        name: &'static str,
        /// Why, and what to do.
        told: &'static str,
    },
    /// Something was named that is none.
    #[error("{1:?} is no {0}")]
    Unknown(&'static str, String),
    /// It is not theirs to say.
    #[error("only root, or the account of the service, {0}")]
    NotTheirs(&'static str),
    /// The secret of the tenant is not at hand.
    #[error("{0}")]
    Secret(String),
    /// No service is running.
    #[error("the service is not running")]
    NotRunning,
    /// Whoever asks may not have the service reloaded.
    #[error("only root may reload the service")]
    NotRoot,
    /// What the service was to take is not fit.
    #[error("{0}")]
    NotReloaded(String),
    /// A copy would fill the disk.
    #[error("a copy of the store needs {needed} bytes beside it, and {free} are free")]
    NoRoom {
        /// How many bytes it would take.
        needed: u64,
        /// How many there are.
        free: u64,
    },
    /// There is no copy.
    #[error("{0}")]
    Copy(String),
    /// The store is not whole, or was not looked at.
    #[error("{0}")]
    Examination(String),
    /// Something about the pictures failed.
    #[error("{0}")]
    Evidence(String),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OperationError {
    /// The cause as the log has it: without what an operator typed.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Subject(SubjectError::UnknownTenant(_)) => "unknown_tenant",
            Self::Subject(SubjectError::Invalid | SubjectError::Impossible(_)) => "malformed_subject",
            Self::UnknownSubject(_) => "unknown_subject",
            Self::Disabled(_) => "method_disabled",
            Self::Note(_) => "malformed_note",
            Self::OperatorName(_) => "malformed_operator",
            Self::Operator(OperatorError::Unknown) => "unknown_operator",
            Self::Operator(OperatorError::Known) => "known_operator",
            Self::Operator(OperatorError::Alike(_)) => "alike_operator",
            Self::Operator(OperatorError::LikeAccount) => "alike_account",
            Self::Operator(OperatorError::Revoked) => "revoked_operator",
            Self::Operator(OperatorError::Link) => "used_link",
            Self::Operator(OperatorError::SameApplicant) => "same_applicant",
            Self::Operator(OperatorError::ByProvider) => "known_to_provider",
            Self::NoConsole => "no_console",
            Self::Refused { name, .. } => name,
            Self::Unknown(..) => "unknown_name",
            Self::NotTheirs(_) => "not_theirs",
            Self::Secret(_) => "no_secret",
            Self::NotRunning => "not_running",
            Self::NotRoot => "not_root",
            Self::NotReloaded(_) => "not_reloaded",
            Self::NoRoom { .. } => "no_room",
            Self::Copy(_) => "not_copied",
            Self::Examination(_) => "store_not_whole",
            Self::Evidence(_) => "evidence_failed",
            Self::Store(StoreError::Damaged(_)) => "store_damaged",
            Self::Store(_) => "store_unavailable",
        }
    }

    /// Whether it is the service's to mend, and not the operator's.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        matches!(
            self,
            Self::Secret(_)
                | Self::NoRoom { .. }
                | Self::Copy(_)
                | Self::Examination(_)
                | Self::Evidence(_)
                | Self::Store(_)
        )
    }
}
