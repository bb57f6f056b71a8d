//! The operations themselves, the same for the running service and for the command line alone.

use serde::Serialize;
use serde_json::{Value, json};

use super::error::OperationError;
use super::listing::{self, PAGE};
use super::method;
use super::office::Office;
use super::request::Request;
use super::subject::SubjectError;
use crate::config::meant::PublicUrl;
use crate::monitoring::count;
use crate::ops::{journal, random};
use crate::store::StoreError;
use crate::store::backup::copy_path;
use crate::store::space::space;
use crate::verification::account::Account;
use crate::verification::check::{CheckRecord, SubjectRecord};
use crate::verification::event::{Event, Sight};
use crate::verification::method::Evidence;
use crate::verification::result::rehearsal;
use crate::verification::subject::Subject;
use crate::verification::tenant::Tenants;
use crate::verification::time::Timestamp;

/// How many checks of a subject are shown.
const CHECKS: usize = 100;

impl Office {
    /// Does what is asked from `account`. The log tells of it, done or not.
    ///
    /// # Errors
    /// [`OperationError`]; nothing was changed.
    pub async fn perform(&self, request: Request, account: Account) -> Result<Value, OperationError> {
        let operation = Some(request.name());
        let done = self.carry_out(request, account.clone()).await;
        // What is refused of a reload has lines of its own.
        if let Err(error) = &done
            && !matches!(error, OperationError::NotReloaded(_))
        {
            journal::tell(&Event::NotDone { account, operation, cause: error.name(), is_fault: error.is_fault() });
        }
        done
    }

    async fn carry_out(&self, request: Request, account: Account) -> Result<Value, OperationError> {
        match request {
            Request::Method(request) => request.perform(self, account).await,
            Request::SubjectShow { tenant, subject } => self.show(account, self.subject(&tenant, subject)?),
            Request::SubjectList { tenant, after } => self.list_subjects(account, &tenant, after),
            Request::Link { tenant, subject } => {
                let tenants = self.tenants.as_ref().map_err(|error| OperationError::Secret(error.clone()))?;
                let subject = self.possible_subject(&tenant, subject)?;
                let link = link(&self.config.public_url, tenants, &subject, self.clock.now())?;
                journal::tell(&Event::LinkMade { tenant: subject.tenant, account });
                Ok(link)
            }
            Request::Copy => self.copy(account).await,
            Request::Examine => Ok(json!(self.examine().await?)),
            Request::Reload(proposal) => Ok(json!(self.reload(proposal, account).await?)),
            Request::Health => self.health(),
        }
    }

    /// Whether the running service is ready, check by check.
    fn health(&self) -> Result<Value, OperationError> {
        let running = self.running.as_ref().ok_or(OperationError::NotRunning)?;
        let checks = running.readiness.checks();
        Ok(json!({ "ready": checks.are_passed(), "checks": checks }))
    }

    /// Copies the store into a file beside it, for the command line to take away.
    async fn copy(&self, account: Account) -> Result<Value, OperationError> {
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
        count::copied(self.clock.now());
        journal::tell(&Event::Copied { account, subjects: contents.subjects, checks: contents.checks });
        Ok(json!({ "subjects": contents.subjects, "checks": contents.checks }))
    }

    fn show(&self, account: Account, subject: Subject) -> Result<Value, OperationError> {
        let record =
            self.store.subject(&subject)?.ok_or_else(|| OperationError::UnknownSubject(subject.tenant.clone()))?;
        let checks = self.store.checks(&record, CHECKS)?;
        let shown = |check: CheckRecord| {
            let holder = method::holder(self, &subject, &check.evidence)?;
            Ok(ShownCheck { holder, ..ShownCheck::from(check) })
        };
        let checks = checks.into_iter().map(shown).collect::<Result<Vec<_>, StoreError>>()?;
        let bindings = method::bindings(self, &subject)?;
        let shown = json!({ "subject": listed_subject(&subject, &record), "bindings": bindings, "checks": checks });
        journal::tell(&Event::Looked { tenant: subject.tenant, account, at: Sight::Subject(record.idv_id) });
        Ok(shown)
    }

    fn list_subjects(&self, account: Account, tenant: &str, after: Option<String>) -> Result<Value, OperationError> {
        let (tenant, after) = listing::place(&self.config, tenant, after)?;
        let listed = self.store.subjects(&tenant, after.as_ref(), PAGE)?;
        let subjects: Vec<_> = listed.iter().map(|(subject, record)| listed_subject(subject, record)).collect();
        journal::tell(&Event::Looked { tenant, account, at: Sight::Subjects });
        Ok(json!({ "subjects": subjects, "next": listing::next(&listed) }))
    }
}

/// A start URL with a freshly signed request token for `subject`, good for ten minutes.
///
/// # Errors
/// [`SubjectError::UnknownTenant`].
pub fn link(
    public_url: &PublicUrl,
    tenants: &Tenants,
    subject: &Subject,
    now: Timestamp,
) -> Result<Value, OperationError> {
    let tenant = tenants
        .by_domain(subject.tenant.as_str())
        .ok_or_else(|| SubjectError::UnknownTenant(subject.tenant.to_string()))?;
    let token = rehearsal::sign_request(tenant, subject, &random::reference(), now);
    let url = format!("{public_url}/id-verification?token={token}&state=link-{}", random::reference());
    Ok(json!({ "url": url, "expires_at": now.later(rehearsal::REQUEST_LIFETIME) }))
}

fn listed_subject(subject: &Subject, record: &SubjectRecord) -> Value {
    let last = record.last_check;
    json!({
        "tenant": subject.tenant,
        "subject": subject.user_id,
        "idv_id": record.idv_id.to_string(),
        "created_at": record.created_at,
        "last_check": last.map(|check| check.at),
        "method": last.map(|check| check.method.to_string()),
        "status": last.map(|check| check.status),
    })
}

#[derive(Serialize)]
struct ShownCheck {
    at: Timestamp,
    method: String,
    status: &'static str,
    evidence: Evidence,
    /// Whose the identity is by now that it was in conflict over.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Value>,
}

impl From<CheckRecord> for ShownCheck {
    fn from(check: CheckRecord) -> Self {
        Self {
            at: check.at,
            method: check.evidence.method().to_string(),
            status: check.status.as_str(),
            evidence: check.evidence,
            holder: None,
        }
    }
}
