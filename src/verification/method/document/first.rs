//! What earlier versions kept: no attempt was a decoy.

use serde::Deserialize;

use super::dossier::{Consent, Filled, Given, Hold, Stage};
use super::hand_off::{Alarms, HandOff};
use super::kind::{Cue, DocumentKind, Selfie};
use crate::verification::session::id::SessionId;
use crate::verification::time::Timestamp;

#[derive(Deserialize)]
pub(in crate::verification::method) struct Standing {
    dossier: Option<Box<Dossier>>,
    sent: Vec<Timestamp>,
    alarms: Option<Alarms>,
}

#[derive(Deserialize)]
struct Dossier {
    number: u64,
    document: DocumentKind,
    selfie: Selfie,
    cue: Cue,
    session: SessionId,
    consent: Consent,
    round: u8,
    pictures: Vec<Filled>,
    unusable: Vec<[u8; 32]>,
    hand_off: Option<HandOff>,
    misses: u8,
    by_phone: bool,
    is_reported: bool,
    wants_second: bool,
    earlier: Vec<Given>,
    hold: Option<Hold>,
    revision: u32,
    stage: Stage,
}

impl From<Standing> for super::Standing {
    fn from(Standing { dossier, sent, alarms }: Standing) -> Self {
        Self { dossier: dossier.map(|dossier| Box::new((*dossier).into())), sent, alarms }
    }
}

impl From<Dossier> for super::Dossier {
    fn from(first: Dossier) -> Self {
        Self {
            number: first.number,
            document: first.document,
            selfie: first.selfie,
            cue: first.cue,
            session: first.session,
            consent: first.consent,
            round: first.round,
            pictures: first.pictures,
            unusable: first.unusable,
            hand_off: first.hand_off,
            misses: first.misses,
            by_phone: first.by_phone,
            is_reported: first.is_reported,
            wants_second: first.wants_second,
            earlier: first.earlier,
            hold: first.hold,
            revision: first.revision,
            stage: first.stage,
            decoy: None,
        }
    }
}
