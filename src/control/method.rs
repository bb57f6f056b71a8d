//! What operators ask of a method: each method's acts are in a file of its own, and this is their list.
//!
//! The name of an act, as `operation` on the wire, begins with its method's and a `_`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::asker::Asker;
use super::error::OperationError;
use super::office::Office;
use super::remark::Remark;
use crate::ops::account;
use crate::store::StoreError;
use crate::verification::account::Account;
use crate::verification::method::{Evidence, Kind};
use crate::verification::subject::Subject;

pub mod desk;
pub mod document;
pub mod oidc;

/// An act of a method.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Request {
    /// The desk's.
    Desk(desk::Request),
    /// Of who people are at providers.
    Oidc(oidc::Request),
    /// Of cases of the document method.
    Document(document::Request),
}

impl From<document::Request> for Request {
    fn from(request: document::Request) -> Self {
        Self::Document(request)
    }
}

impl From<oidc::Request> for Request {
    fn from(request: oidc::Request) -> Self {
        Self::Oidc(request)
    }
}

impl From<desk::Request> for Request {
    fn from(request: desk::Request) -> Self {
        Self::Desk(request)
    }
}

impl Request {
    /// The act with `members`; none if it is no method's.
    pub(super) fn read(members: &Map<String, Value>) -> Option<serde_json::Result<Self>> {
        let (method, _) = members.get("operation")?.as_str()?.split_once('_')?;
        match method {
            "desk" => Some(desk::Request::deserialize(members).map(Self::Desk)),
            "oidc" => Some(oidc::Request::deserialize(members).map(Self::Oidc)),
            "document" => Some(document::Request::deserialize(members).map(Self::Document)),
            _ => None,
        }
    }

    /// See [`super::Request::name`].
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Desk(request) => request.name(),
            Self::Oidc(request) => request.name(),
            Self::Document(request) => request.name(),
        }
    }

    /// See [`super::Request::changes_the_store`].
    pub(super) const fn changes_the_store(&self) -> bool {
        match self {
            Self::Desk(request) => request.changes_the_store(),
            Self::Oidc(_) => true,
            Self::Document(request) => request.changes_the_store(),
        }
    }

    /// Whether it looks at everybody, or at every picture.
    pub(super) const fn takes_long(&self) -> bool {
        match self {
            Self::Desk(_) => false,
            Self::Oidc(request) => request.takes_long(),
            Self::Document(request) => request.takes_long(),
        }
    }

    /// See [`super::Request::revocation`].
    pub(super) fn revocation(&self) -> Option<Self> {
        match self {
            Self::Desk(request) => request.revocation().map(Self::Desk),
            Self::Oidc(_) | Self::Document(_) => None,
        }
    }

    /// Does it, as `asker` asks.
    pub(super) async fn perform(self, office: &Office, asker: Asker) -> Result<Value, OperationError> {
        match self {
            Self::Desk(request) => request.perform(office, asker).await,
            Self::Oidc(request) => request.perform(office, asker).await,
            Self::Document(request) => request.perform(office, asker).await,
        }
    }
}

/// Who `subject` is elsewhere.
pub(super) fn bindings(office: &Office, subject: &Subject) -> Result<Value, StoreError> {
    oidc::bindings(office, subject)
}

/// All that methods keep of `subject`, each under its name.
pub(super) fn exported(office: &Office, subject: &Subject) -> Result<Map<String, Value>, StoreError> {
    let kept = [
        (Kind::Desk, desk::exported(office, subject)?),
        (Kind::Oidc, oidc::bindings(office, subject)?),
        (Kind::Document, document::exported(office, subject)?),
    ];
    let is_something = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    let kept = kept.into_iter().filter(|(_, value)| is_something(value));
    Ok(kept.map(|(kind, value)| (kind.as_str().to_owned(), value)).collect())
}

/// What `account` is shown of `evidence`. What reviewers came to, and what of that is never told, is not for the desk: reviewers
/// may be in its group.
pub(super) fn shown(evidence: Evidence, account: &Account) -> Evidence {
    match evidence {
        Evidence::Reviewed(reviewed) if !account::is_of_the_service(account) => {
            Evidence::Reviewed(reviewed.without_verdicts())
        }
        evidence => evidence,
    }
}

/// Whose the identity is by now that `evidence`, of a check of `subject`, was in conflict over, where it is somebody's.
pub(super) fn holder(office: &Office, subject: &Subject, evidence: &Evidence) -> Result<Option<Value>, StoreError> {
    match evidence {
        Evidence::Vouch(_) | Evidence::WrongCodes | Evidence::Simulated | Evidence::Reviewed(_) => Ok(None),
        Evidence::Delegated(delegation) => oidc::holder(office, subject, delegation),
    }
}

/// Does what is due by now to what methods keep for a time. Returns to how many it did something.
///
/// # Errors
/// [`StoreError`]; what is left is due the next time.
pub async fn age(office: &Office) -> Result<usize, StoreError> {
    document::age(office).await
}

/// What of what methods keep does not fit how they are configured.
pub(super) fn remarks(office: &Office) -> Result<Vec<Remark>, StoreError> {
    let remarks = oidc::remarks(office)?;
    Ok(remarks.into_iter().chain(document::remark(office)?).collect())
}
