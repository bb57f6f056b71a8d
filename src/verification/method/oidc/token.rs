//! What the token endpoint answers (OIDC Core §3.1.3.3, RFC 6749 §5).

use std::fmt;

use zeroize::Zeroizing;

use super::fault::{Fault, Rejected};
use super::object::Object;
use super::refusal::{Meanings, refusal};

/// The tokens. Nobody has vouched for the ID token yet. They wipe themselves and print nothing.
pub struct TokenResponse {
    /// The ID token.
    pub id_token: Zeroizing<String>,
    /// The access token: visible ASCII.
    pub access_token: Zeroizing<String>,
}

const MEANINGS: Meanings = Meanings {
    unreachable: Fault::TokenUnreachable,
    malformed: Fault::TokenMalformed,
    of_error: |error| match error {
        "invalid_grant" => Fault::TokenGrant,
        "invalid_client" | "unauthorized_client" => Fault::TokenClient,
        _ => Fault::TokenError,
    },
};

impl TokenResponse {
    /// The tokens in an answer. Nothing else of it is kept, no refresh token either.
    ///
    /// # Errors
    /// T1 to T4: [`Fault::TokenUnreachable`], [`Fault::TokenMalformed`], [`Fault::TokenGrant`], [`Fault::TokenClient`],
    /// [`Fault::TokenError`], [`Fault::TokenWithoutIdToken`], [`Fault::TokenType`].
    pub fn read(status: u16, content_type: Option<&str>, body: &[u8]) -> Result<Self, Rejected> {
        if status != 200 {
            return Err(refusal(status, body, &MEANINGS));
        }
        let answer = Object::answered(content_type, body).ok_or(Fault::TokenMalformed)?;
        let id_token = answer.text("id_token").ok_or(Fault::TokenWithoutIdToken)?;
        let is_bearer = answer.text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        let access_token = answer.text("access_token").filter(|token| is_bearer && is_visible(token));
        let access_token = access_token.ok_or(Fault::TokenType)?;
        Ok(Self {
            id_token: Zeroizing::new(id_token.to_owned()),
            access_token: Zeroizing::new(access_token.to_owned()),
        })
    }
}

fn is_visible(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenResponse(…)")
    }
}
