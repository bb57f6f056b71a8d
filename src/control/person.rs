//! All that is known of one person: handed out, or erased.

use std::path::Path;

use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::asker::Asker;
use super::error::OperationError;
use super::evidence;
use super::method;
use super::office::Office;
use super::subject::SubjectError;
use crate::ops::random;
use crate::store::erase::{Traces, Wish};
use crate::store::operators::By;
use crate::store::{Store, StoreError, restore};
use crate::verification::audit::entry::Entry;
use crate::verification::case::Case;
use crate::verification::erasure::{Erased, Erasure, Reason};
use crate::verification::event::Sight;
use crate::verification::subject::{IdvId, Subject};

/// How many lines of the audit log are read at a time.
const LINES: usize = 1000;

impl Office {
    /// All that is known of `user_id` at `tenant` but pictures. It is recorded before it is handed out.
    pub(super) async fn export(&self, tenant: &str, user_id: String, asker: &Asker) -> Result<Value, OperationError> {
        asker.check_account("hands out all that is known of somebody")?;
        let subject = self.once_known(tenant, user_id)?;
        let exported = self.exported(&subject).await?;
        self.look_at(subject, Sight::Export, asker).await?;
        Ok(exported)
    }

    async fn exported(&self, subject: &Subject) -> Result<Value, OperationError> {
        let (known, kept) = (self.known_of(subject)?, method::exported(self, subject)?);
        let (case, key) = (self.store.case(subject)?, self.store.person_key(subject)?);
        if known.is_none() && case.is_none() && key.is_none() && kept.is_empty() {
            return Err(OperationError::UnknownSubject(subject.tenant.clone()));
        }
        let operators = self.store.operators()?.into_iter();
        let operators = operators.filter(|(_, record)| record.subject.as_ref() == Some(subject));
        let case = case.map(|Case { method, opened_at, decision, .. }| {
            json!({ "method": method.to_string(), "opened_at": opened_at, "decision": decision })
        });
        Ok(json!({
            "exported_at": self.clock.now(),
            "tenant": subject.tenant,
            "subject": subject.user_id,
            "known": known,
            "waiting": case,
            "methods": kept,
            "operator": operators.map(|(name, _)| name.to_string()).collect::<Vec<_>>(),
            "audit": match key {
                Some(key) => self.entries_of(key.pseudonym(subject)).await?,
                None => vec![],
            },
        }))
    }

    /// The entries of the audit log about whom is called `pseudonym` there. It may be that of years: all else that the service
    /// does goes on meanwhile.
    async fn entries_of(&self, pseudonym: String) -> Result<Vec<Entry>, StoreError> {
        let store = self.store.clone();
        let looked = spawn_blocking(move || entries_of(&store, &pseudonym)).await;
        looked.unwrap_or(Err(StoreError::Unavailable))
    }

    /// Whom an operator means: also of a tenant that is configured no more, where anything is known of them, or was.
    fn once_known(&self, tenant: &str, user_id: String) -> Result<Subject, OperationError> {
        let unknown = match self.subject(tenant, user_id.clone()) {
            Err(unknown @ SubjectError::UnknownTenant(_)) => unknown,
            subject => return Ok(subject?),
        };
        let (Ok(tenant), Ok(user_id)) = (tenant.to_owned().try_into(), user_id.try_into()) else {
            return Err(unknown.into());
        };
        let (subject, store) = (Subject { tenant, user_id }, &self.store);
        let is_known = store.subject(&subject)?.is_some()
            || store.case(&subject)?.is_some()
            || store.person_key(&subject)?.is_some()
            || store.erased_at(&subject)?.is_some()
            || !method::exported(self, &subject)?.is_empty();
        if is_known { Ok(subject) } else { Err(unknown.into()) }
    }

    /// Erases all that is known of `user_id` at `tenant`, pictures and what opens them too.
    pub(super) async fn erase(
        &self,
        tenant: &str,
        user_id: String,
        reason: &str,
        asker: Asker,
    ) -> Result<Value, OperationError> {
        asker.check_account("erases what is known of somebody")?;
        let subject = self.once_known(tenant, user_id)?;
        let reason = Reason::parse(reason).ok_or_else(|| OperationError::Unknown("reason", reason.to_owned()))?;
        let Asker { account, claimed } = asker;
        let (stranger, now) = (IdvId::from_random(random::bytes()), self.clock.now());
        let wish = Wish { subject: subject.clone(), reason, by: By { account, claimed }, stranger, now };
        // What it comes to is told now: whatever fails from here on, they are erased.
        let (erasure, _) = self.store.forget(wish).await?;
        let erased = match erasure {
            Erasure::Done(erased) => Some(erased),
            Erasure::Nothing if self.store.erased_at(&subject)?.is_some() => None,
            Erasure::Nothing => return Err(OperationError::UnknownSubject(subject.tenant)),
            Erasure::OnHold => return Err(not_done("on_hold", ON_HOLD)),
            Erasure::IsOperator => return Err(not_done("is_operator", IS_OPERATOR)),
        };
        let Erased { checks, pictures } = erased.unwrap_or_default();
        Ok(json!({
            "erased": erased.is_some(),
            "checks": checks,
            "photos": pictures,
            "left": self.what_is_left().await,
            "copies": restore::copies(&self.config.store_path).unwrap_or_default(),
        }))
    }

    /// What is still to be done for it to be as if they had never been here, in words.
    async fn what_is_left(&self) -> Vec<String> {
        let mut left = Vec::new();
        // Before the traces, which take as long as the store is large: no backup brings them back meanwhile.
        if let Err(error) = self.store.note_erased() {
            let file = self.config.store_path.with_file_name(crate::store::erased::FILE);
            left.push(format!("{} could not be written, run this again: {error}", Path::display(&file)));
        }
        if let Err(error) = self.store.remove_leftovers() {
            left.push(format!("a copy of the store that an interrupted command left could not be removed: {error}"));
        }
        if self.store.traces().await != Ok(Traces::Gone) {
            left.push("unused pages of the store may hold traces of them until the service has removed those".into());
        }
        if let Some(problem) = self.shred().await {
            left.push(format!("the photos are deleted, and what opens them is there yet: {problem}"));
            self.evidence.hasten();
        }
        left
    }

    /// Shreds what is deleted; why not, if it is not.
    async fn shred(&self) -> Option<String> {
        if !self.evidence.is_there() {
            return None;
        }
        match evidence::rotate(self).await {
            Ok(rotated) => (rotated["left"] != 0).then(|| "others are just being taken in".into()),
            Err(error) => Some(error.to_string()),
        }
    }
}

fn entries_of(store: &Store, pseudonym: &str) -> Result<Vec<Entry>, StoreError> {
    let (mut theirs, mut next) = (Vec::new(), 0);
    loop {
        let lines = store.entries(next, LINES)?;
        next += lines.len() as u64;
        let entries = lines.iter().filter_map(|(_, line)| Entry::parse(line));
        theirs.extend(entries.filter(|entry| entry.user.as_deref() == Some(pseudonym)));
        if lines.len() < LINES {
            return Ok(theirs);
        }
    }
}

const ON_HOLD: &str =
    "a case of theirs is on hold, and nothing of it may be deleted; see idv case show, and idv case unhold";
const IS_OPERATOR: &str = "an operator of the console is this person, and could decide of their own case afterwards; end that first: idv operator \
     list, then idv operator revoke NAME";

const fn not_done(name: &'static str, told: &'static str) -> OperationError {
    OperationError::Refused { name, told }
}
