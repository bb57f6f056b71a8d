//! The photo as it is kept: the applicant looks whether everything is readable, and wants it so or takes another.

use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderValue};

use super::applicant::Applicant;
use super::page::{self, Check, Content};
use super::problem::Problem;
use super::{Step, words};
use crate::evidence::EvidenceError;
use crate::ops::report::Report;
use crate::verification::method::document::{Act, Filled, Slot};
use crate::verification::object::ObjectId;
use crate::web::Answer;
use crate::web::error::Refusal;
use crate::web::form::Form;

const JPEG: HeaderValue = HeaderValue::from_static("image/jpeg");
/// It is looked at, and runs and loads nothing.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

pub(super) fn page(applicant: &Applicant<'_>, slot: Slot, problem: Option<Problem>) -> Answer {
    let Some(dossier) = applicant.dossier() else { return applicant.to_hear(Step::Overview, Problem::Gone) };
    if !dossier.wants(slot) {
        return applicant.to(Step::Slot(slot));
    }
    let Some(filled) = dossier.filled(slot) else { return applicant.to(Step::Slot(slot)) };
    let (texts, visit) = (applicant.texts(), applicant.visit);
    let look = if slot.is_of_person() { "document-check-person" } else { "document-check-document" };
    let check = Check {
        picture: Step::Picture(slot).address(visit),
        size: (filled.picture.width, filled.picture.height),
        keep: Step::Keep(slot).address(visit),
        again: Step::Slot(slot).address(visit),
        object: filled.picture.object.to_string(),
        look: texts.say(look),
    };
    let title = texts.say(words::photo(dossier.document, slot, dossier.selfie));
    page::show(applicant, Step::Check(slot), title, problem, Content::Check(check))
}

/// The applicant's own photo, as long as they may take another.
pub(super) async fn picture(applicant: &Applicant<'_>, slot: Slot) -> Result<Answer, Refusal> {
    let dossier = applicant.dossier().filter(|dossier| dossier.wants(slot)).ok_or(Refusal::NotFound)?;
    let filled = *dossier.filled(slot).ok_or(Refusal::NotFound)?;
    match open(applicant, dossier.number, filled).await {
        Ok(jpeg) => {
            let mut answer = Answer::new(Bytes::from(jpeg).into());
            answer.headers_mut().insert(header::CONTENT_TYPE, JPEG);
            answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
            Ok(answer)
        }
        Err(error) => {
            Report::PhotoUnopened(&error).tell();
            Err(Refusal::NotFound)
        }
    }
}

async fn open(applicant: &Applicant<'_>, number: u64, filled: Filled) -> Result<Vec<u8>, EvidenceError> {
    let app = applicant.visit.app;
    let Filled { slot, picture, .. } = filled;
    let record = app.store.object(&picture.object)?.ok_or(EvidenceError::Damaged)?;
    let keeper = app.evidence.clone();
    let tenant = applicant.visit.session.subject.tenant.clone();
    let open = move || {
        let whose = crate::evidence::Whose { tenant: &tenant, number, round: picture.round, slot: slot.as_str() };
        keeper.open(picture.object, &record, &whose)
    };
    let jpeg = tokio::task::spawn_blocking(open).await.map_err(std::io::Error::other)??;
    Ok(jpeg.to_vec())
}

/// `POST`: the applicant wants the photo that they looked at.
pub(super) async fn keep<B>(applicant: &Applicant<'_>, slot: Slot, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let object = ObjectId::parse(&form.field("object").await?).ok_or(Refusal::Malformed("no such photo"))?;
    match applicant.act(Act::Keep { slot, object }).await? {
        Ok(_kept) => {
            applicant.visit.app.tries.forget(applicant.visit.session.id, slot);
            applicant.go_on().await
        }
        Err(answer) => Ok(answer),
    }
}
