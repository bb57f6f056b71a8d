//! What happened, as it is told: made by the decision and by operators' acts, and handed to sinks: the journal
//! ([`crate::ops::journal`]), and what is counted ([`crate::ops::count`]).

use std::time::Duration;

use super::account::Account;
use super::method::{Method, Reply, Slot};
use super::operator::{OperatorName, SignedInBy};
use super::outcome::Status;
use super::session::id::SessionName;
use super::subject::IdvId;
use super::tenant::Host;

mod sight;

pub use self::sight::Sight;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A session ended.
    Concluded {
        /// At which tenant.
        tenant: Host,
        /// Which.
        session: SessionName,
        /// Of whom.
        idv_id: IdvId,
        /// By which method, where one decided it.
        method: Option<Method>,
        /// How.
        status: Status,
        /// On what grounds.
        grounds: Grounds,
        /// With what of before the evidence is in conflict, where it is; or `erased`, where the person was meanwhile.
        cause: Option<&'static str>,
        /// How long after Auth0 had made its request token.
        took: Duration,
    },
    /// An answer did not end its session.
    Told {
        /// At which tenant.
        tenant: Host,
        /// In which session.
        session: SessionName,
        /// Of which case, where the method numbers them.
        case: Option<u64>,
        /// What the person was told.
        reply: Reply,
    },
    /// What a provider answered does not say that the person is verified, or nothing of it can be used. The session goes on.
    NotAttested {
        /// At which tenant.
        tenant: Host,
        /// In which session.
        session: SessionName,
        /// By which method.
        method: Method,
        /// What was not as it should be.
        cause: &'static str,
        /// What the provider says of it, as far as that may be told.
        detail: Option<String>,
        /// Whether that is the provider's or ours to mend, and not the person's.
        is_fault: bool,
    },
    /// An operator of a method ordered something for a subject.
    Ordered {
        /// At which tenant.
        tenant: Host,
        /// For whom, if idv has met them.
        idv_id: Option<IdvId>,
        /// From which account.
        account: Account,
        /// Of which method.
        method: Method,
        /// Of which case, where the method numbers them.
        case: Option<u64>,
        /// What.
        what: &'static str,
        /// The same, as the audit log calls it.
        action: &'static str,
        /// What somebody came to, by its name, where it was a verdict. It is for the auditor alone: whoever decides second knows
        /// of none.
        verdict: Option<&'static str>,
    },
    /// An operator had it forgotten who people are at a provider.
    Forgotten {
        /// From which account.
        account: Account,
        /// By which method they were verified.
        method: Method,
        /// How many people.
        subjects: u64,
    },
    /// A case was decided.
    Decided {
        /// At which tenant.
        tenant: Host,
        /// Of whom.
        idv_id: IdvId,
        /// From which account.
        account: Account,
        /// By which method.
        method: Method,
        /// Which, where the method numbers them.
        case: Option<u64>,
        /// How.
        status: Status,
    },
    /// An application takes no method that is offered here.
    NothingOffered {
        /// At which tenant.
        tenant: Host,
        /// In which session.
        session: SessionName,
        /// The names that the application takes.
        asked: String,
        /// The names of what is enabled.
        enabled: String,
    },
    /// A login brought a ticket that is of no case of its person.
    TicketOfNone {
        /// At which tenant.
        tenant: Host,
        /// In which session.
        session: SessionName,
    },
    /// Somebody made a start link.
    LinkMade {
        /// At which tenant.
        tenant: Host,
        /// From which account.
        account: Account,
    },
    /// Whatever was known of somebody was erased.
    Erased {
        /// At which tenant.
        tenant: Host,
        /// From which account.
        account: Account,
        /// Why, in a word of [`erasure::Reason`](super::erasure::Reason).
        reason: &'static str,
        /// How many checks.
        checks: u64,
        /// How many pictures.
        pictures: u64,
    },
    /// The store was copied.
    Copied {
        /// From which account.
        account: Account,
        /// How many people.
        subjects: u64,
        /// How many checks.
        checks: u64,
    },
    /// Pictures were shredded: nothing opens them any more, whatever copies there are.
    Shredded {
        /// How many.
        pictures: u64,
    },
    /// The service took another configuration, or others of what that names.
    Reloaded {
        /// From which account.
        account: Account,
        /// The keys of the configuration that changed. At least one.
        changed: Vec<String>,
    },
    /// What the service was to take is not fit, and it goes on with what it has.
    ReloadRefused {
        /// From which account.
        account: Account,
        /// The keys of the configuration that are at fault, or the file as a whole. At least one.
        causes: Vec<String>,
    },
    /// An operator looked at what is known of people.
    Looked {
        /// At which tenant.
        tenant: Host,
        /// From which account.
        account: Account,
        /// At what.
        at: Sight,
    },
    /// An operator signed in at the console.
    OperatorSignedIn {
        /// Who.
        operator: OperatorName,
        /// How.
        by: SignedInBy,
    },
    /// Something was done to an operator of the console.
    OperatorChanged {
        /// To whom.
        operator: OperatorName,
        /// From which account.
        account: Account,
        /// What became of them: `added`, `linked`, `certified`, `revoked`, `renamed` or `session-ended`.
        change: &'static str,
    },
    /// An operator's request was not done.
    NotDone {
        /// From which account.
        account: Account,
        /// What was asked, by its name; none if that was not understood.
        operation: Option<&'static str>,
        /// Why not.
        cause: &'static str,
        /// Whether that is ours to mend, and not the operator's.
        is_fault: bool,
    },
    /// A request was refused.
    Refused {
        /// What finds this line.
        reference: String,
        /// In which session.
        session: Option<SessionName>,
        /// With which HTTP status.
        code: u16,
        /// Why.
        cause: String,
        /// Whether that is ours to mend.
        is_ours: bool,
    },
}

/// What the end of a session rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// What happened in it.
    Session,
    /// What was decided of the case whose ticket it brought.
    Case,
    /// What another session of the same browser ended with.
    HandOver,
}

/// How much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It is as it should be.
    Info,
    /// Somebody may want to look.
    Warn,
    /// Somebody has to.
    Error,
}

/// An event as a line. These are all fields that there are, beside those of a [refusal](Event::Refused): none holds a
/// person's name, Auth0 id, code, ticket or token.
#[derive(Debug)]
pub struct Line<'e> {
    /// How much it matters.
    pub severity: Severity,
    /// What happened, in words that are always the same.
    pub message: &'static str,
    /// The tenant.
    pub tenant: Option<&'e Host>,
    /// The session.
    pub session: Option<SessionName>,
    /// The subject, in idv's own words.
    pub idv_id: Option<IdvId>,
    /// The method.
    pub method: Option<Method>,
    /// How something ended.
    pub status: Option<Status>,
    /// On what grounds, where those are of before the session.
    pub grounds: Option<&'static str>,
    /// What was not as it should be.
    pub cause: Option<&'static str>,
    /// What a provider says of that.
    pub detail: Option<&'e str>,
    /// How many attempts are left.
    pub attempts_left: Option<u8>,
    /// Who asked.
    pub account: Option<&'e Account>,
    /// Which operator of the console it is about.
    pub operator: Option<&'e OperatorName>,
    /// What became of them, or how they signed in.
    pub change: Option<&'static str>,
    /// For what.
    pub operation: Option<&'static str>,
    /// What an application takes.
    pub asked: Option<&'e str>,
    /// What is enabled.
    pub enabled: Option<&'e str>,
    /// A number of people.
    pub subjects: Option<u64>,
    /// A number of checks.
    pub checks: Option<u64>,
    /// A number of pictures.
    pub pictures: Option<u64>,
    /// The number of a case.
    pub case: Option<u64>,
    /// Which of its pictures.
    pub slot: Option<Slot>,
    /// Keys of the configuration.
    pub keys: Option<String>,
}

impl Line<'_> {
    /// The line `message`, of which nothing more is known.
    #[must_use]
    pub const fn new(severity: Severity, message: &'static str) -> Self {
        Self {
            severity,
            message,
            tenant: None,
            session: None,
            idv_id: None,
            method: None,
            status: None,
            grounds: None,
            cause: None,
            detail: None,
            attempts_left: None,
            account: None,
            operator: None,
            change: None,
            operation: None,
            asked: None,
            enabled: None,
            subjects: None,
            checks: None,
            pictures: None,
            case: None,
            slot: None,
            keys: None,
        }
    }
}

impl Grounds {
    /// Its name; none where it goes without saying.
    #[must_use]
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Session => None,
            Self::Case => Some("case"),
            Self::HandOver => Some("hand_over"),
        }
    }
}

impl Event {
    /// The line of it; none where it has none, or is a refusal, which has a line of its own.
    #[must_use]
    pub fn line(&self) -> Option<Line<'_>> {
        let info = |message| Line::new(Severity::Info, message);
        Some(match self {
            Self::Concluded { tenant, session, idv_id, method, status, grounds, cause, took: _ } => Line {
                tenant: Some(tenant),
                session: Some(*session),
                idv_id: Some(*idv_id),
                method: *method,
                status: Some(*status),
                grounds: grounds.as_str(),
                cause: *cause,
                ..info("session concluded")
            },
            Self::Told { tenant, session, case, reply } => {
                let (severity, message, attempts_left) = reply.line()?;
                let line = Line::new(severity, message);
                Line { tenant: Some(tenant), session: Some(*session), case: *case, attempts_left, ..line }
            }
            Self::NotAttested { tenant, session, method, cause, detail, is_fault } => Line {
                tenant: Some(tenant),
                session: Some(*session),
                method: Some(*method),
                cause: Some(cause),
                detail: detail.as_deref(),
                ..if *is_fault {
                    Line::new(Severity::Error, "a provider, or what is configured of it, is at fault")
                } else {
                    info("a provider did not attest who the person is")
                }
            },
            Self::Ordered { tenant, idv_id, account, method, case, what, .. } => {
                let (tenant, method, account) = (Some(tenant), Some(*method), Some(account));
                Line { tenant, idv_id: *idv_id, account, method, case: *case, ..info(what) }
            }
            Self::Forgotten { account, method, subjects } => {
                let (method, subjects) = (Some(*method), Some(*subjects));
                Line { account: Some(account), method, subjects, ..info("identities of a provider were forgotten") }
            }
            Self::Decided { tenant, idv_id, account, method, case, status } => Line {
                tenant: Some(tenant),
                idv_id: Some(*idv_id),
                account: Some(account),
                method: Some(*method),
                case: *case,
                status: Some(*status),
                ..info("a case was decided")
            },
            Self::NothingOffered { tenant, session, asked, enabled } => Line {
                tenant: Some(tenant),
                session: Some(*session),
                asked: Some(asked),
                enabled: Some(enabled),
                ..Line::new(Severity::Warn, "the application takes no method that is enabled")
            },
            Self::TicketOfNone { tenant, session } => {
                Line { tenant: Some(tenant), session: Some(*session), ..info("a ticket was of no case of its person") }
            }
            Self::LinkMade { tenant, account } => {
                Line { tenant: Some(tenant), account: Some(account), ..info("a start link was made") }
            }
            Self::Erased { tenant, account, reason, checks, pictures } => Line {
                tenant: Some(tenant),
                account: Some(account),
                cause: Some(reason),
                checks: Some(*checks),
                pictures: Some(*pictures),
                ..info("a subject was erased")
            },
            Self::Copied { account, subjects, checks } => {
                let (subjects, checks) = (Some(*subjects), Some(*checks));
                Line { account: Some(account), subjects, checks, ..info("the store was copied") }
            }
            Self::Shredded { pictures } => Line { pictures: Some(*pictures), ..info("photos were shredded") },
            Self::Reloaded { account, changed } => {
                let line = info("the configuration was reloaded");
                Line { account: Some(account), keys: Some(changed.join(", ")), ..line }
            }
            Self::ReloadRefused { account, causes } => {
                let line = Line::new(Severity::Error, "a reload was refused, and what was in force is");
                Line { account: Some(account), keys: Some(causes.join(", ")), ..line }
            }
            Self::Looked { tenant, account, at } => at.line(tenant, account),
            Self::OperatorSignedIn { operator, by } => {
                Line { operator: Some(operator), change: Some(by.as_str()), ..info("an operator signed in") }
            }
            Self::OperatorChanged { operator, account, change } => Line {
                operator: Some(operator),
                account: Some(account),
                change: Some(change),
                ..info("an operator of the console was changed")
            },
            Self::NotDone { account, operation, cause, is_fault } => {
                let severity = if *is_fault { Severity::Error } else { Severity::Warn };
                let line = Line::new(severity, "an operation was refused");
                Line { account: Some(account), operation: *operation, cause: Some(cause), ..line }
            }
            Self::Refused { .. } => return None,
        })
    }
}
