//! What operators write, and is kept with what they did: a note, a name.

use thiserror::Error;

use crate::ops::text;

/// The longest note or name, in bytes.
const LIMIT: usize = 500;

/// Why a note or a name is not kept. It says which.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NoteError {
    /// It is empty or too long.
    #[error("{0} has 1 to {LIMIT} bytes")]
    Length(&'static str),
    /// It would not be read as it stands.
    #[error("{0} has a character that nobody sees, {character}; type it anew", character = .1.escape_unicode())]
    Unseen(&'static str, char),
    /// Its letters are seen in an order that depends on what stands beside it.
    #[error("{0} has letters that are read from left to right, and others from right to left; write it in one script")]
    BothWays(&'static str),
}

/// `text`, if it can be kept; people know it as `name`.
pub(super) fn checked(name: &'static str, text: String) -> Result<String, NoteError> {
    match text::unseen(&text) {
        _ if !(1..=LIMIT).contains(&text.len()) => Err(NoteError::Length(name)),
        Some(unseen) => Err(NoteError::Unseen(name, unseen)),
        None => Ok(text),
    }
}

/// The same of what people are called by.
pub(super) fn checked_name(name: &'static str, text: String) -> Result<String, NoteError> {
    let text = checked(name, text)?;
    if text::is_read_both_ways(&text) { Err(NoteError::BothWays(name)) } else { Ok(text) }
}
