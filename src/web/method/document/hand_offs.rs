//! What computers show to be opened on phones, in memory: for five minutes, until it is used or forgotten. A process that
//! begins anew has none of them, and another code is asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::verification::method::document::hand_off::{Code, CodeHash, LIFETIME};
use crate::verification::session::id::SessionId;
use crate::verification::time::Timestamp;

/// The most that there are at once. Beyond that, people go on where they are.
const LIMIT: usize = 4096;

/// Those that may be opened. Clones share them.
#[derive(Clone, Default)]
pub struct HandOffs(Arc<Mutex<HashMap<CodeHash, Offer>>>);

/// One of them.
#[derive(Clone)]
pub(super) struct Offer {
    pub(super) code: Code,
    /// The right of the phone that uses it, sealed for it.
    pub(super) right: String,
    /// In which session, which that names too.
    pub(super) session: SessionId,
    made_at: Timestamp,
}

impl Offer {
    pub(super) fn new(code: Code, right: String, session: SessionId, made_at: Timestamp) -> Self {
        Self { code, right, session, made_at }
    }

    fn is_good(&self, now: Timestamp) -> bool {
        now < self.made_at.later(LIFETIME)
    }
}

impl HandOffs {
    /// Keeps `offer` for whoever opens the code of `hash`, in the place of what its session offered before. False if there is
    /// no room for it.
    pub(super) fn keep(&self, hash: CodeHash, offer: Offer) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = offer.made_at;
        all.retain(|_, other| other.session != offer.session && other.is_good(now));
        let has_room = all.len() < LIMIT;
        if has_room {
            all.insert(hash, offer);
        }
        has_room
    }

    /// What the code of `hash` opens `now`.
    pub(super) fn get(&self, hash: &CodeHash, now: Timestamp) -> Option<Offer> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(hash).filter(|offer| offer.is_good(now)).cloned()
    }

    /// The code of `hash` is used up.
    pub(super) fn forget(&self, hash: &CodeHash) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of session `number`.
    fn offer(number: usize, made_at: u64) -> Offer {
        let session = postcard::from_bytes(&(number as u128).to_be_bytes()).unwrap();
        Offer::new(Code::from_random([7; Code::LENGTH]), String::new(), session, Timestamp::from_unix(made_at))
    }

    fn hash(number: usize) -> CodeHash {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_le_bytes());
        CodeHash::from_bytes(hash)
    }

    #[test]
    fn what_is_shown_is_opened_in_its_time_and_not_once_it_is_used() {
        let all = HandOffs::default();
        assert!(all.keep(hash(1), offer(1, 0)));
        let is_there = |number, now| all.get(&hash(number), Timestamp::from_unix(now)).is_some();
        assert_eq!(
            [(1, 0), (1, 299), (1, 300), (2, 0)].map(|(number, now)| is_there(number, now)),
            [true, true, false, false]
        );
        all.forget(&hash(1));
        assert!(!is_there(1, 0));
    }

    #[test]
    fn there_are_only_so_many_and_those_that_are_over_make_room() {
        let all = HandOffs::default();
        assert!((0..LIMIT).all(|number| all.keep(hash(number), offer(number, 0))));
        assert!(!all.keep(hash(LIMIT), offer(LIMIT, 299)));
        assert!(all.keep(hash(LIMIT), offer(LIMIT, 300)));
        assert!(all.get(&hash(LIMIT), Timestamp::from_unix(300)).is_some());
    }

    /// Three people who asked for one after the other left nobody else a code.
    #[test]
    fn a_session_offers_one_at_a_time() {
        let all = HandOffs::default();
        let is_there = |number| all.get(&hash(number), Timestamp::from_unix(0)).is_some();
        assert!(all.keep(hash(1), offer(1, 0)) && all.keep(hash(2), offer(2, 0)));
        assert!(all.keep(hash(3), offer(1, 0)));
        assert_eq!([1, 2, 3].map(is_there), [false, true, true]);
        assert!((4..LIMIT + 4).all(|number| all.keep(hash(number), offer(1, 0))));
        assert!(all.keep(hash(0), offer(3, 0)), "and leaves room for others");
    }
}
