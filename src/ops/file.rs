//! Files that are made once, whole and durable, or not at all.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

/// Makes the file `path` of `bytes`, with `mode`.
///
/// # Errors
/// Of the kind `AlreadyExists` if something is there, which is left as it is; otherwise whatever keeps it from being made.
pub fn make(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    make_with(path, bytes, mode, |_| Ok(()))
}

/// Makes the file `path` of `bytes`, for the same eyes as the file that `like` describes: its owner, group and mode.
///
/// # Errors
/// As [`make`].
pub fn make_like(path: &Path, bytes: &[u8], like: &Metadata) -> io::Result<()> {
    make_with(path, bytes, 0o600, |file| {
        let made = file.metadata()?;
        if (made.uid(), made.gid()) != (like.uid(), like.gid()) {
            fchown(file, Some(like.uid()), Some(like.gid()))?;
        }
        file.set_permissions(Permissions::from_mode(like.mode() & 0o660))
    })
}

/// Removes the file `path`.
///
/// # Errors
/// Whatever keeps it from being removed.
pub fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    sync_directory(path)
}

fn make_with(path: &Path, bytes: &[u8], mode: u32, admit: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    fill(path, mode, |file| admit(file).and_then(|()| file.write_all(bytes)))
}

fn fill(path: &Path, mode: u32, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    let result = write(&mut file).and_then(|()| file.sync_all()).and_then(|()| sync_directory(path));
    if result.is_err() {
        // Half a file must not be taken for a whole one. The cause is what there is to tell.
        let _ = fs::remove_file(path);
    }
    result
}

/// Makes durable what was done to the name `path`: made, renamed, removed.
///
/// # Errors
/// Whatever keeps the directory from being written.
pub fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}
