//! What reviewers do to a case, beside [deciding](super::conclusion) it.

use super::Rules;
use super::dossier::{CLAIM, Claim, Dossier, Hold, Reviewer, Stage};
use super::kind::Slot;
use super::reviewed::Reviewed;
use crate::verification::time::Timestamp;

pub use super::conclusion::{Conclusion, NOTE};
pub use super::order::{ASKED_AGAIN, DISPUTED, Deed, Effect, Order, Ordered, Powers, Refused, Told};

impl Dossier {
    /// What a verdict goes by: where it stands, and how many pictures there are.
    pub(super) fn look(&self) -> (u8, bool, usize) {
        let place = match &self.stage {
            Stage::Draft { .. } => 0,
            Stage::Waiting { .. } => 1,
            Stage::AskedAgain { .. } => 2,
            Stage::Decided { .. } => 3,
            Stage::Lapsed { .. } => 4,
        };
        (place, self.is_disputed(), self.pictures.len())
    }

    pub(super) fn give(
        &mut self,
        by: &Reviewer,
        is_taken_over: bool,
        powers: &Powers,
        now: Timestamp,
    ) -> Result<Effect, Refused> {
        let others = self.claim(now).is_some_and(|claim| claim.by != *by);
        if others && !(is_taken_over && powers.is_supervisor) {
            return Err(Refused::Claimed);
        }
        self.check_may_decide(by, powers)?;
        let since = self.claim(now).filter(|claim| claim.by == *by).map_or(now, |claim| claim.since);
        let Stage::Waiting { claim, .. } = &mut self.stage else { return Err(Refused::NotNow) };
        *claim = Some(Claim { by: by.clone(), since, until: now.later(CLAIM) });
        Ok(Effect::None)
    }

    pub(super) fn release(&mut self, by: &Reviewer, powers: &Powers, now: Timestamp) -> Result<Effect, Refused> {
        if self.claim(now).is_none_or(|claim| claim.by != *by && !powers.is_supervisor) {
            return Err(Refused::NotClaimed);
        }
        let Stage::Waiting { claim, .. } = &mut self.stage else { return Err(Refused::NotNow) };
        *claim = None;
        Ok(Effect::None)
    }

    /// Nobody decides twice, and who settles a dispute is a third.
    pub(super) fn check_may_decide(&self, by: &Reviewer, powers: &Powers) -> Result<(), Refused> {
        if self.verdicts().iter().any(|given| given.by.is(by)) {
            return Err(Refused::OwnVerdict);
        }
        if self.is_disputed() { powers.check_supervisor() } else { Ok(()) }
    }

    /// Who has the case to themselves turns, and has it for longer.
    pub(super) fn turn(&mut self, slot: Slot, by: &Reviewer, now: Timestamp) -> Result<Effect, Refused> {
        match &mut self.stage {
            Stage::Waiting { claim: Some(claim), .. } if claim.by == *by && now < claim.until => {
                claim.until = now.later(CLAIM);
            }
            _ => return Err(Refused::NotClaimed),
        }
        let filled = self.pictures.iter_mut().find(|filled| filled.slot == slot).ok_or(Refused::NotNow)?;
        filled.picture.turns = (filled.picture.turns + 1) % 4;
        Ok(Effect::None)
    }

    pub(super) fn reopen(&mut self, is_untaken: bool, rules: &Rules, now: Timestamp) -> Result<Effect, Refused> {
        let Stage::Decided { verdicts, .. } = &self.stage else { return Err(Refused::NotNow) };
        if !is_untaken || !self.is_untaken(now) || self.pictures.is_empty() {
            return Err(Refused::NotNow);
        }
        let reviewed = Reviewed { is_undone: true, ..Reviewed::of(self, verdicts, rules) };
        self.set_aside();
        self.stage = Stage::Waiting { since: now, claim: None, verdicts: Vec::new() };
        if let Some(decoy) = &mut self.decoy {
            decoy.sent_at = now;
        }
        Ok(Effect::Reopened(reviewed))
    }

    pub(super) fn put_on_hold(&mut self, by: Reviewer, reason: String, now: Timestamp) -> Result<Effect, Refused> {
        // Who ordered the one that is there, and why, is not lost by another.
        if self.hold.is_some() {
            return Err(Refused::NotNow);
        }
        if !(1..=NOTE).contains(&reason.len()) {
            return Err(Refused::Incomplete);
        }
        self.hold = Some(Hold { by, at: now, reason });
        Ok(Effect::None)
    }

    pub(super) fn lift_hold(&mut self) -> Effect {
        self.hold = None;
        Effect::None
    }

    /// Without pictures nobody decides: what is open lapses.
    pub(super) fn forget(&mut self, now: Timestamp) -> Result<Effect, Refused> {
        if self.hold.is_some() {
            return Err(Refused::Held);
        }
        self.bare();
        Ok(if self.is_open() { self.lapse(now) } else { Effect::None })
    }

    /// Its pictures go, and what was noted of them.
    pub(super) fn bare(&mut self) {
        self.pictures.clear();
        let verdicts = match &mut self.stage {
            Stage::Waiting { verdicts, .. } | Stage::Decided { verdicts, .. } => verdicts.as_mut_slice(),
            Stage::Draft { .. } | Stage::AskedAgain { .. } | Stage::Lapsed { .. } => &mut [],
        };
        for given in verdicts.iter_mut().chain(&mut self.earlier) {
            given.note = None;
        }
    }

    /// What reviewers came to comes to nothing, and stays to be seen.
    pub(super) fn set_aside(&mut self) {
        if let Stage::Waiting { verdicts, .. } | Stage::Decided { verdicts, .. } = &mut self.stage {
            self.earlier.append(verdicts);
        }
    }

    pub(super) fn lapse(&mut self, now: Timestamp) -> Effect {
        let was_asked = matches!(self.stage, Stage::AskedAgain { .. });
        self.set_aside();
        self.bare();
        self.stage = Stage::Lapsed { at: now, was_asked };
        Effect::Closed
    }
}
