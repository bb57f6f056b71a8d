//! Where secrets are, and reading them. They never stand in `idv.toml` itself.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

mod held;

pub use self::held::Held;
pub(crate) use self::held::hand_over_all;

/// The shortest secret that is accepted, in bytes: the output of HMAC-SHA256 (RFC 7518 §3.2).
pub const SHORTEST: usize = 32;
/// The longest secret value that Auth0 holds (contract 18). More is some other file.
const LONGEST: usize = 4096;

/// The token secret that `random` is: its 256 bits in 43 characters, each of which passes through any form, shell or file.
#[must_use]
pub fn from_random(random: [u8; SHORTEST]) -> Zeroizing<String> {
    Zeroizing::new(BASE64URL_NOPAD.encode(&random))
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Written", rename_all = "snake_case")]
pub enum Source {
    /// In a file.
    File(PathBuf),
    /// In a credential that the service manager hands over (systemd's `LoadCredential=`).
    Credential(String),
    /// In an environment variable.
    Env(String),
    /// Here, as it was found where it is.
    #[serde(untagged)]
    Held(Held),
}

/// A [`Source`] as it is written. Whoever wrote the secret itself in its place must not find that in the error.
#[derive(Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "none of { file = \"PATH\" }, { credential = \"NAME\" } and { env = \"NAME\" }"
)]
enum Written {
    File { file: PathBuf },
    Credential { credential: String },
    Env { env: String },
}

impl From<Written> for Source {
    fn from(written: Written) -> Self {
        match written {
            Written::File { file } => Self::File(file),
            Written::Credential { credential } => Self::Credential(credential),
            Written::Env { env } => Self::Env(env),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Credential(name) => write!(f, "credential {name}"),
            Self::Env(name) => write!(f, "environment variable {name}"),
            Self::Held(held) => held.source.fmt(f),
        }
    }
}

/// Why a secret is not usable. Never holds any of it.
#[derive(Debug, Error)]
pub enum SecretError {
    /// It is not there, or may not be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(Source, io::Error),
    /// No token secret was made yet.
    #[error("{0} cannot be read: there is no such file")]
    Missing(Source),
    /// Only the service itself sees its credentials.
    #[error("{0} is visible inside the service alone")]
    OutsideService(Source),
    /// Others may read it.
    #[error("{0} may be read by everyone")]
    Exposed(Source),
    /// It is too short to be a secret.
    #[error("{0} holds {1} bytes; a token secret has at least {SHORTEST}")]
    Short(Source, usize),
    /// It is longer than Auth0 could hold.
    #[error("{0} holds more than {LONGEST} bytes")]
    Long(Source),
}

impl SecretError {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Unreadable(Source::Credential(name), error) if error.kind() == io::ErrorKind::NotFound => {
                hand_over(name)
            }
            Self::Missing(Source::Credential(name)) => hand_over(name),
            Self::Missing(Source::File(path)) if credentials_directory().is_some() => unseen(path),
            Self::Unreadable(Source::File(path), error)
                if error.kind() == io::ErrorKind::NotFound && credentials_directory().is_some() =>
            {
                unseen(path)
            }
            Self::Unreadable(source, _) => {
                format!("put it there and let idv read it, or name another place than {source}")
            }
            Self::OutsideService(_) => "run this as root, with --config naming the file that the unit loads".into(),
            Self::Exposed(Source::File(path)) => format!("run: chmod 600 {}", path.display()),
            Self::Exposed(source) => format!("let nobody but the service read {source}"),
            Self::Missing(Source::File(path)) => {
                format!("make it with: idv secret generate --out {}", path.display())
            }
            Self::Short(Source::File(path), _) => {
                let path = path.display();
                format!(
                    "remove it, and make one with: idv secret generate --out {path}; TOKEN_SECRET in Auth0 is the same"
                )
            }
            Self::Missing(_) | Self::Short(..) => {
                "make one with: idv secret generate; TOKEN_SECRET in Auth0 is the same".into()
            }
            Self::Long(_) => "the secret is one line, the same as TOKEN_SECRET in Auth0".into(),
        }
    }
}

/// What hands the credential `name` to the service.
#[must_use]
pub fn hand_over(name: &str) -> String {
    format!(
        "hand it over with LoadCredential={name}:FILE in the unit (systemctl edit idv); where that stands there already, \
         `systemctl cat idv` shows whether a line LoadCredential= after it empties it, as drop-ins of LXC, LXD and Incus do"
    )
}

/// What brings the file `path` to a service that has credentials, and may see nothing else.
fn unseen(path: &Path) -> String {
    format!(
        "put it there; if it is there, the systemd service does not see it: write {{ credential = \"NAME\" }} in its place, \
         where `systemctl cat idv` has LoadCredential=NAME:{}",
        path.display()
    )
}

/// Where the service manager puts what it hands to services.
const CREDENTIALS: &str = "/run/credentials";

impl Source {
    /// The credential that the file `path` is, if the service manager put it there.
    #[must_use]
    pub fn credential_at(path: &Path) -> Option<Self> {
        let directory = path.parent()?;
        let is_ours = credentials_directory().is_some_and(|ours| Path::new(&ours) == directory);
        let is_handed_over = is_ours || directory.parent() == Some(Path::new(CREDENTIALS));
        is_handed_over.then(|| Self::Credential(path.file_name().unwrap_or_default().to_string_lossy().into_owned()))
    }

    /// Reads a token secret. Its bytes are the key as they stand; a final line end is not part of it, wherever it is kept,
    /// as in Auth0's Action.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn read_token_secret(&self) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let secret = self.read_line().map_err(|error| match error {
            SecretError::Unreadable(source, error) if error.kind() == io::ErrorKind::NotFound => {
                SecretError::Missing(source)
            }
            error => error,
        })?;
        match secret.len() {
            length if length < SHORTEST => Err(SecretError::Short(self.clone(), length)),
            length if length > LONGEST => Err(SecretError::Long(self.clone())),
            _ => Ok(secret),
        }
    }

    /// Reads what is one line: a final line end is not part of it.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_line(&self) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let mut line = self.read()?;
        let end = [&b"\r\n"[..], b"\n"].into_iter().find(|end| line.ends_with(end)).map_or(0, <[u8]>::len);
        let length = line.len() - end;
        line.truncate(length);
        Ok(line)
    }

    /// Reads what is there: a secret, a certificate, a key. Others than its owner and group must not be able to read a
    /// secret; see [`SecretError::Exposed`].
    ///
    /// # Errors
    /// [`SecretError::Unreadable`], [`SecretError::OutsideService`], [`SecretError::Exposed`].
    pub fn read(&self) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        if let Some(path) = self.path()? {
            self.check_exposure(&path)?;
        }
        self.read_public()
    }

    /// Reads what is there and need not be secret.
    ///
    /// # Errors
    /// [`SecretError::Unreadable`], [`SecretError::OutsideService`].
    pub fn read_public(&self) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        match (self, self.path()?) {
            (Self::Held(held), _) => Ok(held.bytes.clone()),
            (_, Some(path)) => self.read_file(&path),
            (_, None) => self.read_variable(),
        }
    }

    /// Where it says that it is.
    #[must_use]
    pub fn named(&self) -> &Self {
        match self {
            Self::Held(held) => &held.source,
            source => source,
        }
    }

    /// Whether this process could see it at all: a credential is for the service alone.
    #[must_use]
    pub fn is_at_hand(&self) -> bool {
        !matches!(self.path(), Err(SecretError::OutsideService(_)))
    }

    fn path(&self) -> Result<Option<PathBuf>, SecretError> {
        match self {
            Self::File(path) => Ok(Some(path.clone())),
            Self::Env(_) | Self::Held(_) => Ok(None),
            Self::Credential(name) => match credentials_directory() {
                // A reload by the unit has the variable, and not the directory (systemd's issue 35227).
                Some(directory) if Path::new(&directory).is_dir() => Ok(Some(Path::new(&directory).join(name))),
                _ => Err(SecretError::OutsideService(self.clone())),
            },
        }
    }

    fn read_file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        fs::read(path).map(Zeroizing::new).map_err(|error| SecretError::Unreadable(self.clone(), error))
    }

    fn check_exposure(&self, path: &Path) -> Result<(), SecretError> {
        let metadata = fs::metadata(path).map_err(|error| SecretError::Unreadable(self.clone(), error))?;
        if metadata.permissions().mode() & 0o007 == 0 { Ok(()) } else { Err(SecretError::Exposed(self.clone())) }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the adapter for secrets")]
    fn read_variable(&self) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let Self::Env(name) = self else { return Ok(Zeroizing::default()) };
        let value =
            std::env::var(name).map_err(|error| SecretError::Unreadable(self.clone(), io::Error::other(error)))?;
        Ok(Zeroizing::new(value.into_bytes()))
    }
}

/// What the service manager tells a service, or a person who wants to see what it was told (systemd.exec(5)).
#[expect(clippy::disallowed_methods, reason = "this is the adapter for secrets")]
pub(crate) fn credentials_directory() -> Option<OsString> {
    std::env::var_os("CREDENTIALS_DIRECTORY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_credential_names_the_line_that_hands_it_over_and_what_empties_it() {
        let source = Source::Credential("tls_key".into());
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        for error in [SecretError::Missing(source.clone()), SecretError::Unreadable(source.clone(), missing())] {
            let remedy = error.remedy();
            assert!(remedy.contains("LoadCredential=tls_key:FILE") && remedy.contains("Incus"), "{remedy}");
        }
        let file = SecretError::Unreadable(Source::File("/etc/idv/key".into()), missing());
        let denied = SecretError::Unreadable(source, io::ErrorKind::PermissionDenied.into());
        assert!(!file.remedy().contains("LoadCredential") && !denied.remedy().contains("LoadCredential"));
    }

    #[test]
    fn a_file_of_the_service_managers_is_a_credential() {
        let credential = |path: &str| Source::credential_at(Path::new(path));
        assert_eq!(credential("/run/credentials/idv.service/idv.toml"), Some(Source::Credential("idv.toml".into())));
        for path in ["/etc/idv/idv.toml", "/run/credentials/idv.toml", "idv.toml", "/run/credentials/a/b/idv.toml", "/"]
        {
            assert_eq!(credential(path), None, "{path}");
        }
    }
}
