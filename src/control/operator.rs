//! The operators of the console: they are added, given links, certified and revoked, and their sessions ended.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asker::Asker;
use super::error::OperationError;
use super::note::{checked, checked_name};
use super::office::Office;
use crate::config::review::Review;
use crate::ops::{account, random};
use crate::store::operators::By;
use crate::verification::account::Account;
use crate::verification::operator::link::{Link, LinkToken};
use crate::verification::operator::session::{OperatorSessionId, OperatorSessionRecord};
use crate::verification::operator::{OperatorName, OperatorRecord, Role, Roles, SignedInBy, Task};
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// What people know an operator's name as.
const NAME: &str = "an operator's name";

/// What is asked of operators.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "operation", deny_unknown_fields)]
pub enum Request {
    /// Add one, and make their first link.
    #[serde(rename = "operator_add")]
    Add {
        /// What they are called.
        name: String,
        /// What they may do. At least one.
        roles: Vec<Role>,
        /// Whom they are as an applicant: the Auth0 `user_id`.
        #[serde(default)]
        subject: Option<String>,
        /// Of which tenant.
        #[serde(default)]
        tenant: Option<String>,
    },
    /// Make another link for one.
    #[serde(rename = "operator_link")]
    Link {
        /// Whom.
        name: String,
    },
    /// List them, with their sessions.
    #[serde(rename = "operator_list")]
    List {},
    /// Note that one is trained for it.
    #[serde(rename = "operator_certify")]
    Certify {
        /// Whom.
        name: String,
    },
    /// One may do nothing any more.
    #[serde(rename = "operator_revoke")]
    Revoke {
        /// Whom.
        name: String,
    },
    /// End a session.
    #[serde(rename = "operator_end")]
    End {
        /// Which.
        session: String,
    },
}

impl Request {
    /// The act with `members`; none if it is none of these.
    pub(super) fn read(members: &Map<String, Value>) -> Option<serde_json::Result<Self>> {
        let (of, _) = members.get("operation")?.as_str()?.split_once('_')?;
        (of == "operator").then(|| Self::deserialize(members))
    }

    /// See [`super::Request::name`].
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Add { .. } => "operator_add",
            Self::Link { .. } => "operator_link",
            Self::List {} => "operator_list",
            Self::Certify { .. } => "operator_certify",
            Self::Revoke { .. } => "operator_revoke",
            Self::End { .. } => "operator_end",
        }
    }

    /// See [`super::Request::changes_the_store`].
    pub(super) const fn changes_the_store(&self) -> bool {
        !matches!(self, Self::List {})
    }

    /// Who was added by a link that nobody saw is not left waiting for it. A link that took another's place leaves none.
    pub(super) fn revocation(&self) -> Option<Self> {
        match self {
            Self::Add { name, .. } => Some(Self::Revoke { name: name.clone() }),
            _ => None,
        }
    }

    pub(super) async fn perform(self, office: &Office, asker: Asker) -> Result<Value, OperationError> {
        if self.changes_the_store() {
            check_theirs(&asker.account)?;
        }
        match self {
            Self::Add { name, roles, subject, tenant } => {
                let subject = subject.map(|user_id| applicant(office, tenant, user_id)).transpose()?;
                let roles = roles.into_iter().collect();
                let name = checked_name(NAME, name)?;
                offer(office, name, asker, |link| Task::Add { roles, subject, link }).await
            }
            Self::Link { name } => offer(office, name, asker, Task::Link).await,
            Self::List {} => list(office),
            Self::Certify { name } => {
                let record = change(office, named(name)?, Task::Certify, asker).await?;
                Ok(json!({ "certified_at": record.certified_at }))
            }
            Self::Revoke { name } => {
                let record = change(office, named(name)?, Task::Revoke, asker).await?;
                Ok(json!({ "revoked_at": record.revoked_at }))
            }
            Self::End { session } => end(office, &session, asker).await,
        }
    }
}

/// Members of the group hand out codes; who could make operators of themselves could do anything.
fn check_theirs(account: &Account) -> Result<(), OperationError> {
    let is_theirs = account::is_of_the_service(account) || matches!(account, Account::Operator(_));
    if is_theirs { Ok(()) } else { Err(OperationError::NotTheirs("sees to operators")) }
}

fn named(name: String) -> Result<OperatorName, OperationError> {
    Ok(checked(NAME, name)?.try_into()?)
}

fn console(office: &Office) -> Result<&Review, OperationError> {
    office.config.review.as_ref().ok_or(OperationError::NoConsole)
}

/// Without a tenant's name it is the only one.
fn applicant(office: &Office, tenant: Option<String>, user_id: String) -> Result<Subject, OperationError> {
    let only = || office.config.tenants.first().map(|tenant| tenant.domain.to_string());
    Ok(office.possible_subject(&tenant.or_else(only).unwrap_or_default(), user_id)?)
}

/// Has a fresh link wait for the operator `name`, by the task that `task` makes of it.
async fn offer(
    office: &Office,
    name: String,
    asker: Asker,
    task: impl FnOnce(Link) -> Task,
) -> Result<Value, OperationError> {
    let (url, name) = (&console(office)?.url, named(name)?);
    let token = LinkToken::from_random(random::bytes());
    let link = Link::new(token, office.clock.now());
    let record = change(office, name.clone(), task(link), asker).await?;
    Ok(json!({
        "name": name,
        "roles": names(record.roles),
        "url": format!("{url}/link/{token}"),
        "expires_at": link.expires_at,
    }))
}

async fn change(
    office: &Office,
    name: OperatorName,
    task: Task,
    asker: Asker,
) -> Result<OperatorRecord, OperationError> {
    let (changed, _happened) = office.store.change_operator(name, task, by(asker), office.clock.now()).await?;
    Ok(changed?)
}

async fn end(office: &Office, session: &str, asker: Asker) -> Result<Value, OperationError> {
    let Some(id) = OperatorSessionId::parse(session) else { return Ok(json!({ "ended": false })) };
    let (whose, _happened) = office.store.end_operator_session(id, by(asker), office.clock.now()).await?;
    Ok(json!({ "ended": whose.is_some() }))
}

fn by(asker: Asker) -> By {
    By { account: asker.account, claimed: asker.claimed }
}

fn names(roles: Roles) -> Vec<&'static str> {
    roles.iter().map(Role::as_str).collect()
}

/// An operator, in a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// What they are called.
    pub name: OperatorName,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whom they are as an applicant, if that is known.
    pub subject: Option<Subject>,
    /// Whether the organisation's provider knows them: they have no links.
    pub by_provider: bool,
    /// Since when they are one.
    pub added_at: Timestamp,
    /// When they were last said to be trained.
    pub certified_at: Option<Timestamp>,
    /// Since when they may do nothing any more.
    pub revoked_at: Option<Timestamp>,
    /// When they last signed in.
    pub last_at: Option<Timestamp>,
    /// Their sessions that last.
    pub sessions: Vec<ListedSession>,
}

/// A session, in a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedSession {
    /// Which.
    pub id: String,
    /// How it began.
    pub by: SignedInBy,
    /// When.
    pub began_at: Timestamp,
    /// When something was last done in it.
    pub last_act_at: Timestamp,
}

impl ListedSession {
    fn new(id: OperatorSessionId, session: &OperatorSessionRecord) -> Self {
        let &OperatorSessionRecord { by, began_at, last_act_at, .. } = session;
        Self { id: id.to_string(), by, began_at, last_act_at }
    }
}

fn list(office: &Office) -> Result<Value, OperationError> {
    let (idle, now) = (console(office)?.idle, office.clock.now());
    let mut sessions = office.store.operator_sessions()?;
    sessions.retain(|(_, session)| session.is_live(idle, now));
    let listed = |(name, record): (OperatorName, OperatorRecord)| {
        let theirs = sessions.iter().filter(|(_, session)| session.operator == name);
        Listed {
            roles: record.roles.iter().collect(),
            subject: record.subject,
            by_provider: record.identity.is_some(),
            added_at: record.added_at,
            certified_at: record.certified_at,
            revoked_at: record.revoked_at,
            last_at: record.last.map(|last| last.at),
            sessions: theirs.map(|(id, session)| ListedSession::new(*id, session)).collect(),
            name,
        }
    };
    let operators: Vec<_> = office.store.operators()?.into_iter().map(listed).collect();
    Ok(json!({ "operators": operators }))
}
