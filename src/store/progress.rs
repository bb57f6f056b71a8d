//! How the check of a whole store goes on. It takes as long as the disk does, so whoever waits for it can see that it
//! comes further, and a command that has the store gives way to the service.

use std::fmt;
use std::io::{self, ErrorKind};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use redb::{BackendError, StorageBackend};

/// After so many reads the others are asked. Each is of a page or more.
const STRETCH: u64 = 256;

/// Counts what is read while it is watched, and breaks off where somebody else wants the store.
#[derive(Default)]
pub(super) struct Progress {
    steps: AtomicU64,
    is_watched: AtomicBool,
    is_wanted: Option<Box<dyn Fn() -> bool + Send + Sync>>,
    gave_way: AtomicBool,
    is_in_vain: AtomicBool,
}

impl Progress {
    /// Asks `is_wanted` now and then.
    pub(super) fn giving_way(is_wanted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { is_wanted: Some(Box::new(is_wanted)), ..Self::default() }
    }

    /// How often something was read while it was watched.
    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Whether it broke off.
    pub(super) fn gave_way(&self) -> bool {
        self.gave_way.load(Ordering::Relaxed)
    }

    /// From now on reads count, or not.
    pub(super) fn watch(&self, is_watched: bool) {
        self.is_watched.store(is_watched, Ordering::Relaxed);
    }

    /// From now on nobody waits for what is watched, and it breaks off.
    pub(super) fn abandon(&self) {
        self.is_in_vain.store(true, Ordering::Relaxed);
    }

    /// Whether somebody else wants the store.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted.as_ref().is_some_and(|is_wanted| is_wanted())
    }

    fn step(&self) -> io::Result<()> {
        if !self.is_watched.load(Ordering::Relaxed) {
            return Ok(());
        }
        if self.is_in_vain.load(Ordering::Relaxed) {
            return Err(io::Error::new(ErrorKind::ResourceBusy, "the store is closed"));
        }
        let steps = self.steps.fetch_add(1, Ordering::Relaxed) + 1;
        if self.gave_way() || steps.is_multiple_of(STRETCH) && self.is_wanted() {
            self.gave_way.store(true, Ordering::Relaxed);
            return Err(io::Error::new(ErrorKind::ResourceBusy, "the service takes the store over"));
        }
        Ok(())
    }
}

/// What becomes of what nobody waits for any more, or others need the room of.
pub(super) fn given_up() -> io::Error {
    io::Error::new(ErrorKind::ResourceBusy, "it was given up")
}

/// Whether `error` is what became of reading that a [`Progress`] broke off, or of what was [given up](given_up). The system
/// says of some files that they are busy, and means something else.
pub(super) fn broke_off(error: &redb::Error) -> bool {
    matches!(error, redb::Error::Io(error) if error.kind() == ErrorKind::ResourceBusy && error.raw_os_error().is_none())
}

/// Bytes whose reading is watched.
pub(super) struct Watched<B> {
    below: Arc<B>,
    progress: Arc<Progress>,
}

impl<B> Watched<B> {
    pub(super) fn new(below: Arc<B>, progress: Arc<Progress>) -> Self {
        Self { below, progress }
    }
}

type End = Bound<u64>;

impl<B: StorageBackend> StorageBackend for Watched<B> {
    fn len(&self) -> io::Result<u64> {
        self.below.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.progress.step()?;
        self.below.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.below.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.below.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.below.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.below.close()
    }

    fn try_lock_range(&self, start: End, end: End) -> Result<bool, BackendError> {
        self.below.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: End, end: End) -> Result<bool, BackendError> {
        self.below.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: End, end: End) -> Result<(), BackendError> {
        self.below.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: End, end: End) -> Result<(), BackendError> {
        self.below.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: End, end: End) -> Result<(), BackendError> {
        self.below.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: End, end: End) -> Result<bool, BackendError> {
        self.below.query_lock_range(start, end)
    }
}

impl<B> fmt::Debug for Watched<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use redb::backends::InMemoryBackend;

    use super::super::codec::Codec;
    use super::super::file::OpenError;
    use super::super::master_key::MasterKey;
    use super::super::migrate::Unrecognised;
    use super::super::opened;
    use super::super::tables::{META, definition};
    use super::*;

    const CACHE: usize = 64 * 1024 * 1024;

    #[test]
    fn an_opening_goes_on_until_the_store_is_wanted() {
        let codec = Codec::of(&MasterKey::new([7; 32]));
        let below = Arc::new(InMemoryBackend::new());
        let database = opened::open(Shared(below.clone()), &codec, CACHE, &Arc::default()).unwrap();
        let transaction = database.database.begin_write().unwrap();
        let mut table = transaction.open_table(definition(META)).unwrap();
        for number in 0_u64..4 * STRETCH {
            table.insert(number.to_be_bytes().as_slice(), [7; 4000].as_slice()).unwrap();
        }
        drop(table);
        transaction.commit().unwrap();
        drop(database);
        let open = |progress: Progress| {
            let progress = Arc::new(progress);
            let opened = opened::open(Shared(below.clone()), &codec, CACHE, &progress);
            let error = opened.err().map(|error| Unrecognised::from(error).of(Path::new("store")));
            (error, progress.gave_way(), progress.steps())
        };
        let (error, gave_way, steps) = open(Progress::giving_way(|| false));
        assert!(error.is_none() && !gave_way && steps > STRETCH, "{error:?} after {steps}");
        let (error, gave_way, steps) = open(Progress::giving_way(|| true));
        assert!(matches!(error, Some(OpenError::GaveWay(_))) && gave_way, "{error:?}");
        assert!((STRETCH..2 * STRETCH).contains(&steps), "{steps}");
        assert!(open(Progress::default()).0.is_none(), "whatever was broken off");
    }

    #[test]
    fn what_the_system_calls_busy_was_not_given_up() {
        let busy = io::Error::from_raw_os_error(rustix::io::Errno::BUSY.raw_os_error());
        assert_eq!(busy.kind(), ErrorKind::ResourceBusy);
        assert!(!broke_off(&busy.into()) && broke_off(&given_up().into()));
        let progress = Progress::default();
        progress.watch(true);
        progress.abandon();
        assert!(broke_off(&progress.step().unwrap_err().into()));
    }

    #[derive(Debug)]
    struct Shared(Arc<InMemoryBackend>);

    impl StorageBackend for Shared {
        fn len(&self) -> io::Result<u64> {
            self.0.len()
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.0.read(offset, out)
        }

        fn set_len(&self, length: u64) -> io::Result<()> {
            self.0.set_len(length)
        }

        fn sync_data(&self) -> io::Result<()> {
            self.0.sync_data()
        }

        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.0.write(offset, data)
        }
    }
}
