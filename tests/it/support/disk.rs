//! A disk in memory under the real store: it writes down what is done to it, and fails as told.

use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use idv::store::medium::Medium;
use redb::StorageBackend;

use super::chance::Chance;

/// The smallest part of a write that a power cut leaves whole.
const SECTOR: usize = 512;

/// What was done to the disk, in order; and what was told to others meanwhile.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Write {
        offset: usize,
        bytes: Vec<u8>,
    },
    Length(usize),
    Sync,
    /// Somebody was told that this is durable.
    Acknowledged(usize),
}

#[derive(Clone, Default)]
pub(crate) struct Disk(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    image: Vec<u8>,
    deeds: Vec<Deed>,
    refuses_writes: bool,
    refuses_reads: bool,
    /// How many reads are answered before the next one hangs.
    reads_left: Option<u64>,
    /// The same of what is opened to be written.
    writers_reads_left: Option<u64>,
    /// How many reads wait to be answered.
    waiting: u64,
    /// The bytes that are free.
    room: Option<u64>,
}

impl Disk {
    pub(crate) fn with(image: Vec<u8>) -> Self {
        Self(Arc::new((Mutex::new(State { image, ..State::default() }), Condvar::new())))
    }

    pub(crate) fn image(&self) -> Vec<u8> {
        self.state().image.clone()
    }

    /// What was done since this was last asked.
    pub(crate) fn take_deeds(&self) -> Vec<Deed> {
        std::mem::take(&mut self.state().deeds)
    }

    pub(crate) fn note_acknowledged(&self, what: usize) {
        self.state().deeds.push(Deed::Acknowledged(what));
    }

    /// From now on every write fails as on a file system that went read-only, also opening for it.
    pub(crate) fn refuse_writes(&self, refuses: bool) {
        self.state().refuses_writes = refuses;
    }

    /// From now on every read fails as on a broken disk.
    pub(crate) fn refuse_reads(&self, refuses: bool) {
        self.state().refuses_reads = refuses;
    }

    /// From now on so many reads are answered, and then none until this is called again.
    pub(crate) fn answer_reads(&self, count: u64) {
        self.state().reads_left = Some(count);
        self.0.1.notify_all();
    }

    /// The same of what is opened to be written, while what is opened to be read is answered.
    pub(crate) fn answer_writers_reads(&self, count: u64) {
        self.state().writers_reads_left = Some(count);
        self.0.1.notify_all();
    }

    /// Whether a read hangs.
    pub(crate) fn hangs(&self) -> bool {
        let state = self.state();
        state.waiting > 0 && [state.reads_left, state.writers_reads_left].contains(&Some(0))
    }

    /// Puts `bytes` where others are, as no driver does.
    pub(crate) fn corrupt(&self, offset: usize, bytes: &[u8]) {
        self.state().image[offset..offset + bytes.len()].copy_from_slice(bytes);
    }

    /// From now on so many bytes are free.
    pub(crate) fn leave_room(&self, bytes: u64) {
        self.state().room = Some(bytes);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, deed: Deed) -> io::Result<()> {
        let mut state = self.state();
        if state.refuses_writes {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        apply(&mut state.image, &deed);
        state.deeds.push(deed);
        Ok(())
    }
}

fn apply(image: &mut Vec<u8>, deed: &Deed) {
    match deed {
        Deed::Write { offset, bytes } => {
            let end = (offset + bytes.len()).min(image.len());
            if let Some(there) = image.get_mut(*offset..end) {
                there.copy_from_slice(&bytes[..end - offset]);
            }
        }
        Deed::Length(length) => image.resize(*length, 0),
        Deed::Sync | Deed::Acknowledged(_) => {}
    }
}

impl Medium for Disk {
    type Backend = Backend;

    fn path(&self) -> &Path {
        Path::new("a disk in memory")
    }

    fn open(&self) -> io::Result<Backend> {
        if self.state().refuses_writes {
            Err(io::ErrorKind::ReadOnlyFilesystem.into())
        } else {
            Ok(Backend { disk: self.clone(), is_to_write: true })
        }
    }

    fn open_to_read(&self) -> io::Result<Backend> {
        Ok(Backend { disk: self.clone(), is_to_write: false })
    }

    fn room(&self) -> io::Result<u64> {
        Ok(self.state().room.unwrap_or(u64::MAX))
    }
}

pub(crate) struct Backend {
    disk: Disk,
    is_to_write: bool,
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Backend")
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.state().image.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let Self { disk, is_to_write } = self;
        let hangs =
            |state: &mut State| state.reads_left == Some(0) || *is_to_write && state.writers_reads_left == Some(0);
        let mut state = disk.state();
        state.waiting += 1;
        let mut state = disk.0.1.wait_while(state, hangs).unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state.reads_left = state.reads_left.map(|left| left - 1);
        if *is_to_write {
            state.writers_reads_left = state.writers_reads_left.map(|left| left - 1);
        }
        if state.refuses_reads {
            return Err(io::Error::other("the disk is broken"));
        }
        let offset = usize::try_from(offset).unwrap();
        let there = state.image.get(offset..offset + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(there);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.disk.change(Deed::Length(usize::try_from(length).unwrap()))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.change(Deed::Sync)
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.change(Deed::Write { offset: usize::try_from(offset).unwrap(), bytes: bytes.to_vec() })
    }
}

/// What a power cut leaves of `image` after `deeds`: whatever was synced, and of the rest anything. Each write that was
/// not synced is there, or is not, or is there in part, sector by sector, in whatever order.
pub(crate) fn cut_power(mut image: Vec<u8>, deeds: &[Deed], chance: &mut Chance) -> Vec<u8> {
    let synced = deeds.iter().rposition(|deed| matches!(deed, Deed::Sync)).map_or(0, |last| last + 1);
    for deed in &deeds[..synced] {
        apply(&mut image, deed);
    }
    let rest = &deeds[synced..];
    match chance.below(4) {
        0 => {}
        1 => rest.iter().for_each(|deed| apply(&mut image, deed)),
        _ => {
            // A file's length is changed in order, if it is.
            let lengths = rest.iter().filter(|deed| matches!(deed, Deed::Length(_)));
            let kept = chance.below(lengths.clone().count() + 1);
            lengths.take(kept).for_each(|deed| apply(&mut image, deed));
            let mut sectors: Vec<_> = rest.iter().flat_map(sectors).collect();
            chance.shuffle(&mut sectors);
            let kept = chance.below(sectors.len() + 1);
            sectors[..kept].iter().for_each(|sector| apply(&mut image, sector));
        }
    }
    image
}

fn sectors(deed: &Deed) -> Vec<Deed> {
    let Deed::Write { offset, bytes } = deed else { return Vec::new() };
    let sectors = bytes.chunks(SECTOR).enumerate();
    sectors.map(|(index, bytes)| Deed::Write { offset: offset + index * SECTOR, bytes: bytes.to_vec() }).collect()
}
