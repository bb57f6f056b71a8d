//! On the phone: whoever opened a code says by a word that it is theirs, and then takes the photos that are wanted, and
//! nothing else. The phone never sends the case, sees no result and no name, and ends on "look at your computer".

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};
use hyper::header;
use hyper::http::request::Parts;

use super::applicant::{self, Applicant};
use super::hand_offs::Offer;
use super::page::{self, Content, Said};
use super::{Step, TEXTS, capture, check, hand_off, problem, words};
use crate::verification::method::Method;
use crate::verification::method::document::applicant::Via;
use crate::verification::method::document::hand_off::{self as pure, Code, CodeHash};
use crate::verification::method::document::{Act, Dossier, Slot, Told};
use crate::verification::session::Session;
use crate::verification::session::id::SessionId;
use crate::web::error::Refusal;
use crate::web::form::{self, Form};
use crate::web::language::{Catalogue, Language};
use crate::web::page as pages;
use crate::web::visit::{self, Standing, Visit};
use crate::web::{Answer, App, cookie, terms};

/// `/h/CODE`. Looking at it changes nothing: cameras, previews and scanners of mail do.
pub(in crate::web::method) async fn handed_over<B>(app: &App, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    if app.methods.document.is_none() {
        return Err(Refusal::NotFound);
    }
    let (parts, now) = (form.parts, app.clock.now());
    let language = Language::of(&parts.headers);
    let code = parts.uri.path().rsplit('/').next().and_then(Code::parse);
    let found = code.and_then(|code| {
        let hash = hand_off::hash(app, &code);
        let offer = app.hand_offs.known(&hash, now)?;
        let session = app.sealer.open_phone(&hash, offer.session, &offer.right, &app.tenants)?;
        Some((hash, offer, session))
    });
    let Some((hash, offer, session)) = found else { return Ok(useless(app, language, "document-code-text")) };
    let language = Language::of_session(&session, &parts.headers);
    let visit = Visit { app, headers: &parts.headers, session, now, language };
    if !goes_on(&visit).await? {
        return Ok(useless(app, language, "document-code-text"));
    }
    if parts.method == "POST" {
        return tap(&visit, hash, &offer, form).await;
    }
    if !offer.is_good(now) {
        return Ok(useless(app, language, "document-code-text"));
    }
    let is_here = cookie::session(app, visit.session.id, &parts.headers).is_some();
    Ok(ask(&visit, hash, &offer.code, is_here))
}

#[derive(Template)]
#[template(path = "document/tap.html", config = "src/web/askama.toml")]
struct TapPage<'a> {
    app: &'a App,
    language: Language,
    texts: &'static Catalogue,
    session: &'a Session<'a>,
    code: &'a str,
    words: [&'static str; 3],
    /// Whether it was opened where it began.
    is_here: bool,
    here: String,
}

fn ask(visit: &Visit<'_>, hash: CodeHash, code: &Code, is_here: bool) -> Answer {
    let texts = TEXTS.of(visit.language);
    let (of_code, _) = pure::words(&hash);
    let page = TapPage {
        app: visit.app,
        language: visit.language,
        texts,
        session: &visit.session,
        code: code.as_str(),
        words: of_code.map(|word| words::word(texts, word)),
        is_here,
        here: Step::Overview.address(visit),
    };
    pages::form(StatusCode::OK, &page, &terms::USUAL)
}

#[derive(Template)]
#[template(path = "document/useless.html", config = "src/web/askama.toml")]
struct UselessPage<'a> {
    app: &'a App,
    language: Language,
    title: &'a str,
    text: &'a str,
}

/// A code that opens nothing, or no more; `text` says why.
fn useless(app: &App, language: Language, text: &'static str) -> Answer {
    let texts: &'static Catalogue = TEXTS.of(language);
    let page = UselessPage { app, language, title: texts.say("document-code-title"), text: texts.say(text) };
    pages::form(StatusCode::GONE, &page, &terms::USUAL)
}

/// `POST`: a word was tapped, or that it is not theirs. Whatever it was, the code is used up; and whoever has its page may say
/// that it is not theirs after somebody else used it, or its time was over. What comes of it where it is over, or says nothing,
/// is not of the pace of its person.
async fn tap<B>(visit: &Visit<'_>, hash: CodeHash, offer: &Offer, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let app = visit.app;
    form::check_origin(form.parts)?;
    let applicant = Applicant::on_phone(visit, hash).await?;
    let hand_off = applicant.dossier().and_then(|dossier| dossier.hand_off);
    if hand_off.is_none_or(|hand_off| hand_off.hash != hash) {
        return Ok(useless(app, visit.language, "document-code-text"));
    }
    visit.check_offered(Method::Document)?;
    let act = meant(&form.field("word").await?);
    let subject = &visit.session.subject;
    if offer.is_good(visit.now) && act.is_some() {
        visit::check_pace(&app.submissions, subject, visit.now)?;
    } else {
        visit::check_pace_as(&app.submissions, subject, (subject.user_id.as_str(), "over"), visit.now)?;
    }
    let told = applicant.apply(act.ok_or(Refusal::Malformed("no such word"))?).await?;
    app.hand_offs.use_up(&hash);
    Ok(match told {
        Some(Told::PhoneConnected) => {
            let mut answer = applicant.to(Step::Overview);
            let right = cookie::set_phone(app, visit.session.id, &hash, &offer.right);
            answer.headers_mut().insert(header::SET_COOKIE, right);
            answer
        }
        Some(Told::Reported) => useless(app, visit.language, "document-code-reported"),
        Some(Told::Refused(applicant::Refused::WrongWord)) => useless(app, visit.language, "document-code-wrong"),
        _ => useless(app, visit.language, "document-code-text"),
    })
}

/// What is meant by a button of the page of a code.
fn meant(word: &str) -> Option<Act> {
    match word {
        "0" => Some(Act::TapWord(0)),
        "1" => Some(Act::TapWord(1)),
        "2" => Some(Act::TapWord(2)),
        "none" => Some(Act::Report),
        _ => None,
    }
}

/// `GET` of a step on the phone.
pub(in crate::web::method) async fn page(
    app: &App,
    id: SessionId,
    step: Step,
    parts: &Parts,
) -> Result<Answer, Refusal> {
    let (visit, hash) = Visit::on_phone(app, id, parts)?;
    let applicant = Applicant::on_phone(&visit, hash).await?;
    check_step(step)?;
    let Some(dossier) = connected(&applicant, hash).await? else { return Ok(cut_off(&applicant)) };
    let problem = problem::of_address(parts);
    match step {
        Step::Overview => Ok(match applicant::next(dossier, applicant.via) {
            Step::Send => done(&applicant),
            next => applicant.to(next),
        }),
        Step::Slot(slot) => capture::page(&applicant, slot, problem),
        // Of others it sees no more than that they are there; of its own, no more once it is done with them.
        Step::Check(slot) | Step::Picture(slot) if is_hidden(dossier, slot, applicant.via) => {
            Ok(applicant.to(Step::Overview))
        }
        Step::Check(slot) => Ok(check::page(&applicant, slot, problem)),
        Step::Picture(slot) => check::picture(&applicant, slot).await,
        _ => Err(Refusal::NoSession),
    }
}

/// `POST` of a step on the phone.
pub(in crate::web::method) async fn answer<B>(
    app: &App,
    id: SessionId,
    step: Step,
    form: Form<'_, B>,
) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let (visit, hash) = Visit::on_phone(app, id, form.parts)?;
    let applicant = Applicant::on_phone(&visit, hash).await?;
    check_step(step)?;
    if connected(&applicant, hash).await?.is_none() {
        return Ok(cut_off(&applicant));
    }
    visit::check_pace(&app.submissions, &visit.session.subject, visit.now)?;
    match step {
        Step::Slot(slot) => capture::put(&applicant, slot, form).await,
        Step::Keep(slot) => check::keep(&applicant, slot, form).await,
        _ => Err(Refusal::NoSession),
    }
}

/// Its right is to photos alone.
const fn check_step(step: Step) -> Result<(), Refusal> {
    match step {
        Step::Overview | Step::Slot(_) | Step::Check(_) | Step::Picture(_) | Step::Keep(_) => Ok(()),
        _ => Err(Refusal::NoSession),
    }
}

fn is_hidden(dossier: &Dossier, slot: Slot, via: Via) -> bool {
    dossier.filled(slot).is_some_and(|filled| filled.is_confirmed || !filled.is_seen_by(via))
}

/// Whether the session goes on, of which a phone hears no more than that. What is ours to mend is refused as such.
async fn goes_on(visit: &Visit<'_>) -> Result<bool, Refusal> {
    match visit.standing().await {
        Ok(standing) => Ok(matches!(standing, Standing::Open { .. })),
        Err(refusal) if refusal.is_ours() => Err(refusal),
        Err(_) => Ok(false),
    }
}

/// The attempt that the phone takes photos for, as long as the session is open and it is connected.
async fn connected<'a>(applicant: &'a Applicant<'_>, hash: CodeHash) -> Result<Option<&'a Dossier>, Refusal> {
    let is_open = goes_on(applicant.visit).await?;
    let is_offered = applicant.visit.check_offered(Method::Document).is_ok();
    Ok(applicant.dossier().filter(|dossier| is_open && is_offered && dossier.is_connected(&hash)))
}

fn done(applicant: &Applicant<'_>) -> Answer {
    say(applicant, "document-done-title", "document-done-text")
}

/// That the phone is connected no more.
pub(super) fn cut_off(applicant: &Applicant<'_>) -> Answer {
    say(applicant, "document-gone-title", "document-gone-text")
}

fn say(applicant: &Applicant<'_>, title: &'static str, text: &'static str) -> Answer {
    let texts = applicant.texts();
    let said = Said { sentences: vec![texts.say(text).to_owned()], ..Said::default() };
    page::show(applicant, Step::Overview, texts.say(title), None, Content::Said(said))
}
