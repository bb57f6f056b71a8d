//! What a pushed authorization request is answered with (RFC 9126 §2.2, §2.3).

use super::fault::{Fault, Rejected};
use super::object::Object;
use super::refusal::{Meanings, refusal};

/// The longest `request_uri`, in bytes.
const LENGTH_LIMIT: usize = 512;

const MEANINGS: Meanings =
    Meanings { unreachable: Fault::PushUnreachable, malformed: Fault::PushMalformed, of_error: |_| Fault::PushRefused };

/// The `request_uri` in an answer: visible ASCII. It is used at once, so how long it is good for does not matter.
///
/// # Errors
/// [`Fault::PushUnreachable`], [`Fault::PushRefused`], and [`Fault::PushMalformed`] for any other answer: success is 201
/// alone, as the RFC has it.
pub fn read(status: u16, content_type: Option<&str>, body: &[u8]) -> Result<String, Rejected> {
    if !matches!(status, 200..=299) {
        return Err(refusal(status, body, &MEANINGS));
    }
    let answer = Object::answered(content_type, body).filter(|_| status == 201);
    let uri = answer.as_ref().and_then(|answer| answer.text("request_uri")).filter(|uri| is_request_uri(uri));
    uri.map(str::to_owned).ok_or_else(|| Fault::PushMalformed.into())
}

fn is_request_uri(text: &str) -> bool {
    (1..=LENGTH_LIMIT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
