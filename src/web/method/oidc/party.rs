//! A provider as this process knows it, and what is asked of it: everything that goes over the wire between the two.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use ring::hmac;
use tokio::sync::{Semaphore, SemaphorePermit};
use zeroize::Zeroizing;

use super::answering::Answering;
use super::memory::{Health, Memory, Said};
use crate::egress::{Ask, Egress, Reply, Url};
use crate::ops::allowance::Allowance;
use crate::ops::clock::Clock;
use crate::ops::random;
use crate::store::Store;
use crate::verification::identity::{self, Identity};
use crate::verification::method::oidc::Attested;
use crate::verification::method::oidc::answer::Code;
use crate::verification::method::oidc::attest::{Account, attest};
use crate::verification::method::oidc::claims::Claims;
use crate::verification::method::oidc::credentials::{self, Credentials};
use crate::verification::method::oidc::fault::{Fault, Rejected};
use crate::verification::method::oidc::id_token::{self, Terms};
use crate::verification::method::oidc::jose::KeySet;
use crate::verification::method::oidc::metadata::{self, Metadata};
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::object::Object;
use crate::verification::method::oidc::provider::{Provider, RequestKind};
use crate::verification::method::oidc::pushed;
use crate::verification::method::oidc::request::{self, Asked, Client, Posted};
use crate::verification::method::oidc::token::TokenResponse;
use crate::verification::method::oidc::transaction::{self, Transaction, Transactions};
use crate::verification::method::oidc::userinfo;
use crate::verification::profile::Profile;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// How many requests to one provider are under way at once.
const UNDER_WAY: usize = 32;
/// How many people set out to one provider in a minute.
const STARTED: NonZeroU32 = NonZeroU32::new(600).expect("it is six hundred");
/// How many entries of the audit log a person has in a minute for what the provider did not attest.
const RECORDED: NonZeroU32 = NonZeroU32::MIN;
/// What the key is derived for by which subjects are named to providers.
const HINT_KEY: &str = "oidc login hint";

/// The providers, and what all of them need.
pub struct Parties {
    each: Vec<Party>,
    transactions: Transactions,
    pub(super) answering: Arc<Answering>,
    /// By which identities are kept.
    identities: hmac::Key,
    /// By which subjects are named to providers.
    hints: hmac::Key,
    random: random::Generator,
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
            random: random::generator(),
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

/// A provider as this process knows it.
pub(super) struct Party {
    pub(super) provider: Provider,
    credentials: Credentials,
    egress: Egress,
    metadata: Memory<Metadata>,
    keys: Memory<KeySet>,
    pub(super) health: Health,
    started: Allowance,
    recorded: Allowance,
    under_way: Semaphore,
}

impl Party {
    fn new(provider: Provider, credentials: Credentials, egress: Egress) -> Self {
        Self {
            provider,
            credentials,
            egress,
            metadata: Memory::default(),
            keys: Memory::default(),
            health: Health::default(),
            started: Allowance::new(Some(STARTED)),
            recorded: Allowance::new(Some(RECORDED)),
            under_way: Semaphore::new(UNDER_WAY),
        }
    }

    /// Lets one more person set out, if not too many do.
    pub(super) fn admit(&self, now: Timestamp) -> Result<SemaphorePermit<'_>, Fault> {
        let is_admitted = self.started.admits((), Duration::from_secs(now.as_unix()));
        let permit = self.under_way.try_acquire().map_err(|_| Fault::Busy)?;
        if is_admitted { Ok(permit) } else { Err(Fault::Busy) }
    }

    /// Whether the audit log has one more entry of what was not attested of `person`.
    pub(super) fn may_record(&self, person: impl Hash, now: Timestamp) -> bool {
        self.recorded.admits(person, Duration::from_secs(now.as_unix()))
    }

    /// Waits for a turn.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.under_way.acquire().await.ok()
    }

    /// What is answered to `ask`; `unreached` if nothing is.
    async fn ask(&self, ask: Ask, unreached: Fault, now: Timestamp) -> Result<Reply, Rejected> {
        let reply = self.egress.ask(ask).await;
        self.health.note(reply.is_ok(), now);
        reply.map_err(|error| Rejected::told(unreached, &error.to_string()))
    }

    /// What the provider says of itself.
    pub(super) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, Rejected> {
        self.metadata.get(&self.health, now, || self.fetch_metadata(now)).await
    }

    async fn fetch_metadata(&self, now: Timestamp) -> Result<Said<Metadata>, Rejected> {
        let ask = Ask::get(url(&metadata::address(&self.provider))?);
        let reply = self.ask(ask, Fault::MetadataUnreachable, now).await?;
        check_found(&reply, Fault::MetadataUnreachable)?;
        Ok(Said { what: Metadata::read(&reply.body, &self.provider)?, max_age: reply.max_age })
    }

    async fn keys(&self, metadata: &Metadata, now: Timestamp) -> Result<Arc<KeySet>, Rejected> {
        self.keys.get(&self.health, now, || self.fetch_keys(metadata, now)).await
    }

    async fn fetch_keys(&self, metadata: &Metadata, now: Timestamp) -> Result<Said<KeySet>, Rejected> {
        let ask = Ask::get(url(&metadata.jwks_uri)?);
        let reply = self.ask(ask, Fault::KeysUnreachable, now).await?;
        check_found(&reply, Fault::KeysUnreachable)?;
        let keys = KeySet::parse(&reply.body).map_err(|_| Fault::KeysMalformed)?;
        let is_of_use = self.provider.algorithms.iter().any(|algorithm| keys.has_key_for(*algorithm));
        if is_of_use { Ok(Said { what: keys, max_age: reply.max_age }) } else { Err(Fault::KeysNone.into()) }
    }

    fn client<'a>(&'a self, parties: &'a Parties, metadata: &'a Metadata, now: Timestamp) -> Client<'a> {
        let Self { provider, credentials, .. } = self;
        Client { provider, metadata, credentials, now, random: &parties.random }
    }

    /// Where the request is pushed to, if it is. What is expected of the person is never in an address.
    fn pushed_to<'m>(&self, metadata: &'m Metadata) -> Result<Option<&'m str>, Fault> {
        let Provider { request, identity, .. } = &self.provider;
        let must_be =
            *request == Some(RequestKind::Pushed) || metadata.requires_pushed || !identity.expected.is_empty();
        match metadata.pushed_authorization_request_endpoint.as_deref() {
            None if must_be => Err(Fault::MetadataUnannounced),
            endpoint => Ok(endpoint.filter(|_| must_be || request.is_none())),
        }
    }

    /// Where the browser is sent with what is `asked`.
    pub(super) async fn address(
        &self,
        parties: &Parties,
        metadata: &Metadata,
        asked: &Asked<'_>,
        now: Timestamp,
    ) -> Result<String, Rejected> {
        let Some(endpoint) = self.pushed_to(metadata)? else { return Ok(asked.address(metadata)?) };
        if !self.health.may_ask(now) {
            return Err(Fault::ProviderDown.into());
        }
        let ask = post(endpoint, asked.pushed(&self.client(parties, metadata, now))?)?;
        let reply = self.ask(ask, Fault::PushUnreachable, now).await?;
        let request_uri = pushed::read(reply.status, reply.content_type.as_deref(), &reply.body)?;
        Ok(request::address_of_pushed(&self.provider, metadata, &request_uri)?)
    }

    /// What the provider attests of the person who came back with `code`.
    pub(super) async fn attest(
        &self,
        parties: &Parties,
        metadata: &Metadata,
        came: CameBack<'_>,
    ) -> Result<Attested, Rejected> {
        let CameBack { code, redirect_uri, transaction, subject, profile, clock } = came;
        let asked_at = clock.now();
        let posted = self.client(parties, metadata, asked_at).token_request(code, redirect_uri, transaction)?;
        let ask = post(&metadata.token_endpoint, posted)?;
        let reply = self.ask(ask, Fault::TokenUnreachable, asked_at).await?;
        // The tokens are made after they were asked for: seconds, where the provider is slow.
        let now = clock.now();
        let tokens = TokenResponse::read(reply.status, reply.content_type.as_deref(), &reply.body)?;
        let id_token = self.id_token(metadata, &tokens, transaction, now).await?;
        let sub = id_token.text("sub").ok_or(Fault::IdTokenSub)?;
        let userinfo = match &metadata.userinfo_endpoint {
            Some(endpoint) => Some(self.userinfo(endpoint, &tokens, sub, now).await?),
            None => None,
        };
        let claims = Claims { id_token, userinfo };
        let account = Account { tenant: &subject.tenant, profile, sent: &transaction.sent };
        Ok(attest(&self.provider, &claims, account, &parties.identities, now)?)
    }

    /// The checked ID token. A key that is not known may be a new one: the provider is asked once more.
    async fn id_token(
        &self,
        metadata: &Metadata,
        tokens: &TokenResponse,
        transaction: &Transaction,
        now: Timestamp,
    ) -> Result<Object, Rejected> {
        let nonce = transaction.nonce();
        let access_token = &tokens.access_token;
        let terms = Terms { nonce: &nonce, asked_at: transaction.asked_at, access_token, now };
        let check = |keys: &KeySet| id_token::check(&tokens.id_token, keys, &self.provider, &terms);
        let keys = self.keys(metadata, now).await?;
        match check(&keys) {
            Err(fault) if fault.may_be_of_old_keys() => {
                match self.keys.anew(now, || self.fetch_keys(metadata, now)).await {
                    Some(keys) => Ok(check(&keys)?),
                    None => Err(fault.into()),
                }
            }
            checked => Ok(checked?),
        }
    }

    /// It is a question without consequences, so that one that was not put may be put once more.
    async fn userinfo(
        &self,
        endpoint: &str,
        tokens: &TokenResponse,
        sub: &str,
        now: Timestamp,
    ) -> Result<Object, Rejected> {
        let bearer = Zeroizing::new(format!("Bearer {}", tokens.access_token.as_str()));
        let ask = Ask::get(url(endpoint)?).authorized(&bearer).ok_or(Fault::TokenMalformed)?;
        let reply = match self.egress.ask(ask.clone()).await {
            Err(error) if error.is_of_connection() => self.egress.ask(ask).await,
            reply => reply,
        };
        self.health.note(reply.is_ok(), now);
        let reply = reply.map_err(|error| Rejected::told(Fault::UserinfoUnreachable, &error.to_string()))?;
        Ok(userinfo::check(reply.status, reply.content_type.as_deref(), &reply.body, sub)?)
    }
}

/// Somebody who is back from a provider.
pub(super) struct CameBack<'a> {
    pub(super) code: &'a Code,
    pub(super) redirect_uri: &'a str,
    pub(super) transaction: &'a Transaction,
    pub(super) subject: &'a Subject,
    pub(super) profile: Option<&'a Profile>,
    pub(super) clock: &'a Clock,
}

/// Refuses what is not there.
fn check_found(reply: &Reply, fault: Fault) -> Result<(), Rejected> {
    if reply.status == 200 { Ok(()) } else { Err(Rejected { fault, detail: Some(format!("status {}", reply.status)) }) }
}

/// An address of the provider's own metadata, which was looked at.
fn url(text: &str) -> Result<Url, Fault> {
    Url::parse_with_loopback(text).ok_or(Fault::MetadataEndpoint)
}

fn post(endpoint: &str, Posted { authorization, body }: Posted) -> Result<Ask, Fault> {
    let authorization = authorization.as_ref().map(|authorization| authorization.as_str());
    Ask::form(url(endpoint)?, body, authorization).ok_or(Fault::ClientKey)
}
