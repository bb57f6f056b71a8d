//! The operations themselves, the same for the running service and for the command line alone.

use serde::Serialize;
use serde_json::{Value, json};

use super::asker::Asker;
use super::error::OperationError;
use super::evidence;
use super::listing::{self, PAGE};
use super::method;
use super::office::Office;
use super::request::Request;
use super::storage;
use super::subject::SubjectError;
use crate::config::public_url::PublicUrl;
use crate::ops::{journal, random};
use crate::store::StoreError;
use crate::store::backup::{Contents, copy_path};
use crate::store::space::space;
use crate::verification::account::Account;
use crate::verification::audit::entry::Entry;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::check::{CheckRecord, SubjectRecord};
use crate::verification::event::{Event, Sight};
use crate::verification::method::Evidence;
use crate::verification::result::rehearsal;
use crate::verification::subject::{IdvId, Subject};
use crate::verification::tenant::{Host, Tenants};
use crate::verification::time::Timestamp;

/// How many checks of a subject are shown.
const CHECKS: usize = 100;

impl Office {
    /// Does what `asker` asks. The log tells of it, done or not.
    ///
    /// # Errors
    /// [`OperationError`]; nothing was changed.
    pub async fn perform(&self, request: Request, asker: impl Into<Asker>) -> Result<Value, OperationError> {
        let (operation, asker) = (Some(request.name()), asker.into());
        let account = asker.account.clone();
        let done = self.carry_out(request, asker).await;
        // What is refused of a reload has lines of its own.
        if let Err(error) = &done
            && !matches!(error, OperationError::NotReloaded(_))
        {
            journal::tell(&Event::NotDone { account, operation, cause: error.name(), is_fault: error.is_fault() });
        }
        done
    }

    async fn carry_out(&self, request: Request, asker: Asker) -> Result<Value, OperationError> {
        if request.goes_by_the_store() {
            self.store.examined().await?;
        }
        match request {
            Request::Method(request) => request.perform(self, asker).await,
            Request::Operator(request) => request.perform(self, asker).await,
            Request::SubjectShow { tenant, subject } => self.show(self.subject(&tenant, subject)?, &asker).await,
            Request::SubjectList { tenant, after } => self.list_subjects(&tenant, after, &asker).await,
            Request::SubjectExport { tenant, subject } => self.export(&tenant, subject, &asker).await,
            Request::SubjectErase { tenant, subject, reason } => self.erase(&tenant, subject, &reason, asker).await,
            Request::AuditOpen { purpose, tenant } => self.open_log(purpose, tenant, &asker).await,
            Request::AuditPage { from } => self.log_page(from, &asker),
            Request::AuditHead => Ok(json!(self.head().await?)),
            Request::AuditRenew => self.renew_signing_key(&asker).await,
            Request::Link { tenant, subject } => {
                let tenants = self.tenants.as_ref().map_err(|error| OperationError::Secret(error.clone()))?;
                let subject = self.possible_subject(&tenant, subject)?;
                let link = link(&self.config.public_url, tenants, &subject, self.clock.now())?;
                let event = Event::LinkMade { tenant: subject.tenant.clone(), account: asker.account.clone() };
                self.record_of(subject, &event, &asker).await?;
                journal::tell(&event);
                Ok(link)
            }
            Request::Copy => self.copy(asker).await,
            Request::BackedUp => storage::note_backup(self, &asker).await,
            Request::StoreCheck => storage::check(self).await,
            Request::StoreStats => storage::stats(self),
            Request::EvidenceStats => evidence::stats(self),
            Request::EvidenceRotate => evidence::rotate(self).await,
            Request::EvidenceCheck => evidence::check(self).await,
            Request::Examine => Ok(json!(self.examine().await?)),
            Request::Reload(proposal) => Ok(json!(self.reload(proposal, asker.account).await?)),
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
    async fn copy(&self, asker: Asker) -> Result<Value, OperationError> {
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
        let Contents { subjects, checks, .. } = contents;
        let event = Event::Copied { account: asker.account.clone(), subjects, checks };
        if let Err(error) = self.record(&event, &asker).await {
            // Nobody is to take it away, and the store may need its room.
            let _ = std::fs::remove_file(copy_path(&self.config.store_path));
            return Err(error.into());
        }
        journal::tell(&event);
        Ok(json!({ "subjects": subjects, "checks": checks }))
    }

    /// Records that `event` was done by `asker`. What has no entry is not recorded.
    pub(super) async fn record(&self, event: &Event, asker: &Asker) -> Result<(), StoreError> {
        let Some(entry) = Entry::of(event, self.clock.now()) else { return Ok(()) };
        self.store.record(entry.by(&asker.account, asker.claimed.clone())).await
    }

    /// The same of `subject`.
    async fn record_of(&self, subject: Subject, event: &Event, asker: &Asker) -> Result<(), StoreError> {
        let Some(entry) = Entry::of(event, self.clock.now()) else { return Ok(()) };
        self.store.record_of(subject, new_key(), entry.by(&asker.account, asker.claimed.clone())).await
    }

    /// What is known of `subject`. It is recorded before it is shown.
    async fn show(&self, subject: Subject, asker: &Asker) -> Result<Value, OperationError> {
        let (idv_id, shown) = self.shown_of(&subject, &asker.account)?;
        self.look_at(subject, Sight::Subject(idv_id), asker).await?;
        Ok(shown)
    }

    /// Who `subject` is, with all checks, and nothing of anybody else; none whom idv has not met.
    pub(super) fn known_of(&self, subject: &Subject) -> Result<Option<Value>, OperationError> {
        let Some(record) = self.store.subject(subject)? else { return Ok(None) };
        let checks = self.store.checks(&record, usize::MAX)?.into_iter().map(ShownCheck::from);
        let (subject, checks) = (listed_subject(subject, &record), checks.collect::<Vec<_>>());
        Ok(Some(json!({ "subject": subject, "checks": checks })))
    }

    fn shown_of(&self, subject: &Subject, account: &Account) -> Result<(IdvId, Value), OperationError> {
        let record =
            self.store.subject(subject)?.ok_or_else(|| OperationError::UnknownSubject(subject.tenant.clone()))?;
        let checks = self.store.checks(&record, CHECKS)?;
        let shown = |check: CheckRecord| {
            let holder = method::holder(self, subject, &check.evidence)?;
            let shown = ShownCheck::from(check);
            Ok(ShownCheck { holder, evidence: method::shown(shown.evidence, account), ..shown })
        };
        let checks = checks.into_iter().map(shown).collect::<Result<Vec<_>, StoreError>>()?;
        let bindings = method::bindings(self, subject)?;
        let shown = json!({ "subject": listed_subject(subject, &record), "bindings": bindings, "checks": checks });
        Ok((record.idv_id, shown))
    }

    async fn list_subjects(&self, tenant: &str, after: Option<String>, asker: &Asker) -> Result<Value, OperationError> {
        let (tenant, after) = listing::place(&self.config, tenant, after)?;
        let listed = self.store.subjects(&tenant, after.as_ref(), PAGE)?;
        let subjects: Vec<_> = listed.iter().map(|(subject, record)| listed_subject(subject, record)).collect();
        self.look(tenant, Sight::Subjects(subjects.len() as u64), asker).await?;
        Ok(json!({ "subjects": subjects, "next": listing::next(&listed) }))
    }

    /// Records that a page of people of `tenant` is looked at, and tells it.
    pub(super) async fn look(&self, tenant: Host, at: Sight, asker: &Asker) -> Result<(), StoreError> {
        let event = Event::Looked { tenant, account: asker.account.clone(), at };
        self.record(&event, asker).await?;
        journal::tell(&event);
        Ok(())
    }

    /// The same of what is known of `subject`.
    pub(super) async fn look_at(&self, subject: Subject, at: Sight, asker: &Asker) -> Result<(), StoreError> {
        let event = Event::Looked { tenant: subject.tenant.clone(), account: asker.account.clone(), at };
        self.record_of(subject, &event, asker).await?;
        journal::tell(&event);
        Ok(())
    }
}

/// For a person who has none.
pub(super) fn new_key() -> PersonKey {
    PersonKey::from_random(random::bytes())
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
