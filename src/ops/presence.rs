//! Proof that whoever answers at `public_url` is this process.
//!
//! Over the control socket the process hands out a word and the answer to it. Whoever then asks for the word at
//! `public_url` and hears that answer has reached the process that holds the control socket. Both are random, good once
//! and for a minute: nothing is derived from a secret, and nobody without the control socket learns anything.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::random;
use crate::verification::time::Timestamp;

/// How long a word is good for: longer than the doctor waits.
const LIFETIME: Duration = Duration::from_mins(1);
/// How many words wait at once; the oldest makes room.
const WAITING: usize = 16;
const LENGTH: usize = 16;

/// What to ask at `public_url`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word([u8; LENGTH]);

impl Word {
    /// Reads the word as [`Appointment`] has it; none if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word = HEXLOWER.decode(text.as_bytes()).ok()?;
        word.try_into().ok().map(Self)
    }
}

/// A word, and what this process alone answers to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Appointment {
    /// What to ask for.
    pub word: String,
    /// What is answered.
    pub answer: String,
}

/// What the console answers where the logins' site has `answer`: neither is taken for the other.
#[must_use]
pub fn of_console(answer: &str) -> String {
    format!("console {answer}")
}

struct Waiting {
    word: Word,
    answer: String,
    until: Timestamp,
}

/// The words that wait to be asked for.
#[derive(Default)]
pub struct Presence(Mutex<Vec<Waiting>>);

impl Presence {
    /// A new word and its answer.
    #[must_use]
    pub fn appoint(&self, now: Timestamp) -> Appointment {
        let (word, answer) = (random::bytes::<LENGTH>(), HEXLOWER.encode(&random::bytes::<LENGTH>()));
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() == WAITING {
            waiting.remove(0);
        }
        waiting.push(Waiting { word: Word(word), answer: answer.clone(), until: now.later(LIFETIME) });
        Appointment { word: HEXLOWER.encode(&word), answer }
    }

    /// Whether `word` waits to be asked for.
    #[must_use]
    pub fn awaits(&self, word: Word, now: Timestamp) -> bool {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().any(|waiting| waiting.word == word && now < waiting.until)
    }

    /// The answer to `word`, once; none if the word was never given out, was asked for before, or is too old.
    #[must_use]
    pub fn keep(&self, word: Word, now: Timestamp) -> Option<String> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = waiting.iter().position(|waiting| waiting.word == word)?;
        let kept = waiting.remove(index);
        (now < kept.until).then_some(kept.answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    #[test]
    fn a_word_is_answered_once_and_for_a_minute() {
        let presence = Presence::default();
        let kept = |word: &str, now| presence.keep(Word::parse(word).unwrap(), now);
        let appointment = presence.appoint(NOW);
        let at_last = NOW.later(Duration::from_secs(59));
        let awaits = |word: &str, now| presence.awaits(Word::parse(word).unwrap(), now);
        assert!(awaits(&appointment.word, at_last) && awaits(&appointment.word, at_last), "it is asked for in vain");
        assert_eq!(kept(&appointment.word, at_last), Some(appointment.answer));
        assert_eq!(kept(&appointment.word, at_last), None);
        assert!(!awaits(&appointment.word, at_last));
        let late = presence.appoint(NOW).word;
        assert!(!awaits(&late, NOW.later(LIFETIME)));
        assert_eq!(kept(&late, NOW.later(LIFETIME)), None);
    }

    #[test]
    fn words_that_nobody_asks_for_make_room() {
        let presence = Presence::default();
        let first = presence.appoint(NOW).word;
        let second = presence.appoint(NOW).word;
        for _ in 1..WAITING {
            let _ = presence.appoint(NOW);
        }
        assert_eq!(presence.keep(Word::parse(&first).unwrap(), NOW), None);
        assert!(presence.keep(Word::parse(&second).unwrap(), NOW).is_some());
    }
}
