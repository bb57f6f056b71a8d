//! How much room the store has.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The unit of `st_blocks` (inode(7)).
const BLOCK: u64 = 512;

/// A store's file, and the file system that it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// What the file takes of it, in bytes. It may be longer: the engine makes room in large steps, most of it unwritten.
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
    Ok(Space { file: fs::metadata(path)?.blocks() * BLOCK, free: system.f_bavail.saturating_mul(system.f_frsize) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_room_for_and_not_written_takes_none() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 30).unwrap();
        assert!(space(file.path()).unwrap().file < 1 << 20);
        fs::write(file.path(), vec![7; 1 << 20]).unwrap();
        file.as_file().sync_all().unwrap();
        assert!(space(file.path()).unwrap().file >= 1 << 20);
    }
}
