//! What operations work on.

use std::sync::Arc;

use super::running::Running;
use super::subject::{self, SubjectError};
use crate::config::Config;
use crate::evidence::Keeper;
use crate::ops::clock::Clock;
use crate::store::Store;
use crate::verification::subject::Subject;
use crate::verification::tenant::Tenants;

/// What operations work on.
pub struct Office {
    /// The configuration.
    pub config: Config,
    /// The tenants with their secrets, or why those are not at hand.
    pub tenants: Result<Tenants, String>,
    /// The store.
    pub store: Store,
    /// The pictures beside it.
    pub evidence: Arc<Keeper>,
    /// The time.
    pub clock: Clock,
    /// The service, if this is it.
    pub running: Option<Running>,
}

impl Office {
    /// See [`subject::possible_subject`].
    pub(super) fn possible_subject(&self, tenant: &str, user_id: String) -> Result<Subject, SubjectError> {
        subject::possible_subject(&self.config, tenant, user_id)
    }

    /// See [`subject::subject`].
    pub(super) fn subject(&self, tenant: &str, user_id: String) -> Result<Subject, SubjectError> {
        subject::subject(&self.config, tenant, user_id)
    }
}
