//! What the applicant does, and what comes of it.

use serde::{Deserialize, Serialize};

use super::dossier::{Consent, Dossier, Filled, Stage};
use super::due::DRAFT;
use super::hand_off::{self, CodeHash, HandOff, Phase};
use super::kind::{Cue, DocumentKind, Slot};
use super::picture::Brought;
use super::{Rules, Standing};
use crate::verification::event::Severity;
use crate::verification::method::Circumstances;
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::time::Timestamp;

/// What an applicant does, under the rules of their tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// What.
    pub act: Act,
    /// The rules.
    pub rules: Rules,
    /// Where.
    pub via: Via,
}

/// Where an applicant acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Via {
    /// In the browser of their session.
    Browser,
    /// On the phone that used the code of this digest.
    Phone(CodeHash),
}

/// What an applicant can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// They agree, and choose a document.
    Begin {
        /// Which.
        document: DocumentKind,
        /// The digest of what they read.
        notice: [u8; 32],
        /// For the first round: such as nobody can tell before.
        cue: Cue,
        /// For whether two people decide: drawn at random.
        draw: u32,
        /// Whether what is open is withdrawn for it.
        is_anew: bool,
    },
    /// They put a picture into a slot.
    Put {
        /// Which.
        slot: Slot,
        /// The picture.
        brought: Box<Brought>,
    },
    /// They looked at the picture in a slot, and want it so.
    Keep {
        /// Which.
        slot: Slot,
        /// The picture that they looked at.
        object: ObjectId,
    },
    /// They send the pictures.
    Send,
    /// They want it to end, with nothing of it kept.
    Withdraw,
    /// They want to go on with a phone: this code is for it.
    OfferPhone(CodeHash),
    /// On the phone they tapped a word.
    TapWord(u8),
    /// On the phone they said that it is not theirs.
    Report,
    /// They want the phone cut off.
    CutPhone,
}

/// What becomes of the session by an act, and what the applicant is told. It goes on in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Judgement {
    /// Nothing.
    Told(Told),
    /// A case is open for it from now on.
    Opened(Told),
    /// No case is open for it any more.
    Withdrawn(Told),
}

/// What the applicant is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It has begun.
    Begun,
    /// The picture is there to be looked at.
    Shown(Slot),
    /// The picture is wanted so.
    Kept,
    /// The pictures were sent.
    Sent,
    /// Nothing of it is kept.
    Withdrawn,
    /// The code may be used.
    PhoneOffered,
    /// The phone is connected.
    PhoneConnected,
    /// No phone is connected any more.
    PhoneCut,
    /// It is noted that somebody else began it.
    Reported,
    /// The act is refused.
    Refused(Refusal),
}

/// Why an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The document is not accepted.
    NotAccepted,
    /// Another case of the applicant is open.
    OtherOpen,
    /// There is nothing of the applicant's that it could be done to.
    NothingOpen,
    /// No picture is wanted there.
    NotWanted,
    /// This very picture could not be used before.
    Unusable(Slot),
    /// It is another picture than the one that was looked at.
    Changed(Slot),
    /// A picture is missing.
    Incomplete(Slot),
    /// Pictures were sent too often, until then.
    TooOften {
        /// From when on they may be sent.
        until: Timestamp,
    },
    /// The code cannot be used, or is used up.
    CodeOver,
    /// It was the wrong word.
    WrongWord,
    /// The phone is connected no more.
    PhoneGone,
    /// No phone can be handed over to any more.
    NoHandOff,
    /// Nothing of it may be deleted at present.
    Held,
}

impl Told {
    /// What is recorded of it; none where nothing is.
    pub(in crate::verification::method) const fn action(self) -> Option<&'static str> {
        match self {
            Self::Begun => Some("case-begun"),
            Self::Sent => Some("case-sent"),
            Self::Withdrawn => Some("case-withdrawn"),
            Self::PhoneConnected => Some("handoff-used"),
            Self::Reported => Some("handoff-reported"),
            Self::Shown(_) | Self::Kept | Self::PhoneOffered | Self::PhoneCut | Self::Refused(_) => None,
        }
    }

    pub(in crate::verification::method) const fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Refused(Refusal::WrongWord) => Some("wrong_word"),
            _ => None,
        }
    }

    pub(in crate::verification::method) const fn line(self) -> Option<(Severity, &'static str)> {
        match self {
            Self::Begun => Some((Severity::Info, "a case was begun")),
            Self::Sent => Some((Severity::Info, "a case was sent")),
            Self::Withdrawn => Some((Severity::Info, "a case was withdrawn")),
            Self::PhoneConnected => Some((Severity::Info, "a phone was handed over to")),
            Self::Reported => Some((Severity::Warn, "a hand-off was reported as somebody else's")),
            Self::Refused(Refusal::WrongWord) => Some((Severity::Warn, "a wrong word was tapped at a hand-off")),
            Self::Shown(_) | Self::Kept | Self::PhoneOffered | Self::PhoneCut | Self::Refused(_) => None,
        }
    }
}

impl Applied {
    /// The picture that it brings, with what is kept of its sealed bytes.
    #[must_use]
    pub fn object(&self) -> Option<(ObjectId, ObjectRecord)> {
        let Act::Put { brought, .. } = &self.act else { return None };
        Some((brought.picture.object, brought.record))
    }
}

impl Standing {
    /// The applicant's attempt, whichever session it is of. A decoy is nobody's, and nobody hears of it.
    #[must_use]
    pub fn own(&self) -> Option<&Dossier> {
        self.dossier.as_deref().filter(|dossier| dossier.decoy.is_none())
    }

    /// The applicant's attempt, if it is this session's to go on with: its own draft, or a case that counts for it.
    #[must_use]
    pub fn theirs(&self, circumstances: &Circumstances<'_>) -> Option<&Dossier> {
        self.own().filter(|dossier| match dossier.stage {
            Stage::Draft { until } => dossier.session == circumstances.session && circumstances.now < until,
            Stage::Waiting { .. } | Stage::AskedAgain { .. } | Stage::Decided { .. } | Stage::Lapsed { .. } => {
                circumstances.case.is_some()
            }
        })
    }

    /// When pictures may be sent again, if that is later than now.
    #[must_use]
    pub fn sends_again(&self, rules: &Rules, now: Timestamp) -> Option<Timestamp> {
        let counted = self.counted(rules, now);
        let excess = counted.len().checked_sub(rules.submissions.into())?;
        counted.get(excess).map(|sent| sent.later(rules.window))
    }

    pub(super) fn counted(&self, rules: &Rules, now: Timestamp) -> Vec<Timestamp> {
        self.sent.iter().copied().filter(|sent| now < sent.later(rules.window)).collect()
    }

    fn count(&mut self, rules: &Rules, now: Timestamp) {
        self.sent = self.counted(rules, now);
        self.sent.push(now);
    }

    /// Judges what an applicant does. Returns how they stand from then on.
    pub fn judge(self, applied: &Applied, circumstances: &Circumstances<'_>) -> (Judgement, Self) {
        let before = self.clone();
        match self.apply(applied, circumstances) {
            Ok(judged) => judged,
            Err(refusal) => (Judgement::Told(Told::Refused(refusal)), before),
        }
    }

    fn apply(self, applied: &Applied, circumstances: &Circumstances<'_>) -> Result<(Judgement, Self), Refusal> {
        let Applied { act, rules, via } = applied;
        if let Act::Begin { .. } = act {
            return match via {
                Via::Browser => self.begin(act, rules, circumstances),
                Via::Phone(_) => Err(Refusal::NotWanted),
            };
        }
        let mut dossier = self.theirs(circumstances).ok_or(Refusal::NothingOpen)?.clone();
        dossier.check_via(*via, act)?;
        let mut standing = self;
        let now = circumstances.now;
        let judgement = match act {
            Act::Begin { .. } => unreachable!("it was looked at before"),
            Act::Put { slot, brought } => Judgement::Told(dossier.put(*slot, brought, *via)?),
            Act::Keep { slot, object } => Judgement::Told(dossier.keep(*slot, *object, *via)?),
            Act::Send => {
                if let Some(until) = standing.sends_again(rules, now) {
                    return Err(Refusal::TooOften { until });
                }
                let told = dossier.send(circumstances)?;
                standing.count(rules, now);
                Judgement::Opened(told)
            }
            Act::Withdraw if dossier.hold.is_some() => return Err(Refusal::Held),
            // No case is open for a draft: what may be there was decided before, and is there to be taken.
            Act::Withdraw if matches!(dossier.stage, Stage::Draft { .. }) => {
                return Ok((Judgement::Told(Told::Withdrawn), standing.without(&dossier, now)));
            }
            Act::Withdraw if dossier.is_open() => {
                return Ok((Judgement::Withdrawn(Told::Withdrawn), standing.without(&dossier, now)));
            }
            Act::Withdraw => return Err(Refusal::NothingOpen),
            Act::OfferPhone(hash) => Judgement::Told(dossier.offer_phone(*hash, rules, now)?),
            Act::TapWord(word) => Judgement::Told(dossier.tap(*via, *word, now)?),
            Act::Report => Judgement::Told(dossier.report(*via)?),
            Act::CutPhone => {
                dossier.hand_off = None;
                Judgement::Told(Told::PhoneCut)
            }
        };
        if standing.dossier.as_deref() != Some(&dossier) {
            dossier.revision = dossier.revision.wrapping_add(1);
        }
        standing.dossier = Some(Box::new(dossier));
        Ok((judgement, standing))
    }

    /// The same without the attempt, of which nothing is kept but what went wrong at its hand-offs.
    fn without(self, dossier: &Dossier, now: Timestamp) -> Self {
        Self { dossier: None, alarms: dossier.alarms(now), ..self }
    }

    fn begin(
        mut self,
        act: &Act,
        rules: &Rules,
        circumstances: &Circumstances<'_>,
    ) -> Result<(Judgement, Self), Refusal> {
        let &Act::Begin { document, notice, cue, draw, is_anew } = act else { return Err(Refusal::NotWanted) };
        let now = circumstances.now;
        if !rules.kinds.contains(&document) {
            return Err(Refusal::NotAccepted);
        }
        let takes_place = self.own().is_some_and(Dossier::is_open);
        if takes_place && !is_anew {
            return Err(Refusal::OtherOpen);
        }
        // What is on hold stays; nobody begins anew over it.
        if self.own().is_some_and(|dossier| dossier.hold.is_some()) {
            return Err(Refusal::Held);
        }
        if let Some(until) = self.sends_again(rules, now) {
            return Err(Refusal::TooOften { until });
        }
        if takes_place {
            self.count(rules, now);
        }
        let withdraws = self.dossier.as_deref().is_some_and(Dossier::is_open);
        let alarms = self.dossier.as_ref().and_then(|dossier| dossier.alarms(now)).or(self.alarms.take());
        let alarms = alarms.filter(|alarms| alarms.session == circumstances.session);
        self.dossier = Some(Box::new(Dossier {
            number: circumstances.next_number,
            document,
            selfie: rules.selfie,
            cue,
            session: circumstances.session,
            consent: Consent { at: now, notice },
            round: 1,
            pictures: Vec::new(),
            unusable: Vec::new(),
            hand_off: None,
            misses: alarms.map_or(0, |alarms| alarms.misses),
            by_phone: false,
            is_reported: alarms.is_some_and(|alarms| alarms.is_reported),
            wants_second: rules.second.is_drawn(draw),
            earlier: Vec::new(),
            hold: None,
            revision: 0,
            stage: Stage::Draft { until: now.later(DRAFT) },
            decoy: None,
        }));
        let judge = if withdraws { Judgement::Withdrawn } else { Judgement::Told };
        Ok((judge(Told::Begun), self))
    }
}

impl Dossier {
    /// A phone puts pictures, and nothing else; it is let in by its code.
    fn check_via(&self, via: Via, act: &Act) -> Result<(), Refusal> {
        match (via, act) {
            (Via::Phone(hash), Act::Put { .. } | Act::Keep { .. }) if self.is_connected(&hash) => Ok(()),
            (Via::Phone(_), Act::Put { .. } | Act::Keep { .. }) => Err(Refusal::PhoneGone),
            (Via::Phone(_), Act::TapWord(_) | Act::Report) => Ok(()),
            (Via::Phone(_), _) | (Via::Browser, Act::TapWord(_) | Act::Report) => Err(Refusal::NotWanted),
            (Via::Browser, _) => Ok(()),
        }
    }

    fn put(&mut self, slot: Slot, brought: &Brought, via: Via) -> Result<Told, Refusal> {
        let picture = brought.picture;
        // While it was on its way, another attempt may have begun, or another round.
        if (brought.number, picture.round) != (self.number, self.round) {
            return Err(Refusal::NothingOpen);
        }
        if !self.wants(slot) {
            return Err(Refusal::NotWanted);
        }
        if self.unusable.contains(&picture.upload) {
            return Err(Refusal::Unusable(slot));
        }
        if self.filled(slot).is_some_and(|filled| filled.picture.upload == picture.upload && filled.via == via) {
            return Ok(Told::Shown(slot));
        }
        if self.hold.is_some() && self.filled(slot).is_some() {
            return Err(Refusal::Held);
        }
        self.pictures.retain(|filled| filled.slot != slot);
        self.pictures.push(Filled { slot, picture, is_confirmed: false, via });
        self.pictures.sort_by_key(|filled| filled.slot);
        self.by_phone |= matches!(via, Via::Phone(_));
        Ok(Told::Shown(slot))
    }

    fn keep(&mut self, slot: Slot, object: ObjectId, via: Via) -> Result<Told, Refusal> {
        if !self.wants(slot) {
            return Err(Refusal::NotWanted);
        }
        let filled = self.pictures.iter_mut().find(|filled| filled.slot == slot).ok_or(Refusal::Incomplete(slot))?;
        if filled.picture.object != object || !filled.is_seen_by(via) {
            return Err(Refusal::Changed(slot));
        }
        filled.is_confirmed = true;
        Ok(Told::Kept)
    }

    fn send(&mut self, circumstances: &Circumstances<'_>) -> Result<Told, Refusal> {
        let is_again = match self.stage {
            Stage::Draft { .. } => false,
            Stage::AskedAgain { .. } => true,
            Stage::Waiting { .. } | Stage::Decided { .. } | Stage::Lapsed { .. } => return Err(Refusal::NothingOpen),
        };
        if let Some(slot) = self.next_slot() {
            return Err(Refusal::Incomplete(slot));
        }
        self.round += u8::from(is_again);
        self.session = circumstances.session;
        self.hand_off = None;
        self.stage = Stage::Waiting { since: circumstances.now, claim: None, verdicts: Vec::new() };
        Ok(Told::Sent)
    }

    fn offer_phone(&mut self, hash: CodeHash, rules: &Rules, now: Timestamp) -> Result<Told, Refusal> {
        if !matches!(self.stage, Stage::Draft { .. } | Stage::AskedAgain { .. }) {
            return Err(Refusal::NothingOpen);
        }
        if !rules.hand_off || !self.may_hand_off() {
            return Err(Refusal::NoHandOff);
        }
        self.hand_off = Some(HandOff::offered(hash, now));
        Ok(Told::PhoneOffered)
    }

    /// A wrong word is the end of its code.
    fn tap(&mut self, via: Via, word: u8, now: Timestamp) -> Result<Told, Refusal> {
        let Via::Phone(hash) = via else { return Err(Refusal::NotWanted) };
        if !self.hand_off.is_some_and(|hand_off| hand_off.admits(&hash, now)) {
            return Err(Refusal::CodeOver);
        }
        if word == hand_off::words(&hash).1 {
            self.hand_off = Some(HandOff { hash, phase: Phase::Connected });
            return Ok(Told::PhoneConnected);
        }
        self.miss();
        Ok(Told::Refused(Refusal::WrongWord))
    }

    fn report(&mut self, via: Via) -> Result<Told, Refusal> {
        let Via::Phone(hash) = via else { return Err(Refusal::NotWanted) };
        if self.hand_off.is_none_or(|hand_off| hand_off.hash != hash) {
            return Err(Refusal::CodeOver);
        }
        self.miss();
        self.is_reported = true;
        Ok(Told::Reported)
    }

    fn miss(&mut self) {
        self.misses = self.misses.saturating_add(1);
        self.hand_off = None;
    }
}
