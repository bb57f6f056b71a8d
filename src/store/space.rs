//! How much room the store has.

use std::fs;
use std::io;
use std::path::Path;

/// A store's file, and the file system that it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// The size of the file, in bytes.
    pub file: u64,
    /// What is free beside it for the service, in bytes.
    pub free: u64,
}

/// The room of the store at `path`.
///
/// # Errors
/// When the file or its file system does not tell.
pub fn space(path: &Path) -> io::Result<Space> {
    let system = rustix::fs::statvfs(path)?;
    Ok(Space { file: fs::metadata(path)?.len(), free: system.f_bavail.saturating_mul(system.f_frsize) })
}
