//! The ID token: what a provider has signed of a person, for us alone and because we asked (OIDC Core §3.1.3.7).

use data_encoding::BASE64URL_NOPAD;
use ring::{digest, hmac};
use serde_json::Value;
use zeroize::Zeroizing;

use super::fault::Fault;
use super::jose::{Algorithm, JwsError, KeySet, UntrustedJws};
use super::object::Object;
use super::provider::Provider;
use crate::verification::time::Timestamp;

/// What an ID token must fit.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The transaction's nonce.
    pub nonce: &'a str,
    /// When the transaction began.
    pub asked_at: Timestamp,
    /// What came with the ID token.
    pub access_token: &'a str,
    /// The instant of this request.
    pub now: Timestamp,
}

/// The largest `NumericDate` taken: the largest whole number that every JSON reader keeps exactly.
const DATE_LIMIT: u64 = (1 << 53) - 1;
/// The longest `sub`, in bytes (OIDC Core §2).
const SUB_LIMIT: usize = 255;

/// What `jws` says, if it is an ID token of `provider` under these `terms`.
///
/// # Errors
/// I0 to I12, in this order. After [`Fault::IdTokenKeyUnknown`] newer `keys` may know the key.
pub fn check(jws: &str, keys: &KeySet, provider: &Provider, terms: &Terms<'_>) -> Result<Object, Fault> {
    let jws = UntrustedJws::parse(jws)?;
    let algorithm = jws.algorithm().ok_or(JwsError::Algorithm)?;
    let payload = Zeroizing::new(jws.verify(keys, &provider.algorithms)?);
    let id_token = IdToken(Object::read(&payload).ok_or(Fault::IdTokenPayload)?);
    id_token.check_parties(provider)?;
    id_token.check_times(provider, terms)?;
    id_token.check_nonce(terms.nonce)?;
    id_token.check_subject()?;
    id_token.check_access_token(algorithm, terms.access_token)?;
    id_token.check_login(provider, terms.asked_at)?;
    Ok(id_token.0)
}

/// An ID token that a key of the provider vouches for.
struct IdToken(Object);

impl IdToken {
    /// I4 and I5.
    fn check_parties(&self, provider: &Provider) -> Result<(), Fault> {
        let us = Value::from(&*provider.client_id);
        if self.0.text("iss") != Some(&provider.issuer) {
            return Err(Fault::IdTokenIss);
        }
        let is_ours = match self.0.get("aud") {
            Some(Value::Array(all)) => *all == [us.clone()],
            aud => aud == Some(&us),
        };
        if !is_ours {
            return Err(Fault::IdTokenAud);
        }
        if self.0.has("azp") && self.0.get("azp") != Some(&us) {
            return Err(Fault::IdTokenAzp);
        }
        Ok(())
    }

    /// I6 to I8.
    fn check_times(&self, provider: &Provider, terms: &Terms<'_>) -> Result<(), Fault> {
        let leeway = provider.clock_leeway;
        let latest = terms.now.later(leeway);
        let expires_at = self.date("exp").ok_or(Fault::IdTokenExp)?;
        if expires_at.later(leeway) <= terms.now {
            return Err(Fault::IdTokenExp);
        }
        let issued_at = self.date("iat").ok_or(Fault::IdTokenIat)?;
        if issued_at > latest || issued_at.later(leeway) < terms.asked_at {
            return Err(Fault::IdTokenIat);
        }
        if self.0.has("nbf") && self.date("nbf").is_none_or(|not_before| not_before > latest) {
            return Err(Fault::IdTokenNbf);
        }
        Ok(())
    }

    /// I9, in constant time.
    fn check_nonce(&self, nonce: &str) -> Result<(), Fault> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, nonce.as_bytes());
        let tag = hmac::sign(&key, nonce.as_bytes());
        let theirs = self.0.text("nonce").ok_or(Fault::IdTokenNonce)?;
        hmac::verify(&key, theirs.as_bytes(), tag.as_ref()).map_err(|_| Fault::IdTokenNonce)
    }

    /// I10.
    fn check_subject(&self) -> Result<(), Fault> {
        let is_one = self.0.text("sub").is_some_and(|sub| (1..=SUB_LIMIT).contains(&sub.len()));
        is_one.then_some(()).ok_or(Fault::IdTokenSub)
    }

    /// I11.
    fn check_access_token(&self, algorithm: Algorithm, access_token: &str) -> Result<(), Fault> {
        let fits = !self.0.has("at_hash") || self.0.text("at_hash") == Some(&at_hash(algorithm, access_token));
        fits.then_some(()).ok_or(Fault::IdTokenAtHash)
    }

    /// I12.
    fn check_login(&self, provider: &Provider, asked_at: Timestamp) -> Result<(), Fault> {
        let Some(max_age) = provider.max_age else { return Ok(()) };
        let logged_in_at = self.date("auth_time").ok_or(Fault::IdTokenAuthTimeMissing)?;
        let is_fresh = logged_in_at.later(max_age).later(provider.clock_leeway) >= asked_at;
        is_fresh.then_some(()).ok_or(Fault::IdTokenAuthTime)
    }

    /// The `NumericDate` `name` (RFC 7519 §2): a JSON number, from which a fraction is dropped as from all instants here.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative, and what is too large stays so"
    )]
    fn date(&self, name: &str) -> Option<Timestamp> {
        let number = self.0.get(name)?;
        let fractional = || number.as_f64().filter(|seconds| *seconds >= 0.0).map(|seconds| seconds as u64);
        let seconds = number.as_u64().or_else(fractional);
        seconds.filter(|seconds| *seconds <= DATE_LIMIT).map(Timestamp::from_unix)
    }
}

/// The left half of the access token's hash (OIDC Core §3.1.3.6), by the hash of the signature's algorithm. That of
/// Ed25519 is SHA-512 (RFC 8032 §5.1), and the standard's authors have said that this one is meant.
fn at_hash(algorithm: Algorithm, access_token: &str) -> String {
    let hash = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => &digest::SHA256,
        Algorithm::Es384 => &digest::SHA384,
        Algorithm::EdDsa => &digest::SHA512,
    };
    let hash = digest::digest(hash, access_token.as_bytes());
    BASE64URL_NOPAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}
