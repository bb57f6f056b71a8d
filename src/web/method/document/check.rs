//! The photo as it is kept: the applicant looks whether everything is readable, and wants it so or takes another.

use hyper::body::{Body, Bytes};

use super::applicant::Applicant;
use super::page::{self, Check, Content};
use super::problem::Problem;
use super::{Step, words};
use crate::evidence::{EvidenceError, apart};
use crate::verification::method::document::{Act, Slot};
use crate::verification::object::ObjectId;
use crate::web::error::Refusal;
use crate::web::form::Form;
use crate::web::{Answer, jpeg};

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
    let (app, session) = (applicant.visit.app, &applicant.visit.session);
    let (keeper, tenant, number) = (app.evidence.clone(), session.subject.tenant.clone(), dossier.number);
    match apart(async move { keeper.picture(&tenant, number, &filled) }).await {
        Ok(jpeg) => Ok(jpeg::answer(Bytes::from_owner(jpeg))),
        // Another took its place meanwhile.
        Err(EvidenceError::Deleted) => Err(Refusal::NotFound),
        Err(error) => Err(error.into()),
    }
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
