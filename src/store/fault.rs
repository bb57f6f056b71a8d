//! What goes wrong inside the store: with one record, or with the engine.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::StoreError;

/// Why a piece of work stopped.
#[derive(Debug)]
pub(super) enum Fault {
    /// One record is bad. The rest of the transaction is not touched by it.
    Damaged(&'static str),
    /// What became of a request token is not known: it was made before the store was restored.
    BeforeRestore,
    /// A record would be longer than it may be. The rest of the transaction is not touched by it.
    TooLong(&'static str),
    /// The engine failed; the transaction is void.
    Engine(redb::Error),
}

impl Fault {
    /// What whoever asked is told, where the fault is of their work alone.
    ///
    /// # Errors
    /// That of the engine, which is everybody's.
    pub(super) fn of_one(self) -> Result<StoreError, redb::Error> {
        match self {
            Self::Damaged(table) => Ok(StoreError::Damaged(table)),
            Self::BeforeRestore => Ok(StoreError::BeforeRestore),
            Self::TooLong(table) => Ok(StoreError::TooLong(table)),
            Self::Engine(error) => Err(error),
        }
    }

    /// It, where no record and no token excuses it: the whole store is not what it should be.
    pub(super) fn of_the_store(self) -> redb::Error {
        match self {
            Self::Damaged(table) => redb::Error::Corrupted(format!("a record of table {table} is damaged")),
            Self::BeforeRestore => redb::Error::Corrupted("a token is older than the store".into()),
            Self::TooLong(table) => redb::Error::Corrupted(format!("a record of table {table} is too long")),
            Self::Engine(error) => error,
        }
    }
}

impl<E: Into<redb::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Engine(error.into())
    }
}

/// Runs the engine. A panic of it, or of ours in the middle of a transaction, is told as damage: whether it is any, the
/// check of the next opening shows.
pub(super) fn contained<T>(work: impl FnOnce() -> Result<T, redb::Error>) -> Result<T, redb::Error> {
    let panicked = |_| Err(redb::Error::Corrupted("the engine panicked".into()));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

/// Whether `error` says that the bytes are not what was written, rather than that the system does not give or take them.
pub(super) fn is_damage(error: &redb::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match error {
        redb::Error::Io(error) => matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof),
        redb::Error::DatabaseAlreadyOpen | redb::Error::PreviousIo | redb::Error::Backend(_) => false,
        _ => true,
    }
}
