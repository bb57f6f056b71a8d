//! What a method keeps of a subject from one login to the next.

use serde::{Deserialize, Serialize};

use super::{desk, document, oidc};
use crate::verification::identity::Identity;
use crate::verification::object::ObjectId;
use crate::verification::record::Record;
use crate::verification::time::Timestamp;

/// What a method keeps of a subject from one login to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kept {
    /// Nothing: there is no record of it.
    #[default]
    Nothing,
    /// The desk: a code, and wrong ones.
    Desk(desk::Standing),
    /// Providers: who the subject is there.
    Oidc(oidc::Bindings),
    /// An attempt by document.
    Document(document::Standing),
}

impl Kept {
    /// What is left of it in a store that was restored from a backup: what may have been used since is worth nothing.
    #[must_use]
    pub fn restored(self) -> Self {
        match self {
            Self::Desk(standing) => desk::Order::Revoke.carried_out(standing).into(),
            // Who somebody is does not change with time.
            Self::Oidc(bindings) => Self::Oidc(bindings),
            Self::Document(standing) => standing.restored().into(),
            Self::Nothing => Self::Nothing,
        }
    }

    /// The identities that it says are the subject's.
    pub fn identities(&self) -> impl Iterator<Item = Identity> {
        let bindings = match self {
            Self::Oidc(bindings) => Some(bindings),
            Self::Desk(_) | Self::Document(_) | Self::Nothing => None,
        };
        bindings.into_iter().flat_map(oidc::Bindings::iter).map(|binding| binding.identity)
    }

    /// Whether a code of it waits to be typed.
    #[must_use]
    pub fn has_code(&self, now: Timestamp) -> bool {
        match self {
            Self::Desk(standing) => standing.has_code(now),
            Self::Oidc(_) | Self::Document(_) | Self::Nothing => false,
        }
    }

    /// The same, once a login took what was decided of a case, at `now`.
    #[must_use]
    pub fn delivered(self, now: Timestamp) -> Self {
        match self {
            Self::Document(standing) => standing.delivered(now).into(),
            kept @ (Self::Desk(_) | Self::Oidc(_) | Self::Nothing) => kept,
        }
    }

    /// The sealed pictures that it names: they live as long as it does.
    pub fn objects(&self) -> impl Iterator<Item = ObjectId> {
        self.dossier().into_iter().flat_map(document::Dossier::objects)
    }

    /// The number by which operators find the subject, if an attempt of theirs has one.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.dossier().map(|dossier| dossier.number)
    }

    /// The number of the attempt of which no picture is found again once this is `after`: it is over, and came to no check.
    #[must_use]
    pub fn forgets_at(&self, after: &Self) -> Option<u64> {
        let over = self.dossier().filter(|dossier| dossier.is_forgotten_at(after.dossier()))?;
        Some(over.number)
    }

    /// By what the pictures that were sent, and are being looked at, are found again.
    pub fn glimpses(&self) -> impl Iterator<Item = document::seen::Glimpse> {
        self.dossier().into_iter().flat_map(document::Dossier::glimpses)
    }

    /// Where a case of it stands, in a word of [`STATES`](document::dossier::STATES), and since when somebody is to decide of
    /// it, if anybody is.
    #[must_use]
    pub fn case(&self) -> Option<(&'static str, Option<Timestamp>)> {
        self.dossier().map(|dossier| (dossier.state(), dossier.waits_since()))
    }

    /// Whether the second who decided of a case of it came to the same as the first; none where nobody did.
    #[must_use]
    pub fn second_agrees(&self) -> Option<bool> {
        match self.dossier()?.verdicts() {
            [first, second, ..] => Some(first.verdict.agrees_with(&second.verdict)),
            _ => None,
        }
    }

    /// Whether nothing of it may be deleted.
    #[must_use]
    pub fn is_on_hold(&self) -> bool {
        self.dossier().is_some_and(|dossier| dossier.hold.is_some())
    }

    /// In which words cases stand.
    pub const CASES: [&'static str; 8] = document::dossier::STATES;

    fn dossier(&self) -> Option<&document::Dossier> {
        match self {
            Self::Document(standing) => standing.dossier.as_deref(),
            Self::Desk(_) | Self::Oidc(_) | Self::Nothing => None,
        }
    }

    /// As the desk has it.
    #[must_use]
    pub fn into_desk(self) -> desk::Standing {
        match self {
            Self::Desk(standing) => standing,
            Self::Oidc(_) | Self::Document(_) | Self::Nothing => desk::Standing::default(),
        }
    }

    /// As providers have it.
    #[must_use]
    pub fn into_oidc(self) -> oidc::Bindings {
        match self {
            Self::Oidc(bindings) => bindings,
            Self::Desk(_) | Self::Document(_) | Self::Nothing => oidc::Bindings::default(),
        }
    }

    /// As documents have it.
    #[must_use]
    pub fn into_document(self) -> document::Standing {
        match self {
            Self::Document(standing) => standing,
            Self::Desk(_) | Self::Oidc(_) | Self::Nothing => document::Standing::default(),
        }
    }
}

impl From<oidc::Bindings> for Kept {
    fn from(bindings: oidc::Bindings) -> Self {
        if bindings == oidc::Bindings::default() { Self::Nothing } else { Self::Oidc(bindings) }
    }
}

impl From<desk::Standing> for Kept {
    fn from(standing: desk::Standing) -> Self {
        if standing == desk::Standing::default() { Self::Nothing } else { Self::Desk(standing) }
    }
}

impl From<document::Standing> for Kept {
    fn from(standing: document::Standing) -> Self {
        if standing == document::Standing::default() { Self::Nothing } else { Self::Document(standing) }
    }
}

/// What version 3 kept, which knew no decoys.
#[derive(Deserialize)]
enum Third {
    Nothing,
    Desk(desk::Standing),
    Oidc(oidc::Bindings),
    Document(document::first::Standing),
}

impl From<Third> for Kept {
    fn from(third: Third) -> Self {
        match third {
            Third::Nothing => Self::Nothing,
            Third::Desk(standing) => Self::Desk(standing),
            Third::Oidc(bindings) => Self::Oidc(bindings),
            Third::Document(standing) => Self::Document(standing.into()),
        }
    }
}

impl Record for Kept {
    const VERSION: u8 = 4;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            // The desk alone kept anything then.
            1 => postcard::from_bytes::<desk::first::Standing>(encoding).ok().map(|first| Self::Desk(first.into())),
            2 => postcard::from_bytes(encoding).ok().map(Self::Desk),
            3 => postcard::from_bytes::<Third>(encoding).ok().map(Into::into),
            4 => postcard::from_bytes(encoding).ok(),
            _ => None,
        }
    }
}
