//! One photo: how it is taken, and what is made of what was sent.

use hyper::body::{Body, Bytes};

use super::applicant::{Applicant, not_wanted};
use super::page::{self, Capture, Content, Example, Phone, Said};
use super::problem::Problem;
use super::{Step, hand_off, overview, words};
use crate::evidence::{EvidenceError, Held};
use crate::ops::count;
use crate::ops::count::label::Upload;
use crate::ops::report::Report;
use crate::picture::{self, Fault};
use crate::verification::method::document::hand_off::Phase;
use crate::verification::method::document::picture::Brought;
use crate::verification::method::document::{Act, DocumentKind, Dossier, Selfie, Slot, Stage, Told};
use crate::web::Answer;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::upload::{self, NoPhoto, Photo};

pub(super) fn page(applicant: &Applicant<'_>, slot: Slot, problem: Option<Problem>) -> Result<Answer, Refusal> {
    let Some(dossier) = applicant.dossier() else { return Ok(applicant.to_hear(Step::Overview, Problem::Gone)) };
    if dossier.slots().all(|of_document| of_document != slot) {
        return Err(Refusal::NotFound);
    }
    let texts = applicant.texts();
    let title = texts.say(words::photo(dossier.document, slot, dossier.selfie));
    if !dossier.wants(slot) {
        return Ok(match dossier.stage {
            Stage::AskedAgain { .. } => page::show(applicant, Step::Slot(slot), title, problem, have(applicant)),
            _ => applicant.to(Step::Overview),
        });
    }
    if !applicant.takes_photos() {
        return Ok(overview::no_room(applicant));
    }
    let content = Content::Capture(capture(applicant, dossier, slot));
    Ok(page::show(applicant, Step::Slot(slot), title, problem, content))
}

/// That a photo is fine that was not asked for again.
fn have(applicant: &Applicant<'_>) -> Content {
    let texts = applicant.texts();
    let go_on = page::Act::go(Step::Overview.address(applicant.visit), applicant.visit.language.say("continue"));
    Content::Said(Said {
        sentences: vec![texts.say("document-have").to_owned()],
        acts: vec![go_on.first()],
        ..Said::default()
    })
}

fn capture(applicant: &Applicant<'_>, dossier: &Dossier, slot: Slot) -> Capture {
    let (texts, visit) = (applicant.texts(), applicant.visit);
    let asked = |slot: &Slot| dossier.wants(*slot);
    let (all, before) =
        (dossier.slots().filter(asked).count(), dossier.slots().filter(asked).take_while(|of| *of != slot));
    let step = format!("{}/{all}", before.count() + 1);
    let is_on_paper = slot == Slot::Selfie && dossier.selfie == Selfie::CodeOnPaper;
    let how: &[&'static str] = if slot.is_of_person() {
        &["document-how-alone", "document-how-light", "document-how-arm"]
    } else {
        &["document-how-flat", "document-how-corners", "document-how-glare"]
    };
    Capture {
        step: (all > 1).then(|| texts.say_with("document-step", "step", &step)),
        reason: dossier.asked_again(slot).map(|reason| texts.say(words::ask(reason))),
        how: how.iter().map(|name| texts.say(name)).collect(),
        example: example(dossier, slot),
        paper: is_on_paper.then(|| (applicant.organisation().to_owned(), dossier.cue.code())),
        pose: (slot == Slot::Pose).then(|| texts.say(words::pose(dossier.cue.pose()))),
        camera: if slot.is_of_person() { "user" } else { "environment" },
        offers_choice: applicant.rules.choose_photo,
        address: Step::Slot(slot).address(visit),
        check: dossier.seen(slot, applicant.via).map(|_| Step::Check(slot).address(visit)),
        phone: phone(applicant, dossier),
    }
}

/// On a computer, a phone is said first: it takes the better photos.
fn phone(applicant: &Applicant<'_>, dossier: &Dossier) -> Option<Phone> {
    if !hand_off::is_possible(applicant, dossier) {
        return None;
    }
    let is_connected = dossier.hand_off.is_some_and(|hand_off| hand_off.phase == Phase::Connected);
    Some(match hand_off::is_handheld(applicant.visit.headers) {
        _ if is_connected => Phone::Connected,
        true => Phone::Last,
        false => Phone::First,
    })
}

const fn example(dossier: &Dossier, slot: Slot) -> Example {
    match (slot, dossier.document, dossier.selfie) {
        (Slot::Front | Slot::Back, DocumentKind::Passport, _) => Example::Page,
        (Slot::Front, _, _) => Example::Front,
        (Slot::Back, _, _) => Example::Back,
        (Slot::Selfie, _, Selfie::CodeOnPaper) => Example::Paper,
        (Slot::Selfie, _, Selfie::DocumentInHand) => Example::InHand,
        (Slot::Selfie, _, _) => Example::Face,
        (Slot::Pose, _, _) => Example::Pose,
    }
}

/// What came of a photo.
enum Came {
    /// It is the slot's, to be looked at.
    In,
    /// It was there before.
    Again,
    /// It is not taken in, and they hear why.
    Not(Problem),
    /// What it was for has gone on without it.
    Late(Answer),
}

impl Came {
    /// What it is counted as.
    fn counted(&self) -> Option<Upload> {
        Some(match self {
            Self::In | Self::Again => Upload::Taken,
            Self::Not(Problem::NoRoom) => Upload::NoRoom,
            Self::Not(Problem::TooLarge) => Upload::TooLarge,
            Self::Not(Problem::None) => Upload::None,
            Self::Not(Problem::Fault) => Upload::Failed,
            Self::Not(_) => Upload::Refused,
            Self::Late(_) => return None,
        })
    }

    /// Whether somebody tried, and may have to again.
    fn is_try(&self) -> bool {
        !matches!(self, Self::Again | Self::Late(_) | Self::Not(Problem::None | Problem::NoRoom))
    }
}

/// `POST`: a photo. Whatever is wrong with it, the slot stays as it was.
pub(super) async fn put<B>(applicant: &Applicant<'_>, slot: Slot, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let Some(dossier) = applicant.dossier() else { return Ok(applicant.to_hear(Step::Overview, Problem::Gone)) };
    if !dossier.wants(slot) {
        return Err(not_wanted());
    }
    let came = take(applicant, dossier, slot, form).await;
    if let Some(upload) = came.as_ref().map_or_else(|refusal| Some(refused(refusal)), Came::counted) {
        count::upload(upload);
    }
    let came = came?;
    if came.is_try() {
        applicant.count_try(slot);
    }
    Ok(match came {
        Came::In | Came::Again => applicant.to(Step::Check(slot)),
        Came::Not(problem) => applicant.to_hear(Step::Slot(slot), problem),
        Came::Late(answer) => answer,
    })
}

/// What a photo is counted as that was refused so.
fn refused(refusal: &Refusal) -> Upload {
    match refusal {
        Refusal::PhotoWaits | Refusal::TooSlow => Upload::Busy,
        refusal if refusal.is_ours() => Upload::Failed,
        _ => Upload::None,
    }
}

/// Has the photo in `form` made anew, and keeps it; refused where there is too much to do.
async fn take<B>(applicant: &Applicant<'_>, dossier: &Dossier, slot: Slot, form: Form<'_, B>) -> Result<Came, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    if !applicant.takes_photos() {
        return Ok(Came::Not(Problem::NoRoom));
    }
    let visit = applicant.visit;
    let photo = match form.photo(&visit.app.uploads, visit.session.id).await {
        Ok(photo) => photo,
        Err(NoPhoto::TooLarge) => return Ok(Came::Not(Problem::TooLarge)),
        Err(NoPhoto::None) => return Ok(Came::Not(Problem::None)),
        Err(NoPhoto::Refused(refusal)) => return Err(refusal),
    };
    match develop(applicant, photo).await? {
        Ok(picture) => keep(applicant, dossier, slot, picture).await,
        Err(problem) => Ok(Came::Not(problem)),
    }
}

/// What is made of `photo`; or what is wrong with it.
async fn develop(applicant: &Applicant<'_>, photo: Photo) -> Result<Result<picture::Picture, Problem>, Refusal> {
    let Some(pool) = &applicant.visit.app.pictures else { return Ok(Err(Problem::NoRoom)) };
    match upload::develop(pool, photo).await {
        Ok(picture) => Ok(Ok(picture)),
        Err(Fault::Refused(refused)) => Ok(Err(refused.into())),
        Err(Fault::Busy) => Err(Refusal::PhotoWaits),
        Err(Fault::Panicked(_)) => Ok(Err(Problem::Fault)),
    }
}

/// Seals `picture`, and has the slot name it. The same picture once more is there already.
async fn keep(
    applicant: &Applicant<'_>,
    dossier: &Dossier,
    slot: Slot,
    picture: picture::Picture,
) -> Result<Came, Refusal> {
    let upload = applicant.visit.app.evidence.upload(&picture);
    if dossier.unusable.contains(&upload) {
        return Ok(Came::Not(Problem::Unusable));
    }
    if dossier.filled(slot).is_some_and(|filled| filled.picture.upload == upload && filled.via == applicant.via) {
        return Ok(Came::Again);
    }
    let (brought, held) = match seal(applicant, dossier, slot, picture).await {
        Ok(taken_in) => taken_in,
        Err(error) => {
            Report::PhotoNotKept(&error).tell();
            return Ok(Came::Not(Problem::Fault));
        }
    };
    let brought = Box::new(brought);
    let put = applicant.act(Act::Put { slot, brought }).await;
    drop(held);
    Ok(match put? {
        Ok(Told::Shown(_)) => Came::In,
        Ok(_) => Came::Late(applicant.to(Step::Overview)),
        Err(answer) => Came::Late(answer),
    })
}

async fn seal(
    applicant: &Applicant<'_>,
    dossier: &Dossier,
    slot: Slot,
    picture: picture::Picture,
) -> Result<(Brought, Held), EvidenceError> {
    let keeper = applicant.visit.app.evidence.clone();
    let (tenant, now) = (applicant.visit.session.subject.tenant.clone(), applicant.visit.now);
    let (number, round) = (dossier.number, dossier.round);
    let put = move || {
        let whose = crate::evidence::Whose { tenant: &tenant, number, round, slot: slot.as_str() };
        keeper.take_in(&picture, &whose, now)
    };
    tokio::task::spawn_blocking(put).await.map_err(std::io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    /// A disk that failed was counted as a crowd.
    #[test]
    fn a_photo_that_is_refused_is_counted_by_whose_doing_that_is() {
        for (refusal, upload) in [
            (Refusal::PhotoWaits, Upload::Busy),
            (Refusal::TooSlow, Upload::Busy),
            (Refusal::Store(StoreError::Unavailable), Upload::Failed),
            (Refusal::Photo(EvidenceError::Damaged), Upload::Failed),
            (Refusal::Bug, Upload::Failed),
            (Refusal::NotAForm, Upload::None),
            (Refusal::Malformed("the body broke off"), Upload::None),
        ] {
            assert_eq!(refused(&refusal).as_str(), upload.as_str(), "{refusal}");
        }
    }
}
