//! Reloading: the service is handed what it does not see itself, and takes it whole or not at all.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use super::error::OperationError;
use super::office::Office;
use crate::config::secret::{self, Held};
use crate::config::{Problem, Problems};
use crate::verification::account::Account;
use crate::verification::time::Timestamp;

/// What the service is to become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The text of the configuration.
    pub configuration: String,
    /// What was found where that says. What is missing the service reads itself.
    #[serde(serialize_with = "secret::hand_over_all")]
    pub held: Vec<Held>,
    /// What is wrong with it already: then it is refused for that.
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// Whether the service only tells what would change.
    #[serde(default)]
    pub is_question: bool,
}

impl Proposal {
    /// What is not fit for this.
    #[must_use]
    pub fn unfit(problems: Vec<Problem>) -> Self {
        Self { configuration: String::new(), held: vec![], problems, is_question: false }
    }
}

/// What came of a reload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reloaded {
    /// The keys of the configuration that changed.
    pub changed: Vec<String>,
    /// What was not handed over, and is as it was at the start: credentials that only systemd can read.
    pub left: Vec<String>,
}

/// A reload that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub problems: Vec<Problem>,
}

/// A proposal on its way to the service.
pub struct Proposed {
    /// What the service is to become.
    pub proposal: Proposal,
    /// From which account.
    pub account: Account,
    /// Takes the answer.
    pub answer: oneshot::Sender<Result<Reloaded, Problems>>,
}

/// Where the service is asked to reload, and what came of the last time.
#[derive(Clone)]
pub struct Reloads {
    asked: mpsc::Sender<Proposed>,
    refused: Arc<Mutex<Option<Refused>>>,
}

impl Reloads {
    /// One at a time; with the end that answers.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Proposed>) {
        let (asked, asking) = mpsc::channel(1);
        (Self { asked, refused: Arc::default() }, asking)
    }

    /// The last reload, if it was refused.
    #[must_use]
    pub fn refused(&self) -> Option<Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last reload was refused, or it was not.
    pub fn note(&self, refused: Option<Refused>) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = refused;
    }
}

impl Office {
    /// Reloads the service. Root alone may ask: the group of the control socket is for the desk.
    pub(super) async fn reload(&self, proposal: Proposal, account: Account) -> Result<Reloaded, OperationError> {
        if account != Account::Root {
            return Err(OperationError::NotRoot);
        }
        let running = self.running.as_ref().ok_or(OperationError::NotRunning)?;
        let (answer, answered) = oneshot::channel();
        let sent = running.reloads.asked.send(Proposed { proposal, account, answer }).await;
        sent.map_err(|_| OperationError::NotRunning)?;
        let reloaded = answered.await.map_err(|_| OperationError::NotRunning)?;
        reloaded.map_err(|problems| OperationError::NotReloaded(problems.to_string()))
    }
}
