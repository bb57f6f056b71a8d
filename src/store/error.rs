//! Why the store gave no answer.

use thiserror::Error;

/// Why the store gave no answer.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StoreError {
    /// The same request may be tried again: the disk is full or failing, or the writer has more waiting than it should.
    /// Nothing was changed, unless a failing disk kept it from saying so; then the next try finds it done.
    #[error("the store cannot write or read at present")]
    Unavailable,
    /// Its pages are being looked at since the start, which takes as long as it is large. Nothing was changed.
    #[error("the store is still being looked through, since the service started; try again in a minute")]
    Unexamined,
    /// A record does not carry its own MAC: it was damaged or tampered with. It is not used.
    #[error("a record of table `{0}` is damaged")]
    Damaged(&'static str),
    /// A record would be longer than it may be. Nothing was changed.
    #[error("a record of table `{0}` would be too long")]
    TooLong(&'static str),
    /// What became of a request token from before the store was restored is not known. It is not used.
    #[error("the request token was made before the store was restored from a backup")]
    BeforeRestore,
}

impl StoreError {
    /// What was `read` of one of many; none where its record is damaged, which holds up no other.
    ///
    /// # Errors
    /// Those of `read` that are not of one record.
    pub fn skipped<T>(read: Result<T, Self>) -> Result<Option<T>, Self> {
        match read {
            Err(Self::Damaged(_)) => Ok(None),
            read => read.map(Some),
        }
    }
}
