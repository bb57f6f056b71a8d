//! `/session/ID/oidc/NAME`: a provider says who the person is. They are told where they go, sent there, and come back to
//! `/oidc/NAME/callback` with an answer that counts in their own browser alone.
//!
//! Nothing is written before it is decided. After whatever went wrong the browser is sent on to a page of ours, so that no
//! code stays in its address bar or history.

use std::sync::LazyLock;
use std::time::Duration;

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use hyper::header;
use hyper::http::request::Parts;
use tokio::time::timeout;

use crate::ops::{journal, random};
use crate::party::Party;
use crate::store::StoreError;
use crate::verification::audit::entry::Entry;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::event::Event;
use crate::verification::method::Method;
use crate::verification::method::oidc::fault::{Fault, Kind, Notice, Rejected};
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::names::Name;
use crate::verification::method::oidc::request::Asked;
use crate::verification::method::oidc::transaction::{Seed, Transaction, TransactionId};
use crate::verification::profile::Profile;
use crate::verification::session::{Phase, Session};
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::language::{Catalogue, Language, Texts, catalogues};
use crate::web::terms;
use crate::web::visit::{self, Standing, Visit};
use crate::web::{Answer, App, cookie, finish, page};

mod callback;
mod parties;

pub(super) use self::callback::came_back;
pub use self::parties::Parties;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::read(catalogues!("oidc/locales/")));

/// The least time of a session that is left for a way there and back: providers let people take ten minutes.
const WAY: Duration = Duration::from_mins(10);
/// For so long one request of a browser waits for a provider: the server gives up an answer after 14 seconds, and each
/// request to the provider may take eight.
const WAIT: Duration = Duration::from_secs(10);
/// How many ways of one session to providers a browser keeps, the new one among them.
const KEPT: usize = 2;

/// The method's one address for each provider.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Step {
    pub(super) provider: ProviderName,
}

impl Step {
    fn party(self, app: &App) -> Result<&Party, Refusal> {
        app.parties.party(self.provider).ok_or(Refusal::NotFound)
    }
}

pub(super) fn label(app: &App, provider: ProviderName, language: Language) -> String {
    let label = app.methods.provider(provider).map_or("", |provider| &provider.label);
    TEXTS.of(language).say_with("oidc-continue", "provider", label)
}

/// That the provider has not been there of late, where it has not.
pub(super) fn remark(app: &App, provider: ProviderName, language: Language) -> Option<String> {
    let party = app.parties.party(provider).filter(|party| party.health.is_down())?;
    Some(TEXTS.of(language).say_with("oidc-down", "provider", &party.provider.label))
}

#[derive(Template)]
#[template(path = "oidc/provider.html", config = "src/web/askama.toml")]
struct ProviderPage<'a> {
    app: &'a App,
    language: Language,
    session: &'a Session<'a>,
    provider: ProviderName,
    title: String,
    intro: String,
    button: String,
    /// What came of the way there before, or that there is no time for one.
    notice: Option<String>,
    /// Whether all that is left is to return, or another way.
    is_too_late: bool,
    /// The way to choose another method, where there are several.
    other_way: Option<&'a str>,
    time_left: String,
}

pub(super) fn page(visit: &Visit<'_>, step: Step, parts: &Parts) -> Result<Answer, Refusal> {
    let &Visit { app, ref session, language, .. } = visit;
    let provider = &step.party(app)?.provider;
    let texts: &'static Catalogue = TEXTS.of(language);
    let say = |name| texts.say_with(name, "provider", &provider.label);
    let is_too_late = !has_time(visit);
    let notice = if is_too_late { Some(Notice::TooLate) } else { notice(parts) };
    let has_other_ways = visit.offered().nth(1).is_some();
    let page = ProviderPage {
        app,
        language,
        session,
        provider: step.provider,
        title: say("oidc-title"),
        intro: say("oidc-intro"),
        button: say("oidc-continue"),
        notice: notice.map(|notice| say(told(notice))),
        is_too_late,
        other_way: has_other_ways.then(|| texts.say("oidc-other-way")),
        time_left: visit.time_left(),
    };
    Ok(page::form(StatusCode::OK, &page, &terms::USUAL))
}

/// Whether enough is left of the session for a way there and back.
fn has_time(visit: &Visit<'_>) -> bool {
    matches!(visit.session.phase(visit.now), Phase::Open { left } if left >= WAY)
}

/// What the address tells of the way there before. Whether it is too late the clock says, and no address.
fn notice(parts: &Parts) -> Option<Notice> {
    let name = parts.uri.query()?.strip_prefix("notice=")?;
    Notice::parse(name).filter(|notice| *notice != Notice::TooLate)
}

/// What a person is told, by its name in the catalogues.
const fn told(notice: Notice) -> &'static str {
    match notice {
        Notice::Denied => "oidc-notice-denied",
        Notice::Interaction => "oidc-notice-interaction",
        Notice::Unavailable => "oidc-notice-unavailable",
        Notice::StartAgain => "oidc-notice-start-again",
        Notice::FreshLogin => "oidc-notice-fresh-login",
        Notice::Level => "oidc-notice-level",
        Notice::NotVerified => "oidc-notice-not-verified",
        Notice::Incomplete => "oidc-notice-incomplete",
        Notice::Broken => "oidc-notice-broken",
        Notice::Busy => "oidc-notice-busy",
        Notice::TooLate => "oidc-notice-too-late",
    }
}

/// `POST`: the person sets out, unless another tab was there already.
pub(super) async fn answer<B>(visit: &Visit<'_>, step: Step, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    form.field("continue").await?;
    let party = step.party(visit.app)?;
    if let Standing::Concluded(outcome) = visit.standing().await? {
        return Ok(finish::send_back(visit, &outcome));
    }
    let too_slow = |_| Err(Fault::PushUnreachable.into());
    match timeout(WAIT, set_out(visit, party)).await.unwrap_or_else(too_slow) {
        Ok(answer) => Ok(answer),
        Err(rejected) => {
            tell(visit, party, &rejected, None);
            Ok(again(visit, step.provider, rejected.fault))
        }
    }
}

/// Sends the browser to the provider. Nothing is written: what is needed on the way back is in a cookie.
async fn set_out(visit: &Visit<'_>, party: &Party) -> Result<Answer, Rejected> {
    let &Visit { app, ref session, now, language, headers } = visit;
    if !has_time(visit) {
        return Err(Fault::TooLate.into());
    }
    let _permit = party.admit(now)?;
    let metadata = party.metadata(now).await?;
    let profile = cookie::profile(app, session.id, headers);
    let expected = expected(party, profile.as_ref())?;
    let id = TransactionId::from_random(random::bytes());
    let transaction = Transaction {
        session: session.id,
        provider: party.provider.name,
        registration: party.provider.registration(),
        asked_at: now,
        seed: Seed::from_random(random::bytes()),
        sent: expected.iter().map(|(name, _)| *name).collect(),
    };
    let asked = Asked {
        provider: &party.provider,
        redirect_uri: &redirect_uri(app, party.provider.name),
        id,
        transaction: &transaction,
        ui_locales: language.tag(),
        login_hint: app.parties.login_hint(&party.provider, &session.subject),
        expected,
    };
    let address = party.address(&metadata, &asked, now).await?;
    let mut answer = page::see_other(&address);
    let out = answer.headers_mut();
    for gone in cookie::transactions_of(app, session.id, headers).into_iter().skip(KEPT - 1) {
        out.append(header::SET_COOKIE, cookie::take_away(app, gone));
    }
    out.append(header::SET_COOKIE, cookie::set_transaction(app, id, &transaction, now));
    Ok(answer)
}

/// What the account says of the person, as far as the provider is to compare it.
fn expected<'p>(party: &Party, profile: Option<&'p Profile>) -> Result<Vec<(Name, &'p str)>, Fault> {
    let names = party.provider.identity.expected.iter();
    let known = |name: &Name| Some((*name, name.of(profile?)?));
    names.map(|name| known(name).ok_or(Fault::MatchUnknownHere)).collect()
}

/// Where the provider answers to: an address of its own for each, so that nobody's answer passes for another's (RFC 9700
/// §4.4).
fn redirect_uri(app: &App, provider: ProviderName) -> String {
    let scheme = if app.is_https { "https" } else { "http" };
    format!("{scheme}://{}/{}/callback", app.authority, Method::Oidc(provider).address())
}

/// Has the log tell of what was not as it should be, unless that is a refusal, which is told as such. Neither the `code` nor
/// what the account says of the person is in it, should the provider repeat that.
fn tell(visit: &Visit<'_>, party: &Party, rejected: &Rejected, code: Option<&str>) {
    let fault = rejected.fault;
    if fault.kind() == Kind::Refused || !visit.has_line() {
        return;
    }
    let profile = cookie::profile(visit.app, visit.session.id, visit.headers);
    let names = Name::ALL.into_iter().filter_map(|name| name.of(profile.as_ref()?));
    journal::tell(&not_attested(visit, party, fault, rejected.detail_without(names.chain(code))));
}

fn not_attested(visit: &Visit<'_>, party: &Party, fault: Fault, detail: Option<String>) -> Event {
    Event::NotAttested {
        tenant: visit.session.tenant.domain.clone(),
        session: visit.session.id.name(),
        method: Method::Oidc(party.provider.name),
        cause: fault.as_str(),
        detail,
        is_fault: fault.is_ours_or_theirs(),
    }
}

/// Has the audit log say that the provider did not attest who the person is. They can have that without end, so that it
/// does so once a minute for each.
async fn record(visit: &Visit<'_>, party: &Party, rejected: &Rejected) -> Result<(), StoreError> {
    let Visit { app, session, now, .. } = visit;
    if rejected.fault.kind() == Kind::Refused || !party.may_record(visit::person(session), *now) {
        return Ok(());
    }
    let event = not_attested(visit, party, rejected.fault, None);
    let Some(entry) = Entry::of(&event, *now) else { return Ok(()) };
    let new_key = PersonKey::from_random(random::bytes());
    app.store.record_of(session.subject.clone(), new_key, entry).await
}

/// Back to the page of the method, with a word of what happened.
fn again(visit: &Visit<'_>, provider: ProviderName, fault: Fault) -> Answer {
    let notice = match fault.kind() {
        Kind::Again(notice) => notice,
        Kind::Broken | Kind::Refused => Notice::Broken,
    };
    let address = Method::Oidc(provider).address();
    page::see_other(&format!("/session/{}/{address}?notice={}", visit.session.id, notice.as_str()))
}
