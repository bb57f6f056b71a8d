//! Evidence at rest: the pictures that people sent, sealed in files beside the store, until nothing can open them any more.
//!
//! ```text
//! evidence/            0700
//!   keys               the epochs' keys, under a key from the store's
//!   objects/ab/abcd…   a picture each, 0600, sealed with a key of its own
//!   new/               what is being written
//! ```
//!
//! Not in the store: a picture would take its one writer a millisecond, and its file, which every backup copies and every
//! start looks through, would be as large as all pictures ever were at once. So a picture is written, made durable and
//! given its name first, and the commit that names it comes after that; what is deleted goes by a commit first, and its file
//! after that. A crash at any point leaves a file that nobody names, which [sweeping](Keeper::sweep) removes, and never a
//! name without its file.
//!
//! A picture's key is sealed under the key of an *epoch* and kept in the store, whose pages keep what was deleted
//! for a while, and whose backups keep it for ever. [Rotation](Keeper::rotate) therefore has the pictures that stay sealed
//! under another epoch and forgets the key of each that lost one. Neither pictures nor epochs' keys are in a backup: what is
//! deleted here is deleted from all backups, and what is restored has no pictures.
//!
//! What that comes to on media: the file system leads nowhere any more, and no copy of a key was ever written outside one
//! file of 32 KiB. Flash may keep old versions of that until the drive uses their place again, and so do snapshots of a
//! volume or a virtual machine. It is NIST SP 800-88's *cryptographic erase*, as good as the care for that one file, and no
//! purge.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

pub use self::epochs::CROWDED;
use self::epochs::{Epoch, Key};
pub use self::error::{EvidenceError, Off};
pub use self::held::Held;
use self::held::Holding;
use self::keys::{Found, Keys, KeysError};
use self::medium::{Disk, Medium, NEW, OBJECTS};
pub use self::place::{Place, PlaceError};
pub use self::rotate::Rotated;
pub use self::sealed::{LIMIT, Whose};
pub use self::standing::Figures;
use self::standing::Standing;
pub use self::sweep::{Checked, Swept};
use crate::ops::random;
use crate::ops::report::Report;
use crate::store::Store;
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::time::Timestamp;

mod epochs;
mod error;
mod held;
mod keys;
pub mod medium;
mod picture;
mod place;
mod rotate;
mod sealed;
mod standing;
mod sweep;

/// What the disk is never filled beyond, in bytes: the store needs room too.
const RESERVE: u64 = 1 << 30;

/// Keeps the pictures of one store. Whatever it does with files takes as long as the disk does: it is asked where that may
/// be waited for.
pub struct Keeper {
    store: Store,
    medium: Arc<dyn Medium>,
    keys: Mutex<Result<Keys, Off>>,
    holding: Holding,
    /// The most that pictures may take, in bytes.
    limit: AtomicU64,
    /// How many there are, and what they take.
    files: AtomicU64,
    bytes: AtomicU64,
    /// How the records stood when they were last looked through.
    standing: Mutex<Standing>,
    /// Sweeping and rotation go one after the other.
    turn: tokio::sync::Mutex<()>,
    hastened: Notify,
}

/// A picture that was taken in, and is not named by anything yet.
#[derive(Debug)]
#[must_use]
pub struct Stored {
    /// Its name.
    pub object: ObjectId,
    /// What opens it.
    pub record: ObjectRecord,
    /// Is kept until the commit that names it was handed to the store.
    pub held: Held,
}

/// How much room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// How many pictures there are.
    pub files: u64,
    /// What they take, in bytes.
    pub bytes: u64,
    /// The most that they may.
    pub limit: u64,
    /// What is free on the file system.
    pub free: u64,
}

impl Space {
    /// Whether there is room for one more, however long.
    #[must_use]
    pub const fn has_room(&self) -> bool {
        self.bytes.saturating_add(LIMIT as u64) <= self.limit && self.free >= RESERVE
    }
}

impl Keeper {
    /// That of `store`, at `place`, with `limit` bytes for pictures. Nothing is looked at before it [begins](Self::begin).
    #[must_use]
    pub fn new(store: Store, place: Place, limit: u64) -> Self {
        Self::over(store, Arc::new(Disk::new(place)), limit)
    }

    /// The same over any medium.
    #[must_use]
    pub fn over(store: Store, medium: Arc<dyn Medium>, limit: u64) -> Self {
        Self {
            store,
            medium,
            keys: Mutex::new(Err(Off::Unused)),
            holding: Holding::default(),
            limit: limit.into(),
            files: 0.into(),
            bytes: 0.into(),
            standing: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            hastened: Notify::new(),
        }
    }

    /// Whether there is any evidence, begun or not.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.medium.is_there().unwrap_or(true)
    }

    /// Takes pictures from now on: makes the place for them where there is none. Where their keys cannot be read, evidence
    /// is [off](Self::off), and all else goes on.
    ///
    /// # Errors
    /// Why none may be there.
    pub fn begin(&self) -> Result<(), PlaceError> {
        self.medium.begin()?;
        let mut keys = self.lock();
        if !matches!(*keys, Err(Off::Unused)) {
            return Ok(());
        }
        // Without keys nothing is taken in, so that nothing is counted twice.
        if let Err(error) = self.take_stock() {
            Report::EvidenceFailed(&error).tell();
        }
        *keys = self.open_keys();
        Ok(())
    }

    fn open_keys(&self) -> Result<Keys, Off> {
        let opened = Keys::open(self.medium.clone(), &self.store.key("evidence"), || self.store.newest_epoch());
        let off = match opened {
            Ok((keys, found)) => {
                match found {
                    Found::Half => Report::EvidenceKeysHalf.tell(),
                    // After a restore on another machine, most likely.
                    Found::Nothing { newest: 1.. } => Report::EvidenceKeysMade.tell(),
                    Found::Nothing { newest: 0 } | Found::Whole => {}
                }
                return Ok(keys);
            }
            Err(KeysError::Damaged) => Off::Damaged,
            Err(KeysError::Io(error)) => Off::unreadable(&error),
            Err(KeysError::Store(error)) => Off::unreadable(&error),
        };
        Report::EvidenceOff(&off).tell();
        Err(off)
    }

    /// Counts what is there.
    fn take_stock(&self) -> io::Result<()> {
        let (mut files, mut bytes) = (0, 0);
        for first in 0..=u8::MAX {
            for (_, length) in self.medium.list(&shelf(first))? {
                (files, bytes) = (files + 1, bytes + length);
            }
        }
        self.files.store(files, Ordering::Relaxed);
        self.bytes.store(bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Why no picture can be taken in or looked at; none if they can.
    #[must_use]
    pub fn off(&self) -> Option<Off> {
        self.lock().as_ref().err().copied()
    }

    /// From now on pictures may take so many bytes.
    pub fn limit_to(&self, limit: u64) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    /// How much room there is.
    ///
    /// # Errors
    /// What the system says.
    pub fn space(&self) -> io::Result<Space> {
        let [files, bytes, limit] =
            [&self.files, &self.bytes, &self.limit].map(|figure| figure.load(Ordering::Relaxed));
        Ok(Space { files, bytes, limit, free: self.medium.free()? })
    }

    /// Whether another picture can be taken in.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.off().is_none() && self.space().is_ok_and(|space| space.has_room())
    }

    /// Seals `jpeg`, which is of `whose`, and has it on disk under a new name. The caller then has that named by a commit; if
    /// that is refused, the picture is to be [removed](Self::unlink).
    ///
    /// # Errors
    /// [`EvidenceError`]; nothing is left of it.
    pub fn put(&self, jpeg: &[u8], whose: &Whose<'_>, now: Timestamp) -> Result<Stored, EvidenceError> {
        if jpeg.len() > LIMIT {
            return Err(EvidenceError::TooLong);
        }
        if !self.has_room() {
            return Err(self.off().map_or(EvidenceError::NoRoom, EvidenceError::Off));
        }
        let (object, key) = (ObjectId::from_random(random::bytes()), Key::new(random::bytes()));
        let (epoch, held) = self.epoch_for(object, now)?;
        let record = epoch.wrap(object, &key, random::bytes());
        let sealed = sealed::seal(jpeg, whose, object, &key);
        match self.write(object, &sealed) {
            Ok(()) => {
                self.count_in(sealed.len() as u64);
                Ok(Stored { object, record, held })
            }
            Err(error) => {
                // What cannot be removed either is swept later.
                let _ = self.medium.remove(&draft(object)).and_then(|_| self.medium.remove(&path(object)));
                Err(error.into())
            }
        }
    }

    /// The epoch that takes `object` in, which is held from then on.
    fn epoch_for(&self, object: ObjectId, now: Timestamp) -> Result<(Epoch, Held), EvidenceError> {
        let mut keys = self.lock();
        let keys = keys.as_mut().map_err(|off| EvidenceError::Off(*off))?;
        keys.settle()?;
        if keys.epochs().current(now).is_none() {
            let epochs = keys.epochs().with_another(now, Key::new(random::bytes())).ok_or(EvidenceError::Stuck)?;
            keys.replace(epochs)?;
        }
        let epoch = keys.epochs().last().ok_or(EvidenceError::Stuck)?.clone();
        let held = self.holding.hold(object, epoch.number);
        Ok((epoch, held))
    }

    fn write(&self, object: ObjectId, sealed: &[u8]) -> io::Result<()> {
        self.medium.write(&draft(object), 0, sealed)?;
        self.medium.rename(&draft(object), &path(object))?;
        self.medium.sync(&shelf(object.as_bytes()[0]))
    }

    /// The picture `object`, as `record` opens it, if it is of `whose`.
    ///
    /// # Errors
    /// [`EvidenceError`].
    pub fn open(
        &self,
        object: ObjectId,
        record: &ObjectRecord,
        whose: &Whose<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, EvidenceError> {
        self.unseal(object, record)?.of(whose).ok_or(EvidenceError::Damaged)
    }

    fn unseal(&self, object: ObjectId, record: &ObjectRecord) -> Result<sealed::Opened, EvidenceError> {
        if record.deleted_at.is_some() {
            return Err(EvidenceError::Deleted);
        }
        let epoch = match &*self.lock() {
            Ok(keys) => keys.epochs().get(record.epoch).cloned().ok_or(EvidenceError::Damaged)?,
            Err(off) => return Err(EvidenceError::Off(*off)),
        };
        let key = epoch.unwrap(object, record).ok_or(EvidenceError::Damaged)?;
        let sealed = self.medium.read(&path(object))?.ok_or(EvidenceError::Damaged)?;
        sealed::open(sealed, object, &key).ok_or(EvidenceError::Damaged)
    }

    /// Removes the file of a picture that no commit names any more. True if there was such a one.
    ///
    /// # Errors
    /// What the system says; it is then [swept](Self::sweep).
    pub fn unlink(&self, object: ObjectId) -> io::Result<bool> {
        let length = self.medium.remove(&path(object))?;
        if let Some(length) = length {
            // One that was never counted is not taken off either.
            for (figure, one) in [(&self.files, 1), (&self.bytes, length)] {
                let less = |figure: u64| Some(figure.saturating_sub(one));
                let _ = figure.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
            }
        }
        Ok(length.is_some())
    }

    fn count_in(&self, length: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(length, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Result<Keys, Off>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does `work` on a thread where a disk may be waited for.
///
/// # Errors
/// Those of `work`.
pub async fn apart<T: Send + 'static>(
    work: impl Future<Output = Result<T, EvidenceError>> + Send + 'static,
) -> Result<T, EvidenceError> {
    let runtime = Handle::current();
    let done = spawn_blocking(move || runtime.block_on(work)).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error).into()))
}

/// Where `object` is.
fn path(object: ObjectId) -> PathBuf {
    shelf(object.as_bytes()[0]).join(object.to_string())
}

/// Where it is until it is whole.
fn draft(object: ObjectId) -> PathBuf {
    Path::new(NEW).join(object.to_string())
}

/// The directory of those whose names begin with the byte `first`.
fn shelf(first: u8) -> PathBuf {
    Path::new(OBJECTS).join(format!("{first:02x}"))
}
