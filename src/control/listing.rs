//! A listing of a tenant's subjects, page by page.

use super::subject::{self, SubjectError};
use crate::config::Config;
use crate::verification::subject::{Subject, UserId};
use crate::verification::tenant::Host;

/// How many a page has.
pub(super) const PAGE: usize = 500;

/// The tenant that is meant, and the subject after which the page begins.
pub(super) fn place(
    config: &Config,
    tenant: &str,
    after: Option<String>,
) -> Result<(Host, Option<Subject>), SubjectError> {
    let after = after.map(|user_id| subject::subject(config, tenant, user_id)).transpose()?;
    Ok((subject::domain(config, tenant)?, after))
}

/// The user id after which the next page begins, if this one is full.
pub(super) fn next<T>(listed: &[(Subject, T)]) -> Option<UserId> {
    listed.last().filter(|_| listed.len() == PAGE).map(|(subject, _)| subject.user_id.clone())
}
