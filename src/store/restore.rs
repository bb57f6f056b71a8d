//! A backup in the store's place.
//!
//! What happened between the two is not known: codes that were used or revoked since wait in the backup, and request
//! tokens that were used since are not in it. So the codes of a restored store are dead, and it knows from when on request
//! tokens count.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use redb::backends::FileBackend;
use thiserror::Error;

use super::backup::{Contents, examine, look_through};
use super::codec::Codec;
use super::contained::contained;
use super::erased::{self, ErasedError, Marks};
use super::file::{self, OpenError};
use super::master_key::MasterKey;
use super::migrate::{Before, KEPT as KEPT_BY_UPGRADES, Unrecognised, recognise};
use super::noted::Note;
use super::opened;
use super::opening::Opening;
use super::place::{Place, beside};
use crate::archive::{self, ArchiveError, Manifest, Unpacked, unpack};
use crate::ops::{account, random};
use crate::verification::audit::entry::{Entry, EventOutcome};
use crate::verification::subject::IdvId;
use crate::verification::time::Timestamp;

/// How many of the stores that restores replaced are kept: the one before a wrong backup was taken, and some.
const KEPT: usize = 3;
const ASIDE: &str = "before-";

/// Why nothing is restored.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// The backup is not whole, or is of a newer version. Nothing was changed.
    #[error("the backup cannot be used; nothing was changed")]
    Backup(#[source] OpenError),
    /// The stream is no backup that could be used. Nothing was changed.
    #[error("the backup cannot be used; nothing was changed")]
    Archive(#[source] ArchiveError),
    /// The store's place cannot be had, or a copy be used there. Nothing was changed.
    #[error(transparent)]
    Place(OpenError),
    /// It cannot be told who was erased since. Nothing was changed.
    #[error("it cannot be told who was erased since the backup; nothing was changed")]
    Erased(#[source] ErasedError),
    /// The system does not let it.
    #[error("cannot write {path}; run this as root")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What a restore did.
#[derive(Debug)]
pub struct Restored {
    /// What the store holds now.
    pub contents: Contents,
    /// What the backup says of itself; a directory says nothing.
    pub manifest: Option<Manifest>,
    /// Where what was there is kept.
    pub kept: Vec<PathBuf>,
    /// What earlier restores had kept, and is gone now.
    pub removed: Vec<PathBuf>,
    /// How many people are in the backup who were erased since, and are not in the store.
    pub erased: u64,
    /// Whether it could not be known who they are: there was neither a file of them nor a store that could be read.
    pub is_blind: bool,
}

/// Puts the backup at `backup` in the place of the store at `path`. No code of it is good any more, and no request token
/// that was made until `now`.
///
/// # Errors
/// [`RestoreError`].
pub fn restore(backup: &Path, path: &Path, now: Timestamp) -> Result<Restored, RestoreError> {
    let contents = examine(backup).map_err(RestoreError::Backup)?;
    let from = Place::open(backup).map_err(file::io_error(backup)).map_err(RestoreError::Backup)?;
    put(path, now, |to, [key, store]| {
        copy(&from, &from.key(), to, key)?;
        copy(&from, from.store(), to, store)?;
        let key = MasterKey::load(&from).map_err(OpenError::from).map_err(RestoreError::Place)?;
        Ok((key, contents, None))
    })
}

/// As [`restore`], the backup that the stream `from` is.
///
/// # Errors
/// [`RestoreError`].
pub fn restore_stream(from: impl Read, path: &Path, now: Timestamp) -> Result<Restored, RestoreError> {
    put(path, now, |to, [key, store]| {
        let directory = to.directory();
        let create = |name: &Path| {
            let created = directory.remove(name).and_then(|_| directory.create(name));
            created.map_err(io_error(to, name))
        };
        let (mut key_file, store_file) = (create(key)?, create(store)?);
        let free = directory.free().map_err(io_error(to, store))?;
        let (master, contents, manifest) = look_into(from, store_file, free, &to.path_of(store))?;
        key_file.write_all(master.expose()).and_then(|()| key_file.sync_all()).map_err(io_error(to, key))?;
        Ok((master, contents, Some(manifest)))
    })
}

/// Looks at every page and every record of the backup that the stream `from` is, with `scratch` for the store in it, a
/// file of no other use where `free` bytes have room. Returns what it says of itself, and what a restore would restore.
///
/// # Errors
/// [`RestoreError`]: it is not to be relied on.
pub fn check_stream(from: impl Read, scratch: File, free: u64) -> Result<(Manifest, Contents), RestoreError> {
    let (_, contents, manifest) = look_into(from, scratch, free, Path::new(archive::STORE))?;
    Ok((manifest, contents))
}

/// Unpacks the stream `from`, its store to `to`, which messages call `path`, and looks at every page and record of that.
fn look_into(
    from: impl Read,
    mut to: File,
    free: u64,
    path: &Path,
) -> Result<(MasterKey, Contents, Manifest), RestoreError> {
    let Unpacked { manifest, key } = unpack(from, &mut to, free).map_err(RestoreError::Archive)?;
    to.sync_all().map_err(ArchiveError::Write).map_err(RestoreError::Archive)?;
    let key = MasterKey::new(*key);
    let contents = look_through(to, &key, path).map_err(RestoreError::Backup)?;
    if (contents.subjects, contents.checks) != (manifest.subjects, manifest.checks) {
        let error = ArchiveError::Damaged("the store does not hold what the manifest says");
        return Err(RestoreError::Archive(error));
    }
    Ok((key, contents, manifest))
}

/// A backup's key, what its store holds, and what it says of itself.
type Filled = (MasterKey, Contents, Option<Manifest>);

/// Has `fill` write key and store under the names that it is given, and puts them in the place of what is there.
fn put(
    path: &Path,
    now: Timestamp,
    fill: impl FnOnce(&Place, [&Path; 2]) -> Result<Filled, RestoreError>,
) -> Result<Restored, RestoreError> {
    let to = Place::make(path).map_err(file::io_error(path)).map_err(RestoreError::Place)?;
    let _lock = to.lock().map_err(|error| RestoreError::Place(error.into()))?;
    let names = [to.key(), to.store().to_owned()];
    let marks = erased::known(&to).map_err(RestoreError::Erased)?;
    let is_blind = marks.is_none();
    let drafts = to.restored();
    let [_, draft] = &drafts;
    let filled = fill(&to, drafts.each_ref().map(PathBuf::as_path)).and_then(|(key, contents, manifest)| {
        let erased = age(&to, draft, &key, marks.unwrap_or_default(), now).map_err(RestoreError::Place)?;
        Ok((contents, manifest, erased))
    });
    let (contents, manifest, erased) = filled.inspect_err(|_| {
        // They are worth nothing, and the service may need their room. The cause is what there is to tell.
        let _ = drafts.iter().try_for_each(|draft| to.directory().remove(draft).map(drop));
    })?;
    // With what is left of a store that was never whole, one that is lost later would be taken for one that never was.
    to.directory().remove(&to.draft()).map_err(io_error(&to, &to.draft()))?;
    let suffix = format!("{ASIDE}{}", aside(&to)?.last().map_or(0, |last| last + 1).max(now.as_unix()));
    let mut kept = Vec::new();
    // The key goes first. Broken off in between, the old store is there with the backup's key: where that is another, or
    // the store is gone or damaged, the service refuses to start and names the way out.
    for (name, draft) in names.iter().zip(&drafts) {
        kept.extend(replace(&to, name, draft, &beside(name, &suffix))?);
    }
    let contents = Contents { subjects: contents.subjects.saturating_sub(erased), ..contents };
    Ok(Restored { contents, manifest, kept, removed: prune(&to)?, erased, is_blind })
}

fn copy(from: &Place, source: &Path, to: &Place, draft: &Path) -> Result<(), RestoreError> {
    let removed = to.directory().remove(draft);
    removed.and_then(|_| from.copy_to(source, to, draft)).map_err(io_error(to, draft))
}

/// Makes of the copy of a backup a store of `now`, without whom `marks` say to be erased. Returns how many they were.
fn age(to: &Place, draft: &Path, key: &MasterKey, marks: Marks, now: Timestamp) -> Result<u64, OpenError> {
    let path = to.path_of(draft);
    let codec = Codec::of(key);
    let file = to.directory().write(draft).map_err(file::io_error(&path))?;
    let restored = Entry::new(now, "store-restored", EventOutcome::Success).by(&account::own(), None);
    let (keys, erased) = (key.clone(), Arc::new(AtomicU64::new(0)));
    let counted = erased.clone();
    let work = opened::unasked(move |tables| {
        tables.age(now)?;
        tables.append(&restored)?;
        let stranger = IdvId::from_random(random::bytes());
        let marks: Vec<_> = marks.into_iter().collect();
        counted.store(tables.erase_again(&marks, &keys, stranger, now)?, Ordering::Relaxed);
        Ok(())
    });
    let aged = contained(|| {
        let opened = opened::open(FileBackend::new(file)?, &codec, Opening::default().cache, &Arc::default())?;
        if let Err(error) = recognise(&opened.database, &codec, Before::Nothing) {
            return Ok(Err(error));
        }
        opened.transact(vec![work], &Note::default()).map(|_| Ok(()))
    });
    aged.unwrap_or_else(|error| Err(error.into())).map_err(|error: Unrecognised| error.of(&path))?;
    Ok(erased.load(Ordering::Relaxed))
}

/// Gives `draft` the name `name`, and what has that the name `aside`. Returns the path of what had it.
fn replace(to: &Place, name: &Path, draft: &Path, aside: &Path) -> Result<Option<PathBuf>, RestoreError> {
    let directory = to.directory();
    let is_there = directory.has(name).map_err(io_error(to, name))?;
    if is_there {
        directory.rename(name, aside).map_err(io_error(to, aside))?;
    }
    directory.rename(draft, name).and_then(|()| directory.sync()).map_err(io_error(to, name))?;
    Ok(is_there.then(|| to.path_of(aside)))
}

/// Removes what earlier restores put aside, but for the last few.
fn prune(place: &Place) -> Result<Vec<PathBuf>, RestoreError> {
    let mut removed = Vec::new();
    for number in aside(place)?.iter().rev().skip(KEPT) {
        for name in [place.key(), place.store().to_owned()] {
            let name = beside(&name, &format!("{ASIDE}{number}"));
            if place.directory().remove(&name).map_err(io_error(place, &name))? {
                removed.push(place.path_of(&name));
            }
        }
    }
    Ok(removed)
}

/// The numbers of what restores have put aside, in order.
fn aside(place: &Place) -> Result<Vec<u64>, RestoreError> {
    let names = place.directory().names().map_err(io_error(place, place.store()))?;
    let prefixes = [place.key(), place.store().to_owned()].map(|name| beside(&name, ASIDE));
    let number = |name: &str| {
        let digits = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.to_str()?))?;
        digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| number(name.to_str()?)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// What lies beside the store at `path` and was it once: before a restore, or before an upgrade.
///
/// # Errors
/// What the system says.
pub fn copies(path: &Path) -> io::Result<Vec<PathBuf>> {
    let place = Place::open(path)?;
    let prefixes = [ASIDE, KEPT_BY_UPGRADES].map(|suffix| beside(place.store(), suffix));
    let is_copy =
        |name: &PathBuf| prefixes.iter().any(|prefix| name.to_string_lossy().starts_with(&*prefix.to_string_lossy()));
    Ok(place
        .directory()
        .names()?
        .into_iter()
        .map(PathBuf::from)
        .filter(is_copy)
        .map(|name| place.path_of(&name))
        .collect())
}

fn io_error(place: &Place, name: &Path) -> impl FnOnce(io::Error) -> RestoreError {
    let path = place.path_of(name);
    move |source| RestoreError::Io { path, source }
}
