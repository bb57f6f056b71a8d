//! Whom an operator means.

use thiserror::Error;

use crate::config::{Config, spelling};
use crate::ops::text;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;

/// Why nobody can be meant.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SubjectError {
    /// No tenant has that host.
    #[error("{0} is no tenant's host; {remedy}", remedy = spelling::of_tenant(.0))]
    UnknownTenant(String),
    /// Not an Auth0 user id.
    #[error("the subject is not an Auth0 user_id, such as auth0|65f0c0ffee")]
    Invalid,
    /// An id that no Auth0 user has.
    #[error("no Auth0 user has that user_id: {0}")]
    Impossible(Impossible),
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

/// The subject `user_id` of the tenant with the host `tenant`.
///
/// # Errors
/// [`SubjectError::UnknownTenant`], [`SubjectError::Invalid`].
pub fn subject(config: &Config, tenant: &str, user_id: String) -> Result<Subject, SubjectError> {
    let tenant = domain(config, tenant)?;
    Ok(Subject { tenant, user_id: user_id.try_into().map_err(|_| SubjectError::Invalid)? })
}

/// The same, for whom something is made: only of ids that an Auth0 user can have. Whatever a login brought is shown and
/// revoked all the same.
///
/// # Errors
/// As [`subject`], and [`SubjectError::Impossible`].
pub fn possible_subject(config: &Config, tenant: &str, user_id: String) -> Result<Subject, SubjectError> {
    let subject = subject(config, tenant, user_id)?;
    possible(subject.user_id.as_str()).map_err(SubjectError::Impossible)?;
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
pub(super) fn domain(config: &Config, name: &str) -> Result<Host, SubjectError> {
    config.tenant(name).map(|tenant| tenant.domain.clone()).ok_or_else(|| SubjectError::UnknownTenant(name.to_owned()))
}
