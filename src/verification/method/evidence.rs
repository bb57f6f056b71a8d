//! What supported a check.

use serde::{Deserialize, Serialize};

use super::{Method, desk, document, oidc};

/// What supported a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The desk vouched for the subject.
    Vouch(desk::Vouch),
    /// The subject used up the attempts at a desk code.
    WrongCodes,
    /// A trial simulated it.
    Simulated,
    /// A provider attested who the subject is.
    Delegated(oidc::Delegation),
    /// People looked at a document and at the subject.
    Reviewed(document::Reviewed),
}

impl Evidence {
    /// The method that yields it.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Vouch(_) | Self::WrongCodes => Method::Desk,
            Self::Simulated => Method::Simulated,
            Self::Delegated(delegation) => Method::Oidc(delegation.provider),
            Self::Reviewed(_) => Method::Document,
        }
    }

    /// With what it is in conflict, as the log has it.
    #[must_use]
    pub const fn conflict(&self) -> Option<&'static str> {
        match self {
            Self::Vouch(_) | Self::WrongCodes | Self::Simulated | Self::Reviewed(_) => None,
            Self::Delegated(delegation) => match &delegation.conflict {
                Some(conflict) => Some(conflict.as_str()),
                None => None,
            },
        }
    }
}

/// What supported a check of the first version.
#[derive(Deserialize)]
pub(crate) enum FirstEvidence {
    Vouch(desk::first::Vouch),
    WrongCodes,
    Simulated,
}

impl From<FirstEvidence> for Evidence {
    fn from(first: FirstEvidence) -> Self {
        match first {
            FirstEvidence::Vouch(vouch) => Self::Vouch(vouch.into()),
            FirstEvidence::WrongCodes => Self::WrongCodes,
            FirstEvidence::Simulated => Self::Simulated,
        }
    }
}
