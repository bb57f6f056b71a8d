//! Files of evidence of which every change can be the last, or fail.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use idv::evidence::PlaceError;
use idv::evidence::medium::{Disk, Medium};

/// The real files, and what is to happen to the next changes.
#[derive(Clone)]
pub(crate) struct Faulty {
    disk: Arc<Disk>,
    plan: Arc<Mutex<Plan>>,
    meanwhile: Arc<Mutex<Option<Meanwhile>>>,
}

/// What somebody else does in the middle of a change.
type Meanwhile = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Plan {
    /// How many more are made, before one is not.
    left: Option<usize>,
    fault: Fault,
    /// Whether it came to that.
    is_met: bool,
    /// Whether the process was killed: nothing more is done, or read.
    is_dead: bool,
}

/// What becomes of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process is killed before it.
    #[default]
    Killed,
    /// The process is killed in the middle of it, if it has one.
    KilledWithin,
    /// The disk is full, from there on.
    Full,
    /// It fails once.
    Fails,
}

impl Faulty {
    pub(crate) fn new(disk: Disk) -> Self {
        Self { disk: Arc::new(disk), plan: Arc::default(), meanwhile: Arc::default() }
    }

    /// So many changes are made from now on, and to the one after them happens `fault`.
    pub(crate) fn plan(&self, left: usize, fault: Fault) {
        *self.lock() = Plan { left: Some(left), fault, ..Plan::default() };
    }

    /// Everything works from now on. True if what was planned had happened.
    pub(crate) fn heal(&self) -> bool {
        std::mem::take(&mut *self.lock()).is_met
    }

    /// The next time that a file has its name, and the name is to be made durable, `act` is done before.
    pub(crate) fn before_a_name_is_durable(&self, act: impl FnOnce() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(act));
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap()
    }

    fn alive(&self) -> io::Result<()> {
        if self.lock().is_dead { Err(ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }

    /// A change that needs room if it `writes`, and has `half` of it done where it is broken off in its middle.
    fn change<T>(
        &self,
        writes: bool,
        half: impl FnOnce() -> io::Result<()>,
        whole: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        self.alive()?;
        let mut plan = self.lock();
        if plan.left != Some(0) || (plan.fault == Fault::Full && !writes) {
            plan.left = plan.left.map(|left| left.saturating_sub(1));
            drop(plan);
            return whole();
        }
        let fault = plan.fault;
        plan.is_met = true;
        match fault {
            Fault::Killed => plan.is_dead = true,
            Fault::KilledWithin => {
                plan.is_dead = true;
                half()?;
            }
            Fault::Full => half()?,
            Fault::Fails => plan.left = None,
        }
        Err(if fault == Fault::Full { ErrorKind::StorageFull } else { ErrorKind::Other }.into())
    }
}

impl Medium for Faulty {
    fn begin(&self) -> Result<(), PlaceError> {
        self.disk.begin()
    }

    fn is_there(&self) -> io::Result<bool> {
        self.disk.is_there()
    }

    fn read(&self, name: &Path) -> io::Result<Option<Vec<u8>>> {
        self.alive()?;
        self.disk.read(name)
    }

    fn write(&self, name: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        let half = || self.disk.write(name, at, &bytes[..bytes.len() / 2]);
        self.change(true, half, || self.disk.write(name, at, bytes))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(true, || Ok(()), || self.disk.rename(from, to))
    }

    fn sync(&self, directory: &Path) -> io::Result<()> {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(act) = meanwhile {
            act();
        }
        self.change(true, || Ok(()), || self.disk.sync(directory))
    }

    fn remove(&self, name: &Path) -> io::Result<Option<u64>> {
        self.change(false, || Ok(()), || self.disk.remove(name))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<(OsString, u64)>> {
        self.alive()?;
        self.disk.list(directory)
    }

    fn free(&self) -> io::Result<u64> {
        self.disk.free()
    }
}
