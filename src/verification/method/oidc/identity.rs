//! Who the person is at the provider.

use ring::hmac;
use serde_json::Value;
use zeroize::Zeroizing;

use super::claims::Claims;
use super::fault::Fault;
use super::provider::Provider;
use crate::verification::identity::Identity;
use crate::verification::tenant::Host;

/// The longest name, in bytes.
const LENGTH_LIMIT: usize = 255;

/// Whom `claims` are about, to `tenant`: a text or a whole number names them.
///
/// # Errors
/// W1: [`Fault::IdentityMissing`], also where the ID token and userinfo name different people.
pub fn of(provider: &Provider, claims: &Claims, key: &hmac::Key, tenant: &Host) -> Result<Identity, Fault> {
    let name = match claims.at(&provider.identity.pointer) {
        Ok(Some(Value::String(text))) if (1..=LENGTH_LIMIT).contains(&text.len()) => text.clone(),
        Ok(Some(Value::Number(number))) if !number.is_f64() => number.to_string(),
        _ => return Err(Fault::IdentityMissing),
    };
    Ok(Identity::derive(key, tenant, &provider.issuer, &Zeroizing::new(name)))
}
