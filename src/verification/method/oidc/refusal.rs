//! What a provider says where it does not do what was asked.

use super::fault::{Fault, Rejected};
use super::object::Object;

/// The longest detail of a refusal, in bytes.
pub const DETAIL_LIMIT: usize = 200;

impl Rejected {
    /// A provider's own `error`, with its `description` (RFC 6749 §4.1.2.1, §5.2), in printable ASCII.
    pub(super) fn by_provider(fault: Fault, error: &str, description: Option<&str>) -> Self {
        let mut detail: String = error.escape_default().collect();
        if let Some(description) = description {
            detail.push_str(": ");
            detail.extend(description.escape_default());
        }
        // All of it is ASCII.
        detail.truncate(DETAIL_LIMIT);
        Self { fault, detail: Some(detail) }
    }
}

/// What an endpoint's refusal means.
pub(super) struct Meanings {
    /// It is out of order at the moment.
    pub(super) unreachable: Fault,
    /// Its answer is not what such an answer is.
    pub(super) malformed: Fault,
    /// It gives this `error`.
    pub(super) of_error: fn(&str) -> Fault,
}

/// Why an endpoint of OAuth did not do what was asked: it answered with a `status` that is no success (RFC 6749 §5.2).
pub(super) fn refusal(status: u16, body: &[u8], meanings: &Meanings) -> Rejected {
    let object = Object::read(body);
    if let Some((object, error)) = object.as_ref().and_then(|object| Some((object, object.text("error")?))) {
        let fault = match error {
            "temporarily_unavailable" | "server_error" => meanings.unreachable,
            _ => (meanings.of_error)(error),
        };
        return Rejected::by_provider(fault, error, object.text("error_description"));
    }
    let fault = if is_out_of_order(status) { meanings.unreachable } else { meanings.malformed };
    Rejected { fault, detail: Some(format!("status {status}")) }
}

/// Whether a `status` says that it may go better another time.
pub(super) const fn is_out_of_order(status: u16) -> bool {
    matches!(status, 429 | 500..=599)
}
