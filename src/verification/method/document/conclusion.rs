//! What a reviewer comes to, what that needs, and what comes of it. What was decided is what was seen: a verdict names the
//! case's revision and the pictures that its page showed.

use super::Rules;
use super::checklist::{self, Checklist, Item, Response};
use super::decoy;
use super::dossier::{Dossier, Given, Reviewer, Stage, Verdict};
use super::kind::{Cue, Slot};
use super::order::{ASKED_AGAIN, DISPUTED, Effect, Powers, Refused, Told};
use super::policy::Second;
use super::reason::{AskReason, InnerReason, RejectReason};
use super::reviewed::Reviewed;
use crate::verification::account::Account;
use crate::verification::outcome::Status;
use crate::verification::time::Timestamp;

/// The most bytes of a note.
pub const NOTE: usize = 500;

/// What a reviewer comes to, and what they saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// What they come to.
    pub verdict: Verdict,
    /// What they answered.
    pub checklist: Checklist,
    /// What is never told.
    pub inner: Vec<InnerReason>,
    /// What they note for colleagues.
    pub note: Option<String>,
    /// Whether they wish a second reviewer.
    pub wants_second: bool,
    /// The revision that their page showed.
    pub revision: u32,
    /// The digests of the pictures that it showed.
    pub digests: Vec<[u8; 32]>,
    /// Whether each picture of the case opens, and is the one that it names.
    pub are_whole: bool,
    /// For the next round: drawn at random.
    pub cue: Cue,
}

impl Dossier {
    /// Takes `conclusion`, which `by` comes to: it is decided by that, waits for another, or better pictures are wanted.
    pub(super) fn conclude(
        &mut self,
        conclusion: Conclusion,
        by: Reviewer,
        powers: &Powers,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Effect, Refused> {
        self.check_concludes(&conclusion, &by, powers, rules)?;
        let claimed_at = self.claimed_at(&by, powers, now)?;
        if conclusion.revision != self.revision || conclusion.digests != self.digests() {
            return Err(Refused::Changed);
        }
        conclusion.check(self, rules)?;
        let Conclusion { verdict, checklist, inner, note, wants_second, cue, .. } = conclusion;
        let given = Given { by, at: now, claimed_at, verdict, checklist, inner, note };
        self.wants_second |= wants_second && rules.second == Second::Doubt;
        if let Verdict::AskAgain(wanted) = given.verdict.clone() {
            self.set_aside();
            self.earlier.push(given);
            self.ask_again(wanted, cue, rules, now);
            return Ok(Effect::Prolonged);
        }
        Ok(self.take(given, rules, now))
    }

    /// Whether `by` may come to it, where it stands so.
    fn check_concludes(
        &self,
        conclusion: &Conclusion,
        by: &Reviewer,
        powers: &Powers,
        rules: &Rules,
    ) -> Result<(), Refused> {
        let Stage::Waiting { verdicts, .. } = &self.stage else { return Err(Refused::NotNow) };
        self.check_may_decide(by, powers)?;
        // Whether a first wished for a second is not told to who came by a link and may be the second.
        let wishes_second = conclusion.wants_second && rules.second == Second::Doubt;
        let may_be_two = rules.second == Second::Doubt && !is_at_terminal(by, powers);
        let are_two = self.wants_second || wishes_second || !verdicts.is_empty() || may_be_two;
        // At a terminal nobody is told from another, nor by a link from who made it. To ask for better pictures, one is enough.
        let is_signed = powers.is_signed_in || matches!(conclusion.verdict, Verdict::AskAgain(_));
        if are_two && !is_signed { Err(Refused::SignIn) } else { Ok(()) }
    }

    /// Since when `by` has it to themselves, as whoever is at the console has to; at a terminal it is enough that nobody else has.
    fn claimed_at(&self, by: &Reviewer, powers: &Powers, now: Timestamp) -> Result<Option<Timestamp>, Refused> {
        match self.claim(now) {
            Some(claim) if claim.by != *by => Err(Refused::Claimed),
            None if !is_at_terminal(by, powers) => Err(Refused::NotClaimed),
            claim => Ok(claim.map(|claim| claim.since)),
        }
    }

    /// Has it decided by the verdict that was `given`, unless another has to be.
    fn take(&mut self, given: Given, rules: &Rules, now: Timestamp) -> Effect {
        let (was_disputed, is_verified) = (self.is_disputed(), given.verdict == Verdict::Approve);
        let verdicts: Vec<_> = self.verdicts().iter().cloned().chain([given]).collect();
        let is_settled = was_disputed
            || match verdicts.as_slice() {
                [_] => !self.wants_second,
                [one, other] => one.verdict.agrees_with(&other.verdict),
                _ => true,
            };
        if !is_settled {
            self.stage = Stage::Waiting { since: self.waits_since().unwrap_or(now), claim: None, verdicts };
            return Effect::None;
        }
        let reviewed = Reviewed::of(self, &verdicts, rules);
        // No login comes for what is decided of a decoy; and what is not taken in time is taken by none.
        let taken_after = self.decoy.as_ref().map(|decoy| decoy.taken_after.min(rules.deliver_within));
        let closed_at = taken_after.map(|taken_after| now.later(taken_after));
        self.stage = Stage::Decided { at: now, is_verified, verdicts, closed_at };
        Effect::Decided(if is_verified { Status::Success } else { Status::Failed }, reviewed)
    }

    /// What a verdict was that brought it where it stands, where that has a name of its own.
    pub(super) fn told_of_verdict(&self) -> Option<Told> {
        match &self.stage {
            Stage::AskedAgain { .. } => Some((ASKED_AGAIN, "case-verdict")),
            Stage::Decided { .. } if self.decoy.is_some() => Some((decoy::DECIDED, "decoy-decided")),
            _ if self.is_disputed() => Some((DISPUTED, "case-verdict")),
            _ => None,
        }
    }

    /// The pictures that are wanted again are not wanted as they are.
    fn ask_again(&mut self, wanted: Vec<(Slot, AskReason)>, cue: Cue, rules: &Rules, now: Timestamp) {
        let is_wanted = |slot: Slot| wanted.iter().any(|(wanted, _)| *wanted == slot);
        let unusable = self.pictures.iter().filter(|filled| is_wanted(filled.slot)).map(|filled| filled.picture.upload);
        self.unusable.extend(unusable);
        self.pictures.retain(|filled| !is_wanted(filled.slot));
        if wanted.iter().any(|(slot, _)| slot.is_of_person()) {
            self.cue = cue;
        }
        self.stage = Stage::AskedAgain { wanted, until: now.later(rules.answer_within) };
    }
}

fn is_at_terminal(by: &Reviewer, powers: &Powers) -> bool {
    !powers.is_signed_in && !matches!(by.account, Account::Operator(_))
}

impl Conclusion {
    /// Whether what was seen and answered goes with the verdict: an approval wants every answer to be yes, a rejection one that is no
    /// and a reason that may be told, and better pictures a slot each with its reason.
    fn check(&self, dossier: &Dossier, rules: &Rules) -> Result<(), Refused> {
        if !self.are_whole && !matches!(self.verdict, Verdict::AskAgain(_)) {
            return Err(Refused::Damaged);
        }
        let questions: Vec<Item> = checklist::questions(dossier).collect();
        let is_complete = self.checklist.iter().map(|(item, _)| *item).eq(questions.iter().copied());
        let has = |response| self.checklist.iter().any(|(_, given)| *given == response);
        let is_noted = self.note.as_ref().is_none_or(|note| note.len() <= NOTE);
        let is_fit = is_noted
            && match &self.verdict {
                Verdict::Approve => {
                    is_complete && !has(Response::No) && !has(Response::CannotTell) && self.inner.is_empty()
                }
                Verdict::Reject(reasons) => {
                    let is_inner = reasons.contains(&RejectReason::OtherEvidence);
                    is_complete && has(Response::No) && !reasons.is_empty() && is_inner != self.inner.is_empty()
                }
                Verdict::AskAgain(wanted) => {
                    let is_askable = |(slot, reason): &(Slot, AskReason)| {
                        dossier.slots().any(|of_document| of_document == *slot) && *reason != AskReason::Restored
                    };
                    !wanted.is_empty() && wanted.iter().all(is_askable) && self.inner.is_empty()
                }
            };
        if !is_fit {
            return Err(Refused::Incomplete);
        }
        match &self.verdict {
            // The pictures that are wanted again would be deleted.
            Verdict::AskAgain(_) if dossier.hold.is_some() => Err(Refused::Held),
            Verdict::AskAgain(_) if dossier.round >= rules.rounds => Err(Refused::Rounds),
            Verdict::AskAgain(_) | Verdict::Approve | Verdict::Reject(_) => Ok(()),
        }
    }
}
