//! The one key of an installation, from which every other key is derived. It lies in a file beside the store.

use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ring::{hkdf, hmac};
use thiserror::Error;
use zeroize::Zeroizing;

use super::place::Place;
use crate::ops::directory::Directory;

const LENGTH: usize = 32;

/// Why the key is not usable.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// There is a store, and not its key.
    #[error("{0} is missing: the store cannot be read without it; restore it from the backup of the store")]
    Missing(PathBuf),
    /// It is not 32 bytes.
    #[error("{0} is not a key of 32 bytes; restore it from the backup of the store")]
    Malformed(PathBuf),
    /// Others may read it.
    #[error("{0} may be read by others; run: chmod 600 {0}")]
    Exposed(PathBuf),
    /// The system does not let it.
    #[error("cannot use {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The key material. It wipes itself and prints nothing.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

impl MasterKey {
    /// The key that `bytes` are.
    #[must_use]
    pub fn new(bytes: [u8; LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for a backup.
    #[must_use]
    pub fn expose(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// Reads the key of the store at `place`.
    pub(super) fn load(place: &Place) -> Result<Self, MasterKeyError> {
        let (name, path) = (place.key(), place.path_of(&place.key()));
        let io = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => MasterKeyError::Missing(path.clone()),
            _ => MasterKeyError::Io { path: path.clone(), source },
        };
        let mut file = place.directory().read(&name).map_err(io)?;
        if file.metadata().map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(MasterKeyError::Exposed(path));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH + 1));
        (&mut file).take(LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
        bytes.as_slice().try_into().map(Self::new).map_err(|_| MasterKeyError::Malformed(path))
    }

    /// Reads the key of the store at `place`; where there is none, makes it of `random`, durably.
    pub(super) fn load_or_make(place: &Place, random: [u8; LENGTH]) -> Result<Self, MasterKeyError> {
        let io = |source| MasterKeyError::Io { path: place.path_of(&place.key()), source };
        if !place.directory().has(&place.key()).map_err(io)? {
            make(place.directory(), &place.key(), &random).map_err(io)?;
        }
        Self::load(place)
    }

    /// The HMAC-SHA256 key for one `purpose` (HKDF, RFC 5869).
    #[must_use]
    pub fn derive(&self, purpose: &'static str) -> hmac::Key {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"idv master key");
        let info = [purpose.as_bytes()];
        let derived = salt.extract(self.0.as_slice()).expand(&info, hmac::HMAC_SHA256).map(hmac::Key::from);
        derived.expect("one block of output is always allowed")
    }
}

/// Writes the key under another name first, so that a crash leaves no half of it.
fn make(directory: &Directory, name: &Path, random: &[u8; LENGTH]) -> io::Result<()> {
    let draft = name.with_extension("key.new");
    directory.remove(&draft)?;
    let mut file = directory.create(&draft)?;
    file.write_all(random)?;
    file.sync_all()?;
    directory.rename(&draft, name)?;
    directory.sync()
}
