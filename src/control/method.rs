//! What operators ask of a method: each method's acts are in a file of its own, and this is their list.
//!
//! The name of an act, as `operation` on the wire, begins with its method's and a `_`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::OperationError;
use super::office::Office;
use crate::verification::account::Account;

pub mod desk;

/// An act of a method.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Request {
    /// The desk's.
    Desk(desk::Request),
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
            _ => None,
        }
    }

    /// See [`super::Request::changes_the_store`].
    pub(super) const fn changes_the_store(&self) -> bool {
        match self {
            Self::Desk(request) => request.changes_the_store(),
        }
    }

    /// See [`super::Request::revocation`].
    pub(super) fn revocation(&self) -> Option<Self> {
        match self {
            Self::Desk(request) => request.revocation().map(Self::Desk),
        }
    }

    /// Does it, as asked from `account`.
    pub(super) async fn perform(self, office: &Office, account: Account) -> Result<Value, OperationError> {
        match self {
            Self::Desk(request) => request.perform(office, account).await,
        }
    }
}
