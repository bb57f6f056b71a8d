//! A directory that is opened once: everything in it is done by name from there, follows no link, takes no name that is
//! taken, and has no more than the owner's rights.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use rustix::path::Arg;
use rustix::process::geteuid;

use super::owner::Owner;

/// Links on the way to a directory, as many as the kernel follows.
const LINKS: usize = 40;
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);
const PRIVATE_DIRECTORY: Mode = Mode::RWXU;
const DIRECTORY: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);
/// Somebody's lease on a file, a file server's mostly, is waited for: the kernel ends it after 45 seconds.
const TRIES: usize = 500;
const PAUSE: Duration = Duration::from_millis(100);
/// A pipe in a file's place is not waited for.
const FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// An open directory.
#[derive(Debug)]
pub struct Directory {
    descriptor: OwnedFd,
    path: PathBuf,
    /// With whose rights everything here is done, where those are not the process's own.
    owner: Option<Owner>,
}

impl Directory {
    /// Opens the directory `path`.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::reach(path, false)
    }

    /// Opens the directory `path`, and makes what of it is not there, for its owner alone.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(path: &Path) -> io::Result<Self> {
        Self::reach(path, true)
    }

    fn reach(path: &Path, makes: bool) -> io::Result<Self> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let (descriptor, owner) =
            if geteuid().is_root() { Way::walk(path, makes)? } else { (enter(CWD, path, makes)?, None) };
        Ok(Self { descriptor, path: path.to_owned(), owner })
    }

    /// Opens the directory `name` in it, and makes it for its owner alone where there is none.
    ///
    /// # Errors
    /// What the system says, or that it is a link.
    pub fn within(&self, name: &Path) -> io::Result<Self> {
        let open = || {
            make(&self.descriptor, name)?;
            Ok::<_, io::Error>(rustix::fs::openat(&self.descriptor, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?)
        };
        Ok(Self { descriptor: self.act(open)??, path: self.path_of(name), owner: self.owner })
    }

    /// What `name` is called outside.
    #[must_use]
    pub fn path_of(&self, name: &Path) -> PathBuf {
        self.path.join(name)
    }

    /// Whether anything has the name, be it a link to nowhere.
    ///
    /// # Errors
    /// What the system says.
    pub fn has(&self, name: &Path) -> io::Result<bool> {
        match self.act(|| rustix::fs::statat(&self.descriptor, name, AtFlags::SYMLINK_NOFOLLOW))? {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a file to read.
    ///
    /// # Errors
    /// What the system says, or that it is no file.
    pub fn read(&self, name: &Path) -> io::Result<File> {
        self.file(name, OFlags::RDONLY)
    }

    /// Opens a file to read and write.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn write(&self, name: &Path) -> io::Result<File> {
        self.file(name, OFlags::RDWR)
    }

    /// Makes a file for its owner alone.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` if something has the name.
    pub fn create(&self, name: &Path) -> io::Result<File> {
        self.file(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL)
    }

    /// Opens a file to read and write, and makes it for its owner alone where there is none.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn write_or_create(&self, name: &Path) -> io::Result<File> {
        self.file(name, OFlags::RDWR | OFlags::CREATE)
    }

    fn file(&self, name: &Path, flags: OFlags) -> io::Result<File> {
        let open = || self.act(|| rustix::fs::openat(&self.descriptor, name, flags | FILE, PRIVATE));
        let mut opened = open()?;
        for _ in 0..TRIES {
            if !matches!(opened, Err(Errno::AGAIN)) {
                break;
            }
            thread::sleep(PAUSE);
            opened = open()?;
        }
        let file = match opened {
            Err(Errno::LOOP) => return Err(io::Error::new(ErrorKind::InvalidInput, "a link is not followed here")),
            opened => File::from(opened?),
        };
        if file.metadata()?.is_file() {
            Ok(file)
        } else {
            Err(io::Error::new(ErrorKind::InvalidInput, "this is no file"))
        }
    }

    /// Gives what is called `from` the name `to`, which nothing may have.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` if something has the name.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let at = &self.descriptor;
        match self.act(|| rustix::fs::renameat_with(at, from, at, to, RenameFlags::NOREPLACE))? {
            // Not every file system can. There, nobody comes in between who has not the owner's rights or no lock.
            Err(Errno::INVAL | Errno::NOSYS) if !self.has(to)? => {
                Ok(self.act(|| rustix::fs::renameat(at, from, at, to))??)
            }
            Err(Errno::INVAL | Errno::NOSYS) => Err(ErrorKind::AlreadyExists.into()),
            renamed => Ok(renamed?),
        }
    }

    /// Gives what is called `from` the name `to`, in place of what has that.
    ///
    /// # Errors
    /// What the system says.
    pub fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        Ok(self.act(|| rustix::fs::renameat(&self.descriptor, from, &self.descriptor, to))??)
    }

    /// Removes a name. True if there was such a one.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self, name: &Path) -> io::Result<bool> {
        match self.act(|| rustix::fs::unlinkat(&self.descriptor, name, AtFlags::empty()))? {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The names here.
    ///
    /// # Errors
    /// What the system says.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let entries = self.act(|| Dir::read_from(&self.descriptor))??;
        let names = entries.map(|entry| Ok(OsString::from_vec(entry?.file_name().to_bytes().to_vec())));
        let names: io::Result<Vec<_>> = names.collect();
        Ok(names?.into_iter().filter(|name| name != "." && name != "..").collect())
    }

    /// Makes durable what was done to names.
    ///
    /// # Errors
    /// What the system says.
    pub fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.descriptor)?)
    }

    /// The bytes that are free on the file system for who has no privilege there.
    ///
    /// # Errors
    /// What the system says.
    pub fn free(&self) -> io::Result<u64> {
        let system = rustix::fs::fstatvfs(&self.descriptor)?;
        Ok(system.f_bavail.saturating_mul(system.f_frsize))
    }

    fn act<T>(&self, work: impl FnOnce() -> T) -> io::Result<T> {
        match self.owner {
            None => Ok(work()),
            Some(owner) => owner.act(work),
        }
    }
}

/// Opens the directory `path` from `here`, by its path alone.
fn enter(here: impl AsFd + Copy, path: &Path, makes: bool) -> io::Result<OwnedFd> {
    let open = || rustix::fs::openat(here, path, DIRECTORY, Mode::empty());
    match open() {
        Err(Errno::NOENT) if makes => {
            let ancestors: Vec<_> = path.ancestors().filter(|ancestor| !ancestor.as_os_str().is_empty()).collect();
            ancestors.into_iter().rev().try_for_each(|ancestor| make(here, ancestor))?;
            Ok(open()?)
        }
        opened => Ok(opened?),
    }
}

/// Makes a directory for its owner alone, unless somebody else was faster.
fn make(here: impl AsFd, name: impl Arg) -> io::Result<()> {
    match rustix::fs::mkdirat(here, name, PRIVATE_DIRECTORY) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Root's way to a directory, name by name.
struct Way {
    here: OwnedFd,
    rest: VecDeque<OsString>,
}

impl Way {
    /// From a link or directory on that is somebody else's, theirs are the rights, wherever that leads. Only in a
    /// directory of root's own root has its own again: there they can change no name.
    fn walk(path: &Path, makes: bool) -> io::Result<(OwnedFd, Option<Owner>)> {
        let here = rustix::fs::openat(CWD, ".", DIRECTORY, Mode::empty())?;
        let mut way = Self { here, rest: VecDeque::new() };
        let mut owner = way.lead(path)?;
        let mut links = 0;
        while let Some(name) = way.rest.pop_front() {
            let next = way.step(&name, owner, makes)?;
            let stat = rustix::fs::fstat(&next)?;
            let whose = Owner::beside_root(&stat)?;
            if !FileType::from_raw_mode(stat.st_mode).is_symlink() {
                owner = whose.and(owner.or(whose));
                way.here = next;
                continue;
            }
            links += 1;
            if links > LINKS {
                return Err(Errno::LOOP.into());
            }
            let target = rustix::fs::readlinkat(&next, "", Vec::new())?;
            let from = way.lead(Path::new(OsStr::from_bytes(target.as_bytes())))?;
            if let Some(theirs) = owner.or(whose) {
                return Ok((theirs.act(|| way.finish(makes))??, Some(theirs)));
            }
            owner = from;
        }
        let last = || enter(&way.here, Path::new("."), false);
        Ok((owner.map_or_else(|| Ok(last()), |owner| owner.act(last))??, owner))
    }

    /// Puts `path` before the rest. Returns whose the place is that it begins at.
    fn lead(&mut self, path: &Path) -> io::Result<Option<Owner>> {
        if path.is_absolute() {
            self.here = rustix::fs::openat(CWD, "/", DIRECTORY, Mode::empty())?;
        }
        for component in path.components().rev() {
            if let Component::Normal(_) | Component::ParentDir = component {
                self.rest.push_front(component.as_os_str().to_owned());
            }
        }
        Owner::beside_root(&rustix::fs::fstat(&self.here)?)
    }

    /// Opens the link or directory `name`, or makes it, which is `owner`'s then.
    fn step(&self, name: &OsStr, owner: Option<Owner>, makes: bool) -> io::Result<OwnedFd> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.here, name, flags, Mode::empty()) {
            Err(Errno::NOENT) if makes => {
                let made = || make(&self.here, name);
                owner.map_or_else(|| Ok(made()), |owner| owner.act(made))??;
                Ok(rustix::fs::openat(&self.here, name, flags, Mode::empty())?)
            }
            opened => Ok(opened?),
        }
    }

    /// Goes the rest of the way, whatever links there are on it.
    fn finish(&self, makes: bool) -> io::Result<OwnedFd> {
        let rest: PathBuf = self.rest.iter().collect();
        if rest.as_os_str().is_empty() {
            enter(&self.here, Path::new("."), false)
        } else {
            enter(&self.here, &rest, makes)
        }
    }
}
