//! On the computer: a phone is to take the photos. The page shows what it has to open, and then whether it did. Only here is
//! the case sent, and only here does it return to Auth0.

use hyper::HeaderMap;

use super::applicant::Applicant;
use super::hand_offs::Offer;
use super::page::{self, Content, HandOff};
use super::qr;
use super::{Step, words};
use crate::ops::random;
use crate::verification::method::document::hand_off::{self, Code, CodeHash, Phase};
use crate::verification::method::document::{Act, Dossier};
use crate::web::error::Refusal;
use crate::web::{Answer, App};

/// What the keyed digests of codes are made with.
const KEY: &str = "document hand-off";

/// The digest of `code`.
pub(super) fn hash(app: &App, code: &Code) -> CodeHash {
    code.hash(&app.store.key(KEY))
}

/// Whether a phone may be handed over to where `dossier` is filled.
pub(super) fn is_possible(applicant: &Applicant<'_>, dossier: &Dossier) -> bool {
    applicant.rules.hand_off && applicant.is_in_browser() && dossier.may_hand_off()
}

/// Whether the browser says that it is on a device in the hand: there the photos are taken first, and handed over to another
/// by a link.
pub(super) fn is_handheld(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = text("user-agent");
    text("sec-ch-ua-mobile") == "?1" || ["Mobi", "Android", "iPhone", "iPad"].iter().any(|sign| agent.contains(sign))
}

/// `POST`: a new code, in whose favour the one before and its phone are worth nothing.
pub(super) async fn offer(applicant: &Applicant<'_>) -> Result<Answer, Refusal> {
    let visit = applicant.visit;
    let app = visit.app;
    let code = Code::from_random(random::bytes());
    let hash = hash(app, &code);
    if let Err(answer) = applicant.act(Act::OfferPhone(hash)).await? {
        return Ok(answer);
    }
    let right = app.sealer.seal_phone(&hash, &visit.session, visit.language.tag(), random::bytes(), visit.now);
    let offer = Offer::new(code, right, visit.session.id, visit.now);
    // Without room for it the page says that it has none, and offers another.
    app.hand_offs.keep(hash, offer);
    Ok(applicant.to(Step::HandOff))
}

/// `POST`: the phone is cut off.
pub(super) async fn cut(applicant: &Applicant<'_>) -> Result<Answer, Refusal> {
    let cut = applicant.act(Act::CutPhone).await?;
    Ok(cut.map_or_else(|answer| answer, |_| applicant.to(Step::HandOff)))
}

/// How far it is; where all photos are there, on to sending them.
pub(super) fn page(applicant: &Applicant<'_>) -> Answer {
    let Some(dossier) = applicant.dossier() else { return applicant.to(Step::Overview) };
    if dossier.slots().all(|slot| !dossier.wants(slot)) {
        return applicant.to(Step::Overview);
    }
    let phase = dossier.hand_off.map(|hand_off| (hand_off.hash, hand_off.phase));
    let texts = applicant.texts();
    let content = match phase {
        Some((_, Phase::Connected)) if dossier.next_slot().is_none() => return applicant.to(Step::Send),
        Some((_, Phase::Connected)) => {
            let photos = dossier.slots().map(|slot| {
                let is_there = dossier.filled(slot).is_some_and(|filled| filled.is_confirmed);
                (texts.say(words::photo(dossier.document, slot, dossier.selfie)), is_there)
            });
            HandOff::Connected { photos: photos.collect(), seen: dossier.revision }
        }
        Some((hash, Phase::Offered { .. })) => match applicant.visit.app.hand_offs.get(&hash, applicant.visit.now) {
            Some(offer) => shown(applicant, &hash, &offer.code, dossier.revision),
            None => HandOff::Offer { told: None },
        },
        None if !is_possible(applicant, dossier) => HandOff::Over { told: told(applicant, dossier) },
        None => HandOff::Offer { told: told(applicant, dossier) },
    };
    page::show(applicant, Step::HandOff, texts.say("document-phone-title"), None, Content::HandOff(content))
}

fn shown(applicant: &Applicant<'_>, hash: &CodeHash, code: &Code, seen: u32) -> HandOff {
    let app = applicant.visit.app;
    let scheme = if app.is_https { "https" } else { "http" };
    let link = format!("{scheme}://{}/h/{}", app.authority, code.as_str());
    let (of_code, right) = hand_off::words(hash);
    let word = words::word(applicant.texts(), of_code[usize::from(right)]);
    HandOff::Shown { drawing: qr::draw(&link.to_uppercase()), link, word, seen }
}

/// What came of the codes before, at the worst.
fn told(applicant: &Applicant<'_>, dossier: &Dossier) -> Option<&'static str> {
    let name = match dossier.misses {
        _ if dossier.is_reported => "document-phone-reported",
        0 => return None,
        _ => "document-phone-missed",
    };
    Some(applicant.texts().say(name))
}
