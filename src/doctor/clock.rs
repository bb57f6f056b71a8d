//! Whether this machine's clock agrees with another's, which tokens go between.

use std::time::Duration;

use super::finding::Finding;
use super::inquiry::Between;
use crate::verification::time::Timestamp;

const CHECK: &str = "clock";
/// `Date` has whole seconds, cut off.
const GRAIN_SECS: u64 = 1;

/// Whether it agrees with the clock of `whose`, which told its `date` while ours was between two instants.
pub(super) fn agrees(whose: &str, leeway: Duration, date: Option<Timestamp>, (before, after): Between) -> Finding {
    let leeway = leeway.as_secs();
    let Some(date) = date else {
        return Finding::note(CHECK, format!("{whose} tells no date"));
    };
    let (ahead, behind) = (date.until(before).as_secs(), after.until(date).as_secs());
    let ahead = ahead.saturating_sub(GRAIN_SECS);
    let difference = ahead.max(behind);
    if difference > leeway {
        let which = if ahead > behind { "ahead of" } else { "behind" };
        let text = format!("this machine's clock is {difference} s {which} that of {whose}; {leeway} s are tolerated");
        return Finding::problem(CHECK, text, "set it by NTP: timedatectl set-ntp true");
    }
    Finding::ok(CHECK, format!("it agrees with {whose} to {difference} s; {leeway} s are tolerated"))
}
