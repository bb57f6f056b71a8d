//! The codes of the desk: they are issued, listed and revoked.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::control::asker::Asker;
use crate::control::error::OperationError;
use crate::control::listing::{self, PAGE};
use crate::control::note::checked;
use crate::control::office::Office;
use crate::control::operation::new_key;
use crate::ops::random;
use crate::store::StoreError;
use crate::verification::account::Account;
use crate::verification::command::{Command, Done, Task};
use crate::verification::event::Sight;
use crate::verification::method::desk::{Code, IssuedCode, KEY, Order, Policy, Standing, Vouch};
use crate::verification::method::{self, Kind, Method};
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// What is asked of the desk.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "operation", deny_unknown_fields)]
pub enum Request {
    /// Issue a code.
    #[serde(rename = "desk_issue")]
    Issue {
        /// The tenant, by any of its hosts.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
        /// Who issues it, as they say: the service itself learns from which account.
        by: String,
        /// What they note.
        #[serde(default)]
        note: Option<String>,
    },
    /// List the codes that wait.
    #[serde(rename = "desk_list")]
    List {
        /// The tenant.
        tenant: String,
        /// List those after this one.
        #[serde(default)]
        after: Option<String>,
    },
    /// Make a code worthless.
    #[serde(rename = "desk_revoke")]
    Revoke {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
    },
}

impl Request {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Issue { .. } => "desk_issue",
            Self::List { .. } => "desk_list",
            Self::Revoke { .. } => "desk_revoke",
        }
    }

    pub(super) const fn changes_the_store(&self) -> bool {
        matches!(self, Self::Issue { .. } | Self::Revoke { .. })
    }

    /// A code that nobody saw is not left alive.
    pub(super) fn revocation(&self) -> Option<Self> {
        match self {
            Self::Issue { tenant, subject, .. } => {
                Some(Self::Revoke { tenant: tenant.clone(), subject: subject.clone() })
            }
            _ => None,
        }
    }

    pub(super) async fn perform(self, office: &Office, asker: Asker) -> Result<Value, OperationError> {
        match self {
            Self::Issue { tenant, subject, by, note } => {
                issue(office, office.possible_subject(&tenant, subject)?, asker.account, by, note).await
            }
            Self::List { tenant, after } => list(office, &tenant, after, &asker).await,
            Self::Revoke { tenant, subject } => {
                let subject = office.subject(&tenant, subject)?;
                let done = order(office, subject, asker, Order::Revoke).await?;
                Ok(json!({ "revoked": done == Done::Changed }))
            }
        }
    }
}

async fn issue(
    office: &Office,
    subject: Subject,
    account: Account,
    by: String,
    note: Option<String>,
) -> Result<Value, OperationError> {
    let policy = policy(office)?;
    let vouch = Vouch {
        by: checked("the issuer's name", by)?,
        account: account.clone(),
        issued_at: office.clock.now(),
        note: note.map(|note| checked("the note", note)).transpose()?,
    };
    let code = Code::from_random(random::bytes());
    let shown = code.display();
    let (tenant, user_id) = (subject.tenant.clone(), subject.user_id.clone());
    let expires_at = vouch.issued_at.later(policy.code_lifetime);
    let hash = code.hash(&office.store.key(KEY), &subject);
    let asker = Asker { account, claimed: Some(vouch.by.clone()) };
    let _done = order(office, subject, asker, Order::Issue(IssuedCode { hash, expires_at, vouch })).await?;
    Ok(json!({ "code": shown, "tenant": tenant, "subject": user_id, "expires_at": expires_at }))
}

async fn order(office: &Office, subject: Subject, asker: Asker, order: Order) -> Result<Done, OperationError> {
    let Asker { account, claimed } = asker;
    let task = Task::Order(method::Order::Desk(order));
    let command = Command { subject, account, claimed, task, new_key: new_key(), now: office.clock.now() };
    Ok(office.store.carry_out(command).await?.0)
}

fn policy(office: &Office) -> Result<Policy, OperationError> {
    office.config.methods.desk.ok_or(OperationError::Disabled(Method::Desk))
}

async fn list(office: &Office, tenant: &str, after: Option<String>, asker: &Asker) -> Result<Value, OperationError> {
    let (tenant, after) = listing::place(&office.config, tenant, after)?;
    let policy = policy(office)?;
    let listed = office.store.kept(Kind::Desk, &tenant, after.as_ref(), PAGE)?;
    let next = listing::next(&listed);
    let now = office.clock.now();
    let codes = listed.into_iter().filter_map(|(subject, kept)| {
        let desk = kept.into_desk();
        let attempts_left = policy.attempts.saturating_sub(desk.wrong);
        Some(ListedCode::new(subject, desk.code?, attempts_left, now))
    });
    let codes: Vec<_> = codes.collect();
    office.look(tenant, Sight::Waiting(Method::Desk, codes.len() as u64), asker).await?;
    Ok(json!({ "codes": codes, "next": next }))
}

/// What is kept of `subject`.
pub(super) fn exported(office: &Office, subject: &Subject) -> Result<Value, StoreError> {
    let desk = office.store.kept_of(Kind::Desk, subject)?.into_desk();
    if desk == Standing::default() {
        return Ok(Value::Null);
    }
    let code =
        desk.code.map(|IssuedCode { expires_at, vouch, .. }| json!({ "expires_at": expires_at, "vouch": vouch }));
    Ok(json!({ "wrong_codes": desk.wrong, "code": code }))
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

impl ListedCode {
    fn new(subject: Subject, code: IssuedCode, attempts_left: u8, now: Timestamp) -> Self {
        Self {
            subject: subject.user_id.into(),
            issued_at: code.vouch.issued_at,
            expires_at: code.expires_at,
            is_expired: now >= code.expires_at,
            attempts_left,
            by: code.vouch.by,
            account: code.vouch.account,
            note: code.vouch.note,
        }
    }
}
