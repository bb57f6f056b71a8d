//! What is needed and what becomes of it; the applicant chooses a document, and agrees.

use std::time::Duration;

use data_encoding::HEXLOWER;
use hyper::body::{Body, Bytes};
use ring::hmac;

use super::applicant::Applicant;
use super::notice::Notice;
use super::overview;
use super::page::{self, Consent, Content};
use super::problem::Problem;
use super::{Step, words};
use crate::ops::random;
use crate::verification::method::document::kind::Cue;
use crate::verification::method::document::{Act, DocumentKind, Dossier, Standing};
use crate::verification::session::Phase;
use crate::verification::subject::Subject;
use crate::web::Answer;
use crate::web::error::Refusal;
use crate::web::form::Form;

/// What cues are drawn with.
const CUE: &str = "document cue";
/// The least time of a session that is left for all photos.
const TIME: Duration = Duration::from_mins(10);

pub(super) fn page(applicant: &Applicant<'_>, problem: Option<Problem>) -> Answer {
    if let Some(no) = unable(applicant) {
        return no;
    }
    let (texts, rules) = (applicant.texts(), &applicant.rules);
    let notice = Notice::of(rules, applicant.visit.language);
    let kinds = rules.kinds.iter().map(|kind| (kind.as_str(), texts.say(words::kind(*kind)))).collect();
    let digest = HEXLOWER.encode(&notice.digest());
    let consent = Consent { digest, notice: notice.sections, kinds, is_anew: is_open(&applicant.standing) };
    page::show(applicant, Step::Begin, texts.say("document-title"), problem, Content::Consent(consent))
}

/// What there is instead where nobody can begin at present.
fn unable(applicant: &Applicant<'_>) -> Option<Answer> {
    if !has_time(applicant) {
        return Some(overview::too_late(applicant));
    }
    if !applicant.takes_photos() {
        return Some(overview::no_room(applicant));
    }
    applicant.sends_again().map(|limit| overview::too_often(applicant, limit))
}

fn has_time(applicant: &Applicant<'_>) -> bool {
    let visit = applicant.visit;
    matches!(visit.session.phase(visit.now), Phase::Open { left } if left >= TIME)
}

fn is_open(standing: &Standing) -> bool {
    standing.own().is_some_and(Dossier::is_open)
}

pub(super) async fn begin<B>(applicant: &Applicant<'_>, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let [consent, kind, notice, anew] = form.values(["consent", "kind", "notice", "anew"]).await?;
    let shown = Notice::of(&applicant.rules, applicant.visit.language).digest();
    let again = |problem| Ok(applicant.to_hear(Step::Begin, problem));
    let Some(document) = DocumentKind::parse(&kind) else { return again(Problem::Kind) };
    if consent != "yes" {
        return again(Problem::Consent);
    }
    if notice != HEXLOWER.encode(&shown) {
        return again(Problem::Reworded);
    }
    if !has_time(applicant) {
        return again(Problem::Late);
    }
    if !applicant.takes_photos() {
        return again(Problem::NoRoom);
    }
    let draw = u32::from_le_bytes(random::bytes());
    let act = Act::Begin { document, notice: shown, cue: cue(applicant), draw, is_anew: anew == "yes" };
    match applicant.act(act).await? {
        Ok(_begun) => applicant.go_on().await,
        Err(answer) => Ok(answer),
    }
}

/// What nobody can tell before. Whoever begins again finds the same until they send, or the day is over: nobody draws until it
/// is what they have a photo for.
fn cue(applicant: &Applicant<'_>) -> Cue {
    let (visit, sent) = (applicant.visit, applicant.standing.sent.last());
    let Subject { tenant, user_id } = &visit.session.subject;
    let [day, sent] = [visit.now.day(), sent.map_or(0, |sent| sent.as_unix())].map(u64::to_be_bytes);
    let mut context = hmac::Context::with_key(&visit.app.store.key(CUE));
    for part in [day.as_slice(), &sent, tenant.as_str().as_bytes(), b"\0", user_id.as_str().as_bytes()] {
        context.update(part);
    }
    Cue::from_random(*context.sign().as_ref().first_chunk().expect("HMAC-SHA-256 has 32 bytes"))
}
