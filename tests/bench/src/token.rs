//! Request tokens, as Auth0 signs them (contract, fact 3).

use anyhow::{Result, anyhow};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The tenant that asks; its `/continue` is where a completion returns to.
pub(crate) const TENANT: &str = "acme.eu.auth0.test";
/// Auth0's default life of a request token.
const LIFE_SECS: u64 = 900;
/// 171 characters in base64url, about what Auth0 sends (contract, fact 2).
const STATE_BYTES: usize = 128;

/// Signs starts; no two share a subject or a `jti`.
pub(crate) struct Signer {
    /// The text that idv is given as the tenant's secret.
    pub(crate) secret: String,
    key: hmac::Key,
    random: SystemRandom,
    issued: AtomicU64,
}

/// One person's arrival: whom the token names, and the address they arrive at.
pub(crate) struct Arrival {
    pub(crate) subject: String,
    /// Path and query.
    pub(crate) target: String,
}

impl Signer {
    pub(crate) fn new() -> Result<Self> {
        let random = SystemRandom::new();
        let secret = BASE64URL.encode(draw::<32>(&random)?);
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        Ok(Self { secret, key, random, issued: AtomicU64::new(0) })
    }

    /// A person nobody has seen yet, with a token signed now.
    pub(crate) fn arrival(&self) -> Result<Arrival> {
        let number = self.issued.fetch_add(1, Ordering::Relaxed);
        let subject = format!("auth0|65f{number:021x}");
        let token = self.sign(&subject, number)?;
        let state = BASE64URL.encode(draw::<STATE_BYTES>(&self.random)?);
        Ok(Arrival { target: format!("/id-verification?token={token}&state={state}"), subject })
    }

    fn sign(&self, subject: &str, number: u64) -> Result<String> {
        let issued_at = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = json!({
            "iss": TENANT,
            "sub": subject,
            "iat": issued_at,
            "exp": issued_at + LIFE_SECS,
            "ip": "192.0.2.7",
            "jti": format!("{number:032x}"),
        });
        let header = BASE64URL.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let signed = format!("{header}.{}", BASE64URL.encode(claims.to_string()));
        let tag = hmac::sign(&self.key, signed.as_bytes());
        Ok(format!("{signed}.{}", BASE64URL.encode(tag)))
    }
}

fn draw<const N: usize>(random: &SystemRandom) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    random.fill(&mut bytes).map_err(|_| anyhow!("the system gives no random bytes"))?;
    Ok(bytes)
}
