//! How an applicant stands, as far as their session goes on with it; and what they do.

use super::problem::Problem;
use super::{Step, TEXTS, phone};
use crate::verification::case::{Case, Decision};
use crate::verification::decision::{self, Answered};
pub(super) use crate::verification::method::document::Refusal as Refused;
use crate::verification::method::document::applicant::Via;
use crate::verification::method::document::hand_off::CodeHash;
use crate::verification::method::document::policy::Policy;
use crate::verification::method::document::{Act, Applied, Dossier, Slot, Standing, Told};
use crate::verification::method::{self, Circumstances, Kind, Reply};
use crate::verification::object::ObjectId;
use crate::web::error::Refusal;
use crate::web::language::Catalogue;
use crate::web::visit::Visit;
use crate::web::{Answer, finish, page};
use std::sync::Arc;

/// An applicant in their session.
pub(super) struct Applicant<'a> {
    pub(super) visit: &'a Visit<'a>,
    /// The rules of their tenant.
    pub(super) rules: Arc<Policy>,
    pub(super) standing: Standing,
    /// Their case, if it counts for the session.
    case: Option<Case>,
    /// Whether it would, had they been verified later.
    pub(super) is_outdated: bool,
    /// Where they are.
    pub(super) via: Via,
}

impl<'a> Applicant<'a> {
    /// The applicant of `visit`, as they stand now; refused where the method is not there.
    pub(super) async fn of(visit: &'a Visit<'a>) -> Result<Self, Refusal> {
        let Visit { app, session, now, .. } = visit;
        let rules = app.methods.document.as_ref().ok_or(Refusal::NotFound)?.of(&session.subject.tenant).clone();
        app.store.examined().await?;
        let standing = app.store.kept_of(Kind::Document, &session.subject)?.into_document();
        let case = app.store.case(&session.subject)?;
        let case = case.filter(|case| case.counts_for(session.id, session.asks.ticket, *now));
        // What was decided too long ago for the application is nothing to go on with.
        let outdated = |case: &Case| match case.decision {
            Some(Decision::Verified(verified)) => !session.asks.admits(&verified, *now),
            Some(Decision::NotVerified(_)) | None => false,
        };
        let is_outdated = case.as_ref().is_some_and(outdated);
        let case = case.filter(|_| !is_outdated);
        Ok(Self { visit, rules, standing, case, is_outdated, via: Via::Browser })
    }

    /// The same on the phone that used the code of `hash`.
    pub(super) async fn on_phone(visit: &'a Visit<'a>, hash: CodeHash) -> Result<Self, Refusal> {
        Ok(Self { via: Via::Phone(hash), ..Self::of(visit).await? })
    }

    /// Their attempt, if it is this session's to go on with.
    pub(super) fn dossier(&self) -> Option<&Dossier> {
        let Visit { session, now, .. } = self.visit;
        self.standing.theirs(&Circumstances {
            subject: &session.subject,
            holder: None,
            taken: None,
            session: session.id,
            case: self.case.as_ref(),
            next_number: 0,
            now: *now,
        })
    }

    /// Whether they are in the browser of their session, and not on a phone.
    pub(super) const fn is_in_browser(&self) -> bool {
        matches!(self.via, Via::Browser)
    }

    /// Whether the session leaves behind what a later login goes on with.
    pub(super) fn has_case(&self) -> bool {
        self.case.is_some_and(|case| case.decision.is_none())
    }

    /// Whether photos can be taken in.
    pub(super) fn takes_photos(&self) -> bool {
        self.visit.app.pictures.is_some() && self.visit.app.evidence.has_room()
    }

    /// A photo came for `slot`, whatever there is to say of it.
    pub(super) fn count_try(&self, slot: Slot) {
        let Visit { app, session, now, .. } = self.visit;
        app.tries.count(session.id, slot, *now);
    }

    /// What to do for who sent many photos for `slot`, and is content with none.
    pub(super) fn way_around(&self, slot: Slot) -> Option<&'static str> {
        let Visit { app, session, now, .. } = self.visit;
        let dossier = self.dossier().filter(|dossier| dossier.wants(slot))?;
        let is_there = dossier.seen(slot, self.via).is_some();
        let name = if is_there { "document-stuck-kept" } else { "document-stuck-none" };
        app.tries.are_many(session.id, slot, *now).then(|| self.texts().say(name))
    }

    /// That photos cannot be sent now, and from when on they can.
    pub(super) fn sends_again(&self) -> Option<String> {
        let until = self.standing.sends_again(&self.rules, self.visit.now)?;
        let minutes = self.visit.now.until(until).as_secs().div_ceil(60);
        Some(match minutes.div_ceil(60) {
            0..=2 => self.texts().count("document-limit-minutes", "minutes", minutes),
            hours => self.texts().count("document-limit-hours", "hours", hours),
        })
    }

    pub(super) fn texts(&self) -> &'static Catalogue {
        TEXTS.of(self.visit.language)
    }

    /// The organisation, as it is called.
    pub(super) fn organisation(&self) -> &'a str {
        let app = self.visit.app;
        app.branding.name.as_deref().unwrap_or(&app.authority)
    }

    /// Sends the browser to `step`.
    pub(super) fn to(&self, step: Step) -> Answer {
        page::see_other(&step.address(self.visit))
    }

    /// Sends the browser to `step`, where it hears of `problem`.
    pub(super) fn to_hear(&self, step: Step, problem: Problem) -> Answer {
        page::see_other(&format!("{}?problem={}", step.address(self.visit), problem.as_str()))
    }

    /// Does `act`: what they are told of it, or the answer where there is nothing to be told.
    pub(super) async fn act(&self, act: Act) -> Result<Result<Told, Answer>, Refusal> {
        match self.decide(act).await? {
            Answered::Told(Reply::Document(Told::Refused(refused))) => self.refuse(refused).map(Err),
            Answered::Told(Reply::Document(told)) => Ok(Ok(told)),
            answered if self.is_in_browser() => finish::close(self.visit, &answered).map(Err),
            // Whatever the session ended with is not for the phone.
            _ => Ok(Err(phone::cut_off(self))),
        }
    }

    /// Does `act`: what they are told of it, if the session goes on.
    pub(super) async fn apply(&self, act: Act) -> Result<Option<Told>, Refusal> {
        Ok(match self.decide(act).await? {
            Answered::Told(Reply::Document(told)) => Some(told),
            _ => None,
        })
    }

    async fn decide(&self, act: Act) -> Result<Answered, Refusal> {
        let applied = Applied { act, rules: self.rules.clone(), via: self.via };
        let brought = applied.object().map(|(object, _)| object);
        let step = decision::Step::Answer(method::Answer::Document(applied));
        let (answered, _happened) = self.visit.act(step).await?;
        self.clear(brought);
        Ok(answered)
    }

    /// Removes the files of photos that nothing names any more, of those that there were and the one that was `brought`. What
    /// cannot be removed is swept.
    fn clear(&self, brought: Option<ObjectId>) {
        let app = self.visit.app;
        let were_there = self.standing.dossier.iter().flat_map(|dossier| dossier.objects());
        for object in were_there.chain(brought) {
            let record = app.store.object(&object);
            if record.is_ok_and(|record| record.is_none_or(|record| record.deleted_at.is_some())) {
                let _ = app.evidence.unlink(object);
            }
        }
    }

    /// Goes on to what is to be done next.
    pub(super) async fn go_on(&self) -> Result<Answer, Refusal> {
        let now = Self { via: self.via, ..Self::of(self.visit).await? };
        Ok(match now.dossier().map_or(Step::Overview, |dossier| next(dossier, self.via)) {
            // A phone sends nothing.
            Step::Send if !self.is_in_browser() => self.to(Step::Overview),
            next => self.to(next),
        })
    }

    /// Where the browser goes on after an act that was refused.
    fn refuse(&self, refused: Refused) -> Result<Answer, Refusal> {
        Ok(match refused {
            Refused::NotAccepted => self.to_hear(Step::Begin, Problem::Kind),
            Refused::NothingOpen => self.to_hear(Step::Overview, Problem::Gone),
            Refused::Held => self.to_hear(Step::Overview, Problem::Held),
            Refused::Unusable(slot) => self.to_hear(Step::Slot(slot), Problem::Unusable),
            Refused::Changed(slot) => self.to_hear(Step::Check(slot), Problem::Changed),
            Refused::Incomplete(slot) => self.to_hear(Step::Slot(slot), Problem::Missing),
            Refused::NotWanted => return Err(not_wanted()),
            Refused::NoHandOff => self.to(Step::HandOff),
            Refused::PhoneGone => phone::cut_off(self),
            Refused::OtherOpen | Refused::TooOften { .. } | Refused::CodeOver | Refused::WrongWord => {
                self.to(Step::Overview)
            }
        })
    }
}

/// That no photo is wanted where one is brought.
pub(super) const fn not_wanted() -> Refusal {
    Refusal::Malformed("no such photo is asked for")
}

/// What is to be done next, `via` this way, for a draft, or for what was asked for again.
pub(super) fn next(dossier: &Dossier, via: Via) -> Step {
    let is_there = |slot: Slot| dossier.seen(slot, via).is_some();
    match dossier.next_slot() {
        Some(slot) if is_there(slot) => Step::Check(slot),
        Some(slot) => Step::Slot(slot),
        None => Step::Send,
    }
}
