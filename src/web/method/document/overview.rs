//! Where the case stands, and what there is to say where nothing can be done.

use std::collections::BTreeSet;

use super::applicant::{self, Applicant};
use super::page::{self, Act, Asked, Content, Said, Waiting};
use super::problem::Problem;
use super::{Step, consent, words};
use crate::verification::method::Method;
use crate::verification::method::document::dossier::{Given, Verdict};
use crate::verification::method::document::hand_off::Phase;
use crate::verification::method::document::waits::Usual;
use crate::verification::method::document::{Dossier, Stage};
use crate::web::Answer;
use crate::web::method::choices;
use crate::web::page::to_session;

pub(super) fn page(applicant: &Applicant<'_>, problem: Option<Problem>, usual: Option<Usual>) -> Answer {
    let Some(dossier) = applicant.dossier() else { return none(applicant, problem) };
    match &dossier.stage {
        Stage::Draft { .. } if has_phone(dossier) => applicant.to(Step::HandOff),
        Stage::Draft { .. } => applicant.to(applicant::next(dossier, applicant.via)),
        Stage::Waiting { .. } => {
            let texts = applicant.texts();
            let expectation = usual.map(|usual| texts.say(words::usual(usual)));
            let waiting = Waiting { expectation, seen: dossier.revision };
            // Whoever pressed twice has sent it, and hears nothing else.
            let problem = problem.filter(|problem| *problem != Problem::Gone);
            page::show(
                applicant,
                Step::Overview,
                texts.say("document-waiting-title"),
                problem,
                Content::Waiting(waiting),
            )
        }
        Stage::AskedAgain { .. } => asked(applicant, dossier, problem),
        Stage::Decided { is_verified: true, .. } | Stage::Lapsed { .. } => to_session(applicant.visit.session.id),
        Stage::Decided { is_verified: false, verdicts, .. } => rejected(applicant, verdicts),
    }
}

/// Whether a phone takes the photos.
fn has_phone(dossier: &Dossier) -> bool {
    dossier.hand_off.is_some_and(|hand_off| hand_off.phase == Phase::Connected)
}

/// Where nothing is open that the session could go on with.
fn none(applicant: &Applicant<'_>, problem: Option<Problem>) -> Answer {
    match applicant.standing.own() {
        Some(dossier) if dossier.is_open() => other_open(applicant, problem),
        Some(Dossier { stage: Stage::Lapsed { was_asked, .. }, .. }) if problem.is_none() => {
            lapsed(applicant, *was_asked)
        }
        _ => consent::page(applicant, problem.or(applicant.is_outdated.then_some(Problem::Outdated))),
    }
}

fn asked(applicant: &Applicant<'_>, dossier: &Dossier, problem: Option<Problem>) -> Answer {
    let texts = applicant.texts();
    let photo = |slot| texts.say(words::photo(dossier.document, slot, dossier.selfie));
    let wanted =
        dossier.slots().filter_map(|slot| Some((photo(slot), texts.say(words::ask(dossier.asked_again(slot)?)))));
    let others = dossier.slots().filter(|slot| !dossier.wants(*slot)).map(photo);
    let next = applicant::next(dossier, applicant.via).address(applicant.visit);
    let asked = Asked { wanted: wanted.collect(), others: others.collect(), next };
    page::show(applicant, Step::Overview, texts.say("document-asked-title"), problem, Content::Asked(asked))
}

fn rejected(applicant: &Applicant<'_>, verdicts: &[Given]) -> Answer {
    let (texts, visit) = (applicant.texts(), applicant.visit);
    let reasons = verdicts.iter().filter_map(|given| match &given.verdict {
        Verdict::Reject(reasons) => Some(reasons.iter().copied()),
        Verdict::Approve | Verdict::AskAgain(_) => None,
    });
    let reasons: BTreeSet<_> = reasons.flatten().collect();
    let contact = applicant.rules.contact.as_ref();
    let complain = contact.map(|contact| texts.say_with("document-contact", "contact", contact));
    let said = Said {
        sentences: [texts.say("document-rejected-text").to_owned()].into_iter().chain(complain).collect(),
        reasons: reasons.into_iter().map(|reason| texts.say(words::reject(reason))).collect(),
        acts: vec![
            Act::post(format!("/session/{}/accept", visit.session.id), visit.language.say("concluded-return")).first(),
            Act::go(Step::Begin.address(visit), texts.say("document-anew")),
        ],
        has_way_out: true,
    };
    page::show(applicant, Step::Overview, visit.language.say("concluded-failed"), None, Content::Said(said))
}

fn other_open(applicant: &Applicant<'_>, problem: Option<Problem>) -> Answer {
    let (texts, visit) = (applicant.texts(), applicant.visit);
    let said = Said {
        sentences: ["document-other-text", "document-other-keep"].map(|name| texts.say(name).to_owned()).into(),
        acts: vec![Act::go(Step::Begin.address(visit), texts.say("document-anew"))],
        ..Said::default()
    };
    page::show(applicant, Step::Overview, texts.say("document-other-title"), problem, Content::Said(said))
}

fn lapsed(applicant: &Applicant<'_>, was_asked: bool) -> Answer {
    let name = if was_asked { "document-lapsed-asked" } else { "document-lapsed-text" };
    let texts = applicant.texts();
    let begin = Act::go(Step::Begin.address(applicant.visit), texts.say("document-anew"));
    let said = Said { sentences: vec![texts.say(name).to_owned()], acts: vec![begin.first()], ..Said::default() };
    page::show(applicant, Step::Overview, texts.say("document-lapsed-title"), None, Content::Said(said))
}

/// There is too little time left of the login.
pub(super) fn too_late(applicant: &Applicant<'_>) -> Answer {
    cannot(applicant, "document-title", applicant.texts().say("document-problem-late").to_owned())
}

/// No photos are taken at present.
pub(super) fn no_room(applicant: &Applicant<'_>) -> Answer {
    cannot(applicant, "document-title", applicant.texts().say("document-problem-no-room").to_owned())
}

/// Photos were sent as often as they may; `limit` says until when.
pub(super) fn too_often(applicant: &Applicant<'_>, limit: String) -> Answer {
    cannot(applicant, "document-title", limit)
}

/// What else there is for who cannot do this.
pub(super) fn otherwise(applicant: &Applicant<'_>) -> Answer {
    let name = if others(applicant).is_empty() { "document-otherwise-none" } else { "document-otherwise-text" };
    cannot(applicant, "document-otherwise-title", applicant.texts().say(name).to_owned())
}

fn cannot(applicant: &Applicant<'_>, title: &'static str, sentence: String) -> Answer {
    let texts = applicant.texts();
    let support = applicant.visit.app.branding.support.as_ref();
    let support = support.map(|_| texts.say("document-otherwise-support").to_owned());
    let said =
        Said { sentences: [sentence].into_iter().chain(support).collect(), acts: others(applicant), ..Said::default() };
    page::show(applicant, Step::Otherwise, texts.say(title), None, Content::Said(said))
}

/// The other methods that are offered.
fn others(applicant: &Applicant<'_>) -> Vec<Act> {
    let visit = applicant.visit;
    let others = choices(visit).into_iter().filter(|choice| choice.address != Method::Document.address());
    others.map(|choice| Act::go(format!("/session/{}/{}", visit.session.id, choice.address), choice.label)).collect()
}
