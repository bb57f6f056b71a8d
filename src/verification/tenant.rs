//! The Auth0 tenants that may ask, and the only places that a browser can be sent back to.

use std::fmt;
use std::time::Duration;

use ring::hmac;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::profile::ProfileKey;

/// A host name in lower case: letters, digits and hyphens in labels of 1 to 63, at most 253 in all, at least two labels.
///
/// Internationalised names stand in their `xn--` form, as on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Host(String);

/// Why a text is not a [`Host`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a host name in lower case, without scheme, port or path")]
pub struct InvalidHost;

impl Host {
    /// The name, as it stands in `iss` and in URLs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Host {
    type Error = InvalidHost;

    fn try_from(text: String) -> Result<Self, InvalidHost> {
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let fits = text.len() <= 253 && text.contains('.');
        if fits && text.split('.').all(is_label) { Ok(Self(text)) } else { Err(InvalidHost) }
    }
}

impl From<Host> for String {
    fn from(host: Host) -> Self {
        host.0
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the browser carries the result token back (contract 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnMethod {
    /// 303 with the token in the query.
    #[default]
    Redirect,
    /// A form that the browser submits, with the token in its body.
    FormPost,
}

/// What stands in the `sub` of the result token (contract 10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultSubject {
    /// The Auth0 `user_id`, with `idv_id` in a claim of its own.
    #[default]
    UserId,
    /// The `idv_id`, for an unmodified published template.
    IdvId,
}

/// Where the hosts of a tenant are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whereabouts {
    /// Each host by HTTPS under its own name.
    #[default]
    Internet,
    /// All of them at this origin on loopback: the model tenant of a trial. No configuration makes one.
    Loopback(String),
}

/// A secret that Auth0 and idv share for a tenant, ready to check and to make tokens.
pub struct TokenKey {
    hmac: hmac::Key,
    id: KeyId,
    profile: ProfileKey,
}

/// Tells the secrets of a tenant apart, so that a result is signed with the one that its request was signed with:
/// during a rotation Auth0 knows only one of them. Derived from the secret, and useless for finding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyId([u8; 4]);

impl TokenKey {
    /// The key that `secret` is: its bytes as they stand.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let hmac = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let mut id = [0; 4];
        id.copy_from_slice(&hmac::sign(&hmac, b"idv key id").as_ref()[..4]);
        Self { hmac, id: KeyId(id), profile: ProfileKey::derive(secret) }
    }

    /// Which of the tenant's keys it is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What the same secret seals profiles with.
    #[must_use]
    pub const fn profile(&self) -> &ProfileKey {
        &self.profile
    }

    /// Whether `tag` is HMAC-SHA256 of `signed` by this key, in constant time.
    #[must_use]
    pub fn verifies(&self, signed: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.hmac, signed, tag).is_ok()
    }

    /// HMAC-SHA256 of `bytes` by this key.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> hmac::Tag {
        hmac::sign(&self.hmac, bytes)
    }
}

/// An Auth0 tenant, as configured.
pub struct Tenant {
    /// The canonical host, which names the tenant in the store.
    pub domain: Host,
    /// Further hosts under which the tenant logs people in (contract 4).
    pub custom_domains: Vec<Host>,
    /// Where those hosts are reached.
    pub whereabouts: Whereabouts,
    /// The keys of the shared secrets, newest first; at least one. All are accepted.
    pub keys: Vec<TokenKey>,
    /// The name of the parameter that carries the result token.
    pub token_parameter: String,
    /// How the browser carries the result token back.
    pub return_method: ReturnMethod,
    /// What stands in the result token's `sub`.
    pub result_subject: ResultSubject,
    /// The clock difference that is tolerated between Auth0 and this machine.
    pub clock_leeway: Duration,
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("domain", &self.domain).finish_non_exhaustive()
    }
}

impl Tenant {
    /// All hosts of the tenant, the canonical one first.
    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        std::iter::once(&self.domain).chain(&self.custom_domains)
    }

    /// The key with `id`; the newest, if the configuration has that one no longer.
    #[must_use]
    pub fn key(&self, id: KeyId) -> &TokenKey {
        self.keys.iter().find(|key| key.id == id).unwrap_or(&self.keys[0])
    }

    /// The return address at `host`, if it is one of the tenant's hosts.
    #[must_use]
    pub fn return_address(&self, host: &str) -> Option<ReturnAddress<'_>> {
        self.hosts()
            .find(|known| known.as_str() == host)
            .map(|host| ReturnAddress { host, whereabouts: &self.whereabouts })
    }

    /// The return address that `continue_uri` names: exactly `https://HOST/continue` with a host of the tenant
    /// (contract 5). Anything else is none.
    #[must_use]
    pub fn return_address_by_uri(&self, continue_uri: &str) -> Option<ReturnAddress<'_>> {
        let host = continue_uri.strip_prefix("https://")?.strip_suffix("/continue")?;
        self.return_address(host)
    }
}

/// Where a browser is sent back to. Only a tenant's list of hosts makes one: there is no open redirect to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnAddress<'t> {
    host: &'t Host,
    whereabouts: &'t Whereabouts,
}

impl<'t> ReturnAddress<'t> {
    /// The host that the person came from.
    #[must_use]
    pub fn host(self) -> &'t Host {
        self.host
    }

    /// The address of `/continue` there, without parameters.
    #[must_use]
    pub fn uri(self) -> String {
        match self.whereabouts {
            Whereabouts::Internet => format!("https://{}/continue", self.host),
            Whereabouts::Loopback(origin) => format!("{origin}/continue"),
        }
    }
}

/// The tenants that may ask. No host belongs to two of them; the configuration sees to that.
pub struct Tenants(Vec<Tenant>);

impl Tenants {
    /// The tenants, as configured.
    #[must_use]
    pub fn new(tenants: Vec<Tenant>) -> Self {
        Self(tenants)
    }

    /// The tenant that has `host` on its list, and the return address there. The comparison is exact.
    #[must_use]
    pub fn by_host(&self, host: &str) -> Option<(&Tenant, ReturnAddress<'_>)> {
        self.0.iter().find_map(|tenant| Some((tenant, tenant.return_address(host)?)))
    }

    /// The tenant with the canonical `domain`.
    #[must_use]
    pub fn by_domain(&self, domain: &str) -> Option<&Tenant> {
        self.0.iter().find(|tenant| tenant.domain.as_str() == domain)
    }

    /// All of them, as configured.
    pub fn iter(&self) -> impl Iterator<Item = &Tenant> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_are_taken_in_one_spelling_only() {
        for good in ["acme.eu.auth0.com", "login.acme.com", "xn--bcher-kva.example", "1.example"] {
            assert!(Host::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "acme",
            "Acme.example",
            "https://acme.example",
            "acme.example/",
            "acme.example:443",
            "acme..example",
            "acme.example.",
            "-acme.example",
            "acme-.example",
            "bücher.example",
            "a_b.example",
            "user@acme.example",
        ] {
            assert!(Host::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(Host::try_from(format!("{}.example", "a".repeat(63))).is_ok());
        assert!(Host::try_from(format!("{}.example", "a".repeat(64))).is_err());
    }

    fn tenant(domain: &str) -> Tenant {
        Tenant {
            domain: domain.to_owned().try_into().unwrap(),
            custom_domains: vec![],
            whereabouts: Whereabouts::Internet,
            keys: vec![TokenKey::new(b"a secret of thirty-two bytes and some")],
            token_parameter: "token".into(),
            return_method: ReturnMethod::Redirect,
            result_subject: ResultSubject::UserId,
            clock_leeway: Duration::ZERO,
        }
    }

    #[test]
    fn tenants_are_listed_as_configured() {
        let tenants = Tenants::new(vec![tenant("b.example"), tenant("a.example")]);
        let listed: Vec<_> = tenants.iter().map(|tenant| tenant.domain.as_str()).collect();
        assert_eq!(listed, ["b.example", "a.example"]);
    }

    #[test]
    fn a_tenant_in_a_log_is_its_domain_alone() {
        assert_eq!(format!("{:?}", tenant("a.example")), r#"Tenant { domain: Host("a.example"), .. }"#);
    }
}
