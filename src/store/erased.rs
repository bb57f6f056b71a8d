//! Who was erased: marks that name nobody, in the store, and in a file beside it that no restore replaces.
//!
//! A backup of yesterday has whoever was erased today. So a restore takes the marks of the file, and erases once more
//! whomever the backup does not know to be erased, before it is the store. The file is written after the commit that it tells
//! of, and again at each start: where a crash came in between, the store still knows, and a restore asks it too.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use redb::ReadableTable;
use thiserror::Error;

use super::codec::{Codec, Damaged, MAC_LENGTH, subject_key};
use super::contained::contained;
use super::file::key_of;
use super::opening::Opening;
use super::overlay::Overlay;
use super::place::Place;
use super::tables::{Fault, META, Reads, Snapshot, Tables, Writing};
use super::{Store, StoreError, medium, opened};
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// The file's name, in the directory of the store.
pub const FILE: &str = "erased.log";
/// The most of it that is read, in bytes: a million people.
const LIMIT: u64 = 64 * 1024 * 1024;
/// What comes before a mark in its key.
const KEY: &[u8] = b"erased ";

/// Stands for somebody, and names nobody: who has the store's key can tell of anybody whether it is theirs, and nobody else
/// can.
pub(super) type Mark = [u8; MAC_LENGTH];

/// Marks, each with when who it stands for was last erased.
pub(super) type Marks = BTreeMap<Mark, Timestamp>;

/// Why it is not known who was erased.
#[derive(Debug, Error)]
pub enum ErasedError {
    /// A line is none of ours.
    #[error("line {line} of {path} is none that idv wrote; take the file from where it is whole")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Which, from one on.
        line: usize,
    },
    /// The system does not let it.
    #[error("cannot use {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Has the file beside the store know of everybody whom the store knows to be erased.
    ///
    /// # Errors
    /// [`ErasedError`]; the store knows all the same.
    pub fn note_erased(&self) -> Result<(), ErasedError> {
        let marks = self.ask(Snapshot::marks)?;
        if marks.is_empty() {
            return Ok(());
        }
        add(&Place::open(&self.path).map_err(io_error(&self.path))?, marks)
    }
}

/// Has the file beside the store at `path` know of everybody of whom the file `given` does.
///
/// # Errors
/// [`ErasedError`].
pub fn take_over(given: &Path, path: &Path) -> Result<(), ErasedError> {
    let file = std::fs::File::open(given).map_err(io_error(given))?;
    add(&Place::make(path).map_err(io_error(path))?, read(file, given)?)
}

/// The marks that are known at `place`: those of the file, and those of the store, where it can be read. None if there is
/// neither.
pub(super) fn known(place: &Place) -> Result<Option<Marks>, ErasedError> {
    let (beside, within) = (beside(place)?, within(place));
    Ok(if beside.is_none() { within } else { beside.map(|beside| joined(beside, within.unwrap_or_default())) })
}

/// The marks of the store in `place`, which is left as it is; none if there is none that can be read.
fn within(place: &Place) -> Option<Marks> {
    let codec = Codec::of(&key_of(place).ok()?);
    let below = place.directory().read(place.store()).and_then(medium::backend).and_then(Overlay::new).ok()?;
    let marks = contained(|| {
        let opened = opened::open(below, &codec, Opening::default().cache, &Arc::default())?;
        Snapshot::take(&opened.database, &codec)?.marks().map_err(Fault::of_the_store)
    });
    marks.ok()
}

/// Those of both, each with the later of its times.
fn joined(mut marks: Marks, others: Marks) -> Marks {
    for (mark, at) in others {
        marks.entry(mark).and_modify(|known| *known = at.max(*known)).or_insert(at);
    }
    marks
}

/// The marks of the file beside the store in `place`; none if there is no file.
fn beside(place: &Place) -> Result<Option<Marks>, ErasedError> {
    let path = place.path_of(Path::new(FILE));
    match place.directory().read(Path::new(FILE)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(&path)(error)),
        Ok(file) => read(file, &path).map(Some),
    }
}

/// Adds `marks` to the file, if it does not have them.
fn add(place: &Place, marks: Marks) -> Result<(), ErasedError> {
    let known = beside(place)?.unwrap_or_default();
    let all = joined(known.clone(), marks);
    if all == known {
        return Ok(());
    }
    write(place, &all).map_err(io_error(&place.path_of(Path::new(FILE))))
}

fn write(place: &Place, marks: &Marks) -> io::Result<()> {
    let (directory, draft) = (place.directory(), Path::new("erased.new"));
    directory.remove(draft)?;
    let mut file = directory.create(draft)?;
    for (mark, at) in marks {
        writeln!(file, "{} {at}", HEXLOWER.encode(mark))?;
    }
    file.sync_all()?;
    directory.replace(draft, Path::new(FILE))?;
    directory.sync()
}

fn read(file: std::fs::File, path: &Path) -> Result<Marks, ErasedError> {
    let mut text = String::new();
    file.take(LIMIT).read_to_string(&mut text).map_err(io_error(path))?;
    let malformed = |line| ErasedError::Malformed { path: path.to_owned(), line };
    text.lines().enumerate().map(|(before, line)| parse(line).ok_or_else(|| malformed(before + 1))).collect()
}

fn parse(line: &str) -> Option<(Mark, Timestamp)> {
    let (mark, at) = line.split_once(' ')?;
    let mark = HEXLOWER.decode(mark.as_bytes()).ok()?.try_into().ok()?;
    Some((mark, at.parse::<jiff::Timestamp>().ok()?.try_into().ok()?))
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> ErasedError {
    let path = path.to_owned();
    move |source| ErasedError::Io { path, source }
}

impl<T: Reads> Tables<T> {
    /// What stands for `subject`.
    pub(super) fn mark(&self, subject: &Subject) -> Mark {
        self.codec.mark("erased", &subject_key(subject))
    }

    /// When `subject` was last erased, if they ever were.
    pub(super) fn erased_at(&self, subject: &Subject) -> Result<Option<Timestamp>, Fault> {
        self.load(META, &self.meta, &key(&self.mark(subject)))
    }

    /// Everybody who was erased.
    pub(super) fn marks(&self) -> Result<Marks, Fault> {
        let end = [&KEY[..KEY.len() - 1], &[KEY[KEY.len() - 1] + 1]].concat();
        let mut marks = Marks::new();
        for entry in self.meta.reads().range(KEY..end.as_slice())? {
            let (key, bytes) = entry?;
            let mark = key.value().strip_prefix(KEY).and_then(|mark| mark.try_into().ok());
            let at = self.codec.open(META, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(META))?;
            marks.insert(mark.ok_or(Fault::Damaged(META))?, at);
        }
        Ok(marks)
    }
}

impl Writing<'_> {
    pub(super) fn save_mark(&mut self, mark: Mark, at: Timestamp) -> Result<(), Fault> {
        self.put(META, &key(&mark), &at)
    }
}

fn key(mark: &Mark) -> Vec<u8> {
    [KEY, mark].concat()
}
