//! What stands above the figures: of what they are, and how far they can be relied on.

use serde::Serialize;

use super::range::{self, Range};
use crate::verification::time::Timestamp;

/// Of what a report is, and from where.
#[derive(Clone, Debug, Serialize)]
pub struct Heading {
    /// Whose report it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Of when.
    #[serde(flatten)]
    pub range: Range,
    /// Of which tenant alone; of all, and of the machine, if of none.
    pub tenant: Option<String>,
    /// When it was made.
    #[serde(serialize_with = "range::serialize")]
    pub made_at: Timestamp,
    /// By which version of idv.
    pub version: &'static str,
    /// From what.
    pub log: Log,
}

impl Heading {
    /// Whose report it is; of a log from elsewhere, the host that it names.
    pub(super) fn whose(&self) -> Option<&str> {
        let origin = || self.log.checkpoint.as_ref()?.origin.strip_suffix("/audit");
        self.organization.as_deref().or_else(origin)
    }
}

/// Where the entries are from.
#[derive(Clone, Debug, Serialize)]
pub struct Log {
    /// Where that is, in words.
    pub source: String,
    /// The last signed statement of what is in it, if one is at hand.
    pub checkpoint: Option<Checkpoint>,
    /// Whether its entries are those of the checkpoint.
    pub proof: Proof,
}

/// A signed statement of what is in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checkpoint {
    /// Of which log.
    pub origin: String,
    /// How many entries.
    pub entries: u64,
    /// The root of their tree, in base64.
    pub root: String,
}

/// Whether a log is what its checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Proof {
    /// It is.
    Verified {
        /// By which key, and where that is from.
        by: String,
    },
    /// It is not, or that cannot be known.
    NotVerified {
        /// What was found.
        why: String,
    },
}
