//! Reading the stream: nothing in it is believed before it was compared, and nothing of it is longer than was announced.

use std::io::{self, BufRead, BufReader, Read, Write};

use flate2::bufread::GzDecoder;
use serde::Deserialize;
use tar::{Archive, Entries, Entry, EntryType};
use thiserror::Error;
use zeroize::Zeroizing;

use super::manifest::{FORMAT, Manifest, Part};
use super::{Digesting, KEY, MANIFEST, STORE};

/// The longest manifest, in bytes.
const MANIFEST_LIMIT: u64 = 16 * 1024;
/// The length of a store's key.
const KEY_LENGTH: usize = 32;
/// The most zeros that may fill the archive's last record, in bytes: twenty blocks, as other tars do.
const FILL: u64 = 20 * 512;
/// How what begins that is encrypted: as it is, or as letters.
const ENCRYPTED: [&[u8]; 2] = [b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED"];
/// How gzip begins (RFC 1952 §2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Why a stream is no backup that could be used.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// It has to be decrypted first.
    #[error(
        "it is encrypted; whoever holds the key opens it on the way: age -d -i KEY.txt BACKUP.age | sudo idv restore -"
    )]
    Encrypted,
    /// It is something else.
    #[error("it is no backup that idv made")]
    Foreign,
    /// It is of a format that this binary does not know yet.
    #[error("it was made by idv {0}, which is newer; install that version")]
    Newer(String),
    /// It is not what was written.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    /// The store in it has no room.
    #[error("it needs {needed} bytes, and {free} are free")]
    NoRoom {
        /// How many bytes it needs.
        needed: u64,
        /// How many there are.
        free: u64,
    },
    /// It cannot be read to its end.
    #[error("it cannot be read")]
    Read(#[source] io::Error),
    /// What is in it cannot be written.
    #[error("the store in it cannot be written")]
    Write(#[source] io::Error),
}

/// What was in a stream, beside the store.
pub struct Unpacked {
    /// What it says of itself; all but the counts was compared.
    pub manifest: Manifest,
    /// The store's key.
    pub key: Zeroizing<[u8; KEY_LENGTH]>,
}

/// Reads the whole of `from`, and writes the store in it to `store`, where `free` bytes have room.
///
/// # Errors
/// [`ArchiveError`]. What was written then is worth nothing.
pub fn unpack(mut from: impl Read, store: &mut impl Write, free: u64) -> Result<Unpacked, ArchiveError> {
    let mut start = Vec::new();
    from.by_ref().take(32).read_to_end(&mut start).map_err(ArchiveError::Read)?;
    if ENCRYPTED.iter().any(|encrypted| start.starts_with(encrypted)) {
        return Err(ArchiveError::Encrypted);
    }
    if start.is_empty() {
        return Err(ArchiveError::Damaged("it is empty"));
    }
    if !start.starts_with(GZIP) {
        return Err(ArchiveError::Foreign);
    }
    let mut archive = Archive::new(GzDecoder::new(BufReader::new(start.chain(from))));
    let unpacked = read_members(archive.entries().map_err(unread)?.raw(true), store, free)?;
    let mut rest = archive.into_inner();
    let mut filled = Vec::new();
    rest.by_ref().take(FILL + 1).read_to_end(&mut filled).map_err(unread)?;
    if filled.len() as u64 > FILL || filled.iter().any(|byte| *byte != 0) {
        return Err(ArchiveError::Damaged("something stands behind the archive"));
    }
    // The end of the gzip is read, and its checksum was compared.
    if rest.into_inner().fill_buf().map_err(ArchiveError::Read)?.is_empty() {
        Ok(unpacked)
    } else {
        Err(ArchiveError::Damaged("something stands behind its end"))
    }
}

fn read_members<R: Read>(
    mut entries: Entries<'_, R>,
    store: &mut impl Write,
    free: u64,
) -> Result<Unpacked, ArchiveError> {
    let mut text = Vec::new();
    member(&mut entries, MANIFEST, |length| length <= MANIFEST_LIMIT)?.read_to_end(&mut text).map_err(unread)?;
    let manifest = parse(&text)?;
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    member(&mut entries, KEY, |length| length == KEY_LENGTH as u64)?.read_exact(&mut *key).map_err(unread)?;
    if Part::of(key.as_slice()).map_err(ArchiveError::Read)? != manifest.key {
        return Err(ArchiveError::Damaged("the key is not the one that the manifest names"));
    }
    let needed = manifest.store.bytes;
    let mut entry = member(&mut entries, STORE, |length| length == needed)?;
    if needed > free {
        return Err(ArchiveError::NoRoom { needed, free });
    }
    if copy(&mut entry, store)? != manifest.store {
        return Err(ArchiveError::Damaged("the store is not the one that the manifest names"));
    }
    if entries.next().is_some() {
        return Err(ArchiveError::Damaged("it has more members than a backup"));
    }
    Ok(Unpacked { manifest, key })
}

/// The next member, which must be the file `name` itself and of a right length.
fn member<'a, R: Read>(
    entries: &mut Entries<'a, R>,
    name: &str,
    is_right: impl Fn(u64) -> bool,
) -> Result<Entry<'a, R>, ArchiveError> {
    let entry = entries.next().ok_or(ArchiveError::Damaged("a member is missing"))?.map_err(unread)?;
    let header = entry.header();
    if header.entry_type() != EntryType::Regular || *header.path_bytes() != *name.as_bytes() {
        return Err(ArchiveError::Damaged("a member is not what should stand there"));
    }
    if is_right(entry.size()) { Ok(entry) } else { Err(ArchiveError::Damaged("a member is of another length")) }
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<Part, ArchiveError> {
    let mut to = Digesting::new(to);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer).map_err(unread)?;
        if read == 0 {
            return Ok(to.finish().0);
        }
        to.write_all(&buffer[..read]).map_err(ArchiveError::Write)?;
    }
}

fn parse(text: &[u8]) -> Result<Manifest, ArchiveError> {
    /// What every format has.
    #[derive(Deserialize)]
    struct Least {
        format: u16,
        idv: String,
    }
    let malformed = |_| ArchiveError::Damaged("the manifest is malformed");
    let Least { format, idv } = serde_json::from_slice(text).map_err(malformed)?;
    if format > FORMAT {
        return Err(ArchiveError::Newer(idv));
    }
    let manifest: Manifest = serde_json::from_slice(text).map_err(malformed)?;
    if manifest.format == FORMAT { Ok(manifest) } else { Err(ArchiveError::Damaged("the manifest is of no format")) }
}

/// What the system says of the stream, or what the formats do.
fn unread(error: io::Error) -> ArchiveError {
    if error.raw_os_error().is_some() {
        ArchiveError::Read(error)
    } else {
        ArchiveError::Damaged("it is cut, or its bytes are not those that were written")
    }
}
