//! Whose identity it is: what a provider attests belongs to one account of a tenant, and who comes again must be who came
//! first.

use serde::{Deserialize, Serialize};

use super::name::ProviderName;
use super::names::Name;
use super::provider::Registration;
use super::{Attested, Delegation};
use crate::verification::identity::Identity;
use crate::verification::method::{Circumstances, Method};
use crate::verification::time::Timestamp;

/// Who a subject is at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// Which provider.
    pub provider: ProviderName,
    /// By which registration of ours there. Another one may know the same person by another name.
    pub registration: Registration,
    /// Who they are there, unreadable.
    pub identity: Identity,
    /// Since when.
    pub bound_at: Timestamp,
    /// Whether Auth0 has been seen to know of a check that stands on it. Until then it may be of somebody who followed
    /// another's link: they proved who they are, in a browser in which nobody was waiting for it.
    pub is_seen: bool,
}

/// Who a subject is at each provider: one identity for each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bindings(Vec<Binding>);

/// With what of before an attested identity is in conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// It is another account's of the tenant.
    #[serde(rename = "identity_in_use")]
    InUse,
    /// The account is another person's.
    OtherPerson,
    /// The account's own data say otherwise.
    Mismatch(Name),
}

impl Conflict {
    /// How the log calls it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InUse => "identity_in_use",
            Self::OtherPerson => "other_person",
            Self::Mismatch(_) => "mismatch",
        }
    }
}

impl Binding {
    /// Whether a success by `method`, of then, stands on it.
    fn supports(&self, (method, at): (Method, Timestamp)) -> bool {
        method == Method::Oidc(self.provider) && at >= self.bound_at
    }
}

impl Bindings {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Binding> {
        self.0.iter()
    }

    /// Who the subject is at `provider`.
    #[must_use]
    pub fn at(&self, provider: ProviderName) -> Option<&Binding> {
        self.iter().find(|binding| binding.provider == provider)
    }

    /// All of them but that at `provider`.
    #[must_use]
    pub fn without(mut self, provider: ProviderName) -> Self {
        self.0.retain(|binding| binding.provider != provider);
        self
    }

    /// Judges what a provider attests. Returns the evidence that it is, and the bindings from then on.
    pub(in crate::verification::method) fn judge(
        mut self,
        attested: &Attested,
        circumstances: &Circumstances<'_>,
    ) -> (Delegation, Self) {
        for binding in &mut self.0 {
            binding.is_seen |= circumstances.taken.is_some_and(|success| binding.supports(success));
        }
        let conflict = self.conflict(attested, circumstances);
        let bindings = if conflict.is_none() { self.with(attested, circumstances.now) } else { self };
        let delegation = Delegation {
            provider: attested.provider,
            identity: attested.identity,
            basis: attested.basis.clone(),
            verified_at: attested.verified_at,
            reference: attested.reference.clone(),
            conflict,
        };
        (delegation, bindings)
    }

    fn conflict(&self, attested: &Attested, circumstances: &Circumstances<'_>) -> Option<Conflict> {
        let &Attested { provider, identity, mismatch, one_account, same_person, .. } = attested;
        let is_anothers = circumstances.holder.is_some_and(|holder| holder != circumstances.subject);
        let is_another = self.at(provider).is_some_and(|binding| binding.identity != identity);
        if one_account && is_anothers {
            Some(Conflict::InUse)
        } else if same_person && is_another {
            Some(Conflict::OtherPerson)
        } else {
            mismatch.map(Conflict::Mismatch)
        }
    }

    /// What is bound stays as it was, by whichever registration it is confirmed now.
    fn with(self, attested: &Attested, now: Timestamp) -> Self {
        let &Attested { provider, registration, identity, .. } = attested;
        let new = Binding { provider, registration, identity, bound_at: now, is_seen: false };
        let binding = match self.at(provider) {
            Some(binding) if binding.identity == identity => Binding { registration, ..*binding },
            _ => new,
        };
        let mut bindings = self.without(provider);
        bindings.0.push(binding);
        bindings
    }
}
