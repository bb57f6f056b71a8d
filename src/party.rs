//! A provider as this process knows it, and what is asked of it: everything that goes over the wire between the two, whoever
//! is sent there: a person who is to be verified, or an operator who signs in.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use zeroize::Zeroizing;

use self::memory::{Health, Memory, Said};
use crate::egress::{Ask, Egress, Reply, Url};
use crate::ops::allowance::Allowance;
use crate::ops::clock::Clock;
use crate::ops::random;
use crate::verification::method::oidc::answer::Code;
use crate::verification::method::oidc::claims::Claims;
use crate::verification::method::oidc::credentials::Credentials;
use crate::verification::method::oidc::fault::{Fault, Rejected};
use crate::verification::method::oidc::id_token::{self, Terms};
use crate::verification::method::oidc::jose::KeySet;
use crate::verification::method::oidc::metadata::{self, Metadata};
use crate::verification::method::oidc::object::Object;
use crate::verification::method::oidc::provider::{Provider, RequestKind};
use crate::verification::method::oidc::pushed;
use crate::verification::method::oidc::request::{self, Asked, Client, Posted};
use crate::verification::method::oidc::token::TokenResponse;
use crate::verification::method::oidc::transaction::Transaction;
use crate::verification::method::oidc::userinfo;
use crate::verification::time::Timestamp;

pub(crate) mod answering;
pub(crate) mod memory;

/// How many requests to one provider are under way at once.
const UNDER_WAY: usize = 32;
/// How many people set out to one provider in a minute.
const STARTED: NonZeroU32 = NonZeroU32::new(600).expect("it is six hundred");
/// How many entries of the audit log a person has in a minute for what the provider did not attest.
const RECORDED: NonZeroU32 = NonZeroU32::MIN;
/// A provider as this process knows it.
pub(crate) struct Party {
    pub(crate) provider: Provider,
    pub(crate) credentials: Credentials,
    egress: Egress,
    random: random::Generator,
    metadata: Memory<Metadata>,
    keys: Memory<KeySet>,
    pub(crate) health: Health,
    started: Allowance,
    recorded: Allowance,
    under_way: Semaphore,
}

impl Party {
    /// `provider`, with what shows that we are its client, by the way out `egress`.
    pub(crate) fn new(provider: Provider, credentials: Credentials, egress: Egress) -> Self {
        Self {
            provider,
            credentials,
            egress,
            random: random::generator(),
            metadata: Memory::default(),
            keys: Memory::default(),
            health: Health::default(),
            started: Allowance::new(Some(STARTED)),
            recorded: Allowance::new(Some(RECORDED)),
            under_way: Semaphore::new(UNDER_WAY),
        }
    }

    /// Lets one more person set out, if not too many do.
    pub(crate) fn admit(&self, now: Timestamp) -> Result<SemaphorePermit<'_>, Fault> {
        let is_admitted = self.started.admits((), Duration::from_secs(now.as_unix()));
        let permit = self.under_way.try_acquire().map_err(|_| Fault::Busy)?;
        if is_admitted { Ok(permit) } else { Err(Fault::Busy) }
    }

    /// Whether the audit log has one more entry of what was not attested of `person`.
    pub(crate) fn may_record(&self, person: impl Hash, now: Timestamp) -> bool {
        self.recorded.admits(person, Duration::from_secs(now.as_unix()))
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.under_way.acquire().await.ok()
    }

    /// What is answered to `ask`; `unreached` if nothing is.
    async fn ask(&self, ask: Ask, unreached: Fault, now: Timestamp) -> Result<Reply, Rejected> {
        let reply = self.egress.ask(ask).await;
        self.health.note(reply.is_ok(), now);
        reply.map_err(|error| Rejected::told(unreached, &error.to_string()))
    }

    /// What the provider says of itself.
    pub(crate) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, Rejected> {
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

    fn client<'a>(&'a self, metadata: &'a Metadata, now: Timestamp) -> Client<'a> {
        let Self { provider, credentials, random, .. } = self;
        Client { provider, metadata, credentials, now, random }
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
    pub(crate) async fn address<S>(
        &self,
        metadata: &Metadata,
        asked: &Asked<'_, S>,
        now: Timestamp,
    ) -> Result<String, Rejected> {
        let Some(endpoint) = self.pushed_to(metadata)? else { return Ok(asked.address(metadata)?) };
        if !self.health.may_ask(now) {
            return Err(Fault::ProviderDown.into());
        }
        let ask = post(endpoint, asked.pushed(&self.client(metadata, now))?)?;
        let reply = self.ask(ask, Fault::PushUnreachable, now).await?;
        let request_uri = pushed::read(reply.status, reply.content_type.as_deref(), &reply.body)?;
        Ok(request::address_of_pushed(&self.provider, metadata, &request_uri)?)
    }

    /// What the provider claims of who came back with a code, all of it checked and none of it judged, and when that was.
    pub(crate) async fn claims<S>(
        &self,
        metadata: &Metadata,
        came: CameBack<'_, S>,
    ) -> Result<(Claims, Timestamp), Rejected> {
        let CameBack { provider, code, redirect_uri, transaction, clock } = came;
        let asked_at = clock.now();
        let posted = self.client(metadata, asked_at).token_request(code, redirect_uri, transaction)?;
        let ask = post(&metadata.token_endpoint, posted)?;
        let reply = self.ask(ask, Fault::TokenUnreachable, asked_at).await?;
        // The tokens are made after they were asked for: seconds, where the provider is slow.
        let now = clock.now();
        let tokens = TokenResponse::read(reply.status, reply.content_type.as_deref(), &reply.body)?;
        let id_token = self.id_token(metadata, provider, &tokens, transaction, now).await?;
        let sub = id_token.text("sub").ok_or(Fault::IdTokenSub)?;
        let userinfo = match &metadata.userinfo_endpoint {
            Some(endpoint) => Some(self.userinfo(endpoint, &tokens, sub, now).await?),
            None => None,
        };
        Ok((Claims { id_token, userinfo }, now))
    }

    /// The checked ID token. A key that is not known may be a new one: the provider is asked once more.
    async fn id_token<S>(
        &self,
        metadata: &Metadata,
        provider: &Provider,
        tokens: &TokenResponse,
        transaction: &Transaction<S>,
        now: Timestamp,
    ) -> Result<Object, Rejected> {
        let nonce = transaction.nonce();
        let access_token = &tokens.access_token;
        let terms = Terms { nonce: &nonce, asked_at: transaction.asked_at, access_token, now };
        let check = |keys: &KeySet| id_token::check(&tokens.id_token, keys, provider, &terms);
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
pub(crate) struct CameBack<'a, S> {
    /// As they were sent there.
    pub(crate) provider: &'a Provider,
    pub(crate) code: &'a Code,
    pub(crate) redirect_uri: &'a str,
    pub(crate) transaction: &'a Transaction<S>,
    pub(crate) clock: &'a Clock,
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
