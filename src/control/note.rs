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
}

/// `text`, if it can be kept; people know it as `name`.
pub(super) fn checked(name: &'static str, text: String) -> Result<String, NoteError> {
    match text::unseen(&text) {
        _ if !(1..=LIMIT).contains(&text.len()) => Err(NoteError::Length(name)),
        Some(unseen) => Err(NoteError::Unseen(name, unseen)),
        None => Ok(text),
    }
}
