//! Reads a file ahead of who looks at every page of it. They look in the order of a tree, page by page; read in its own
//! order, a disk gives the same pages many times sooner, and they find them in memory.

use std::fs::File;
use std::os::unix::fs::FileExt;

use super::threads::thread;

const CHUNK: usize = 1024 * 1024;
/// So much is read ahead at the most, where the page cache is no larger: half of what the shipped unit lets the service
/// have (`MemoryHigh=`). Of a file that does not fit into memory, what was read too early is read twice.
const LEAST: u64 = 512 * 1024 * 1024;

/// Begins to read `file` ahead, for who keeps `cache` bytes of it. Where that cannot be done, it is read later.
pub(super) fn read_ahead(file: &File, cache: usize) {
    let Ok(file) = file.try_clone() else { return };
    let end = LEAST.max(cache as u64);
    let read = move || {
        let mut chunk = vec![0; CHUNK];
        let mut offset = 0;
        while offset < end {
            match file.read_at(&mut chunk, offset) {
                Ok(0) | Err(_) => return,
                Ok(read) => offset += read as u64,
            }
        }
    };
    let _ = thread::Builder::new().name("idv-ahead".into()).spawn(read);
}
