//! How often somebody sent a photo lately without being content with it, in memory. Who tries again and again is shown the way
//! around; nothing is refused for it, so a process that begins anew may begin to count anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::verification::method::document::Slot;
use crate::verification::session::id::SessionId;
use crate::verification::time::Timestamp;

/// So many photos of one slot are many, within so long.
const MANY: usize = 3;
const WITHIN: Duration = Duration::from_mins(10);
/// The most slots that are counted for at once.
const LIMIT: usize = 4096;

/// The photos of each slot. Clones share them.
#[derive(Clone, Default)]
pub struct Tries(Arc<Mutex<HashMap<(SessionId, Slot), Latest>>>);

/// When the latest came, the last of them last.
type Latest = [Option<Timestamp>; MANY];

impl Tries {
    /// One more came for `slot`. Beyond what there is room for, nobody is counted for.
    pub(super) fn count(&self, session: SessionId, slot: Slot, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= LIMIT {
            all.retain(|_, latest| latest[MANY - 1].is_some_and(|last| is_recent(last, now)));
        }
        if all.len() < LIMIT || all.contains_key(&(session, slot)) {
            let latest = all.entry((session, slot)).or_default();
            latest.rotate_left(1);
            latest[MANY - 1] = Some(now);
        }
    }

    /// Whether many came for `slot` lately.
    pub(super) fn are_many(&self, session: SessionId, slot: Slot, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&(session, slot)).and_then(|latest| latest[0]).is_some_and(|first| is_recent(first, now))
    }

    /// Somebody is content with the photo in `slot`.
    pub(super) fn forget(&self, session: SessionId, slot: Slot) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(session, slot));
    }
}

fn is_recent(then: Timestamp, now: Timestamp) -> bool {
    now < then.later(WITHIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(letter: &str) -> SessionId {
        SessionId::parse(&letter.repeat(SessionId::TEXT_LENGTH)).unwrap()
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix(seconds)
    }

    #[test]
    fn three_of_one_slot_in_less_than_ten_minutes_are_many() {
        let tries = Tries::default();
        let own = session("A");
        let are_many = |now| tries.are_many(own, Slot::Front, at(now));
        tries.count(own, Slot::Front, at(0));
        tries.count(own, Slot::Front, at(300));
        assert!(!are_many(300));
        tries.count(own, Slot::Front, at(599));
        assert_eq!([599, 600].map(are_many), [true, false]);
        // The second, the third and a fourth.
        tries.count(own, Slot::Front, at(899));
        assert_eq!([899, 900].map(are_many), [true, false]);
        assert!(!tries.are_many(own, Slot::Back, at(899)) && !tries.are_many(session("Q"), Slot::Front, at(899)));
    }

    #[test]
    fn who_is_content_begins_anew() {
        let tries = Tries::default();
        for _ in 0..4 {
            tries.count(session("A"), Slot::Front, at(0));
        }
        tries.forget(session("A"), Slot::Front);
        assert!(!tries.are_many(session("A"), Slot::Front, at(0)));
    }

    #[test]
    fn there_are_only_so_many_and_those_that_are_old_make_room() {
        let tries = Tries::default();
        let sessions = |count: usize| {
            let text = |number: usize| format!("{number:A<width$}", width = SessionId::TEXT_LENGTH);
            (0..count).map(move |number| SessionId::parse(&text(number)).unwrap())
        };
        sessions(LIMIT).for_each(|session| tries.count(session, Slot::Front, at(0)));
        let count = |now| (0..MANY).for_each(|_| tries.count(session("A"), Slot::Front, at(now)));
        count(599);
        assert!(!tries.are_many(session("A"), Slot::Front, at(599)), "there is no room");
        count(600);
        assert!(tries.are_many(session("A"), Slot::Front, at(600)));
        assert!(tries.0.lock().unwrap().len() < LIMIT);
    }
}
