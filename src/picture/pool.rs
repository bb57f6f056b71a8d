//! Threads of their own for pictures.

use std::io;

use thiserror::Error;

use super::{Picture, Refused};

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The upload is not one that is taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// As many wait as may.
    #[error("too many pictures wait")]
    Busy,
    /// A bug of ours or of the decoder's. All that may be told of the file is its SHA-256.
    #[error("a picture could not be developed")]
    Panicked([u8; 32]),
}

/// Threads that develop pictures. They end when it is dropped.
pub struct Pool;

impl Pool {
    /// Starts the threads: half as many as `cores`, and one at least.
    pub fn start(_cores: usize) -> io::Result<Self> {
        Ok(Self)
    }

    /// What is kept of `upload`. Whatever else it owns, such as its place in a budget, is held until that is done.
    #[allow(clippy::unused_async)]
    pub async fn develop<U>(&self, _upload: U) -> Result<Picture, Fault>
    where
        U: AsRef<[u8]> + Send + 'static,
    {
        Err(Fault::Busy)
    }
}
