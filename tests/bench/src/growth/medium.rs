//! The store's file, with a count of what the engine reads and writes: that does not drift with the machine.

use idv::store::medium::Medium;
use idv::store::space::space;
use redb::StorageBackend;
use redb::backends::FileBackend;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was asked of the file until now. Reads that the engine's own cache answers are none.
#[derive(Debug, Default)]
pub(super) struct Counts {
    reads: AtomicU64,
    written: AtomicU64,
}

impl Counts {
    pub(super) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Bytes.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }
}

pub(super) struct Counted {
    path: PathBuf,
    counts: Arc<Counts>,
}

impl Counted {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, counts: Arc::default() }
    }

    pub(super) fn counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }

    fn draft(&self) -> PathBuf {
        self.path.with_extension("anew")
    }

    fn backend(&self, file: File) -> io::Result<CountedFile> {
        Ok(CountedFile { file: FileBackend::new(file).map_err(io::Error::other)?, counts: self.counts() })
    }
}

impl Medium for Counted {
    type Backend = CountedFile;

    fn path(&self) -> &Path {
        &self.path
    }

    fn open(&self) -> io::Result<CountedFile> {
        self.backend(OpenOptions::new().read(true).write(true).open(&self.path)?)
    }

    fn open_to_read(&self) -> io::Result<CountedFile> {
        self.backend(File::open(&self.path)?)
    }

    fn room(&self) -> io::Result<u64> {
        Ok(space(&self.path)?.free)
    }

    fn anew(&self) -> io::Result<Option<CountedFile>> {
        self.forget_new()?;
        self.backend(OpenOptions::new().read(true).write(true).create_new(true).open(self.draft())?).map(Some)
    }

    fn replace(&self) -> io::Result<()> {
        fs::rename(self.draft(), &self.path)?;
        self.path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
    }

    fn forget_new(&self) -> io::Result<bool> {
        match fs::remove_file(self.draft()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            removed => removed.map(|()| true),
        }
    }
}

#[derive(Debug)]
pub(super) struct CountedFile {
    file: FileBackend,
    counts: Arc<Counts>,
}

impl StorageBackend for CountedFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.counts.reads.fetch_add(1, Ordering::Relaxed);
        self.file.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.counts.written.fetch_add(data.len() as u64, Ordering::Relaxed);
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }
}
