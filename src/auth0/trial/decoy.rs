//! A decoy for the trial's console: the document of one person and the photo of another, whom nobody should take for the same.

use std::time::Duration;

use tokio::task::spawn_blocking;

use super::model::DOMAIN;
use super::specimen::Specimen;
use crate::control::method::document::decoy::{self, Decoy};
use crate::control::{self, Office};
use crate::ops::{account, random};
use crate::picture::develop::develop;
use crate::picture::gate::{SIDES, admit};
use crate::picture::{Picture, Refused};
use crate::verification::method::document::kind::{Cue, DocumentKind, Slot};
use crate::web::notice_digest;

/// Whose document it is.
const NAME: &str = "Mary Shelley";
/// Whose looks the document has, and the selfie.
const LOOKS: [usize; 2] = [0, 1];

/// Loads one, by the same act as the console does. False where that failed.
pub(super) async fn load(office: &Office) -> bool {
    let user_id = format!("auth0|{}", data_encoding::HEXLOWER.encode(&random::bytes::<5>()));
    let Ok(subject) = control::subject(&office.config, DOMAIN, user_id) else { return false };
    let cue = Cue::from_random(random::bytes());
    let notice = notice_digest(office.config.lasting.document.of(&subject.tenant));
    let Ok(Ok(pictures)) = spawn_blocking(move || drawn(cue)).await else { return false };
    let document = DocumentKind::Passport;
    // Nobody waits for a trial.
    let decoy = Decoy { subject, document, cue, notice, pictures, is_right: false, takes: Duration::ZERO };
    decoy::load(office, account::own(), None, decoy).await.is_ok()
}

/// Its pictures, of which the second shows the code of `cue`.
fn drawn(cue: Cue) -> Result<Vec<(Slot, Picture)>, Refused> {
    let [document, selfie] = LOOKS;
    let made = |jpeg: Vec<u8>| develop(&jpeg, admit(&jpeg, &SIDES)?);
    let selfie = made(Specimen::Selfie.jpeg(selfie, NAME, &format!("Acme {}", cue.code())))?;
    Ok(vec![(Slot::Front, made(Specimen::Passport.jpeg(document, NAME, ""))?), (Slot::Selfie, selfie)])
}
