//! What comes back in the browser (OIDC Core §3.1.2.5 and §3.1.2.6, RFC 9207).

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

use super::fault::{Fault, Rejected};
use super::provider::Provider;
use crate::verification::percent;

/// The longest query that is looked at, in bytes.
pub const QUERY_LIMIT: usize = 4096;
/// The longest code, in bytes.
const CODE_LIMIT: usize = 2048;
/// The length of a `state` of ours: 16 bytes in base64url.
const STATE_LENGTH: usize = 22;

/// An answer by its form alone. Whoever has the browser may have made it.
pub struct Answer {
    /// Which transaction it claims to belong to: 22 characters of base64url.
    pub state: String,
    code: Option<Zeroizing<String>>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// What becomes tokens, once. It wipes itself and prints nothing.
pub struct Code(Zeroizing<String>);

impl Answer {
    /// The answer in `query`. What is not an answer's is ignored.
    ///
    /// # Errors
    /// A1 and A2: [`Fault::AnswerMalformed`] and, where no transaction can have this `state`, [`Fault::StateUnknown`].
    pub fn read(query: &str) -> Result<Self, Fault> {
        if query.len() > QUERY_LIMIT {
            return Err(Fault::AnswerMalformed);
        }
        let [state, code, error, error_description, iss] =
            parameters(query, ["state", "code", "error", "error_description", "iss"])?;
        let state = state.filter(|state| is_state(state)).ok_or(Fault::StateUnknown)?;
        Ok(Self { state, code: code.map(Zeroizing::new), error, error_description, iss })
    }

    /// The code that it claims to have, if it does.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_ref().map(|code| code.as_str())
    }

    /// The code, if the answer is by `provider` and has one. `announces_iss`: as its metadata says.
    ///
    /// # Errors
    /// A4 to A7, in this order: who answers is settled before anything of the answer is believed.
    pub fn check(self, provider: &Provider, announces_iss: bool) -> Result<Code, Rejected> {
        match &self.iss {
            Some(iss) if *iss != provider.issuer => return Err(Fault::AnswerIss.into()),
            None if announces_iss => return Err(Fault::AnswerIssMissing.into()),
            _ => {}
        }
        match (self.code, self.error) {
            (Some(code), None) if is_code(&code) => Ok(Code(code)),
            (Some(_), None) => Err(Fault::AnswerCode.into()),
            (None, Some(error)) => {
                Err(Rejected::by_provider(fault_of(&error), &error, self.error_description.as_deref()))
            }
            (Some(_), Some(_)) | (None, None) => Err(Fault::AnswerBoth.into()),
        }
    }
}

/// What an `error` means (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6).
fn fault_of(error: &str) -> Fault {
    match error {
        "access_denied" => Fault::ErrorDenied,
        "login_required" | "interaction_required" | "account_selection_required" | "consent_required" => {
            Fault::ErrorInteraction
        }
        "temporarily_unavailable" | "server_error" => Fault::ErrorUnavailable,
        "unmet_authentication_requirements" => Fault::ErrorUnmet,
        _ => Fault::ErrorOther,
    }
}

fn is_state(text: &str) -> bool {
    let is_symbol = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == STATE_LENGTH && text.bytes().all(is_symbol)
}

fn is_code(text: &str) -> bool {
    (1..=CODE_LIMIT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The values of the parameters `names`, each of which may stand once, however its name is spelled.
fn parameters<const N: usize>(query: &str, names: [&str; N]) -> Result<[Option<String>; N], Fault> {
    let mut values = [const { None }; N];
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name)?;
        let Some(index) = names.iter().position(|known| *known == name) else { continue };
        if values[index].replace(decode(value)?).is_some() {
            return Err(Fault::AnswerMalformed);
        }
    }
    Ok(values)
}

/// Undoes the encoding of forms.
fn decode(text: &str) -> Result<String, Fault> {
    let spaced = text.replace('+', " ");
    percent::decode(&spaced).map(Cow::into_owned).map_err(|_| Fault::AnswerMalformed)
}

impl Code {
    /// As it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}
