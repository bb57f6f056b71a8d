//! What a reviewer is told of a verdict: what it comes to, before it is given; or that it cannot be any more.

use askama::Template;
use hyper::StatusCode;

use super::ticked::{Outcome, Ticked};
use super::words;
use crate::review::gate::Visit;
use crate::review::page::{self, Frame};
use crate::review::refusal::Refusal;
use crate::review::seat::Opened;
use crate::review::words::say;
use crate::web::Answer;

/// What was ticked, in words.
fn summary(ticked: &Ticked) -> Vec<(&'static str, String)> {
    let outcome = ticked.outcome.map(|outcome| (say("outcome"), words::outcome(outcome).to_owned()));
    let answers = ticked.answers.iter().map(|(item, given)| (words::item(*item), words::response(*given).to_owned()));
    let asks = ticked.ask.iter().map(|(slot, reason)| (words::slot(*slot), words::ask(*reason).to_owned()));
    let rejects = ticked.reject.iter().map(|reason| (say("reason"), words::reject(*reason).to_owned()));
    let inner = ticked.inner.iter().map(|reason| (say("reason-inner"), words::inner(*reason).to_owned()));
    let note = Some((say("note"), ticked.note.clone())).filter(|(_, note)| !note.is_empty());
    let second = ticked.wants_second.then(|| (say("second"), say("answer-yes").to_owned()));
    let is = |outcome| ticked.outcome.is_none_or(|ticked| ticked == outcome);
    let asks = asks.filter(|_| is(Outcome::AskAgain));
    let rejects = rejects.chain(inner).filter(|_| is(Outcome::Reject));
    outcome.into_iter().chain(asks).chain(rejects).chain(answers).chain(note).chain(second).collect()
}

#[derive(Template)]
#[template(path = "confirm.html", config = "src/review/askama.toml")]
struct ConfirmPage<'a> {
    frame: Frame<'a>,
    number: u64,
    round: u8,
    summary: Vec<(&'static str, String)>,
    fields: Vec<(String, String)>,
}

/// What the verdict comes to. Nothing is decided yet.
pub(super) fn confirm(visit: &Visit<'_>, case: &Opened, ticked: &Ticked) -> Answer {
    let page = ConfirmPage {
        frame: Frame::inside(visit, "confirm-title", "/"),
        number: case.dossier.number,
        round: case.dossier.round,
        summary: summary(ticked),
        fields: ticked.fields(),
    };
    page::html(StatusCode::OK, &page)
}

/// A picture then and now.
struct Compared {
    slot: &'static str,
    then: String,
    now: String,
    what: &'static str,
}

#[derive(Template)]
#[template(path = "changed.html", config = "src/review/askama.toml")]
struct ChangedPage<'a> {
    frame: Frame<'a>,
    number: u64,
    text: &'static str,
    /// The rounds then and now.
    rounds: (u8, u8),
    pictures: Vec<Compared>,
    summary: Vec<(&'static str, String)>,
    /// Whether it can be looked at as it is now.
    is_there: bool,
}

/// The case is another one than the page showed. Nothing was decided.
pub(super) fn changed(visit: &Visit<'_>, case: &Opened, ticked: &Ticked) -> Answer {
    let now = &case.dossier;
    let short = |digest: Option<&[u8; 32]>| {
        digest.map_or_else(|| say("none").to_owned(), |digest| data_encoding::HEXLOWER.encode(&digest[..4]))
    };
    let compared = now.pictures.iter().enumerate().map(|(place, filled)| {
        let (then, digest) = (ticked.shown.digests.get(place), &filled.picture.digest);
        let what = if then == Some(digest) { say("picture-as-before") } else { say("picture-another") };
        Compared { slot: words::slot(filled.slot), then: short(then), now: short(Some(digest)), what }
    });
    let page = ChangedPage {
        frame: Frame::inside(visit, "changed-title", "/"),
        number: now.number,
        text: say("changed-text"),
        rounds: (ticked.shown.round, now.round),
        pictures: compared.collect(),
        summary: summary(ticked),
        is_there: true,
    };
    page::html(StatusCode::CONFLICT, &page)
}

/// The case waits for them no more: they have decided of it, or it changed while they looked. What became of it they do not
/// hear. To who never looked at it, it does not exist.
pub(super) fn gone(visit: &Visit<'_>, case: &Opened, ticked: &Ticked) -> Result<Answer, Refusal> {
    let by = visit.seat().by;
    let has_decided = case.dossier.verdicts().iter().any(|given| given.by.is(&by));
    if !has_decided && ticked.shown.digests.is_empty() {
        return Err(Refusal::NoCase);
    }
    let text = if has_decided { "already-text" } else { "gone-text" };
    let page = ChangedPage {
        frame: Frame::inside(visit, "changed-title", "/"),
        number: case.dossier.number,
        text: say(text),
        rounds: (ticked.shown.round, ticked.shown.round),
        pictures: Vec::new(),
        summary: summary(ticked),
        is_there: false,
    };
    Ok(page::html(StatusCode::CONFLICT, &page))
}
