//! Why a picture was not kept, or is not shown.

use std::fmt::Display;
use std::io;

use thiserror::Error;

use crate::ops::report::Report;
use crate::store::StoreError;

/// Why a picture was not kept, or is not shown.
#[derive(Debug, Error)]
pub enum EvidenceError {
    /// None can be taken in, and none looked at.
    #[error("evidence is off: {0}")]
    Off(Off),
    /// There is no room for another: its own is used up, or the disk is nearly full.
    #[error("there is no room for more pictures")]
    NoRoom,
    /// It is longer than any that is kept.
    #[error("the picture is too long")]
    TooLong,
    /// Its file, its key or its epoch's is not what it should be, or is gone.
    #[error("the picture is damaged")]
    Damaged,
    /// It was deleted.
    #[error("the picture was deleted")]
    Deleted,
    /// There are as many epochs as there may be, and none can be let go.
    #[error("there are as many epochs as there may be")]
    Stuck,
    /// The disk does not let it.
    #[error("the disk failed: {0}")]
    Io(#[from] io::Error),
    /// The store does not tell, or takes no changes.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl EvidenceError {
    /// Whether it is for now: the picture may be whole, and open once that is mended.
    pub(super) const fn is_for_now(&self) -> bool {
        matches!(self, Self::Off(Off::Unreadable) | Self::Store(StoreError::Unavailable | StoreError::Unexamined))
    }
}

/// Why evidence is off.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Off {
    /// Nobody asked for it, and there is none.
    #[error("it was never begun")]
    Unused,
    /// Neither slot of the file of keys can be read. No picture of before will be.
    #[error("the file of keys is damaged")]
    Damaged,
    /// The file of keys could not be read, or made.
    #[error("the file of keys cannot be read or made")]
    Unreadable,
}

impl Off {
    /// What to do.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Unused => "enable the method that takes photos",
            Self::Damaged => {
                "remove the file keys in evidence.directory and restart: no photo of before opens, and each must be asked for again"
            }
            Self::Unreadable => {
                "see to the disk, or to the rights of evidence.directory, as the log says; then restart"
            }
        }
    }

    /// It, after `error` was told.
    pub(super) fn unreadable(error: &dyn Display) -> Self {
        Report::EvidenceKeysUnreadable(error).tell();
        Self::Unreadable
    }
}
