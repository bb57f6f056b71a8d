//! The store's file: made whole, opened, recognised.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::Store;
use super::codec::Codec;
use super::engine::Engine;
use super::leftovers;
use super::master_key::{MasterKey, MasterKeyError};
use super::medium::{Medium, StoreFile, Untouched};
use super::migrate::{Before, recognise};
use super::opening::Opening;
use super::place::{Lock, Place, PlaceError};
use super::progress::Progress;
use super::snapshot::Published;
use super::writer::Writer;

pub use super::place::{is_beside, key_path};

/// Why a store does not open.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("another process has {0} open")]
    InUse(PathBuf),
    /// The service takes it over.
    #[error("the service takes {0} over")]
    GaveWay(PathBuf),
    /// There never was one.
    #[error("there is no {0} yet; the service makes it when it starts")]
    NotMade(PathBuf),
    /// Its key is missing, or is not the one that it was made with.
    #[error(transparent)]
    Key(#[from] MasterKeyError),
    /// It is of a version that this binary does not know yet.
    #[error(
        "{path} was written by {by}, and only that opens it; install that one, or restore a backup that this version made: \
         idv restore DIRECTORY",
        by = by.as_ref().map_or_else(|| "a newer version of idv".into(), |by| format!("a newer version of idv ({by})"))
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Which version, where it says so.
        by: Option<String>,
    },
    /// It is of an earlier version, and a copy of it has no room.
    #[error(
        "{path} is of an earlier version of idv; before it is changed a copy of it is kept, which needs {needed} bytes beside \
         it, and {free} are free"
    )]
    NoRoom {
        /// The file.
        path: PathBuf,
        /// How many bytes the copy needs.
        needed: u64,
        /// How many there are.
        free: u64,
    },
    /// Its bytes are not what was written, or belong to another key.
    #[error("{path} is damaged, or does not fit the key beside it; restore both from a backup: idv restore DIRECTORY")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the engine says.
        source: Box<redb::Error>,
    },
    /// Its key is there, and it is not.
    #[error(
        "{path} is missing, and its key is not; restore both from a backup: idv restore DIRECTORY, or to begin anew with \
         nothing known of anyone, remove {key}"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// The system does not let it.
    #[error("cannot use {path}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The engine does not open it.
    #[error("cannot open {path}")]
    Engine {
        /// The file.
        path: PathBuf,
        /// What the engine says.
        source: Box<redb::Error>,
    },
}

impl OpenError {
    /// Whether only a person can mend it: opened again, the store is as it was.
    #[must_use]
    pub const fn needs_a_person(&self) -> bool {
        match self {
            Self::Newer { .. } | Self::NoRoom { .. } | Self::Damaged { .. } | Self::Missing { .. } => true,
            Self::Key(error) => !matches!(error, MasterKeyError::Io { .. }),
            Self::InUse(_) | Self::GaveWay(_) | Self::NotMade(_) | Self::Io { .. } | Self::Engine { .. } => false,
        }
    }
}

impl From<PlaceError> for OpenError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::InUse(path) => Self::InUse(path),
            PlaceError::Io { path, source } => Self::Io { path, source },
        }
    }
}

/// What the system says of `path`, as an [`OpenError`].
pub(super) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path = path.to_owned();
    move |source| OpenError::Io { path, source }
}

impl Store {
    /// Opens the store at `path`, or makes it, with its key in a file beside it (`KEY` in place of the extension).
    ///
    /// `random` is the key of a store that is made.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed, beyond files that did not exist.
    pub fn open(path: &Path, random: [u8; 32]) -> Result<(Self, MasterKey), OpenError> {
        let place = Arc::new(Place::make(path).map_err(io_error(path))?);
        let lock = place.lock()?;
        Self::open_at(&place, lock, random, Opening::default(), Arc::default())
    }

    /// As [`open`](Self::open), but as `opening` has it, and waits for whoever has the store. Commands give way.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_in_turn(path: &Path, random: [u8; 32], opening: Opening) -> Result<(Self, MasterKey), OpenError> {
        let place = Arc::new(Place::make(path).map_err(io_error(path))?);
        let lock = place.lock_in_turn()?;
        Self::open_at(&place, lock, random, opening, Arc::default())
    }

    /// As [`open`](Self::open), but gives way to who [waits](Self::open_in_turn), as long as the store is looked through.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`OpenError::GaveWay`].
    pub fn open_giving_way(path: &Path, random: [u8; 32]) -> Result<Self, OpenError> {
        let place = Arc::new(Place::make(path).map_err(io_error(path))?);
        let lock = place.lock()?;
        Ok(Self::open_at(&place, lock, random, Opening::default(), giving_way(&place))?.0)
    }

    /// As [`open_giving_way`](Self::open_giving_way), but makes nothing.
    ///
    /// # Errors
    /// As [`open_giving_way`](Self::open_giving_way), and [`OpenError::NotMade`].
    pub fn open_if_made(path: &Path) -> Result<Self, OpenError> {
        let place = made(path)?;
        let lock = place.lock()?;
        Ok(Self::open_at(&place, lock, [0; 32], Opening::default(), giving_way(&place))?.0)
    }

    /// Opens the store at `path` to look things up. Nothing is made or written, and whatever the store is told is
    /// forgotten. It gives way to who [waits](Self::open_in_turn) at any time.
    ///
    /// # Errors
    /// As [`open_giving_way`](Self::open_giving_way), and [`OpenError::NotMade`].
    pub fn open_to_read(path: &Path) -> Result<Self, OpenError> {
        let place = made(path)?;
        let lock = place.share()?;
        let (key, progress) = (key_of(&place)?, giving_way(&place));
        let store = Self::open_watched(
            Untouched::new(place, lock),
            &key,
            Opening::default(),
            progress.clone(),
            Before::Nothing,
        )?;
        progress.watch(true);
        Ok(store)
    }

    /// Opens the store on `medium`, whose key is `key`. A medium without any bytes becomes an empty store.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub fn open_on(medium: impl Medium, key: &MasterKey) -> Result<Self, OpenError> {
        Self::open_on_as(medium, key, Opening::default())
    }

    /// As [`open_on`](Self::open_on), but as `opening` has it.
    ///
    /// # Errors
    /// As [`open_on`](Self::open_on).
    pub fn open_on_as(medium: impl Medium, key: &MasterKey, opening: Opening) -> Result<Self, OpenError> {
        Self::open_watched(medium, key, opening, Arc::default(), Before::Nothing)
    }

    fn open_at(
        place: &Arc<Place>,
        lock: Lock,
        random: [u8; 32],
        opening: Opening,
        progress: Arc<Progress>,
    ) -> Result<(Self, MasterKey), OpenError> {
        let lock = Arc::new(lock);
        if !place.has(place.store())? {
            make(place, &lock, random)?;
        }
        let key = key_of(place)?;
        let medium = StoreFile::new(place.clone(), place.store(), opening.cache, lock);
        let store = Self::open_watched(medium, &key, opening, progress, Before::CopyIn(place))?;
        // Where that fails, whoever erases somebody hears of it.
        let _ = leftovers::remove(place);
        Ok((store, key))
    }

    /// Opens the store on `medium`. One of an earlier version is changed only after what comes `before` that.
    pub(super) fn open_watched(
        medium: impl Medium,
        key: &MasterKey,
        opening: Opening,
        progress: Arc<Progress>,
        before: Before<'_>,
    ) -> Result<Self, OpenError> {
        let path: Arc<Path> = medium.path().into();
        let codec = Codec::of(key);
        let published = Arc::new(Published::default());
        let unexamined = Engine::open_unexamined(medium, codec.clone(), opening, published.clone(), progress.clone());
        let engine = unexamined.or_else(|medium| {
            let recognise = |database: &_, codec: &_| recognise(database, codec, before);
            let engine = Engine::open(medium, codec, opening, published.clone(), progress.clone(), recognise);
            engine.map_err(|error| error.of(&path))
        });
        let writer = Writer::start(engine?, progress.clone()).map_err(io_error(&path))?;
        let key = Arc::new(key.clone());
        Ok(Self { writer: Arc::new(writer), published, progress, copying: Arc::default(), key, path })
    }
}

/// The place of the store that is at `path`.
fn made(path: &Path) -> Result<Arc<Place>, OpenError> {
    let place = match Place::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OpenError::NotMade(path.to_owned())),
        place => Arc::new(place.map_err(io_error(path))?),
    };
    if place.has(place.store())? {
        return Ok(place);
    }
    Err(missing(&place)?.unwrap_or_else(|| OpenError::NotMade(path.to_owned())))
}

fn giving_way(place: &Arc<Place>) -> Arc<Progress> {
    let place = place.clone();
    Arc::new(Progress::giving_way(move || place.is_wanted()))
}

/// The key of the store that is there.
pub(super) fn key_of(place: &Place) -> Result<MasterKey, OpenError> {
    let store = place.directory().read(place.store()).map_err(io_error(place.path()))?;
    if store.metadata().map_err(io_error(place.path()))?.len() == 0 {
        // The engine would take it for a new one.
        let source = Box::new(redb::Error::Corrupted("the file is empty".into()));
        return Err(OpenError::Damaged { path: place.path().to_owned(), source });
    }
    Ok(MasterKey::load(place)?)
}

/// Makes a store and its key: under another name until everything is on disk, so that there is never a store without its
/// key, and a store that is gone is not taken for one that never was.
fn make(place: &Arc<Place>, lock: &Arc<Lock>, random: [u8; 32]) -> Result<(), OpenError> {
    if let Some(missing) = missing(place)? {
        return Err(missing);
    }
    let (directory, draft) = (place.directory(), place.draft());
    let io = |source| io_error(&place.path_of(&draft))(source);
    directory.write_or_create(&draft).and_then(|_| directory.sync()).map_err(io)?;
    let key = MasterKey::load_or_make(place, random)?;
    let open = || Store::open_on(StoreFile::new(place.clone(), &draft, Opening::default().cache, lock.clone()), &key);
    match open() {
        // What a power cut left of a draft is worth nothing.
        Err(OpenError::Damaged { .. }) => {
            directory.write(&draft).and_then(|file| file.set_len(0)).map_err(io)?;
            drop(open()?);
        }
        opened => drop(opened?),
    }
    directory.rename(&draft, place.store()).and_then(|()| directory.sync()).map_err(io)
}

/// What is to be said where there is no store, but its key: it was there.
fn missing(place: &Place) -> Result<Option<OpenError>, OpenError> {
    let key = place.key();
    let was_there = place.has(&key)? && !place.has(&place.draft())?;
    Ok(was_there.then(|| OpenError::Missing { path: place.path().to_owned(), key: place.path_of(&key) }))
}
