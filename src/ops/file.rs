//! Files that are made once, whole and durable, or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Makes the file `path` of `bytes`, with `mode`.
///
/// # Errors
/// Of the kind `AlreadyExists` if something is there, which is left as it is; otherwise whatever keeps it from being made.
pub fn make(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    let result = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_directory(path));
    if result.is_err() {
        // Half a file must not be taken for a whole one. The cause is what there is to tell.
        let _ = fs::remove_file(path);
    }
    result
}

fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}
