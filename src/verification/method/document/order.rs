//! What is ordered for a case, and how it is carried out.

use super::conclusion::Conclusion;
use super::decoy::Load;
use super::dossier::{Dossier, Reviewer, Stage, Verdict};
use super::due::{Due, due};
use super::kind::Slot;
use super::reviewed::Reviewed;
use super::{Rules, Standing};
use crate::verification::case::Case;
use crate::verification::check::SubjectRecord;
use crate::verification::method::Setting;
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::outcome::Status;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

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
    /// To load a decoy.
    Load(Box<Load>),
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
    /// A picture does not open, or is another: nobody decides by what cannot be seen.
    Damaged,
    /// Something is known of the subject: a decoy is of nobody's.
    Known,
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
    /// None waits, and idv knows the subject from now on.
    Met(SubjectRecord),
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
    /// What somebody came to, by its name, where they came to anything.
    pub verdict: Option<&'static str>,
    /// Whether that is right, where it is known.
    pub is_right: Option<bool>,
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
            Self::Damaged => "damaged",
            Self::Known => "known",
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
            Self::Age | Self::Load(_) => return None,
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
    /// The pictures that it brings, each with what is kept of its sealed bytes.
    #[must_use]
    pub fn objects(&self) -> Vec<(ObjectId, ObjectRecord)> {
        let Deed::Load(load) = &self.deed else { return Vec::new() };
        load.pictures.iter().map(|(_, brought)| (brought.picture.object, brought.record)).collect()
    }

    /// Carries it out for the subject of `setting`, who stands so. A login that brings the ticket of their case, if there is
    /// one, takes what is decided.
    ///
    /// # Errors
    /// [`Refused`]; nothing changes then.
    pub fn carried_out(mut self, standing: Standing, setting: &Setting<'_>) -> Result<Ordered, Refused> {
        let now = setting.now;
        match std::mem::replace(&mut self.deed, Deed::Age) {
            Deed::Age => return self.aged(standing, now),
            Deed::Load(load) => return self.load(*load, setting),
            deed => self.deed = deed,
        }
        let is_own = self.powers.subject.as_ref() == Some(setting.subject);
        let dossier = standing.dossier.filter(|dossier| dossier.number == self.number && !is_own);
        let dossier = dossier.filter(|dossier| !dossier.is_loaded_by(&self.by));
        let mut dossier = *dossier.ok_or(Refused::NoCase)?;
        if !dossier.is_there(now) {
            return Err(Refused::NotNow);
        }
        let before = dossier.look();
        let told = self.deed.told();
        let given = match &self.deed {
            Deed::Decide(conclusion) => Some(&conclusion.verdict),
            _ => None,
        };
        let (verdict, is_right) = (given.map(Verdict::as_str), given.and_then(|given| dossier.is_right(given)));
        let effect = self.done_to(&mut dossier, setting.case, now)?.of(&dossier);
        // Whoever looks at it has seen what a claim or a turn changed. That one of two decided is seen by nobody: not by the
        // other, not by the applicant, and not by who counts.
        if dossier.look() != before {
            dossier.revision = dossier.revision.wrapping_add(1);
        }
        let told = verdict.and_then(|_| dossier.told_of_verdict()).or(told);
        let standing = Standing { dossier: Some(Box::new(dossier)), ..standing };
        Ok(Ordered { standing, effect, told, verdict, is_right })
    }

    /// What is ordered, done to `dossier`.
    fn done_to(self, dossier: &mut Dossier, case: Option<&Case>, now: Timestamp) -> Result<Effect, Refused> {
        let Self { by, rules, powers, deed, .. } = self;
        if matches!(deed, Deed::Hold { .. } | Deed::Unhold | Deed::Undo | Deed::Forget) {
            powers.check_supervisor()?;
        }
        match deed {
            Deed::Claim { is_taken_over } => dossier.give(&by, is_taken_over, &powers, now),
            Deed::Release => dossier.release(&by, &powers, now),
            Deed::Decide(conclusion) => {
                // No login waits for a decoy.
                let waits = dossier.decoy.is_some() || case.is_some_and(|case| case.decision.is_none());
                if !waits {
                    return Err(Refused::NotNow);
                }
                dossier.conclude(*conclusion, by, &powers, &rules, now)
            }
            Deed::Turn(slot) => dossier.turn(slot, &by, now),
            Deed::Hold { reason } => dossier.put_on_hold(by, reason, now),
            Deed::Unhold => Ok(dossier.lift_hold()),
            Deed::Undo => {
                let is_decided = dossier.decoy.is_some() || case.is_some_and(|case| case.decision.is_some());
                dossier.reopen(is_decided, &rules, now)
            }
            Deed::Forget => dossier.forget(now),
            Deed::Age | Deed::Load(_) => Ok(Effect::None),
        }
    }

    /// What time does. When pictures were sent is forgotten once it counts no more.
    fn aged(self, standing: Standing, now: Timestamp) -> Result<Ordered, Refused> {
        let sent = standing.counted(&self.rules, now);
        let alarms = standing.alarms.filter(|alarms| now < alarms.until);
        let Some(mut dossier) = standing.dossier else {
            return Ok(Ordered::untold(Standing { dossier: None, sent, alarms }));
        };
        if dossier.number != self.number {
            return Err(Refused::NoCase);
        }
        let Some(due) = due(&dossier, &self.rules, now) else {
            return Ok(Ordered::untold(Standing { dossier: Some(dossier), ..standing }));
        };
        let told = due.told(!dossier.pictures.is_empty());
        let (dossier, effect) = match due {
            Due::Lapsed => {
                let effect = dossier.lapse(now).of(&dossier);
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
            Due::Over => (None, Effect::Closed),
            // No case is open for a draft: what may be there was decided before, and is there to be taken.
            Due::Dropped => (None, Effect::None),
        };
        Ok(Ordered { effect, told, ..Ordered::untold(Standing { dossier, sent, alarms }) })
    }
}

impl Ordered {
    /// That the subject stands so, and nothing else of it.
    const fn untold(standing: Standing) -> Self {
        Self { standing, effect: Effect::None, told: None, verdict: None, is_right: None }
    }
}

impl Effect {
    /// It, where it is of `dossier`: no login waits for a decoy.
    fn of(self, dossier: &Dossier) -> Self {
        if dossier.decoy.is_some() { Self::None } else { self }
    }
}

impl Powers {
    pub(super) fn check_supervisor(&self) -> Result<(), Refused> {
        if self.is_supervisor { Ok(()) } else { Err(Refused::Supervisor) }
    }
}
