//! A directory of backups, each of which has the date for a name: a directory, or where it is encrypted a file.

use std::fs::{self, DirBuilder, DirEntry, File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp as Instant;
use jiff::civil::DateTime;

use crate::ops::directory::Directory;
use crate::store::file::key_path;
use crate::verification::time::Timestamp;

/// The name of the store in a backup.
pub(in crate::cli) const STORE: &str = "idv.redb";
/// In UTC, so that names are in the order of time.
const NAME: &str = "idv-%Y-%m-%dT%H-%M-%SZ";
/// Behind the name of one that is a file.
const FILE: &str = ".tar.gz.age";
/// Behind the name while the backup is not whole.
pub(super) const UNFINISHED: &str = ".unfinished";

/// What a backup is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Directory,
    File,
}

/// Has `directory` for this process alone.
///
/// # Errors
/// What the system says; of the kind `ResourceBusy` where another process has it.
pub(super) fn lock(directory: &Path) -> io::Result<File> {
    let lock = File::open(directory)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::new(ErrorKind::ResourceBusy, "another backup is being made there"),
        TryLockError::Error(error) => error,
    })?;
    Ok(lock)
}

/// A directory with backups, in which this process alone makes some.
pub(super) struct Backups {
    directory: PathBuf,
    lock: File,
}

impl Backups {
    /// Opens `directory`, and clears away what an interrupted backup left there.
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        let backups = Self { directory: directory.to_owned(), lock: lock(directory)? };
        for left in backups.of_ours(|name| name.strip_suffix(UNFINISHED).and_then(kind))? {
            remove(&left)?;
        }
        Ok(backups)
    }

    /// Begins the backup of `now`.
    pub(super) fn begin(&self, now: Timestamp, kind: Kind) -> io::Result<Draft<'_>> {
        let mut name = Instant::from(now).strftime(NAME).to_string();
        if kind == Kind::File {
            name.push_str(FILE);
        }
        let whole = self.directory.join(&name);
        if whole.symlink_metadata().is_ok() {
            let told = format!("{} was made in this very second; try again", whole.display());
            return Err(io::Error::new(ErrorKind::AlreadyExists, told));
        }
        let path = self.directory.join(name + UNFINISHED);
        if kind == Kind::Directory {
            DirBuilder::new().mode(0o700).create(&path)?;
        }
        Ok(Draft { backups: self, path, whole })
    }

    /// Removes the oldest backups, so that `made` and the newest of the others are `count`. Returns those that are gone.
    /// What has another name or other contents is none of ours.
    pub(super) fn keep(&self, count: usize, made: &Path) -> io::Result<Vec<PathBuf>> {
        let mut others = self.of_ours(kind)?;
        others.retain(|other| other != made);
        others.sort_unstable();
        others.truncate((others.len() + 1).saturating_sub(count));
        others.iter().try_for_each(|old| remove(old))?;
        Ok(others)
    }

    /// What is of the kind that `kind` says it is by its name.
    fn of_ours(&self, kind: impl Fn(&str) -> Option<Kind>) -> io::Result<Vec<PathBuf>> {
        let mut ours = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            if let Some(kind) = entry.file_name().to_str().and_then(&kind)
                && is_of(&entry, kind)?
            {
                ours.push(entry.path());
            }
        }
        Ok(ours)
    }
}

/// A backup that is not whole yet.
pub(super) struct Draft<'b> {
    backups: &'b Backups,
    path: PathBuf,
    whole: PathBuf,
}

impl Draft<'_> {
    /// Where to make it.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the backup, which is whole, its name, and returns its path.
    pub(super) fn finish(self) -> io::Result<PathBuf> {
        fs::rename(&self.path, &self.whole)?;
        self.backups.lock.sync_all()?;
        Ok(self.whole)
    }
}

/// What has the name `name`, if that is one of ours.
fn kind(name: &str) -> Option<Kind> {
    let (date, kind) = name.strip_suffix(FILE).map_or((name, Kind::Directory), |date| (date, Kind::File));
    let is_date = DateTime::strptime(NAME, date).is_ok_and(|read| read.strftime(NAME).to_string() == date);
    is_date.then_some(kind)
}

fn is_of(entry: &DirEntry, kind: Kind) -> io::Result<bool> {
    let found = entry.file_type()?;
    match kind {
        Kind::File => Ok(found.is_file()),
        Kind::Directory => Ok(found.is_dir() && holds_a_backup(&entry.path())?),
    }
}

/// Whether there is nothing in `directory` but a backup, or a part of one.
fn holds_a_backup(directory: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(directory)? {
        if !files().contains(&PathBuf::from(entry?.file_name())) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn files() -> [PathBuf; 2] {
    [key_path(Path::new(STORE)), STORE.into()]
}

fn remove(backup: &Path) -> io::Result<()> {
    if backup.symlink_metadata()?.is_file() {
        return fs::remove_file(backup);
    }
    clear(backup)?;
    fs::remove_dir(backup)
}

/// Removes a backup, or a part of one, from its directory. Where others may have put a link in that one's place, nothing is
/// removed that is not theirs.
pub(super) fn clear(backup: &Path) -> io::Result<()> {
    let directory = Directory::open(backup)?;
    files().iter().try_for_each(|file| directory.remove(file).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn directory(names: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for name in names {
            fs::create_dir(directory.path().join(name)).unwrap();
            for file in files() {
                fs::write(directory.path().join(name).join(file), "").unwrap();
            }
        }
        directory
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn the_oldest_backups_go_and_nothing_that_is_not_ours() {
        let ours = ["idv-2026-01-01T00-00-00Z", "idv-2026-01-02T00-00-00Z", "idv-2026-01-03T23-59-59Z"];
        let others = ["idv-2026-01-01", "idv-2025-13-01T00-00-00Z", "idv-2025-1-01T00-00-00Z", "mine"];
        let directory = directory(&[&ours[..], &others].concat());
        let full = directory.path().join("idv-2025-01-01T00-00-00Z");
        fs::create_dir(&full).unwrap();
        fs::write(full.join("note"), "").unwrap();
        std::os::unix::fs::symlink(directory.path().join("mine"), directory.path().join("idv-2025-01-02T00-00-00Z"))
            .unwrap();
        let backups = Backups::open(directory.path()).unwrap();
        let draft = backups.begin(NOW, Kind::Directory).unwrap();
        assert_eq!(names(directory.path()).len(), 10, "nothing goes before the new one is whole");
        let made = draft.finish().unwrap();
        assert_eq!(made, directory.path().join("idv-2027-01-15T08-00-00Z"));
        let removed = backups.keep(2, &made).unwrap();
        assert_eq!(removed, ours[..2].iter().map(|name| directory.path().join(name)).collect::<Vec<_>>());
        assert_eq!(names(directory.path()).len(), 8);
        assert_eq!(backups.keep(2, &made).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_remove_what_was_just_made() {
        let directory = directory(&["idv-2026-01-01T00-00-00Z", "idv-2999-01-01T00-00-00Z"]);
        let backups = Backups::open(directory.path()).unwrap();
        let made = directory.path().join("idv-2026-01-01T00-00-00Z");
        assert_eq!(backups.keep(1, &made).unwrap(), [directory.path().join("idv-2999-01-01T00-00-00Z")]);
        assert!(made.exists());
    }

    #[test]
    fn what_an_interrupted_backup_left_is_cleared_away_and_two_at_once_are_refused() {
        let directory = directory(&["idv-2026-01-01T00-00-00Z.unfinished", "idv-2026-01-02T00-00-00Z", "x.unfinished"]);
        let backups = Backups::open(directory.path()).unwrap();
        assert_eq!(names(directory.path()), ["idv-2026-01-02T00-00-00Z", "x.unfinished"]);
        assert_eq!(Backups::open(directory.path()).err().unwrap().kind(), ErrorKind::ResourceBusy);
        drop(backups.begin(NOW, Kind::Directory).unwrap().finish().unwrap());
        let again = backups.begin(NOW, Kind::Directory).err().unwrap();
        assert_eq!(again.kind(), ErrorKind::AlreadyExists);
        assert!(again.to_string().ends_with("was made in this very second; try again"), "{again}");
    }

    /// Between the look at an old backup and its removal, whoever owns the directory above could put a link to the store's
    /// own directory in its place. Only where root runs the tests are there others.
    #[test]
    fn a_backup_that_somebody_swapped_for_a_link_takes_nothing_along() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let directory = directory(&["store"]);
        let link = directory.path().join("idv-2026-01-01T00-00-00Z");
        std::os::unix::fs::symlink("store", &link).unwrap();
        std::os::unix::fs::lchown(&link, Some(61_234), Some(61_234)).unwrap();
        assert_eq!(remove(&link).unwrap_err().kind(), ErrorKind::PermissionDenied);
        assert_eq!(names(&directory.path().join("store")), ["idv.key", "idv.redb"]);
    }
}
