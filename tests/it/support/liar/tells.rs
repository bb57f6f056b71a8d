//! Where in an answer a provider lies, and with what.

use serde_json::Value;

use super::keys::{Key, encode};
use super::provider::Reply;

/// What a lie may need to know.
pub(crate) struct Facts {
    pub(crate) now: u64,
    /// When the browser arrived.
    pub(crate) asked_at: u64,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    /// The client's secret, if it has one.
    pub(crate) secret: String,
    /// The key that signs, as it is published.
    pub(crate) jwk: Value,
}

pub(crate) type Parameters = Vec<(String, String)>;
type Change = fn(&mut Value, &Facts);

/// A change to one part of what an honest provider answers.
#[derive(Clone, Copy)]
pub(crate) enum Tells {
    Metadata(Change),
    Keys(Change),
    /// What the browser brings back.
    Back(fn(&mut Parameters, &Facts)),
    /// The answer of the token endpoint.
    Token(Change),
    Header(Change),
    Claims(Change),
    /// The text of the ID token's claims.
    Payload(fn(&str, &Facts) -> Vec<u8>),
    /// The ID token.
    Jws(fn(Draft<'_>, &Facts) -> String),
    Userinfo(Change),
    /// Whatever is answered at the path.
    Answer(&'static str, fn(Reply, &Facts) -> Reply),
}

/// An ID token that is not signed yet.
pub(crate) struct Draft<'a> {
    pub(crate) header: Value,
    pub(crate) payload: Vec<u8>,
    pub(crate) algorithm: &'a str,
    pub(crate) key: &'a Key,
}

impl Draft<'_> {
    /// The first two parts.
    pub(crate) fn signed_part(&self) -> String {
        format!("{}.{}", encode(self.header.to_string()), encode(&self.payload))
    }

    pub(crate) fn sign(&self) -> String {
        self.sign_part(&self.signed_part())
    }

    /// A token whose first two parts are `signed`.
    pub(crate) fn sign_part(&self, signed: &str) -> String {
        format!("{signed}.{}", encode(self.key.sign(self.algorithm, signed.as_bytes())))
    }

    /// As [`sign`](Self::sign), by another key.
    pub(crate) fn sign_by(&self, key: &Key) -> String {
        let signed = self.signed_part();
        format!("{signed}.{}", encode(key.sign(self.algorithm, signed.as_bytes())))
    }

    /// A token with a header of any text.
    pub(crate) fn sign_with_header(&self, header: &[u8]) -> String {
        self.sign_part(&format!("{}.{}", encode(header), encode(&self.payload)))
    }
}
