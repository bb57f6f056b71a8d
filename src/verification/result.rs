//! The result token: the JWT that idv signs and the browser carries back to Auth0 (contract 9 to 12).

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::{Serialize, Serializer};

use super::method::Method;
use super::outcome::Outcome;
use super::session::Session;
use super::tenant::{ResultSubject, TokenKey};
use super::time::Timestamp;

/// How long a result token is good for. Contract 9 asks for 60 s at the least; a phone on a slow network needs more, and
/// the token is bound to one `state`, which Auth0 takes once.
pub const RESULT_LIFETIME: Duration = Duration::from_mins(5);

/// `{"alg":"HS256","typ":"JWT"}`.
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    iat: u64,
    exp: u64,
    state: &'a str,
    status: &'static str,
    idv_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_check: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
}

/// What a method is called.
struct Name(Method);

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, wire: S) -> Result<S::Ok, S::Error> {
        match self.0.provider() {
            None => wire.serialize_str(self.0.kind().as_str()),
            Some(_) => wire.collect_str(&self.0),
        }
    }
}

/// Signs `outcome` for the tenant of `session`, with the secret that its request was signed with. `issuer` is idv's own authority (host and, where
/// it is not 443, port), which is on no tenant's list, so that a result never passes for a request.
#[must_use]
pub fn sign(issuer: &str, session: &Session<'_>, outcome: &Outcome, now: Timestamp) -> String {
    let idv_id = outcome.idv_id.to_string();
    let verified_at = outcome.verified.map(|verified| verified.at);
    let claims = Claims {
        iss: issuer,
        sub: match session.tenant.result_subject {
            ResultSubject::UserId => session.subject.user_id.as_str(),
            ResultSubject::IdvId => &idv_id,
        },
        iat: verified_at.unwrap_or(outcome.concluded_at).as_unix(),
        exp: now.later(RESULT_LIFETIME).as_unix(),
        state: session.state.as_str(),
        status: outcome.status.as_str(),
        idv_id: &idv_id,
        last_check: verified_at.or(outcome.last_check_at).map(Timestamp::as_unix),
        method: outcome.verified.map(|verified| Name(verified.method)),
        ticket: outcome.ticket.map(|ticket| ticket.to_string()),
    };
    encode(session.tenant.key(session.key_id), &claims)
}

pub(crate) fn encode(key: &TokenKey, claims: &impl Serialize) -> String {
    let payload = serde_json::to_vec(claims).expect("texts and numbers always serialize");
    let mut token = String::with_capacity(HEADER.len() + 2 + payload.len() * 4 / 3 + 48);
    token.push_str(HEADER);
    token.push('.');
    BASE64URL_NOPAD.encode_append(&payload, &mut token);
    let tag = key.sign(token.as_bytes());
    token.push('.');
    BASE64URL_NOPAD.encode_append(tag.as_ref(), &mut token);
    token
}

/// A request token as the Action would make it, to try an installation without Auth0 (`idv link`) and in tests.
pub mod rehearsal {
    use super::{Duration, Serialize, Timestamp, encode};
    use crate::verification::subject::Subject;
    use crate::verification::tenant::Tenant;

    /// The life that the Action gives a request token.
    pub const REQUEST_LIFETIME: Duration = Duration::from_mins(10);

    #[derive(Serialize)]
    struct Claims<'a> {
        iss: &'a str,
        sub: &'a str,
        iat: u64,
        exp: u64,
        jti: &'a str,
    }

    /// Signs a request to verify `subject` with the newest secret of `tenant`. `unique` makes two of one second differ.
    #[must_use]
    pub fn sign_request(tenant: &Tenant, subject: &Subject, unique: &str, now: Timestamp) -> String {
        let claims = Claims {
            iss: tenant.domain.as_str(),
            sub: subject.user_id.as_str(),
            iat: now.as_unix(),
            exp: now.later(REQUEST_LIFETIME).as_unix(),
            jti: unique,
        };
        encode(&tenant.keys[0], &claims)
    }
}
