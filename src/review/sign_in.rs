//! `/sign-in`: how somebody gets in, and through the organisation's provider by the code by which people are verified
//! ([`crate::party`]): code with PKCE, `state` and `nonce`, in the one browser that set out.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use hyper::StatusCode;
use hyper::header;
use hyper::http::request::Parts;
use ring::hmac;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::time::timeout;

use self::notice::Notice;
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::words::say;
use super::{Console, cookie, gate};
use crate::config::review::Review;
use crate::egress::Egress;
use crate::ops::{journal, random};
use crate::party::Party;
use crate::party::answering::Answering;
use crate::store::Store;
use crate::verification::event::Event;
use crate::verification::method::oidc::credentials::Credentials;
use crate::verification::method::oidc::fault::{Fault, Rejected};
use crate::verification::method::oidc::provider::Provider;
use crate::verification::method::oidc::request::Asked;
use crate::verification::method::oidc::transaction::{Seed, Transaction, TransactionId, Transactions};
use crate::verification::operator::OperatorError;
use crate::verification::operator::session::OperatorToken;
use crate::verification::operator::sign_in::{self, Terms};
use crate::web::Answer;
use crate::web::page::see_other;

mod callback;
mod notice;

pub(super) use self::callback::came_back;

/// What the key of ways to the provider and back is derived for.
const KEY: &str = "operator sign-in 2";
/// For so long one request of a browser waits for the provider.
const WAIT: Duration = Duration::from_secs(10);
/// How old a login there may be that is made for it. Providers take 0 for something else, or for ever.
const MAX_AGE: Duration = Duration::from_mins(1);

/// Which login at the provider counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Freshness {
    /// Whichever there is.
    Any,
    /// One that is made for it.
    Anew,
}

/// Why somebody is not let in who was at the provider.
#[derive(Clone, Debug, Error)]
enum Denied {
    /// Something of the way there and back is not as it should be.
    #[error("{}{}", .0.fault.as_str(), .0.detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default())]
    Rejected(Rejected),
    /// They are no operator there.
    #[error(transparent)]
    Terms(#[from] sign_in::Denied),
    /// They are none here.
    #[error(transparent)]
    Operator(#[from] OperatorError),
}

impl From<Rejected> for Denied {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(rejected)
    }
}

impl From<Fault> for Denied {
    fn from(fault: Fault) -> Self {
        Self::Rejected(fault.into())
    }
}

/// The organisation's provider, and what it takes to come in through it.
pub(super) struct SignIn {
    party: Party,
    /// The same provider, which is asked for a login that is made for it.
    anew: Provider,
    terms: Terms,
    transactions: Transactions,
    /// By which operators are known again.
    identities: hmac::Key,
    answering: Arc<Answering<Result<OperatorToken, Denied>>>,
}

impl SignIn {
    /// That of `review`, if it has one. What is being dealt with at the one `before` still is.
    pub(super) fn new(
        review: &Review,
        way: Option<(Credentials, Egress)>,
        store: &Store,
        before: Option<&Self>,
    ) -> Option<Self> {
        let (configured, (credentials, egress)) = review.sign_in.as_ref().zip(way)?;
        Some(Self {
            anew: Provider { max_age: Some(MAX_AGE), ..configured.provider.clone() },
            party: Party::new(configured.provider.clone(), credentials, egress),
            terms: configured.terms.clone(),
            transactions: Transactions::new(store.key(KEY)),
            identities: store.key(sign_in::KEY),
            answering: before.map(|before| before.answering.clone()).unwrap_or_default(),
        })
    }

    /// The provider as it is asked for such a login.
    fn provider(&self, freshness: Freshness) -> &Provider {
        match freshness {
            Freshness::Any => &self.party.provider,
            Freshness::Anew => &self.anew,
        }
    }

    /// Where browsers sign out there, if it says so.
    pub(super) async fn way_out(&self, console: &Console) -> Option<String> {
        let metadata = timeout(WAIT, self.party.metadata(console.office.clock.now())).await.ok()?.ok()?;
        let endpoint = metadata.end_session_endpoint.as_deref()?;
        let sign = if endpoint.contains('?') { '&' } else { '?' };
        let client = form_urlencoded::byte_serialize(self.party.provider.client_id.as_bytes());
        Some(format!("{endpoint}{sign}client_id={}", client.collect::<String>()))
    }
}

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/review/askama.toml")]
struct SignInPage<'a> {
    frame: Frame<'a>,
    /// Whether there is a provider to sign in through.
    by_provider: bool,
    /// What came of the way there before.
    notice: Option<&'static str>,
    reference: Option<String>,
}

/// `GET`: the ways in.
pub(super) fn page(console: &Console, parts: &Parts) -> Answer {
    let (notice, reference) = notice::read(parts.uri.query().unwrap_or_default());
    let frame = Frame::outside(console, "sign-in-title");
    let page = SignInPage { frame, by_provider: console.sign_in.is_some(), notice, reference };
    page::html(StatusCode::OK, &page)
}

/// `GET /sign-in/provider`, `GET /sign-in/provider/anew`: sends the browser there. It is no form, since a browser applies `form-action` to every redirect
/// that follows one; only a page of ours leads here.
pub(super) async fn set_out(console: &Console, freshness: Freshness, parts: &Parts) -> Result<Answer, Refusal> {
    gate::check_from_here(parts)?;
    let sign_in = console.sign_in()?;
    let set_out = timeout(WAIT, leave(console, sign_in, freshness)).await;
    Ok(set_out
        .unwrap_or_else(|_| Err(Fault::PushUnreachable.into()))
        .unwrap_or_else(|denied| turn_back(console, &denied)))
}

async fn leave(console: &Console, sign_in: &SignIn, freshness: Freshness) -> Result<Answer, Denied> {
    let (party, now) = (&sign_in.party, console.office.clock.now());
    let _permit = party.admit(now)?;
    let metadata = party.metadata(now).await?;
    let id = TransactionId::from_random(random::bytes());
    let transaction = Transaction {
        session: freshness,
        provider: party.provider.name,
        registration: party.provider.registration(),
        asked_at: now,
        seed: Seed::from_random(random::bytes()),
        sent: vec![],
    };
    let asked = Asked {
        provider: sign_in.provider(freshness),
        redirect_uri: &redirect_uri(console),
        id,
        transaction: &transaction,
        ui_locales: "en",
        login_hint: None,
        expected: vec![],
    };
    let mut answer = see_other(&party.address(&metadata, &asked, now).await?);
    let sealed = sign_in.transactions.seal(id, &transaction, random::bytes(), now);
    answer.headers_mut().append(header::SET_COOKIE, cookie::set_way(console, &sealed));
    Ok(answer)
}

fn redirect_uri(console: &Console) -> String {
    format!("{}/callback", console.url)
}

/// Back to the page, with a word of what happened and what finds it in the log.
fn turn_back(console: &Console, denied: &Denied) -> Answer {
    let notice = Notice::of(denied);
    let reference = console.noise.has_line("console_sign_in").then(|| tell(notice, denied));
    let reference = reference.map(|reference| format!("&reference={reference}")).unwrap_or_default();
    see_other(&format!("/sign-in?notice={}{reference}", notice.as_str()))
}

/// Has the line written, and gives the reference by which it is found. A claim that was missing is in it by its name.
fn tell(notice: Notice, denied: &Denied) -> String {
    let reference = random::reference();
    journal::tell(&Event::Refused {
        reference: reference.clone(),
        session: None,
        code: StatusCode::FORBIDDEN.as_u16(),
        cause: format!("console: sign-in: {denied}"),
        is_ours: notice == Notice::Broken,
    });
    reference
}

#[derive(Template)]
#[template(path = "onward.html", config = "src/review/askama.toml")]
struct OnwardPage<'a> {
    frame: Frame<'a>,
    text: &'static str,
    address: &'a str,
}

/// Leads the browser to `address` by itself or by a link: as a page of ours does, with our cookies, which a redirect from
/// another site's page would not bring; and elsewhere, where no form may lead.
pub(super) fn onward(console: &Console, [title, text]: [&'static str; 2], address: &str) -> Answer {
    let page = OnwardPage { frame: Frame::outside(console, title), text: say(text), address };
    page::html(StatusCode::OK, &page)
}
