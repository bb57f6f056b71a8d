//! What computers show to be opened on phones, in memory: for five minutes, until it is used. After that whoever has its page
//! may still say that it is not theirs, as long as the login lasts and there is room. A process that begins anew has none of
//! them, and another code is asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::verification::method::document::hand_off::{Code, CodeHash, LIFETIME};
use crate::verification::session::id::SessionId;
use crate::verification::time::{LOGIN_LIFETIME, Timestamp};

/// The most that there are at once. Beyond that, people go on where they are.
const LIMIT: usize = 4096;

/// Those that were shown. Clones share them.
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
    is_used: bool,
}

impl Offer {
    pub(super) fn new(code: Code, right: String, session: SessionId, made_at: Timestamp) -> Self {
        Self { code, right, session, made_at, is_used: false }
    }

    /// Whether it may be opened `now`.
    pub(super) fn is_good(&self, now: Timestamp) -> bool {
        !self.is_used && now < self.made_at.later(LIFETIME)
    }

    /// Whether its login may last `now`.
    fn is_known(&self, now: Timestamp) -> bool {
        now < self.made_at.later(LOGIN_LIFETIME)
    }
}

impl HandOffs {
    /// Keeps `offer` for whoever opens the code of `hash`, in the place of what its session offered before. False if there is
    /// no room for it.
    pub(super) fn keep(&self, hash: CodeHash, offer: Offer) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = offer.made_at;
        all.retain(|_, other| other.session != offer.session && other.is_known(now));
        if all.len() >= LIMIT {
            all.retain(|_, other| other.is_good(now));
        }
        let has_room = all.len() < LIMIT;
        if has_room {
            all.insert(hash, offer);
        }
        has_room
    }

    /// What the code of `hash` opens `now`.
    pub(super) fn get(&self, hash: &CodeHash, now: Timestamp) -> Option<Offer> {
        self.known(hash, now).filter(|offer| offer.is_good(now))
    }

    /// What it opens, or opened until it was used or its time was over.
    pub(super) fn known(&self, hash: &CodeHash, now: Timestamp) -> Option<Offer> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(hash).filter(|offer| offer.is_known(now)).cloned()
    }

    /// The code of `hash` is used up.
    pub(super) fn use_up(&self, hash: &CodeHash) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(offer) = all.get_mut(hash) {
            offer.is_used = true;
        }
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
        all.use_up(&hash(1));
        assert!(!is_there(1, 0));
    }

    /// Whoever read for long, or came after somebody else, could not say that it was not theirs.
    #[test]
    fn what_was_used_or_is_over_is_known_for_as_long_as_its_login_may_last() {
        let all = HandOffs::default();
        assert!(all.keep(hash(1), offer(1, 0)));
        let is_known = |now| all.known(&hash(1), Timestamp::from_unix(now)).is_some();
        all.use_up(&hash(1));
        assert_eq!([0, 300, 3599, 3600].map(is_known), [true, true, true, false]);
        assert!(all.keep(hash(2), offer(2, 3600)));
        assert!(!is_known(0), "it is kept no longer");
    }

    #[test]
    fn there_are_only_so_many_and_those_that_are_over_make_room() {
        let all = HandOffs::default();
        assert!((0..LIMIT).all(|number| all.keep(hash(number), offer(number, 0))));
        assert!(!all.keep(hash(LIMIT), offer(LIMIT, 299)));
        assert!(all.keep(hash(LIMIT), offer(LIMIT, 300)));
        assert!(all.get(&hash(LIMIT), Timestamp::from_unix(300)).is_some());
    }

    #[test]
    fn those_that_were_used_make_room() {
        let all = HandOffs::default();
        assert!((0..LIMIT).all(|number| all.keep(hash(number), offer(number, 0))));
        all.use_up(&hash(7));
        assert!(all.keep(hash(LIMIT), offer(LIMIT, 0)));
        assert!(!all.keep(hash(LIMIT + 1), offer(LIMIT + 1, 0)));
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
