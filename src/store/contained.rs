//! What the engine fails with: its panics become errors, and damage is told from a disk that does not answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

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
