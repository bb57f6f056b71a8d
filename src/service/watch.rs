//! Whether the files of the certificate are others than they were. They are looked at from time to time: what watches
//! directories misses network file systems and links that are put in the place of links.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use crate::config::meant::TlsSource;
use crate::config::secret::Source;

/// Between two looks.
pub(super) const LOOK: Duration = Duration::from_secs(10);

/// What a file is, as far as a look at its name shows: device, inode, size, when it was written.
type Look = Option<(u64, u64, u64, i64, i64)>;

/// What was seen of the files of the certificate.
pub(super) struct Watch {
    /// When they were read.
    read: [Look; 2],
    /// The last time.
    last: [Look; 2],
}

impl Watch {
    /// Those that `source` names have just been read.
    pub(super) fn new(source: Option<&TlsSource>) -> Self {
        let look = look(source);
        Self { read: look, last: look }
    }

    /// Whether the files that `source` names are others than when they were read, and have been so the last time: whoever
    /// writes two files may be between them.
    pub(super) fn sees_another(&mut self, source: Option<&TlsSource>) -> bool {
        let look = look(source);
        let sees = look != self.read && look == self.last;
        self.last = look;
        if sees {
            self.read = look;
        }
        sees
    }
}

/// What is there, links followed; nothing for what is named otherwise than by a path.
fn look(source: Option<&TlsSource>) -> [Look; 2] {
    let Some(TlsSource { certificate, private_key }) = source else { return [None; 2] };
    [certificate, private_key].map(|source| {
        let Source::File(path) = source else { return None };
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.dev(), metadata.ino(), metadata.size(), metadata.mtime(), metadata.mtime_nsec()))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;

    fn source(directory: &Path) -> TlsSource {
        let file = |name: &str| Source::File(directory.join(name));
        TlsSource { certificate: file("certificate"), private_key: file("key") }
    }

    #[test]
    fn another_file_is_seen_once_and_only_when_it_stays() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = |name: &str| directory.path().join(name);
        for (name, text) in [("one", "1"), ("two", "22"), ("key", "k")] {
            fs::write(path(name), text).unwrap();
        }
        symlink(path("one"), path("certificate")).unwrap();
        let source = source(directory.path());
        let mut watch = Watch::new(Some(&source));
        let mut sees = || watch.sees_another(Some(&source));
        assert_eq!([sees(), sees()], [false; 2]);
        // A link in the place of a link.
        symlink(path("two"), path("new")).unwrap();
        fs::rename(path("new"), path("certificate")).unwrap();
        assert_eq!([sees(), sees(), sees()], [false, true, false]);
        // Behind the link.
        fs::write(path("two"), "other").unwrap();
        assert_eq!([sees(), sees(), sees()], [false, true, false]);
        // One file, then the other: not in between.
        fs::write(path("key"), "other key").unwrap();
        assert!(!sees());
        fs::write(path("two"), "another").unwrap();
        assert_eq!([sees(), sees(), sees()], [false, true, false]);
        // Gone, and back as it was.
        fs::rename(path("two"), path("away")).unwrap();
        assert!(!sees());
        fs::rename(path("away"), path("two")).unwrap();
        assert_eq!([sees(), sees()], [false; 2]);
    }

    #[test]
    fn what_is_no_file_is_not_looked_at() {
        let credential = |name: &str| Source::Credential(name.into());
        let source = TlsSource { certificate: credential("a"), private_key: credential("b") };
        let mut watch = Watch::new(Some(&source));
        assert!(!watch.sees_another(Some(&source)) && !watch.sees_another(None));
    }
}
