//! All photos are there: they are sent, or all of it is given up.

use super::applicant::{self, Applicant};
use super::page::{self, Content, Said, Summary};
use super::problem::Problem;
use super::{Step, words};
use crate::verification::method::document;
use crate::web::Answer;
use crate::web::error::Refusal;

pub(super) fn page(applicant: &Applicant<'_>, problem: Option<Problem>) -> Answer {
    let Some(dossier) = applicant.dossier() else { return applicant.to_hear(Step::Overview, Problem::Gone) };
    if dossier.slots().all(|slot| !dossier.wants(slot)) {
        return applicant.to(Step::Overview);
    }
    let next = applicant::next(dossier, applicant.via);
    if next != Step::Send {
        return applicant.to(next);
    }
    let texts = applicant.texts();
    let photos = dossier.slots().map(|slot| {
        let address = dossier.wants(slot).then(|| Step::Check(slot).address(applicant.visit));
        (texts.say(words::photo(dossier.document, slot, dossier.selfie)), address)
    });
    let summary = Summary { photos: photos.collect(), limit: applicant.sends_again() };
    let title = texts.say("document-summary-title");
    page::show(applicant, Step::Send, title, problem, Content::Summary(summary))
}

pub(super) async fn send(applicant: &Applicant<'_>) -> Result<Answer, Refusal> {
    let sent = applicant.act(document::Act::Send).await?;
    Ok(sent.map_or_else(|answer| answer, |_| applicant.to(Step::Overview)))
}

pub(super) fn withdraw_page(applicant: &Applicant<'_>) -> Answer {
    if applicant.dossier().is_none() {
        return applicant.to_hear(Step::Overview, Problem::Gone);
    }
    let (texts, visit) = (applicant.texts(), applicant.visit);
    let said = Said {
        sentences: vec![texts.say("document-withdraw-text").to_owned()],
        acts: vec![
            page::Act::go(Step::Overview.address(visit), texts.say("document-withdraw-no")).first(),
            page::Act::post(Step::Withdraw.address(visit), texts.say("document-withdraw-yes")),
        ],
        ..Said::default()
    };
    let title = texts.say("document-withdraw-title");
    page::show(applicant, Step::Withdraw, title, None, Content::Said(said))
}

pub(super) async fn withdraw(applicant: &Applicant<'_>) -> Result<Answer, Refusal> {
    let withdrawn = applicant.act(document::Act::Withdraw).await?;
    Ok(withdrawn.map_or_else(|answer| answer, |_| applicant.to_hear(Step::Overview, Problem::Withdrawn)))
}
