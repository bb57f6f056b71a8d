//! What anybody can bring about without end has a few lines in the log, and one more that counts the rest.
//!
//! systemd's journal takes 10,000 lines of a service in half a minute (`RateLimitBurst=`) and loses those that come after
//! them, whatever they are about. All causes together write a tenth of that, so that there is room for what is said of
//! people's sessions, of operators' acts and of our own errors.
//!
//! Time is the beat of [`Noise::report`]: a second.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::allowance::Allowance;
use super::clock::beat;
use super::report::Report;

const BEAT: Duration = Duration::from_secs(1);
/// The lines that each cause has in a beat. There are some twenty causes.
const LINES: u32 = 2;
/// The lines that each person's sessions have in a minute, all together: more than a person causes. By session, whoever has
/// begun many would have thousands.
const LINES_OF_A_PERSON: Option<NonZeroU32> = NonZeroU32::new(60);

/// What has a line in the log, and how much had none.
pub struct Noise {
    /// By cause, since the last beat. Empty between beats without any.
    counts: Mutex<BTreeMap<&'static str, Count>>,
    people: Allowance,
    beats: AtomicU32,
}

#[derive(Default)]
struct Count {
    lines: u32,
    /// Those without a line.
    rest: u64,
}

impl Default for Noise {
    fn default() -> Self {
        Self { counts: Mutex::default(), people: Allowance::new(LINES_OF_A_PERSON), beats: AtomicU32::new(0) }
    }
}

impl Noise {
    /// Counts `cause` once more. Returns whether this once has a line of its own.
    pub fn has_line(&self, cause: &'static str) -> bool {
        let mut counts = self.counts();
        let count = counts.entry(cause).or_default();
        let has_line = count.lines < LINES;
        if has_line {
            count.lines += 1;
        } else {
            count.rest += 1;
        }
        has_line
    }

    /// Counts `cause` once more, which has no lines of its own.
    pub fn count(&self, cause: &'static str) {
        self.counts().entry(cause).or_default().rest += 1;
    }

    /// Whether an authentic session of `person` has one more line, which is none of any cause's.
    pub fn person_has_line(&self, person: impl Hash) -> bool {
        let has_line = self.people.admits(person, BEAT * self.beats.load(Ordering::Relaxed));
        if !has_line {
            self.count("of_one_person");
        }
        has_line
    }

    /// Ends a beat each second, for ever.
    pub async fn report(&self) {
        let mut beat = beat(BEAT);
        loop {
            beat.tick().await;
            self.tell();
        }
    }

    /// Ends a beat: what had no line in it is counted in one.
    pub fn tell(&self) {
        self.beats.fetch_add(1, Ordering::Relaxed);
        let counts = std::mem::take(&mut *self.counts());
        let rest: Vec<_> = counts.into_iter().filter(|(_, count)| count.rest > 0).collect();
        if !rest.is_empty() {
            let count: u64 = rest.iter().map(|(_, count)| count.rest).sum();
            let causes: Vec<_> = rest.iter().map(|(cause, count)| format!("{cause} {}", count.rest)).collect();
            Report::AlsoRefused { count, causes: &causes.join(", ") }.tell();
        }
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{Read, Seek};
    use std::sync::Arc;

    /// The lines that `work` writes.
    fn lines_of(work: impl FnOnce()) -> Vec<serde_json::Value> {
        let mut lines = tempfile::tempfile().unwrap();
        let writer = Arc::new(File::try_clone(&lines).unwrap());
        let logger = tracing_subscriber::fmt().json().flatten_event(true).with_writer(writer).finish();
        tracing::subscriber::with_default(logger, work);
        let mut text = String::new();
        lines.rewind().unwrap();
        lines.read_to_string(&mut text).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn told(lines: &[serde_json::Value]) -> Vec<(Option<u64>, Option<&str>)> {
        lines.iter().map(|line| (line["count"].as_u64(), line["causes"].as_str())).collect()
    }

    #[test]
    fn the_first_of_each_cause_have_lines_and_the_rest_are_counted_in_one() {
        let noise = Noise::default();
        let lines = lines_of(|| {
            assert_eq!([(); 4].map(|()| noise.has_line("signature")), [true, true, false, false]);
            assert_eq!([(); 3].map(|()| noise.has_line("no_session")), [true, true, false], "another cause");
            noise.count("not_found");
            noise.tell();
        });
        assert_eq!(told(&lines), [(Some(4), Some("no_session 1, not_found 1, signature 2"))]);
        assert_eq!((lines[0]["level"].as_str(), lines[0]["message"].as_str()), (Some("WARN"), Some("also refused")));
    }

    #[test]
    fn each_beat_begins_anew_and_one_in_which_all_had_lines_says_nothing() {
        let noise = Noise::default();
        let lines = lines_of(|| {
            for _ in 0..3 {
                noise.tell();
                assert_eq!([(); 2].map(|()| noise.has_line("signature")), [true, true]);
            }
            noise.tell();
            noise.tell();
        });
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[test]
    fn a_person_has_lines_whatever_others_do_and_no_more_than_a_person_causes() {
        let noise = Noise::default();
        let lines = lines_of(|| {
            assert_eq!((0..100).filter(|_| noise.has_line("signature")).count(), 2);
            assert_eq!((0..100).filter(|_| noise.person_has_line("one")).count(), 60);
            noise.tell();
            assert_eq!((0..100).filter(|_| noise.person_has_line("one")).count(), 1, "a second later");
            // One of them may share the first one's place.
            assert!(["another", "a third"].into_iter().any(|person| noise.person_has_line(person)));
        });
        assert_eq!(told(&lines), [(Some(138), Some("of_one_person 40, signature 98"))]);
    }
}
