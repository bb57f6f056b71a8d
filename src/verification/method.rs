//! How a subject is verified. One file per method; adding one touches its file and this list.

use serde::{Deserialize, Serialize};

pub mod desk;

/// The methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Someone at the organisation saw the person and their document, and issued a one-time code.
    Desk,
}

impl Method {
    /// The method's name in configuration, records and URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
        }
    }
}
