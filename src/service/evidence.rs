//! What the service does about pictures beside the logins: sweeps, and shreds what was deleted.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::config::{Config, Problem};
use crate::control::evidence::unfit;
use crate::evidence::{self, EvidenceError, Keeper, Off};
use crate::ops::clock::{Clock, beat};
use crate::ops::report::Report;
use crate::verification::time::Timestamp;

/// How often files are swept that nobody names.
const SWEEP: Duration = Duration::from_hours(1);
/// How soon it is tried again to shred what could not be.
const RETRY: Duration = Duration::from_mins(1);
const DAY: u64 = 24 * 60 * 60;

/// Has pictures taken in, where `config` wants some, and looked after, where there are any.
pub(super) fn begin(config: &Config, keeper: &Keeper) -> Result<(), Problem> {
    if !config.methods.iter().any(|method| method.kind().takes_photos()) && !keeper.is_there() {
        return Ok(());
    }
    keeper.limit_to(config.evidence.space);
    keeper.begin().map_err(|error| unfit(config, &error))
}

/// Sweeps at the start and each hour. Shreds at the start, each night, at once where somebody is to be forgotten, and again
/// soon where that failed.
pub(super) async fn tend(keeper: Arc<Keeper>, clock: Clock) {
    let (mut beat, mut rotated_on, mut is_due) = (beat(SWEEP), None, false);
    loop {
        let is_hastened = tokio::select! {
            _ = beat.tick() => false,
            () = keeper.hastened() => true,
            () = sleep(RETRY), if is_due => true,
        };
        let now = clock.now();
        // What was wanted and could not be is wanted yet.
        is_due |= is_hastened || rotated_on != Some(day(now));
        let (keeper, is_wanted) = (keeper.clone(), is_due);
        match evidence::apart(async move { look_after(&keeper, is_wanted, now).await }).await {
            Ok(left) => {
                rotated_on = if is_due { Some(day(now)) } else { rotated_on };
                is_due = is_due && left > 0;
            }
            Err(EvidenceError::Off(Off::Unused)) => is_due = false,
            Err(error) => {
                // Where the keys do not open, another try within this process does not open them either.
                is_due &= !matches!(error, EvidenceError::Off(_));
                Report::EvidenceFailed(&error).tell();
            }
        }
    }
}

/// Returns how many pictures are deleted and could not be shredded.
async fn look_after(keeper: &Keeper, is_to_be_rotated: bool, now: Timestamp) -> Result<u64, EvidenceError> {
    // A file that cannot be swept keeps none from being shredded.
    let left = if is_to_be_rotated { keeper.rotate(now).await.map(|rotated| rotated.left) } else { Ok(0) };
    let swept = keeper.sweep().await?;
    if swept.missing > 0 {
        Report::EvidenceMissing(swept.missing).tell();
    }
    if swept.removed > 0 {
        Report::EvidenceSwept(swept.removed).tell();
    }
    left
}

const fn day(now: Timestamp) -> u64 {
    now.as_unix() / DAY
}
