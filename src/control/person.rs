//! All that is known of one person: handed out, or erased.

use std::path::Path;

use serde_json::{Value, json};

use super::asker::Asker;
use super::error::OperationError;
use super::evidence;
use super::method;
use super::office::Office;
use crate::ops::{account, random};
use crate::store::erase::{Traces, Wish};
use crate::store::operators::By;
use crate::store::restore;
use crate::verification::audit::entry::Entry;
use crate::verification::case::Case;
use crate::verification::erasure::{Erased, Erasure, Reason};
use crate::verification::event::Sight;
use crate::verification::subject::{IdvId, Subject};

/// How many lines of the audit log are read at a time.
const LINES: usize = 1000;

impl Office {
    /// All that is known of `subject` but pictures. It is recorded before it is handed out.
    pub(super) async fn export(&self, subject: Subject, asker: &Asker) -> Result<Value, OperationError> {
        check_account(asker, "hands out all that is known of somebody")?;
        let exported = self.exported(&subject)?;
        self.look_at(subject, Sight::Export, asker).await?;
        Ok(exported)
    }

    fn exported(&self, subject: &Subject) -> Result<Value, OperationError> {
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
            "audit": key.map_or_else(|| Ok(vec![]), |key| self.entries_of(&key.pseudonym(subject)))?,
        }))
    }

    /// The entries of the audit log about whom is called `pseudonym` there.
    fn entries_of(&self, pseudonym: &str) -> Result<Vec<Entry>, OperationError> {
        let (mut theirs, mut next) = (Vec::new(), 0);
        loop {
            let lines = self.store.entries(next, LINES)?;
            next += lines.len() as u64;
            let entries = lines.iter().filter_map(|(_, line)| Entry::parse(line));
            theirs.extend(entries.filter(|entry| entry.user.as_deref() == Some(pseudonym)));
            if lines.len() < LINES {
                return Ok(theirs);
            }
        }
    }

    /// Erases all that is known of `subject`, pictures and what opens them too.
    pub(super) async fn erase(&self, subject: Subject, reason: &str, asker: Asker) -> Result<Value, OperationError> {
        check_account(&asker, "erases what is known of somebody")?;
        let reason = Reason::parse(reason).ok_or_else(|| OperationError::Unknown("reason", reason.to_owned()))?;
        let Asker { account, claimed } = asker;
        let (stranger, now) = (IdvId::from_random(random::bytes()), self.clock.now());
        let wish = Wish { subject: subject.clone(), reason, by: By { account, claimed }, stranger, now };
        // What it comes to is told now: whatever fails from here on, they are erased.
        let (erasure, _, traces) = self.store.erase(wish).await?;
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
            "left": self.what_is_left(traces).await,
            "copies": restore::copies(&self.config.store_path).unwrap_or_default(),
        }))
    }

    /// What is still to be done for it to be as if they had never been here, in words.
    async fn what_is_left(&self, traces: Traces) -> Vec<String> {
        let mut left = Vec::new();
        if let Err(error) = self.store.note_erased() {
            let file = self.config.store_path.with_file_name(crate::store::erased::FILE);
            left.push(format!("{} could not be written, run this again: {error}", Path::display(&file)));
        }
        if traces == Traces::Left {
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

const ON_HOLD: &str =
    "a case of theirs is on hold, and nothing of it may be deleted; see idv case show, and idv case unhold";
const IS_OPERATOR: &str = "an operator of the console is this person, and could decide of their own case afterwards; end that first: idv operator \
     list, then idv operator revoke NAME";

const fn not_done(name: &'static str, told: &'static str) -> OperationError {
    OperationError::Refused { name, told }
}

/// The group of the control socket is for the desk.
fn check_account(asker: &Asker, what: &'static str) -> Result<(), OperationError> {
    if account::is_of_the_service(&asker.account) { Ok(()) } else { Err(OperationError::NotTheirs(what)) }
}
