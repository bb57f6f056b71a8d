//! Why an operation was not done.

use thiserror::Error;

use super::note::NoteError;
use super::subject::SubjectError;
use crate::store::StoreError;
use crate::verification::method::Method;
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
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
