//! Decoys: cases of which is known who is in them, by which reviewers are kept good. They go through the queue as any other.
//! No login waits for one, none takes what is decided of it, and that is no check: what is counted is what each reviewer made
//! of it. Few frauds make people miss them (the figures are in the literature on comparing faces).
//!
//! Nobody who decides can tell one from a case: it looks as if it had come in the usual way and in the usual time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Standing;
use super::applicant::Via;
use super::dossier::{Consent, Dossier, Filled, Reviewer, Stage, Verdict};
use super::kind::{Cue, DocumentKind, Slot};
use super::order::{Effect, Order, Ordered, Refused};
use super::picture::Brought;
use super::policy::{Policy, slots};
use crate::verification::check::SubjectRecord;
use crate::verification::method::Setting;
use crate::verification::session::id::SessionId;
use crate::verification::subject::IdvId;
use crate::verification::time::Timestamp;

/// What a verdict is called that decides of one.
pub const DECIDED: &str = "a decoy was decided";
/// The shortest that people take from their consent until they send.
const QUICKEST: Duration = Duration::from_mins(2);
/// How much longer they take at the most, in seconds.
const SLOWER: u64 = 6 * 60;
/// The soonest that anybody hears of a decision: pages that wait ask now and then.
const SOONEST: Duration = Duration::from_secs(5);
/// How long who waits for a decision may have to hear of it, in seconds, and who comes back for it.
const WAITING: u64 = 2 * 60;
const COMING_BACK: u64 = 2 * 24 * 60 * 60;

/// That a case is a decoy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoy {
    /// Whether the person is who the document says: to approve is right then, and else to reject.
    pub is_right: bool,
    /// Who loaded it. They review it as little as their own.
    pub by: Reviewer,
    /// Since when it is there to be decided: who agreed when it was loaded might have sent it then.
    pub sent_at: Timestamp,
    /// How long after it is decided it looks as if a login had taken that: until then, it can be taken back as any other.
    pub taken_after: Duration,
}

/// A decoy that is to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Which document is shown.
    pub document: DocumentKind,
    /// What is written on the paper in the applicant's picture, or how they hold their head.
    pub cue: Cue,
    /// The digest of what applicants are told.
    pub notice: [u8; 32],
    /// The pictures, in the order of their slots.
    pub pictures: Vec<(Slot, Brought)>,
    /// Whether the person is who the document says.
    pub is_right: bool,
    /// How long after it is loaded it is there.
    pub takes: Duration,
    /// Drawn at random: what applicants differ in.
    pub chance: Chance,
}

/// What is drawn for a decoy, so that nothing tells it from a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// For who might have sent it.
    pub person: [u8; 16],
    /// For the session that might have sent it.
    pub session: [u8; 16],
    /// For whether two people decide.
    pub second: u32,
    /// For how somebody would have taken the pictures: by a phone, and some of them twice.
    pub manner: u32,
    /// For how soon they would have heard.
    pub hearing: u32,
}

impl Chance {
    /// Whether a phone might have taken the pictures.
    const fn is_by_phone(self) -> bool {
        self.manner & 1 == 1
    }

    /// How many pictures somebody might have taken once more before they looked at them: half of them none.
    fn retakes(self) -> u32 {
        (self.manner >> 1).trailing_ones().min(3)
    }

    /// How soon they might have heard of the decision: half of them wait for it, and half come back.
    fn taken_after(self) -> Duration {
        let longest = if self.hearing & 1 == 0 { WAITING } else { COMING_BACK };
        SOONEST + Duration::from_secs(u64::from(self.hearing >> 1) % longest)
    }
}

/// How long people take from their consent until they send, for whom `chance` was drawn.
#[must_use]
pub fn takes(chance: u32) -> Duration {
    QUICKEST + Duration::from_secs(u64::from(chance) % (SLOWER + 1))
}

impl Decoy {
    /// Whether `verdict` is right; none where it says nothing of who it is.
    #[must_use]
    pub const fn judges(&self, verdict: &Verdict) -> Option<bool> {
        match verdict {
            Verdict::Approve => Some(self.is_right),
            Verdict::Reject(_) => Some(!self.is_right),
            Verdict::AskAgain(_) => None,
        }
    }
}

impl Order {
    /// Loads a decoy for a subject of whom nothing is known: they agree now, and it waits as soon as they might have sent it. From
    /// then on they are somebody whom idv has met, as whoever sends pictures is.
    pub(super) fn load(self, load: Load, setting: &Setting<'_>) -> Result<Ordered, Refused> {
        let Self { number, by, rules, powers, deed: _ } = self;
        powers.check_supervisor()?;
        if setting.is_known || powers.subject.as_ref() == Some(setting.subject) {
            return Err(Refused::Known);
        }
        // The pictures are sealed to the number that they were told.
        if number != setting.next_number {
            return Err(Refused::Changed);
        }
        load.check(number, &rules)?;
        let met = SubjectRecord {
            idv_id: IdvId::from_random(load.chance.person),
            created_at: setting.now.later(load.takes),
            last_check: None,
            key: None,
        };
        let verdict = if load.is_right { Verdict::Approve } else { Verdict::Reject(Vec::new()) }.as_str();
        let dossier = load.dossier(number, by, &rules, setting.now);
        let standing = Standing { dossier: Some(Box::new(dossier)), ..Standing::default() };
        let told = Some(("a decoy was loaded", "decoy-loaded"));
        // Whoever audits sees what was said to be right, long after the decoy is gone.
        Ok(Ordered { standing, effect: Effect::Met(met), told, verdict: Some(verdict), is_right: None })
    }
}

impl Load {
    /// Whether it is all that applicants send under `rules`.
    fn check(&self, number: u64, rules: &Policy) -> Result<(), Refused> {
        let is_whole = slots(self.document, rules.selfie).eq(self.pictures.iter().map(|(slot, _)| *slot));
        let are_its = self.pictures.iter().all(|(_, brought)| (brought.number, brought.picture.round) == (number, 1));
        let fits = rules.kinds.contains(&self.document) && is_whole && are_its;
        if fits { Ok(()) } else { Err(Refused::Incomplete) }
    }

    fn dossier(self, number: u64, by: Reviewer, rules: &Policy, now: Timestamp) -> Dossier {
        let Self { document, cue, notice, pictures, is_right, takes, chance } = self;
        let sent_at = now.later(takes);
        let by_phone = rules.hand_off && chance.is_by_phone();
        let filled = |(slot, Brought { picture, .. })| Filled { slot, picture, is_confirmed: true, via: Via::Browser };
        Dossier {
            number,
            document,
            selfie: rules.selfie,
            cue,
            session: SessionId::from_random(chance.session),
            consent: Consent { at: now, notice },
            round: 1,
            // Each was put and looked at, then all were sent; and a phone was offered and connected.
            revision: 2 * u32::try_from(pictures.len()).unwrap_or_default()
                + chance.retakes()
                + 1
                + 2 * u32::from(by_phone),
            pictures: pictures.into_iter().map(filled).collect(),
            unusable: Vec::new(),
            hand_off: None,
            misses: 0,
            by_phone,
            is_reported: false,
            wants_second: rules.second.is_drawn(chance.second),
            earlier: Vec::new(),
            hold: None,
            stage: Stage::Waiting { since: sent_at, claim: None, verdicts: Vec::new() },
            decoy: Some(Decoy { is_right, by, sent_at, taken_after: chance.taken_after() }),
        }
    }
}

impl Dossier {
    /// Whether it is there `now`. A decoy was never a draft, in which it could not be seen, and is not there for as long.
    #[must_use]
    pub fn is_there(&self, now: Timestamp) -> bool {
        self.decoy.as_ref().is_none_or(|decoy| decoy.sent_at <= now)
    }

    /// Whether `by` loaded it as a decoy.
    pub(super) fn is_loaded_by(&self, by: &Reviewer) -> bool {
        self.decoy.as_ref().is_some_and(|decoy| decoy.by.is(by))
    }

    /// Whether the verdict `given` is right, where it is known.
    pub(super) fn is_right(&self, given: &Verdict) -> Option<bool> {
        self.decoy.as_ref()?.judges(given)
    }
}
