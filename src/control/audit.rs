//! The audit log for operators: its pages, its signed head, and the key that signs it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::asker::Asker;
use super::error::OperationError;
use super::office::Office;
use super::subject;
use crate::ops::random;
use crate::store::StoreError;
use crate::store::signing::Fresh;
use crate::verification::audit::checkpoint::{Checkpoint, origin};
use crate::verification::audit::entry::{Entry, EventOutcome};
use crate::verification::audit::key::SigningKey;

/// How many lines a page has at the most.
const PAGE: usize = 500;
/// What reviewers in the group of the desk do not: it has what another came to in a case of which they are to be the second.
const LOOKS: &str = "looks at the audit log, which has each verdict";

/// What the log is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To hand it out.
    Export,
    /// To report of it.
    Report,
}

impl Purpose {
    const fn action(self) -> &'static str {
        match self {
            Self::Export => "audit-exported",
            Self::Report => "report-made",
        }
    }
}

/// The head of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// How many entries the log has.
    pub entries: u64,
    /// It, signed, as a note.
    pub checkpoint: String,
    /// What verifies it, in PEM.
    pub public_key: String,
    /// The same as a verifier key of C2SP.
    pub verifier_key: String,
}

/// A page of the log's lines, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Those from the number on that was asked for; none where there are no more.
    pub lines: Vec<String>,
}

impl Office {
    /// The entry that `action` is done now, by `asker`.
    pub(super) fn entry(&self, action: &str, asker: &Asker) -> Entry {
        let Asker { account, claimed } = asker;
        Entry::new(self.clock.now(), action, EventOutcome::Success).by(account, claimed.clone())
    }

    /// Writes the entry that the service began or ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record_service(&self, action: &str) -> Result<(), StoreError> {
        let entry = Entry::new(self.clock.now(), action, EventOutcome::Success);
        self.store.record(Entry { version: Some(env!("CARGO_PKG_VERSION").into()), ..entry }).await
    }

    /// The head of the log as it is now, signed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn head(&self) -> Result<Head, StoreError> {
        let (origin, entry) = (self.origin(), Entry::new(self.clock.now(), "signing-key-made", EventOutcome::Success));
        let key = self.store.signing_key(fresh(), entry, origin).await?;
        self.head_by(&key)
    }

    fn head_by(&self, key: &SigningKey) -> Result<Head, StoreError> {
        let (origin, edge) = (self.origin(), self.store.audit_edge()?);
        Ok(Head {
            entries: edge.size(),
            public_key: key.public().pem(),
            verifier_key: key.public().verifier(&origin),
            checkpoint: Checkpoint::new(origin, &edge).sign(key),
        })
    }

    pub(super) async fn open_log(
        &self,
        purpose: Purpose,
        tenant: Option<String>,
        asker: &Asker,
    ) -> Result<Value, OperationError> {
        asker.check_account(LOOKS)?;
        let tenant = tenant.map(|tenant| subject::domain(&self.config, &tenant)).transpose()?;
        let entry = self.entry(purpose.action(), asker);
        self.store.record(Entry { tenant: tenant.map(|tenant| tenant.to_string()), ..entry }).await?;
        Ok(json!(self.head().await?))
    }

    pub(super) fn log_page(&self, from: u64, asker: &Asker) -> Result<Value, OperationError> {
        asker.check_account(LOOKS)?;
        let lines = self.store.entries(from, PAGE)?.into_iter();
        let lines = lines.map(|(_, line)| String::from_utf8_lossy(&line).into_owned()).collect();
        Ok(json!(Page { lines }))
    }

    /// Has another key sign from now on. An auditor has the old one, and whoever has it could be kept busy for ever.
    pub(super) async fn renew_signing_key(&self, asker: &Asker) -> Result<Value, OperationError> {
        asker.check_account("has another key sign")?;
        let entry = self.entry("signing-key-made", asker);
        let key = self.store.renew_signing_key(fresh(), entry, self.origin()).await?;
        Ok(json!(self.head_by(&key)?))
    }

    fn origin(&self) -> String {
        origin(self.config.public_url.host())
    }
}

fn fresh() -> Fresh {
    Fresh::from_random(random::bytes(), random::bytes())
}
