//! A JSON Web Signature in its compact form (RFC 7515 §7.1), by HMAC-SHA256 and by nothing else.
//!
//! What is in it stays unread here: whose key is to be asked, and what the payload means, is for
//! [`token`](super::token) to say.

use data_encoding::BASE64URL_NOPAD;
use thiserror::Error;

use super::json::{self, Value};
use super::tenant::TokenKey;

const HEADER_LIMIT: usize = 256;
const TAG_LENGTH: usize = 32;
/// `{"alg":"HS256","typ":"JWT"}`, as Auth0 and nearly everybody writes it.
const USUAL_HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// Why a text is not taken as a signature.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum JwsError {
    /// Not three parts of unpadded base64url, the first around a JSON object with distinct names.
    #[error("not the compact form of a signature")]
    Malformed,
    /// `alg` is not exactly `HS256`, or the header asks for what is not supported (`crit`, `zip`, nesting).
    #[error("not an HS256 header")]
    Header,
}

/// A signature by its form alone. Nobody has vouched for anything in it.
#[derive(Debug)]
pub struct Jws<'a> {
    /// Whether its header says that it is a JWT.
    pub is_jwt: bool,
    /// What is signed, decoded.
    pub payload: Vec<u8>,
    /// The tag that it carries.
    pub tag: [u8; TAG_LENGTH],
    signed: &'a [u8],
}

impl<'a> Jws<'a> {
    /// Takes `text` apart. Each part has one spelling: no padding, no stray bits, nothing between.
    ///
    /// # Errors
    /// [`JwsError`].
    pub fn parse(text: &'a str) -> Result<Self, JwsError> {
        let (signed, tag) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
        let is_jwt = read_header(header)?;
        Ok(Self { is_jwt, payload: decode(payload)?, tag: decode_tag(tag)?, signed: signed.as_bytes() })
    }

    /// Whether `key` made the tag, in constant time.
    #[must_use]
    pub fn is_by(&self, key: &TokenKey) -> bool {
        key.verifies(self.signed, &self.tag)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, JwsError> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| JwsError::Malformed)
}

fn decode_tag(part: &str) -> Result<[u8; TAG_LENGTH], JwsError> {
    let mut tag = [0; TAG_LENGTH];
    if BASE64URL_NOPAD.decode_len(part.len()) != Ok(TAG_LENGTH) {
        return Err(JwsError::Malformed);
    }
    BASE64URL_NOPAD.decode_mut(part.as_bytes(), &mut tag).map_err(|_| JwsError::Malformed)?;
    Ok(tag)
}

/// Exactly HS256, and nothing that would have to be understood (RFC 7515 §4.1.11, RFC 8725 §3.1). Returns whether it is
/// exactly a JWT (RFC 8725 §3.11).
fn read_header(header: &str) -> Result<bool, JwsError> {
    if header == USUAL_HEADER {
        return Ok(true);
    }
    if header.len() > HEADER_LIMIT {
        return Err(JwsError::Header);
    }
    let header = decode(header)?;
    let (mut is_hs256, mut is_jwt, mut is_plain) = (false, false, true);
    json::read_object(&header, |name, value| match name {
        "alg" => is_hs256 = is_text(&value, "HS256"),
        "typ" => is_jwt = is_text(&value, "JWT"),
        // A name for the key; the issuer chooses it.
        "kid" => {}
        _ => is_plain = false,
    })
    .map_err(|_| JwsError::Malformed)?;
    if is_hs256 && is_plain { Ok(is_jwt) } else { Err(JwsError::Header) }
}

fn is_text(value: &Value<'_>, expected: &str) -> bool {
    matches!(value, Value::Text(text) if text == expected)
}
