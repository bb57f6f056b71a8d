//! The operations themselves, the same for the running service and for the command line alone.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Office, OperationError, Request, TEXT_LIMIT, domain};
use crate::config::meant::PublicUrl;
use crate::ops::{random, text};
use crate::store::backup::copy_path;
use crate::store::record::{CheckRecord, Evidence, SubjectRecord};
use crate::store::space::space;
use crate::verification::account::Account;
use crate::verification::method::desk::{self, Code, Vouch};
use crate::verification::result::rehearsal;
use crate::verification::subject::{Subject, UserId};
use crate::verification::tenant::Tenants;
use crate::verification::time::Timestamp;

/// How many a listing has at once.
const PAGE: usize = 500;
/// How many checks of a subject are shown.
const CHECKS: usize = 100;

impl Office {
    /// Does what is asked from `account`.
    ///
    /// # Errors
    /// [`OperationError`]; nothing was changed.
    pub async fn perform(&self, request: Request, account: Account) -> Result<Value, OperationError> {
        match request {
            Request::DeskIssue { tenant, subject, by, note } => {
                self.issue(self.possible_subject(&tenant, subject)?, account, by, note).await
            }
            Request::DeskList { tenant, after } => self.list_codes(&tenant, after),
            Request::DeskRevoke { tenant, subject } => {
                let revoked = self.store.revoke_code(self.subject(&tenant, subject)?).await?;
                Ok(json!({ "revoked": revoked }))
            }
            Request::SubjectShow { tenant, subject } => self.show(&self.subject(&tenant, subject)?),
            Request::SubjectList { tenant, after } => self.list_subjects(&tenant, after),
            Request::Link { tenant, subject } => {
                let tenants = self.tenants.as_ref().map_err(|error| OperationError::Secret(error.clone()))?;
                link(&self.config.public_url, tenants, &self.possible_subject(&tenant, subject)?, self.clock.now())
            }
            Request::Copy => self.copy().await,
            Request::Examine => Ok(json!(self.examine().await?)),
        }
    }

    /// Copies the store into a file beside it, for the command line to take away.
    async fn copy(&self) -> Result<Value, OperationError> {
        let space = space(&self.config.store_path).map_err(|error| OperationError::Copy(error.to_string()))?;
        let needed = space.file.saturating_mul(2);
        if space.free < needed {
            return Err(OperationError::NoRoom { needed, free: space.free });
        }
        let (store, path) = (self.store.clone(), copy_path(&self.config.store_path));
        let copied = tokio::task::spawn_blocking(move || store.copy_to(&path)).await;
        let contents = match copied {
            Ok(contents) => contents.map_err(|error| OperationError::Copy(error.to_string()))?,
            Err(error) => return Err(OperationError::Copy(error.to_string())),
        };
        tracing::info!(subjects = contents.subjects, checks = contents.checks, "the store was copied");
        Ok(json!({ "subjects": contents.subjects, "checks": contents.checks }))
    }

    async fn issue(
        &self,
        subject: Subject,
        account: Account,
        by: String,
        note: Option<String>,
    ) -> Result<Value, OperationError> {
        let policy = self.policy()?;
        let vouch = Vouch {
            by: checked("the issuer's name", by)?,
            account,
            issued_at: self.clock.now(),
            note: note.map(|note| checked("the note", note)).transpose()?,
        };
        let code = Code::from_random(random::bytes());
        let shown = code.display();
        let (tenant, user_id) = (subject.tenant.clone(), subject.user_id.clone());
        let expires_at = self.store.issue_code(subject, code, vouch, policy).await?;
        tracing::info!(%tenant, "a desk code was issued");
        Ok(json!({ "code": shown, "tenant": tenant, "subject": user_id, "expires_at": expires_at }))
    }

    fn policy(&self) -> Result<desk::Policy, OperationError> {
        self.config.methods.desk.ok_or(OperationError::DeskDisabled)
    }

    fn list_codes(&self, tenant: &str, after: Option<String>) -> Result<Value, OperationError> {
        let (domain, after) = (domain(&self.config, tenant)?, self.after(tenant, after)?);
        let policy = self.policy()?;
        let listed = self.store.desks(&domain, after.as_ref(), PAGE)?;
        let next = next(&listed);
        let now = self.clock.now();
        let codes = listed.into_iter().filter_map(|(subject, desk)| {
            let code = desk.code?;
            Some(ListedCode {
                subject: subject.user_id.into(),
                issued_at: code.vouch.issued_at,
                expires_at: code.expires_at,
                is_expired: now >= code.expires_at,
                attempts_left: policy.attempts.saturating_sub(desk.wrong),
                by: code.vouch.by,
                account: code.vouch.account,
                note: code.vouch.note,
            })
        });
        Ok(json!({ "codes": codes.collect::<Vec<_>>(), "next": next }))
    }

    fn show(&self, subject: &Subject) -> Result<Value, OperationError> {
        let record =
            self.store.subject(subject)?.ok_or_else(|| OperationError::UnknownSubject(subject.tenant.clone()))?;
        let checks = self.store.checks(&record, CHECKS)?;
        let checks: Vec<_> = checks.into_iter().map(ShownCheck::from).collect();
        Ok(json!({ "subject": listed_subject(subject, &record), "checks": checks }))
    }

    fn list_subjects(&self, tenant: &str, after: Option<String>) -> Result<Value, OperationError> {
        let (domain, after) = (domain(&self.config, tenant)?, self.after(tenant, after)?);
        let listed = self.store.subjects(&domain, after.as_ref(), PAGE)?;
        let subjects: Vec<_> = listed.iter().map(|(subject, record)| listed_subject(subject, record)).collect();
        Ok(json!({ "subjects": subjects, "next": next(&listed) }))
    }

    fn after(&self, tenant: &str, after: Option<String>) -> Result<Option<Subject>, OperationError> {
        after.map(|user_id| self.subject(tenant, user_id)).transpose()
    }
}

/// A start URL with a freshly signed request token for `subject`, good for ten minutes.
///
/// # Errors
/// [`OperationError::UnknownTenant`].
pub fn link(
    public_url: &PublicUrl,
    tenants: &Tenants,
    subject: &Subject,
    now: Timestamp,
) -> Result<Value, OperationError> {
    let tenant = tenants
        .by_domain(subject.tenant.as_str())
        .ok_or_else(|| OperationError::UnknownTenant(subject.tenant.to_string()))?;
    let token = rehearsal::sign_request(tenant, subject, &random::reference(), now);
    let url = format!("{public_url}/id-verification?token={token}&state=link-{}", random::reference());
    Ok(json!({ "url": url, "expires_at": now.later(rehearsal::REQUEST_LIFETIME) }))
}

/// The user id after which the next page begins, if this one is full.
fn next<T>(listed: &[(Subject, T)]) -> Option<UserId> {
    listed.last().filter(|_| listed.len() == PAGE).map(|(subject, _)| subject.user_id.clone())
}

fn checked(name: &'static str, text: String) -> Result<String, OperationError> {
    match text::unseen(&text) {
        _ if !(1..=TEXT_LIMIT).contains(&text.len()) => Err(OperationError::Length(name)),
        Some(unseen) => Err(OperationError::Unseen(name, unseen)),
        None => Ok(text),
    }
}

fn listed_subject(subject: &Subject, record: &SubjectRecord) -> Value {
    let last = record.last_check;
    json!({
        "tenant": subject.tenant,
        "subject": subject.user_id,
        "idv_id": record.idv_id.to_string(),
        "created_at": record.created_at,
        "last_check": last.map(|check| check.at),
        "method": last.map(|check| check.method),
        "status": last.map(|check| check.status),
    })
}

#[derive(Serialize)]
struct ListedCode {
    subject: String,
    issued_at: Timestamp,
    expires_at: Timestamp,
    is_expired: bool,
    attempts_left: u8,
    by: String,
    account: Account,
    note: Option<String>,
}

#[derive(Serialize)]
struct ShownCheck {
    at: Timestamp,
    method: &'static str,
    status: &'static str,
    evidence: Evidence,
}

impl From<CheckRecord> for ShownCheck {
    fn from(check: CheckRecord) -> Self {
        Self {
            at: check.at,
            method: check.evidence.method().as_str(),
            status: check.status.as_str(),
            evidence: check.evidence,
        }
    }
}
