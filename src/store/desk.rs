//! The desk's part of the store: codes are issued, listed and revoked by the organisation.

use super::snapshot::Listed;
use super::{Store, StoreError};
use crate::verification::method::desk::{Code, Desk, IssuedCode, Policy, Vouch};
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;

impl Store {
    /// Stores `code` as the one that waits for `subject`, in place of any before it, with all attempts anew. Returns
    /// the instant from which it is good no longer.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn issue_code(
        &self,
        subject: Subject,
        code: Code,
        vouch: Vouch,
        policy: Policy,
    ) -> Result<Timestamp, StoreError> {
        let expires_at = vouch.issued_at.later(policy.code_lifetime);
        let issued = IssuedCode { hash: code.hash(&self.code_key, &subject), expires_at, vouch };
        let desk = Desk { code: Some(issued), ..Desk::default() };
        self.transact(move |tables| tables.save_desk(&subject, &desk)).await?;
        Ok(expires_at)
    }

    /// Makes the code that waits for `subject` worthless. Returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError`], which says whether it may stand all the same.
    pub async fn revoke_code(&self, subject: Subject) -> Result<bool, StoreError> {
        self.transact(move |tables| {
            let desk = tables.desk(&subject)?;
            let waited = desk.code.is_some();
            tables.save_desk(&subject, &Desk { code: None, ..desk })?;
            Ok(waited)
        })
        .await
    }

    /// What the desk keeps of the subjects of `tenant` after `after`, in the order of their user ids, at most `limit`.
    pub fn desks(&self, tenant: &Host, after: Option<&Subject>, limit: usize) -> Result<Listed<Desk>, StoreError> {
        self.ask(|snapshot| snapshot.desks(tenant, after, limit))
    }
}
