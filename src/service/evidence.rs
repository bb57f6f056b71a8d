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
    let (mut beat, mut shredding) = (beat(SWEEP), Shredding::default());
    loop {
        let is_hastened = tokio::select! {
            _ = beat.tick() => false,
            () = keeper.hastened() => true,
            () = sleep(RETRY), if shredding.is_due => true,
        };
        let (now, keeper) = (clock.now(), keeper.clone());
        let is_due = shredding.comes(is_hastened, now);
        let came = evidence::apart(async move { look_after(&keeper, is_due, now).await }).await;
        shredding.came(&came, now);
        if let Err(error) = came
            && !matches!(error, EvidenceError::Off(Off::Unused))
        {
            Report::EvidenceFailed(&error).tell();
        }
    }
}

/// Whether what was deleted is to be shredded.
#[derive(Default)]
struct Shredding {
    is_due: bool,
    done_on: Option<u64>,
}

impl Shredding {
    /// Whether it is `now`: each day, where somebody is to be forgotten, and as long as it was to be and could not.
    fn comes(&mut self, is_hastened: bool, now: Timestamp) -> bool {
        self.is_due |= is_hastened || self.done_on != Some(now.day());
        self.is_due
    }

    /// What `came` of it, which is how many are left. Where the keys do not open, another try within this process does not
    /// open them either.
    fn came(&mut self, came: &Result<u64, EvidenceError>, now: Timestamp) {
        match came {
            Ok(left) => {
                self.done_on = if self.is_due { Some(now.day()) } else { self.done_on };
                self.is_due &= *left > 0;
            }
            Err(EvidenceError::Off(_)) => self.is_due = false,
            Err(_) => {}
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

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    const NOON: Timestamp = Timestamp::from_unix(1_800_014_400);

    /// One of a day on which it was done.
    fn done() -> Shredding {
        let mut shredding = Shredding::default();
        assert!(shredding.comes(false, NOON), "at the start");
        shredding.came(&Ok(0), NOON);
        shredding
    }

    #[test]
    fn what_was_deleted_is_shredded_once_a_day_and_at_once_where_somebody_is_to_be_forgotten() {
        let mut shredding = done();
        assert!(!shredding.comes(false, NOON) && !shredding.comes(false, NOON.later(Duration::from_secs(43_199))));
        assert!(shredding.comes(true, NOON));
        shredding.came(&Ok(0), NOON);
        assert!(!shredding.is_due);
        assert!(shredding.comes(false, NOON.later(Duration::from_hours(12))), "it is another day");
    }

    /// The next beat of the hour took it for one of those that only sweep, and somebody who was erased stayed until the night.
    #[test]
    fn what_was_wanted_and_could_not_be_is_wanted_at_the_next_beat_too() {
        for came in [Err(EvidenceError::from(io::Error::from(io::ErrorKind::StorageFull))), Ok(1)] {
            let mut shredding = done();
            assert!(shredding.comes(true, NOON));
            shredding.came(&came, NOON);
            assert!(shredding.is_due, "{came:?}: it is tried again soon");
            assert!(shredding.comes(false, NOON), "{came:?}");
            shredding.came(&Ok(0), NOON);
            assert!(!shredding.comes(false, NOON), "{came:?}");
        }
    }

    #[test]
    fn where_the_keys_do_not_open_it_is_not_tried_each_minute() {
        for off in [Off::Unused, Off::Damaged] {
            let mut shredding = done();
            assert!(shredding.comes(true, NOON));
            shredding.came(&Err(EvidenceError::Off(off)), NOON);
            assert!(!shredding.is_due, "{off:?}");
            assert!(shredding.comes(false, NOON.later(Duration::from_hours(24))), "{off:?}: but once a day");
        }
    }
}
