//! OpenID Connect: a provider that the organisation trusts with it verifies the person, and idv is its relying party.
//!
//! Pure: bytes, time and randomness come in, decisions go out. In the order of a verification: a [`provider`] as it is
//! configured, and the [`credentials`] by which it knows us; its [`metadata`], whose every [`endpoint`] is one that may be
//! asked; the [`request`], where it takes that [`pushed`], and the [`transaction`] that the browser carries meanwhile; what
//! [came back](answer) in it, and for its code the [`token`]s; what the [`id_token`] and [`userinfo`] [claim](claims), each an
//! [`object`] of JSON; by which [`rules`] that means verified, whose [`identity`] it is, and how it [compares](comparison) to
//! what is known of the account. Together that is what the provider [attests](attest); whose account that is says
//! [`binding`]. Whatever is not as it should be is a [`fault`].

use serde::{Deserialize, Serialize};

use self::binding::Conflict;
use self::name::ProviderName;
use self::names::Name;
use self::provider::Registration;
use crate::verification::identity::Identity;
use crate::verification::time::Timestamp;

pub mod answer;
pub mod attest;
pub mod binding;
pub mod claims;
pub mod comparison;
pub mod credentials;
pub mod endpoint;
pub mod fault;
pub mod id_token;
pub mod identity;
pub mod jose;
pub mod metadata;
pub mod name;
pub mod names;
pub mod object;
pub mod provider;
pub mod pushed;
pub mod refusal;
pub mod request;
pub mod rules;
pub mod token;
pub mod transaction;
pub mod userinfo;

mod instant;
mod verified_claims;

pub use self::binding::{Binding, Bindings};

/// What a provider attests of a person, all of it checked but whose identity it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// Which provider.
    pub provider: ProviderName,
    /// By which registration of ours there.
    pub registration: Registration,
    /// Who the person is there.
    pub identity: Identity,
    /// What of it means that they are verified.
    pub basis: Basis,
    /// When they were, if the provider says so.
    pub verified_at: Option<Timestamp>,
    /// By what the provider finds it, if it says so.
    pub reference: Option<String>,
    /// What of the account's own data says otherwise.
    pub mismatch: Option<Name>,
    /// Whether an identity serves one account of a tenant.
    pub one_account: bool,
    /// Whether who comes again must be who came first.
    pub same_person: bool,
}

/// What in an answer meant: verified. All of it is missing where the login there is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// `acr` of the ID token.
    pub acr: Option<String>,
    /// `trust_framework` of its `verified_claims`.
    pub trust_framework: Option<String>,
    /// `assurance_level` of those.
    pub assurance_level: Option<String>,
}

/// The longest [reference](Delegation::reference) that is kept, in bytes.
pub const REFERENCE_LIMIT: usize = 128;

/// A provider's word for a subject. No name, number or token is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Which provider.
    pub provider: ProviderName,
    /// Who the person is there, unreadable.
    pub identity: Identity,
    /// What meant that they are verified.
    pub basis: Basis,
    /// When they were, if the provider says so.
    pub verified_at: Option<Timestamp>,
    /// By what the provider finds it, at most [`REFERENCE_LIMIT`] bytes.
    pub reference: Option<String>,
    /// With what of before it is in conflict. The check is no success then.
    pub conflict: Option<Conflict>,
}

/// What the organisation orders of a subject and a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Whoever comes from there next is the subject.
    Unbind(ProviderName),
    /// The same, for this subject as for all others.
    Forget(ProviderName),
}

impl Order {
    pub(super) const fn provider(self) -> ProviderName {
        match self {
            Self::Unbind(provider) | Self::Forget(provider) => provider,
        }
    }

    pub(super) const fn line(self) -> Option<&'static str> {
        match self {
            Self::Unbind(_) => Some("an identity was unbound"),
            // One line tells of all of them.
            Self::Forget(_) => None,
        }
    }

    pub(super) const fn action(self) -> Option<&'static str> {
        match self {
            Self::Unbind(_) => Some("identity-released"),
            // Two entries tell of all of them.
            Self::Forget(_) => None,
        }
    }

    /// Has `bindings` as they are from then on.
    #[must_use]
    pub fn carried_out(self, bindings: Bindings) -> Bindings {
        bindings.without(self.provider())
    }
}
