//! What others have signed: a JWS in its compact form (RFC 7515 §7.1).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;

use super::{Algorithm, JwsError, KeySet};
use crate::verification::json::{self, Value};

const LENGTH_LIMIT: usize = 16 * 1024;

/// A signature by its form alone. Nobody has vouched for anything in it.
pub struct UntrustedJws<'a> {
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
    signed: &'a [u8],
}

/// What of the header counts.
struct Header {
    /// None, where `alg` is missing or none that is ever taken.
    algorithm: Option<Algorithm>,
    kid: Option<String>,
}

impl<'a> UntrustedJws<'a> {
    /// Takes `text` apart. Each part has one spelling: no padding, no stray bits, nothing between.
    ///
    /// # Errors
    /// [`JwsError::Encrypted`] and [`JwsError::Malformed`].
    pub fn parse(text: &'a str) -> Result<Self, JwsError> {
        match text.bytes().filter(|byte| *byte == b'.').count() {
            2 if text.len() <= LENGTH_LIMIT => {}
            4 => return Err(JwsError::Encrypted),
            _ => return Err(JwsError::Malformed),
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
        Ok(Self {
            header: Header::read(&decode(header)?)?,
            payload: decode(payload)?,
            signature: decode(signature)?,
            signed: signed.as_bytes(),
        })
    }

    /// By what it says that it is signed, if it is one of those that are ever taken.
    #[must_use]
    pub const fn algorithm(&self) -> Option<Algorithm> {
        self.header.algorithm
    }

    /// What it calls its key.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The payload, if a key of `keys` vouches for it by one of the algorithms that are `allowed`.
    ///
    /// # Errors
    /// [`JwsError`], in the order of its last five.
    pub fn verify(self, keys: &KeySet, allowed: &[Algorithm]) -> Result<Vec<u8>, JwsError> {
        let algorithm = self.algorithm().filter(|algorithm| allowed.contains(algorithm));
        let algorithm = algorithm.ok_or(JwsError::Algorithm)?;
        let key = keys.key_for(algorithm, self.kid())?;
        let is_by_key = key.verifies(algorithm, self.signed, &self.signature);
        is_by_key.then_some(self.payload).ok_or(JwsError::Signature)
    }
}

/// Without what is in it: that may be about a person.
impl fmt::Debug for UntrustedJws<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UntrustedJws").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

fn decode(part: &str) -> Result<Vec<u8>, JwsError> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| JwsError::Malformed)
}

impl Header {
    /// Nothing that would have to be understood may stand in it (RFC 7515 §4.1.11, RFC 8725 §3.10).
    fn read(text: &[u8]) -> Result<Self, JwsError> {
        let (mut algorithm, mut kid, mut is_plain) = (None, None, true);
        json::read_object(text, |name, value| match (name, value) {
            ("alg", Value::Text(text)) => algorithm = Algorithm::parse(&text),
            ("kid", Value::Text(text)) => kid = Some(text.into_owned()),
            // The last six say where a key is, by whoever sent this. None of it is ever used.
            ("typ", Value::Text(_)) | ("jku" | "jwk" | "x5u" | "x5c" | "x5t" | "x5t#S256", _) => {}
            _ => is_plain = false,
        })
        .map_err(|_| JwsError::Malformed)?;
        if is_plain { Ok(Self { algorithm, kid }) } else { Err(JwsError::Malformed) }
    }
}
