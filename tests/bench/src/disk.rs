//! What the disk itself can do: the figure that durable completions are held against.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

const BLOCK: [u8; 4096] = [0x5a; 4096];
/// The file is written once before the clock, so that the loop syncs data and never the file's length.
const BLOCKS: u64 = 256;

/// How many times a second a 4 KiB write becomes durable (`fdatasync`), measured over one second in `directory`.
pub(crate) fn syncs_per_second(directory: &Path) -> io::Result<f64> {
    let file = tempfile::tempfile_in(directory)?;
    for block in 0..BLOCKS {
        write(&file, block)?;
    }
    file.sync_all()?;

    let started = Instant::now();
    let mut syncs = 0_u32;
    while started.elapsed() < Duration::from_secs(1) {
        write(&file, u64::from(syncs) % BLOCKS)?;
        file.sync_data()?;
        syncs += 1;
    }
    Ok(f64::from(syncs) / started.elapsed().as_secs_f64())
}

fn write(file: &File, block: u64) -> io::Result<()> {
    file.write_all_at(&BLOCK, block * BLOCK.len() as u64)
}
