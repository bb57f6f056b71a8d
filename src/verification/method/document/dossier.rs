//! One attempt of a subject to be verified by document, and where it stands.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::applicant::Via;
use super::checklist::Checklist;
use super::decoy::Decoy;
use super::hand_off::{self, Alarms, CodeHash, HandOff};
use super::kind::{Cue, DocumentKind, Selfie, Slot};
use super::picture::Picture;
use super::policy::slots;
use super::reason::{AskReason, InnerReason, RejectReason};
use crate::verification::account::Account;
use crate::verification::object::ObjectId;
use crate::verification::session::id::SessionId;
use crate::verification::time::{LOGIN_LIFETIME, Timestamp};

/// How long a reviewer has a case to themselves after their last act in it.
pub const CLAIM: Duration = Duration::from_mins(15);

/// Where an attempt may stand.
pub const STATES: [&str; 8] =
    ["draft", "waiting", "waiting_for_second", "disputed", "asked_again", "approved", "rejected", "lapsed"];

/// What a verdict is called by which the applicant is verified.
pub const APPROVE: &str = "approve";

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    /// What people call it. Numbers rise with time and name one case each.
    pub number: u64,
    /// Which document is shown.
    pub document: DocumentKind,
    /// What the applicant's own picture shows.
    pub selfie: Selfie,
    /// What was drawn for this round.
    pub cue: Cue,
    /// The session that it is a draft of, or that sent it last.
    pub session: SessionId,
    /// To what the applicant agreed.
    pub consent: Consent,
    /// How often pictures were asked for: from one on.
    pub round: u8,
    /// The pictures that there are, in the order of their slots.
    pub pictures: Vec<Filled>,
    /// Keyed digests of pictures that a reviewer found unusable.
    pub unusable: Vec<[u8; 32]>,
    /// What was handed over to a phone.
    pub hand_off: Option<HandOff>,
    /// Wrong words and reports at hand-offs.
    pub misses: u8,
    /// Whether a phone took any picture.
    pub by_phone: bool,
    /// Whether somebody said that a hand-off was not theirs.
    pub is_reported: bool,
    /// Whether two people decide.
    pub wants_second: bool,
    /// What reviewers came to that came to nothing, in order: better pictures were wanted, and who wanted them is the last, or it
    /// was taken back, or nobody decided in time.
    pub earlier: Vec<Given>,
    /// Why nothing of it may be deleted, where that is so.
    pub hold: Option<Hold>,
    /// Rises with every change: what was decided is what was seen.
    pub revision: u32,
    /// Where it stands.
    pub stage: Stage,
    /// What is known of who is in it, where that is known: it is looked at as any other, and nobody is verified by it.
    pub decoy: Option<Decoy>,
}

/// Where a dossier stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The applicant takes pictures in the session that began it.
    Draft {
        /// When nothing of it is kept any more.
        until: Timestamp,
    },
    /// The organisation looks at it.
    Waiting {
        /// When it was sent.
        since: Timestamp,
        /// Who has it to themselves.
        claim: Option<Claim>,
        /// What was decided of it. Two that differ wait for a supervisor.
        verdicts: Vec<Given>,
    },
    /// Better pictures are wanted.
    AskedAgain {
        /// Which, and why.
        wanted: Vec<(Slot, AskReason)>,
        /// When it lapses.
        until: Timestamp,
    },
    /// It was decided.
    Decided {
        /// When.
        at: Timestamp,
        /// Whether the applicant is verified.
        is_verified: bool,
        /// By whom, and why.
        verdicts: Vec<Given>,
        /// When a login took it, or none could any more; of a decoy, when it seems so.
        closed_at: Option<Timestamp>,
    },
    /// Nobody came, or nobody looked at it in time.
    Lapsed {
        /// When.
        at: Timestamp,
        /// Whether it was the applicant for whom it waited.
        was_asked: bool,
    },
}

/// A picture in its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// Which.
    pub slot: Slot,
    /// The picture.
    pub picture: Picture,
    /// Whether the applicant looked at it and wants it so.
    pub is_confirmed: bool,
    /// Where it was taken.
    pub via: Via,
}

/// What the applicant agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// When.
    pub at: Timestamp,
    /// The digest of what they read.
    #[serde(with = "crate::verification::hex")]
    pub notice: [u8; 32],
}

/// Who decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewer {
    /// As the machine or the sign-in proves it.
    pub account: Account,
    /// By their own word, at a terminal.
    pub claimed: Option<String>,
}

/// A reviewer has a case to themselves for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub by: Reviewer,
    /// Since when.
    pub since: Timestamp,
    /// The instant from which it is anybody's.
    pub until: Timestamp,
}

/// What a reviewer comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The applicant is verified.
    Approve,
    /// They are not. At least one reason.
    Reject(Vec<RejectReason>),
    /// Better pictures are wanted. At least one.
    AskAgain(Vec<(Slot, AskReason)>),
}

/// A verdict that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// By whom.
    pub by: Reviewer,
    /// When.
    pub at: Timestamp,
    /// Since when they had the case to themselves; none at a terminal.
    pub claimed_at: Option<Timestamp>,
    /// What.
    pub verdict: Verdict,
    /// What they answered.
    pub checklist: Checklist,
    /// What is never told.
    pub inner: Vec<InnerReason>,
    /// What they note for colleagues. It goes with the pictures.
    pub note: Option<String>,
}

/// Why nothing may be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who ordered it.
    pub by: Reviewer,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Reviewer {
    /// Whether `other` is the same, as far as that is proven: a name by somebody's own word tells nobody from another.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.account == other.account
    }
}

impl Filled {
    /// Whether it is shown to the applicant where they act `via`: a phone sees what it took itself.
    #[must_use]
    pub fn is_seen_by(&self, via: Via) -> bool {
        match via {
            Via::Browser => true,
            Via::Phone(_) => self.via == via,
        }
    }
}

impl Verdict {
    /// Its name without its reasons, as in the audit log and commands.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Approve => APPROVE,
            Self::Reject(_) => "reject",
            Self::AskAgain(_) => "ask_again",
        }
    }

    /// Whether both come to the same.
    #[must_use]
    pub const fn agrees_with(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::Approve, Self::Approve)
                | (Self::Reject(_), Self::Reject(_))
                | (Self::AskAgain(_), Self::AskAgain(_))
        )
    }
}

impl Dossier {
    /// The slots that have to be filled.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        slots(self.document, self.selfie)
    }

    /// The picture in `slot`, if there is one.
    #[must_use]
    pub fn filled(&self, slot: Slot) -> Option<&Filled> {
        self.pictures.iter().find(|filled| filled.slot == slot)
    }

    /// The pictures that were sent. What the applicant takes is for nobody else until then.
    pub fn sent(&self) -> impl Iterator<Item = &Filled> {
        self.pictures.iter().filter(|filled| !self.wants(filled.slot))
    }

    /// The picture in `slot`, if there is one that is shown where the applicant acts `via`.
    #[must_use]
    pub fn seen(&self, slot: Slot, via: Via) -> Option<&Filled> {
        self.filled(slot).filter(|filled| filled.is_seen_by(via))
    }

    /// Why `slot` is asked for again, if it is.
    #[must_use]
    pub fn asked_again(&self, slot: Slot) -> Option<AskReason> {
        let Stage::AskedAgain { wanted, .. } = &self.stage else { return None };
        wanted.iter().find(|(wanted, _)| *wanted == slot).map(|(_, reason)| *reason)
    }

    /// Whether a picture may be put into `slot`.
    #[must_use]
    pub fn wants(&self, slot: Slot) -> bool {
        match &self.stage {
            Stage::Draft { .. } => self.slots().any(|of_document| of_document == slot),
            Stage::AskedAgain { .. } => self.asked_again(slot).is_some(),
            Stage::Waiting { .. } | Stage::Decided { .. } | Stage::Lapsed { .. } => false,
        }
    }

    /// The first slot without a picture that the applicant wants so; none if it can be sent.
    #[must_use]
    pub fn next_slot(&self) -> Option<Slot> {
        self.slots().find(|slot| self.filled(*slot).is_none_or(|filled| !filled.is_confirmed))
    }

    /// Whether somebody decides of it, or the applicant is to send better pictures.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. } | Stage::AskedAgain { .. })
    }

    /// Whether it was decided, and no login took that by `now`.
    #[must_use]
    pub fn is_untaken(&self, now: Timestamp) -> bool {
        matches!(&self.stage, Stage::Decided { closed_at, .. } if closed_at.is_none_or(|closed_at| now < closed_at))
    }

    /// Who has it to themselves `now`.
    #[must_use]
    pub fn claim(&self, now: Timestamp) -> Option<&Claim> {
        let Stage::Waiting { claim, .. } = &self.stage else { return None };
        claim.as_ref().filter(|claim| now < claim.until)
    }

    /// What was decided of it so far.
    #[must_use]
    pub fn verdicts(&self) -> &[Given] {
        match &self.stage {
            Stage::Waiting { verdicts, .. } | Stage::Decided { verdicts, .. } => verdicts,
            Stage::Draft { .. } | Stage::AskedAgain { .. } | Stage::Lapsed { .. } => &[],
        }
    }

    /// Whether two reviewers differ, so that a supervisor settles it.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        let Stage::Waiting { verdicts, .. } = &self.stage else { return false };
        matches!(verdicts.as_slice(), [one, other] if !one.verdict.agrees_with(&other.verdict))
    }

    /// Whether a phone may be handed over to.
    #[must_use]
    pub const fn may_hand_off(&self) -> bool {
        self.misses < hand_off::MISSES
    }

    /// What went wrong at its hand-offs, if anything did, for the next attempt in its session.
    #[must_use]
    pub fn alarms(&self, now: Timestamp) -> Option<Alarms> {
        let Self { session, misses, is_reported, .. } = *self;
        (misses > 0).then(|| Alarms { session, misses, is_reported, until: now.later(LOGIN_LIFETIME) })
    }

    /// Whether the phone that used the code of `hash` may put pictures.
    #[must_use]
    pub fn is_connected(&self, hash: &CodeHash) -> bool {
        self.hand_off.as_ref().is_some_and(|hand_off| hand_off.is_connected(hash))
    }

    /// Where it stands, in a word of [`STATES`].
    #[must_use]
    pub fn state(&self) -> &'static str {
        match &self.stage {
            Stage::Draft { .. } => "draft",
            Stage::Waiting { .. } if self.is_disputed() => "disputed",
            Stage::Waiting { verdicts, .. } if !verdicts.is_empty() => "waiting_for_second",
            Stage::Waiting { .. } => "waiting",
            Stage::AskedAgain { .. } => "asked_again",
            Stage::Decided { is_verified: true, .. } => "approved",
            Stage::Decided { is_verified: false, .. } => "rejected",
            Stage::Lapsed { .. } => "lapsed",
        }
    }

    /// Since when somebody is to decide of it; none if nobody is.
    #[must_use]
    pub const fn waits_since(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::Waiting { since, .. } => Some(*since),
            Stage::Draft { .. } | Stage::AskedAgain { .. } | Stage::Decided { .. } | Stage::Lapsed { .. } => None,
        }
    }

    /// The pictures that it names.
    pub fn objects(&self) -> impl Iterator<Item = ObjectId> {
        self.pictures.iter().map(|filled| filled.picture.object)
    }

    /// The digests of its pictures, in the order of their slots.
    #[must_use]
    pub fn digests(&self) -> Vec<[u8; 32]> {
        self.pictures.iter().map(|filled| filled.picture.digest).collect()
    }

    /// What is left of it in a store that was restored from a backup, which has no pictures. Nobody would send better ones of a
    /// decoy.
    pub(super) fn restored(mut self) -> Option<Self> {
        if self.decoy.is_some() {
            return None;
        }
        if self.is_open() {
            self.set_aside();
        }
        self.bare();
        let stage = match self.stage {
            Stage::Draft { .. } => return None,
            Stage::Waiting { since, .. } => {
                let wanted = slots(self.document, self.selfie).map(|slot| (slot, AskReason::Restored)).collect();
                Stage::AskedAgain { wanted, until: since.later(super::due::RESTORED) }
            }
            Stage::AskedAgain { until, .. } => {
                let wanted = slots(self.document, self.selfie).map(|slot| (slot, AskReason::Restored)).collect();
                Stage::AskedAgain { wanted, until }
            }
            stage @ (Stage::Decided { .. } | Stage::Lapsed { .. }) => stage,
        };
        Some(Self { hand_off: None, revision: self.revision.wrapping_add(1), stage, ..self })
    }

    /// It, once a login took what was decided.
    pub(super) fn delivered(self, now: Timestamp) -> Self {
        let stage = match self.stage {
            Stage::Decided { at, is_verified, verdicts, closed_at } => {
                Stage::Decided { at, is_verified, verdicts, closed_at: closed_at.or(Some(now)) }
            }
            stage => stage,
        };
        Self { stage, ..self }
    }
}
