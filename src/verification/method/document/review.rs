//! What reviewers do, and what comes of it. What was decided is what was seen: a verdict names the case's revision and the
//! pictures that its page showed.

use super::checklist::{self, Checklist, Item, Response};
use super::dossier::{CLAIM, Claim, Dossier, Given, Hold, Reviewer, Stage, Verdict};
use super::due::{Due, due};
use super::kind::{Cue, Slot};
use super::policy::Second;
use super::reason::{AskReason, InnerReason, RejectReason};
use super::reviewed::Reviewed;
use super::{Rules, Standing};
use crate::verification::account::Account;
use crate::verification::case::Case;
use crate::verification::outcome::Status;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// The most bytes of a note.
pub const NOTE: usize = 500;

/// What is ordered for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The case.
    pub number: u64,
    /// By whom.
    pub by: Reviewer,
    /// Under which rules.
    pub rules: Rules,
    /// What they may.
    pub powers: Powers,
    /// What.
    pub deed: Deed,
}

/// What who orders something may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Powers {
    /// Whether they settle disputes, hold, and take back.
    pub is_supervisor: bool,
    /// Whether a sign-in proves who they are, so that two of them are two people: the provider's, or where there is none the
    /// one-time link, which whoever runs the service made for them.
    pub is_signed_in: bool,
    /// Who they are as a subject, where that is known: nobody decides their own case.
    pub subject: Option<Subject>,
}

/// What can be done with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// To have it to oneself; from somebody else, where a supervisor takes it over.
    Claim {
        /// Whether it is taken from who has it.
        is_taken_over: bool,
    },
    /// To let it go.
    Release,
    /// To decide.
    Decide(Box<Conclusion>),
    /// To turn a picture by a quarter, for everybody.
    Turn(Slot),
    /// To keep everything of it, whatever its time.
    Hold {
        /// Why.
        reason: String,
    },
    /// To let time go on.
    Unhold,
    /// To take a decision back that no login took yet.
    Undo,
    /// To delete its pictures now.
    Forget,
    /// What time does.
    Age,
}

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
    /// For the next round: drawn at random.
    pub cue: Cue,
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such case, or it is the reviewer's own.
    NoCase,
    /// It does not stand where that can be done.
    NotNow,
    /// Somebody else has it to themselves.
    Claimed,
    /// The reviewer does not have it to themselves.
    NotClaimed,
    /// It changed since it was looked at.
    Changed,
    /// The checklist, or the reasons, do not go with the verdict.
    Incomplete,
    /// The same person decided of it before.
    OwnVerdict,
    /// Only a supervisor may.
    Supervisor,
    /// Two people decide, and both sign in.
    SignIn,
    /// Pictures were asked for as often as they may be.
    Rounds,
    /// Nothing of it may be deleted at present.
    Held,
}

/// What follows for the login that waits for the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It waits on, from now: somebody has to send something.
    Prolonged,
    /// It is decided, on this evidence.
    Decided(Status, Reviewed),
    /// What was decided is undecided again; this says so.
    Reopened(Reviewed),
    /// It waits no more.
    Closed,
}

/// What was done: in words of the log, and as the audit log calls it.
pub type Told = (&'static str, &'static str);

/// What an order comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Ordered {
    /// How the subject stands from then on.
    pub standing: Standing,
    /// What follows for the login that waits.
    pub effect: Effect,
    /// What was done; none where nothing is worth telling.
    pub told: Option<Told>,
}

impl Refused {
    /// Its name, as in logs and commands.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoCase => "no_case",
            Self::NotNow => "not_now",
            Self::Claimed => "claimed",
            Self::NotClaimed => "not_claimed",
            Self::Changed => "changed",
            Self::Incomplete => "incomplete",
            Self::OwnVerdict => "own_verdict",
            Self::Supervisor => "supervisor",
            Self::SignIn => "sign_in",
            Self::Rounds => "rounds",
            Self::Held => "held",
        }
    }
}

/// What a verdict is called that wants better pictures.
pub const ASKED_AGAIN: &str = "better pictures were asked for";
/// And one by which two differ.
pub const DISPUTED: &str = "two verdicts differ";

impl Deed {
    /// What it is called; none where that is for what comes of it.
    #[must_use]
    pub const fn told(&self) -> Option<Told> {
        Some(match self {
            Self::Claim { .. } => ("a case was claimed", "case-claimed"),
            Self::Release => ("a case was released", "case-released"),
            Self::Decide(_) => ("a verdict was given", "case-verdict"),
            Self::Turn(_) => ("a picture was turned", "picture-turned"),
            Self::Hold { .. } => ("a case was put on hold", "case-held"),
            Self::Unhold => ("a hold was lifted", "case-unheld"),
            Self::Undo => ("a decision was taken back", "case-reopened"),
            Self::Forget => ("the pictures of a case were deleted", "evidence-deleted"),
            Self::Age => return None,
        })
    }
}

impl Due {
    /// What it is called where it comes to a dossier that has pictures, or none. What is forgotten without any is not worth
    /// telling: it was told of when they were deleted.
    const fn told(self, has_pictures: bool) -> Option<Told> {
        match self {
            Self::Lapsed => Some(("a case lapsed", "case-lapsed")),
            Self::Untaken => Some(("a decision was not taken in time", "case-lapsed")),
            Self::Dropped if has_pictures => Some(("pictures that were never sent were deleted", "evidence-deleted")),
            Self::Bare | Self::Over if has_pictures => Some(("the time of pictures was over", "evidence-deleted")),
            Self::Dropped | Self::Bare | Self::Over => None,
        }
    }
}

impl Order {
    /// Carries it out for `subject`, who stands so. A login that brings the ticket of `case`, if there is one, takes what is
    /// decided.
    ///
    /// # Errors
    /// [`Refused`]; nothing changes then.
    pub fn carried_out(
        self,
        standing: Standing,
        subject: &Subject,
        case: Option<&Case>,
        now: Timestamp,
    ) -> Result<Ordered, Refused> {
        if matches!(self.deed, Deed::Age) {
            return self.aged(standing, now);
        }
        let waits = case.is_some_and(|case| case.decision.is_none());
        let is_untaken = case.is_some_and(|case| case.decision.is_some());
        let is_own = self.powers.subject.as_ref() == Some(subject);
        let dossier = standing.dossier.filter(|dossier| dossier.number == self.number && !is_own);
        let mut dossier = *dossier.ok_or(Refused::NoCase)?;
        let before = dossier.clone();
        let (told, decides) = (self.deed.told(), matches!(self.deed, Deed::Decide(_)));
        let effect = match self.deed {
            Deed::Claim { is_taken_over } => dossier.give(&self.by, is_taken_over, &self.powers, now)?,
            Deed::Release => dossier.release(&self.by, &self.powers, now)?,
            Deed::Decide(conclusion) => {
                dossier.conclude(*conclusion, self.by, &self.powers, &self.rules, waits, now)?
            }
            Deed::Turn(slot) => dossier.turn(slot, &self.by, now)?,
            Deed::Hold { reason } => {
                self.powers.check_supervisor()?;
                if !(1..=NOTE).contains(&reason.len()) {
                    return Err(Refused::Incomplete);
                }
                dossier.hold = Some(Hold { by: self.by, at: now, reason });
                Effect::None
            }
            Deed::Unhold => {
                self.powers.check_supervisor()?;
                dossier.hold = None;
                Effect::None
            }
            Deed::Undo => {
                self.powers.check_supervisor()?;
                dossier.reopen(is_untaken, &self.rules, now)?
            }
            Deed::Forget => {
                self.powers.check_supervisor()?;
                dossier.forget(now)?
            }
            Deed::Age => Effect::None,
        };
        // Whoever looks at it has seen what a claim or a turn changed. That one of two decided is seen by nobody: not by the
        // other, not by the applicant, and not by who counts.
        if dossier.stage_of_decision() != before.stage_of_decision() || dossier.pictures.len() != before.pictures.len()
        {
            dossier.revision = before.revision.wrapping_add(1);
        }
        let told = if decides { dossier.told_of_verdict().or(told) } else { told };
        Ok(Ordered { standing: Standing { dossier: Some(Box::new(dossier)), ..standing }, effect, told })
    }

    /// What time does. When pictures were sent is forgotten once it counts no more.
    fn aged(self, standing: Standing, now: Timestamp) -> Result<Ordered, Refused> {
        let sent = standing.counted(&self.rules, now);
        let alarms = standing.alarms.filter(|alarms| now < alarms.until);
        let Some(mut dossier) = standing.dossier else {
            let standing = Standing { dossier: None, sent, alarms };
            return Ok(Ordered { standing, effect: Effect::None, told: None });
        };
        if dossier.number != self.number {
            return Err(Refused::NoCase);
        }
        let Some(due) = due(&dossier, &self.rules, now) else {
            let standing = Standing { dossier: Some(dossier), ..standing };
            return Ok(Ordered { standing, effect: Effect::None, told: None });
        };
        let told = due.told(!dossier.pictures.is_empty());
        let is_taken = !matches!(dossier.stage, Stage::Decided { closed_at: None, .. });
        let (dossier, effect) = match due {
            Due::Lapsed => {
                let effect = dossier.lapse(now);
                dossier.revision = dossier.revision.wrapping_add(1);
                (Some(dossier), effect)
            }
            Due::Bare => {
                dossier.bare();
                (Some(dossier), Effect::None)
            }
            Due::Untaken => {
                // Nobody is verified by them any more.
                if matches!(dossier.stage, Stage::Decided { is_verified: true, .. }) {
                    dossier.bare();
                }
                (Some(Box::new(dossier.delivered(now))), Effect::Closed)
            }
            Due::Over if !is_taken => (None, Effect::Closed),
            Due::Dropped | Due::Over => (None, Effect::None),
        };
        Ok(Ordered { standing: Standing { dossier, sent, alarms }, effect, told })
    }
}

impl Powers {
    fn check_supervisor(&self) -> Result<(), Refused> {
        if self.is_supervisor { Ok(()) } else { Err(Refused::Supervisor) }
    }
}

impl Dossier {
    /// What a verdict goes by, of where it stands.
    fn stage_of_decision(&self) -> (u8, bool) {
        let place = match &self.stage {
            Stage::Draft { .. } => 0,
            Stage::Waiting { .. } => 1,
            Stage::AskedAgain { .. } => 2,
            Stage::Decided { .. } => 3,
            Stage::Lapsed { .. } => 4,
        };
        (place, self.is_disputed())
    }

    fn give(&mut self, by: &Reviewer, is_taken_over: bool, powers: &Powers, now: Timestamp) -> Result<Effect, Refused> {
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

    fn release(&mut self, by: &Reviewer, powers: &Powers, now: Timestamp) -> Result<Effect, Refused> {
        if self.claim(now).is_none_or(|claim| claim.by != *by && !powers.is_supervisor) {
            return Err(Refused::NotClaimed);
        }
        let Stage::Waiting { claim, .. } = &mut self.stage else { return Err(Refused::NotNow) };
        *claim = None;
        Ok(Effect::None)
    }

    /// Nobody decides twice, and who settles a dispute is a third.
    fn check_may_decide(&self, by: &Reviewer, powers: &Powers) -> Result<(), Refused> {
        if self.verdicts().iter().any(|given| given.by.account == by.account) {
            return Err(Refused::OwnVerdict);
        }
        if self.is_disputed() { powers.check_supervisor() } else { Ok(()) }
    }

    fn conclude(
        &mut self,
        conclusion: Conclusion,
        by: Reviewer,
        powers: &Powers,
        rules: &Rules,
        waits: bool,
        now: Timestamp,
    ) -> Result<Effect, Refused> {
        let Stage::Waiting { since, verdicts, .. } = self.stage.clone() else { return Err(Refused::NotNow) };
        if !waits {
            return Err(Refused::NotNow);
        }
        self.check_may_decide(&by, powers)?;
        let wishes_second = conclusion.wants_second && rules.second == Second::Doubt;
        let is_at_terminal = !powers.is_signed_in && !matches!(by.account, Account::Operator(_));
        // Whether a first wished for a second is not told to who came by a link and may be the second.
        let may_be_two = rules.second == Second::Doubt && !is_at_terminal;
        let are_two = self.wants_second || wishes_second || !verdicts.is_empty() || may_be_two;
        // At a terminal nobody is told from another, nor by a link from who made it. To ask for better pictures, one is enough.
        if are_two && !powers.is_signed_in && !matches!(conclusion.verdict, Verdict::AskAgain(_)) {
            return Err(Refused::SignIn);
        }
        let claimed_at = match self.claim(now) {
            Some(claim) if claim.by != by => return Err(Refused::Claimed),
            None if !is_at_terminal => return Err(Refused::NotClaimed),
            claim => claim.map(|claim| claim.since),
        };
        if conclusion.revision != self.revision || conclusion.digests != self.digests() {
            return Err(Refused::Changed);
        }
        conclusion.check(self, rules)?;
        let Conclusion { verdict, checklist, inner, note, cue, .. } = conclusion;
        let given = Given { by, at: now, claimed_at, verdict, checklist, inner, note };
        let was_disputed = self.is_disputed();
        self.wants_second |= wishes_second;
        if let Verdict::AskAgain(wanted) = given.verdict {
            self.ask_again(wanted, cue, rules, now);
            return Ok(Effect::Prolonged);
        }
        let is_verified = given.verdict == Verdict::Approve;
        let verdicts: Vec<_> = verdicts.into_iter().chain([given]).collect();
        let is_settled = was_disputed
            || match verdicts.as_slice() {
                [_] => !self.wants_second,
                [one, other] => one.verdict.agrees_with(&other.verdict),
                _ => true,
            };
        if !is_settled {
            self.stage = Stage::Waiting { since, claim: None, verdicts };
            return Ok(Effect::None);
        }
        let reviewed = Reviewed::of(self, &verdicts, rules);
        self.stage = Stage::Decided { at: now, is_verified, verdicts, closed_at: None };
        Ok(Effect::Decided(if is_verified { Status::Success } else { Status::Failed }, reviewed))
    }

    /// What a verdict was that brought it where it stands, where that has a name of its own.
    fn told_of_verdict(&self) -> Option<Told> {
        match &self.stage {
            Stage::AskedAgain { .. } => Some((ASKED_AGAIN, "case-verdict")),
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

    /// Who has the case to themselves turns, and has it for longer.
    fn turn(&mut self, slot: Slot, by: &Reviewer, now: Timestamp) -> Result<Effect, Refused> {
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

    fn reopen(&mut self, is_untaken: bool, rules: &Rules, now: Timestamp) -> Result<Effect, Refused> {
        let Stage::Decided { verdicts, closed_at: None, .. } = &self.stage else { return Err(Refused::NotNow) };
        if !is_untaken || self.pictures.is_empty() {
            return Err(Refused::NotNow);
        }
        let reviewed = Reviewed { is_undone: true, ..Reviewed::of(self, verdicts, rules) };
        self.stage = Stage::Waiting { since: now, claim: None, verdicts: Vec::new() };
        Ok(Effect::Reopened(reviewed))
    }

    /// Without pictures nobody decides: what is open lapses.
    fn forget(&mut self, now: Timestamp) -> Result<Effect, Refused> {
        if self.hold.is_some() {
            return Err(Refused::Held);
        }
        self.bare();
        Ok(if self.is_open() { self.lapse(now) } else { Effect::None })
    }

    /// Its pictures go, and what was noted of them.
    fn bare(&mut self) {
        self.pictures.clear();
        if let Stage::Decided { verdicts, .. } = &mut self.stage {
            for given in verdicts {
                given.note = None;
            }
        }
    }

    fn lapse(&mut self, now: Timestamp) -> Effect {
        let was_asked = matches!(self.stage, Stage::AskedAgain { .. });
        self.pictures.clear();
        self.stage = Stage::Lapsed { at: now, was_asked };
        Effect::Closed
    }
}

impl Conclusion {
    /// Whether what was answered goes with the verdict: an approval wants every answer to be yes, a rejection one that is no
    /// and a reason that may be told, and better pictures a slot each with its reason.
    fn check(&self, dossier: &Dossier, rules: &Rules) -> Result<(), Refused> {
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
