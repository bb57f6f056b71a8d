//! The writing half of age (age-encryption.org/v1), for recipients of the kind X25519. Who holds the identity of one opens
//! it with any age; nothing here could.

use std::fmt::{self, Write as _};
use std::io::{self, ErrorKind, Write};
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use data_encoding::BASE64_NOPAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce};
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::{hkdf, hmac};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::ops::random;

/// The length of a chunk's text.
const CHUNK: usize = 64 * 1024;
const FILE_KEY: usize = 16;
const NAME: &str = "age";

/// Somebody to whom a backup is encrypted: their public key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

/// Why a text is no recipient. It does not repeat the text, which may be a secret.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RecipientError {
    /// It is the secret half.
    #[error("is an identity, which opens backups and has no place on this machine")]
    Identity,
    /// Its checksum does not fit.
    #[error("is misspelt: its checksum does not fit")]
    Misspelt,
    /// It is something else, or a recipient of another kind.
    #[error("is not a recipient of the kind age1…, 62 characters long")]
    Unknown,
}

impl RecipientError {
    /// What to do.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Identity => "write what `age-keygen -y key.txt` prints, and keep key.txt where backups are opened",
            Self::Misspelt => "copy it as `age-keygen -y key.txt` prints it",
            Self::Unknown => "make one elsewhere, with `age-keygen -o key.txt`, and write what it calls the public key",
        }
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        if text.trim_start().get(..15).is_some_and(|start| start.eq_ignore_ascii_case("age-secret-key-")) {
            return Err(RecipientError::Identity);
        }
        let looks_like_one = text.len() == 62 && text.starts_with("age1");
        let other = if looks_like_one { RecipientError::Misspelt } else { RecipientError::Unknown };
        let parsed = CheckedHrpstring::new::<Bech32>(text).map_err(|_| other)?;
        let bytes: Vec<u8> = parsed.byte_iter().collect();
        let recipient = Self(bytes.try_into().map_err(|_| RecipientError::Unknown)?);
        // One spelling: lower case, of this kind, and nothing in the bits that fill the last character.
        if recipient.to_string() == text { Ok(recipient) } else { Err(RecipientError::Unknown) }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32, _>(f, Hrp::parse_unchecked(NAME), &self.0).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Encrypts what is written, chunk by chunk.
pub struct Encryptor<W> {
    to: W,
    key: LessSafeKey,
    chunks: u64,
    text: Zeroizing<Vec<u8>>,
}

impl<W: Write> Encryptor<W> {
    /// Begins a file in `to`, which each of `recipients` can open.
    ///
    /// # Errors
    /// When it cannot be written, or a recipient is no key that anybody could have.
    pub fn new(mut to: W, recipients: &[Recipient]) -> io::Result<Self> {
        let file_key = Zeroizing::new(random::bytes::<FILE_KEY>());
        let mut header = "age-encryption.org/v1\n".to_owned();
        for recipient in recipients {
            header.push_str(&recipient.stanza(&*file_key)?);
        }
        header.push_str("---");
        let mac: hmac::Key = derive(&[], &*file_key, b"header", hmac::HMAC_SHA256);
        let mac = hmac::sign(&mac, header.as_bytes());
        let _ = writeln!(header, " {}", BASE64_NOPAD.encode(mac.as_ref()));
        to.write_all(header.as_bytes())?;
        let nonce = random::bytes::<16>();
        to.write_all(&nonce)?;
        let key = LessSafeKey::new(derive(&nonce, &*file_key, b"payload", &CHACHA20_POLY1305));
        Ok(Self { to, key, chunks: 0, text: Zeroizing::new(Vec::with_capacity(CHUNK + CHACHA20_POLY1305.tag_len())) })
    }

    /// Writes the last chunk. Without it the file is cut, and age says so. Returns where it went.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.to)
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.chunks.to_be_bytes());
        nonce[11] = u8::from(is_last);
        self.chunks += 1;
        seal(&self.key, nonce, &mut self.text)?;
        self.to.write_all(&self.text)?;
        self.text.clear();
        Ok(())
    }
}

impl<W: Write> Write for Encryptor<W> {
    /// A full chunk is sealed when more comes: the last one says that it is, and is empty only where all is.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.text.len());
        self.text.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Recipient {
    /// The lines from which this recipient has the file's key.
    fn stanza(&self, file_key: &[u8]) -> io::Result<String> {
        let broken = |_| io::Error::new(ErrorKind::InvalidInput, "a recipient is no key that anybody could have");
        let ephemeral = EphemeralPrivateKey::generate(&X25519, &random::generator()).map_err(broken)?;
        let share = ephemeral.compute_public_key().map_err(broken)?;
        let salt = [share.as_ref(), &self.0].concat();
        let theirs = UnparsedPublicKey::new(&X25519, self.0);
        let wrap = |shared: &[u8]| derive(&salt, shared, b"age-encryption.org/v1/X25519", &CHACHA20_POLY1305);
        let key = LessSafeKey::new(agree_ephemeral(ephemeral, &theirs, wrap).map_err(broken)?);
        let mut body = file_key.to_vec();
        seal(&key, [0; 12], &mut body)?;
        Ok(format!("-> X25519 {}\n{}\n", BASE64_NOPAD.encode(share.as_ref()), BASE64_NOPAD.encode(&body)))
    }
}

/// Seals `text` in place. A key never sees a nonce twice.
fn seal(key: &LessSafeKey, nonce: [u8; 12], text: &mut Vec<u8>) -> io::Result<()> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::empty(), text).map_err(|_| io::Error::other("a chunk is too long"))
}

fn derive<L: hkdf::KeyType, K: for<'k> From<hkdf::Okm<'k, L>>>(salt: &[u8], secret: &[u8], purpose: &[u8], of: L) -> K {
    let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    K::from(derived.expand(&[purpose], of).expect("one block of output is always allowed"))
}
