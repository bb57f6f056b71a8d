//! The providers that verify people, and what all of them need.

use std::sync::Arc;

use hyper::body::Bytes;
use ring::hmac;

use crate::egress::Egress;
use crate::party::Party;
use crate::party::answering::Answering;
use crate::store::Store;
use crate::verification::decision::Answered;
use crate::verification::identity::{self, Identity};
use crate::verification::method::oidc::credentials::{self, Credentials};
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::provider::Provider;
use crate::verification::method::oidc::transaction::{self, Transactions};
use crate::verification::subject::Subject;

/// What the key is derived for by which subjects are named to providers.
const HINT_KEY: &str = "oidc login hint";

/// The providers, and what all of them need.
pub struct Parties {
    each: Vec<Party>,
    transactions: Transactions,
    pub(super) answering: Arc<Answering<Answered>>,
    /// By which identities are kept.
    pub(super) identities: hmac::Key,
    /// By which subjects are named to providers.
    hints: hmac::Key,
    /// Our public keys, as they are published.
    published: Option<Bytes>,
}

impl Parties {
    /// None, of the installation whose `store` it is.
    #[must_use]
    pub fn new(store: &Store) -> Self {
        Self {
            each: Vec::new(),
            transactions: Transactions::new(store.key(transaction::KEY)),
            answering: Arc::default(),
            identities: store.key(identity::KEY),
            hints: store.key(HINT_KEY),
            published: None,
        }
    }

    /// None, and in the place of `before`: what of it is being dealt with still is.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self { answering: before.answering.clone(), ..self }
    }

    /// And `provider`, with what shows that we are its client, by the way out `egress`.
    #[must_use]
    pub fn with(mut self, provider: Provider, credentials: Credentials, egress: Egress) -> Self {
        self.each.push(Party::new(provider, credentials, egress));
        self.published = credentials::public_keys(self.each.iter().map(|party| &party.credentials))
            .map(|keys| Bytes::from(keys.to_string()));
        self
    }

    /// The seal of what people carry there and back.
    pub(in crate::web) fn transactions(&self) -> &Transactions {
        &self.transactions
    }

    /// The JWK set of all our public keys; none if no provider knows us by a key.
    pub(in crate::web) fn published(&self) -> Option<&Bytes> {
        self.published.as_ref()
    }

    pub(super) fn party(&self, name: ProviderName) -> Option<&Party> {
        self.each.iter().find(|party| party.provider.name == name)
    }

    /// How `subject` is named to `provider`: for ever the same, and in words that nobody else understands. It is not the
    /// `idv_id`: who has not been verified yet has none, and it would be the same at each provider.
    pub(super) fn login_hint(&self, provider: &Provider, subject: &Subject) -> Option<String> {
        let hint = || Identity::derive(&self.hints, &subject.tenant, &provider.issuer, subject.user_id.as_str());
        provider.login_hint.then(|| hint().to_string())
    }
}
