//! What operators do, from the command line: through the running service's control socket, or on the store itself.
//!
//! One request and one answer per connection, each one line of JSON. Only the service's group may connect.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::examination::Running;
use crate::config::{Config, spelling};
use crate::ops::clock::Clock;
use crate::ops::text;
use crate::store::{Store, StoreError};
use crate::verification::subject::Subject;
use crate::verification::tenant::{Host, Tenants};

pub mod client;
pub mod examination;
pub mod operation;
pub mod server;

/// The longest note or name, in bytes.
const TEXT_LIMIT: usize = 500;

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Issue a code of the desk.
    DeskIssue {
        /// The tenant, by any of its hosts.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
        /// Who issues it, as they say: the service itself learns from which account.
        by: String,
        /// What they note.
        #[serde(default)]
        note: Option<String>,
    },
    /// List the codes that wait.
    DeskList {
        /// The tenant.
        tenant: String,
        /// List those after this one.
        #[serde(default)]
        after: Option<String>,
    },
    /// Make a code worthless.
    DeskRevoke {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
    },
    /// Show what is known of a subject.
    SubjectShow {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
    },
    /// List subjects.
    SubjectList {
        /// The tenant.
        tenant: String,
        /// List those after this one.
        #[serde(default)]
        after: Option<String>,
    },
    /// Make a start URL with a freshly signed request token.
    Link {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
    },
    /// Copy the store into a file beside it.
    Copy,
    /// Tell about the running service itself.
    Examine,
}

impl Request {
    /// Whether it may change what is in the store.
    #[must_use]
    pub const fn changes_the_store(&self) -> bool {
        matches!(self, Self::DeskIssue { .. } | Self::DeskRevoke { .. })
    }

    /// What takes it back if nobody could get its answer; none if nothing has to be.
    #[must_use]
    pub fn revocation(&self) -> Option<Self> {
        match self {
            Self::DeskIssue { tenant, subject, .. } => {
                Some(Self::DeskRevoke { tenant: tenant.clone(), subject: subject.clone() })
            }
            _ => None,
        }
    }

    /// How long its answer may take.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        match self {
            Self::Copy => Duration::from_hours(1),
            _ => Duration::from_secs(10),
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// It was done.
    Done(serde_json::Value),
    /// It was not.
    Refused {
        /// Why, and what to do.
        error: String,
    },
}

/// Why an operation was not done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OperationError {
    /// No tenant has that host.
    #[error("{0} is no tenant's host; {remedy}", remedy = spelling::of_tenant(.0))]
    UnknownTenant(String),
    /// Not an Auth0 user id.
    #[error("the subject is not an Auth0 user_id, such as auth0|65f0c0ffee")]
    InvalidSubject,
    /// An id that no Auth0 user has.
    #[error("no Auth0 user has that user_id: {0}")]
    ImpossibleSubject(Impossible),
    /// Nothing is known of the subject.
    #[error("nothing is known of that subject at {0}")]
    UnknownSubject(Host),
    /// The desk method is off.
    #[error("the desk method is not enabled; see [methods.desk] in the configuration")]
    DeskDisabled,
    /// A note or a name is empty or too long.
    #[error("{0} has 1 to {TEXT_LIMIT} bytes")]
    Length(&'static str),
    /// A note or a name would not be read as it stands.
    #[error("{0} has a character that nobody sees, {character}; type it anew", character = .1.escape_unicode())]
    Unseen(&'static str, char),
    /// The secret of the tenant is not at hand.
    #[error("{0}")]
    Secret(String),
    /// No service is running.
    #[error("the service is not running")]
    NotRunning,
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

/// Why no Auth0 user has an id.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Impossible {
    /// It does not say of which connection it is.
    #[error(
        "it begins with its connection and a |, which the shell takes for its own; write it in quotes, as 'auth0|65f0c0ffee'"
    )]
    NoConnection,
    /// It was copied with too much.
    #[error("it has a space at an end or before its |; copy it anew")]
    Space,
    /// It is not the id that it looks like.
    #[error("it has a character that nobody sees, {character}; copy it anew", character = .0.escape_unicode())]
    Unseen(char),
}

/// What operations work on.
pub struct Office {
    /// The configuration.
    pub config: Config,
    /// The tenants with their secrets, or why those are not at hand.
    pub tenants: Result<Tenants, String>,
    /// The store.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The service, if this is it.
    pub running: Option<Running>,
}

impl Office {
    fn possible_subject(&self, tenant: &str, user_id: String) -> Result<Subject, OperationError> {
        possible_subject(&self.config, tenant, user_id)
    }

    fn subject(&self, tenant: &str, user_id: String) -> Result<Subject, OperationError> {
        subject(&self.config, tenant, user_id)
    }
}

/// The subject `user_id` of the tenant with the host `tenant`.
///
/// # Errors
/// [`OperationError::UnknownTenant`], [`OperationError::InvalidSubject`].
pub fn subject(config: &Config, tenant: &str, user_id: String) -> Result<Subject, OperationError> {
    let tenant = domain(config, tenant)?;
    Ok(Subject { tenant, user_id: user_id.try_into().map_err(|_| OperationError::InvalidSubject)? })
}

/// The same, for whom something is made: only of ids that an Auth0 user can have. Whatever a login brought is shown and
/// revoked all the same.
///
/// # Errors
/// As [`subject`], and [`OperationError::ImpossibleSubject`].
pub fn possible_subject(config: &Config, tenant: &str, user_id: String) -> Result<Subject, OperationError> {
    let subject = subject(config, tenant, user_id)?;
    possible(subject.user_id.as_str()).map_err(OperationError::ImpossibleSubject)?;
    Ok(subject)
}

/// An Auth0 `user_id` is its connection's strategy, which is a plain name, a `|`, and whatever that connection says.
fn possible(user_id: &str) -> Result<(), Impossible> {
    if let Some(unseen) = text::unseen(user_id) {
        return Err(Impossible::Unseen(unseen));
    }
    match user_id.split_once('|') {
        None | Some(("", _) | (_, "")) => Err(Impossible::NoConnection),
        Some((connection, id)) if connection.contains(char::is_whitespace) || id.trim() != id => Err(Impossible::Space),
        Some(_) => Ok(()),
    }
}

/// The canonical domain of the tenant with the host `name`.
fn domain(config: &Config, name: &str) -> Result<Host, OperationError> {
    config
        .tenant(name)
        .map(|tenant| tenant.domain.clone())
        .ok_or_else(|| OperationError::UnknownTenant(name.to_owned()))
}
