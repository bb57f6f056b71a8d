//! Writing the stream.

use std::io::{self, ErrorKind, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

use super::manifest::Manifest;
use super::{KEY, MANIFEST, STORE};

/// For its owner alone, wherever it is unpacked.
const MODE: u32 = 0o600;

/// Writes what `manifest` describes to `to`: the `key`, and the store that `store` holds. Returns `to`, to be finished.
///
/// # Errors
/// When it cannot be written, or the store is of another length than `manifest` says.
pub fn pack<W: Write>(to: W, manifest: &Manifest, key: &[u8], store: impl Read) -> io::Result<W> {
    // A higher level takes several times as long and makes it hardly smaller.
    let mut builder = Builder::new(GzEncoder::new(to, Compression::fast()));
    let text = serde_json::to_vec_pretty(manifest)?;
    let made_at = manifest.made_at.as_unix();
    builder.append(&header(MANIFEST, text.len() as u64, made_at)?, text.as_slice())?;
    builder.append(&header(KEY, key.len() as u64, made_at)?, key)?;
    let length = manifest.store.bytes;
    let mut counted = Counted { from: store.take(length), read: 0 };
    builder.append(&header(STORE, length, made_at)?, &mut counted)?;
    if counted.read != length {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "the copy of the store is shorter than it was"));
    }
    builder.into_inner()?.finish()
}

fn header(name: &str, length: u64, made_at: u64) -> io::Result<Header> {
    let mut header = Header::new_ustar();
    header.set_path(name)?;
    header.set_entry_type(EntryType::Regular);
    header.set_size(length);
    header.set_mode(MODE);
    header.set_mtime(made_at);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    Ok(header)
}

struct Counted<R> {
    from: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(out)?;
        self.read += read as u64;
        Ok(read)
    }
}
