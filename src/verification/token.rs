//! The request token: the JWT that the Action signs and Auth0's redirect carries to idv (contract 3 to 6).
//!
//! Names carry trust: bytes become an [`UntrustedToken`] by their form alone, and only its
//! [`authenticate`](UntrustedToken::authenticate) makes a [`VerificationRequest`]. Before the tag is checked nothing of
//! the token is used but `iss`, to choose the key (RFC 8725 §3).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::asks::Asks;
use super::json::{self, Value};
use super::jws::{Jws, JwsError};
use super::profile::Profile;
use super::subject::{Subject, UserId};
use super::tenant::{Host, KeyId, ReturnAddress, Tenant, Tenants, TokenKey};
use super::ticket::Ticket;
use super::time::{LOGIN_LIFETIME, Timestamp};

/// The longest token that is looked at, in bytes. The Action's have about 500.
pub const TOKEN_LIMIT: usize = 4096;
/// The longest list of methods, in bytes.
const METHODS_LIMIT: usize = 512;

/// The largest `NumericDate` taken: the largest whole number that every JSON reader keeps exactly.
const DATE_LIMIT: u64 = (1 << 53) - 1;

/// Why a request token is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TokenError {
    /// Longer than [`TOKEN_LIMIT`].
    #[error("the token is longer than {TOKEN_LIMIT} bytes")]
    TooLong,
    /// Not three parts of unpadded base64url around two JSON objects with distinct names.
    #[error("the token is malformed")]
    Malformed,
    /// `alg` is not exactly `HS256`, or the header asks for what is not supported (`crit`, `zip`, nesting, another type).
    #[error("the token's header is not that of an HS256 JWT")]
    Header,
    /// `iss` is no host of any tenant.
    #[error("the token's issuer is on no tenant's list")]
    Issuer,
    /// No secret of the tenant made the tag.
    #[error("the token's signature is not by a secret of its tenant")]
    Signature,
    /// A claim that is needed is missing, or one has the wrong type or an impossible value.
    #[error("the token's claim `{0}` is missing or invalid")]
    Claim(&'static str),
    /// The token is authentic, and sends the browser to a host that is not on its tenant's list.
    #[error("the token is authentic, but {host} is not among the hosts of {tenant}; add it to its custom_domains")]
    UnlistedHost {
        /// The host of its `iss` or `continue_uri`.
        host: Host,
        /// The tenant whose secret signed it.
        tenant: Host,
    },
    /// `iat` or `nbf` is later than now, beyond the tenant's leeway. Auth0's clock is right, so this machine's is not.
    #[error("the token is valid {} s from now by this machine's clock, which is behind; set it right", .from_now.as_secs())]
    NotYetValid {
        /// How long until then.
        from_now: Duration,
    },
    /// `exp` has passed, beyond the tenant's leeway, or the login that it belongs to has.
    #[error("the token expired {} s ago by this machine's clock", .ago.as_secs())]
    Expired {
        /// How long that is past.
        ago: Duration,
    },
}

/// Names a request token: the first half of its authenticated tag, so it cannot be met by another token by chance
/// (2⁻⁶⁴ for 2³² tokens) nor made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenId(pub [u8; 16]);

/// What an authenticated request token asks: verify this subject, and send the browser back there.
#[derive(Clone, Debug)]
pub struct VerificationRequest<'t> {
    /// The tenant that asks.
    pub tenant: &'t Tenant,
    /// Where the browser returns.
    pub return_to: ReturnAddress<'t>,
    /// Which secret of the tenant signed the token.
    pub key_id: KeyId,
    /// Names the token, so that it is used once.
    pub token_id: TokenId,
    /// Whom to verify.
    pub subject: Subject,
    /// When Auth0 made the token. The login began no later.
    pub issued_at: Timestamp,
    /// A masked account name to show to the person (contract 6).
    pub account_hint: Option<String>,
    /// The languages that the application asked for (OIDC Core §3.1.2.1), space-separated.
    pub ui_locales: Option<String>,
    /// What the application asks of the verification.
    pub asks: Asks,
    /// What the account says of the person, where the Action seals it into the token (contract 22). In a place of its own:
    /// few tokens have one, and every start would move the room for it.
    pub profile: Option<Box<Profile>>,
}

/// A token by its form alone. Nobody has vouched for anything in it.
#[derive(Debug)]
pub struct UntrustedToken<'a>(Jws<'a>);

impl<'a> UntrustedToken<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`TokenError::TooLong`], [`TokenError::Malformed`] or [`TokenError::Header`].
    pub fn parse(text: &'a str) -> Result<Self, TokenError> {
        if text.len() > TOKEN_LIMIT {
            return Err(TokenError::TooLong);
        }
        let jws = Jws::parse(text)?;
        if jws.is_jwt { Ok(Self(jws)) } else { Err(TokenError::Header) }
    }

    /// Checks who made the token, and only then what it says.
    ///
    /// # Errors
    /// [`TokenError::Expired`] from the instant `exp` on and [`TokenError::NotYetValid`] before `iat` or `nbf`, each with
    /// the tenant's leeway (RFC 7519 §4.1.4); [`TokenError::Issuer`], [`TokenError::Signature`], [`TokenError::Claim`].
    pub fn authenticate(self, tenants: &Tenants, now: Timestamp) -> Result<VerificationRequest<'_>, TokenError> {
        let claims = Claims::read(&self.0.payload)?;
        let issuer = claims.text("iss", claims.iss.as_ref())?.ok_or(TokenError::Claim("iss"))?;
        let (tenant, issuer_address) = tenants.by_host(issuer).ok_or(TokenError::Issuer)?;
        let key = tenant.keys.iter().find(|key| self.0.is_by(key)).ok_or(TokenError::Signature)?;
        let mut id = [0; 16];
        id.copy_from_slice(&self.0.tag[..16]);
        let token = Authenticated { tenant, issuer_address, key, token_id: TokenId(id) };
        claims.interpret(token, now)
    }

    /// For the log, of a token that was refused for [`TokenError::Issuer`]: the host that is on nobody's list, if some
    /// tenant's secret signed the request all the same. The keys of all tenants are tried, so this is not for every token.
    #[must_use]
    pub fn unlisted_issuer(&self, tenants: &Tenants) -> Option<TokenError> {
        let claims = Claims::read(&self.0.payload).ok().filter(Claims::are_of_a_request)?;
        let host = Host::try_from(claims.text("iss", claims.iss.as_ref()).ok()??.to_owned()).ok()?;
        if tenants.by_host(host.as_str()).is_some() {
            return None;
        }
        let tenant = tenants.iter().find(|tenant| tenant.keys.iter().any(|key| self.0.is_by(key)))?;
        Some(TokenError::UnlistedHost { host, tenant: tenant.domain.clone() })
    }
}

impl From<JwsError> for TokenError {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::Malformed => Self::Malformed,
            JwsError::Header => Self::Header,
        }
    }
}

/// What the checked tag vouches for.
#[derive(Clone, Copy)]
struct Authenticated<'t> {
    tenant: &'t Tenant,
    issuer_address: ReturnAddress<'t>,
    key: &'t TokenKey,
    token_id: TokenId,
}

/// The claims that idv knows, as they stand.
#[derive(Default)]
struct Claims<'a> {
    iss: Option<Value<'a>>,
    aud: Option<Value<'a>>,
    sub: Option<Value<'a>>,
    iat: Option<Value<'a>>,
    nbf: Option<Value<'a>>,
    exp: Option<Value<'a>>,
    continue_uri: Option<Value<'a>>,
    account_hint: Option<Value<'a>>,
    ui_locales: Option<Value<'a>>,
    state: Option<Value<'a>>,
    methods: Option<Value<'a>>,
    last_check: Option<Value<'a>>,
    max_age: Option<Value<'a>>,
    ticket: Option<Value<'a>>,
    profile: Option<Value<'a>>,
}

impl<'a> Claims<'a> {
    fn read(payload: &'a [u8]) -> Result<Self, TokenError> {
        let mut claims = Self::default();
        json::read_object(payload, |name, value| {
            let claim = match name {
                "iss" => &mut claims.iss,
                "aud" => &mut claims.aud,
                "sub" => &mut claims.sub,
                "iat" => &mut claims.iat,
                "nbf" => &mut claims.nbf,
                "exp" => &mut claims.exp,
                "continue_uri" => &mut claims.continue_uri,
                "account_hint" => &mut claims.account_hint,
                "ui_locales" => &mut claims.ui_locales,
                "state" => &mut claims.state,
                "methods" => &mut claims.methods,
                "last_check" => &mut claims.last_check,
                "max_age" => &mut claims.max_age,
                "ticket" => &mut claims.ticket,
                "profile" => &mut claims.profile,
                _ => return,
            };
            *claim = Some(value);
        })
        .map_err(|_| TokenError::Malformed)?;
        Ok(claims)
    }

    #[expect(clippy::unused_self, reason = "reads as a question to the claims")]
    fn text<'c>(&self, name: &'static str, value: Option<&'c Value<'a>>) -> Result<Option<&'c str>, TokenError> {
        match value {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(TokenError::Claim(name)),
        }
    }

    /// A text to show or to choose by: short, on one line.
    fn label(&self, name: &'static str, value: Option<&Value<'a>>, limit: usize) -> Result<Option<String>, TokenError> {
        match self.text(name, value)? {
            Some(text) if text.len() > limit || text.chars().any(char::is_control) => Err(TokenError::Claim(name)),
            text => Ok(text.filter(|text| !text.is_empty()).map(str::to_owned)),
        }
    }

    fn interpret<'t>(&self, token: Authenticated<'t>, now: Timestamp) -> Result<VerificationRequest<'t>, TokenError> {
        let Authenticated { tenant, issuer_address, key, token_id } = token;
        if !self.are_of_a_request() {
            return Err(TokenError::Claim("state"));
        }
        // Auth0 names no audience (contract 3), so one that is named is somebody else (RFC 7519 §4.1.3).
        if self.aud.is_some() {
            return Err(TokenError::Claim("aud"));
        }
        let issued_at = self.check_times(tenant, now)?;
        let user_id = self.text("sub", self.sub.as_ref())?.ok_or(TokenError::Claim("sub"))?;
        let user_id = UserId::try_from(user_id.to_owned()).map_err(|_| TokenError::Claim("sub"))?;
        let return_to = match self.text("continue_uri", self.continue_uri.as_ref())? {
            None => issuer_address,
            Some(uri) => tenant.return_address_by_uri(uri).ok_or_else(|| unlisted_return(tenant, uri))?,
        };
        Ok(VerificationRequest {
            tenant,
            return_to,
            key_id: key.id(),
            token_id,
            subject: Subject { tenant: tenant.domain.clone(), user_id },
            issued_at,
            account_hint: self.label("account_hint", self.account_hint.as_ref(), 128)?,
            ui_locales: self.label("ui_locales", self.ui_locales.as_ref(), 256)?,
            asks: self.asks()?,
            profile: self.profile(key)?,
        })
    }

    fn asks(&self) -> Result<Asks, TokenError> {
        let methods = self.text("methods", self.methods.as_ref())?;
        if methods.is_some_and(|names| names.len() > METHODS_LIMIT || !names.bytes().all(is_of_names)) {
            return Err(TokenError::Claim("methods"));
        }
        let max_age = date("max_age", self.max_age.as_ref())?;
        Ok(Asks {
            methods: methods.map(str::to_owned),
            last_check_at: date("last_check", self.last_check.as_ref())?,
            max_age: max_age.map(|age| Duration::from_secs(age.as_unix())),
            // One that is none of ours is of no use to anybody, and keeps nobody out.
            ticket: self.text("ticket", self.ticket.as_ref())?.and_then(Ticket::parse),
        })
    }

    /// The profile, as the secret that signed the token sealed it.
    fn profile(&self, key: &TokenKey) -> Result<Option<Box<Profile>>, TokenError> {
        let Some(sealed) = self.text("profile", self.profile.as_ref())? else { return Ok(None) };
        key.profile().open(sealed).map(|profile| Some(Box::new(profile))).map_err(|_| TokenError::Claim("profile"))
    }

    /// A result token is signed with the same secret and has a `state`; a request token never has (contract 2, 9).
    fn are_of_a_request(&self) -> bool {
        self.state.is_none()
    }

    /// The instant of `iat`, if the token is valid `now`.
    fn check_times(&self, tenant: &Tenant, now: Timestamp) -> Result<Timestamp, TokenError> {
        let issued_at = date("iat", self.iat.as_ref())?.ok_or(TokenError::Claim("iat"))?;
        let expires_at = date("exp", self.exp.as_ref())?.ok_or(TokenError::Claim("exp"))?;
        let not_before = date("nbf", self.nbf.as_ref())?.unwrap_or(issued_at);
        if expires_at <= issued_at {
            return Err(TokenError::Claim("exp"));
        }
        let leeway = tenant.clock_leeway;
        let valid_at = issued_at.max(not_before);
        if valid_at > now.later(leeway) {
            return Err(TokenError::NotYetValid { from_now: now.until(valid_at) });
        }
        let useless_at = expires_at.min(issued_at.later(LOGIN_LIFETIME));
        if now >= useless_at.later(leeway) {
            return Err(TokenError::Expired { ago: useless_at.until(now) });
        }
        Ok(issued_at)
    }
}

/// Why an authentic token's `continue_uri` is refused, which names no host of its `tenant`.
fn unlisted_return(tenant: &Tenant, continue_uri: &str) -> TokenError {
    let host = continue_uri.strip_prefix("https://").and_then(|rest| rest.strip_suffix("/continue"));
    match host.and_then(|host| Host::try_from(host.to_owned()).ok()) {
        Some(host) => TokenError::UnlistedHost { host, tenant: tenant.domain.clone() },
        None => TokenError::Claim("continue_uri"),
    }
}

/// Whether methods' names and the spaces between them are of such bytes.
const fn is_of_names(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b':' | b'-')
}

/// A `NumericDate` in whole seconds, as Auth0 writes them.
fn date(name: &'static str, value: Option<&Value<'_>>) -> Result<Option<Timestamp>, TokenError> {
    match value {
        None => Ok(None),
        Some(&Value::Number(seconds)) if seconds <= DATE_LIMIT => Ok(Some(Timestamp::from_unix(seconds))),
        Some(_) => Err(TokenError::Claim(name)),
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    /// A token of `header` whose payload is `length` symbols long; its tag is nobody's.
    fn token(header: &str, length: usize) -> String {
        format!("{}.{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), "A".repeat(length), "A".repeat(43))
    }

    #[test]
    fn the_longest_token_is_taken_and_one_byte_more_is_not() {
        // 36 symbols of header, 43 of tag and two dots leave the rest.
        let usual = r#"{"alg":"HS256","typ":"JWT"}"#;
        assert_eq!(token(usual, TOKEN_LIMIT - 81).len(), TOKEN_LIMIT);
        assert!(UntrustedToken::parse(&token(usual, TOKEN_LIMIT - 81)).is_ok());
        assert_eq!(UntrustedToken::parse(&token(usual, TOKEN_LIMIT - 80)).unwrap_err(), TokenError::TooLong);
    }

    #[test]
    fn a_header_may_be_spelt_otherwise_and_name_its_key() {
        for header in [
            r#"{"typ":"JWT","alg":"HS256"}"#,
            r#" { "alg": "HS256", "typ": "JWT" } "#,
            r#"{"alg":"HS256","typ":"JWT","kid":"one"}"#,
        ] {
            assert!(UntrustedToken::parse(&token(header, 512)).is_ok(), "{header}");
        }
    }

    #[test]
    fn the_longest_header_is_taken_and_one_byte_more_is_not() {
        // 192 bytes are 256 symbols of base64url.
        let header = |length: usize| {
            let (before, after) = (r#"{"alg":"HS256","typ":"JWT","kid":""#, r#""}"#);
            format!("{before}{}{after}", "k".repeat(length - before.len() - after.len()))
        };
        assert!(UntrustedToken::parse(&token(&header(192), 512)).is_ok());
        assert_eq!(UntrustedToken::parse(&token(&header(193), 512)).unwrap_err(), TokenError::Header);
    }
}
