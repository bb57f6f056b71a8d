//! What a provider says where it does not do what was asked.

use super::fault::{Fault, Rejected};
use super::object::Object;

/// The longest detail of a refusal, in bytes.
pub const DETAIL_LIMIT: usize = 200;

/// What stands in place of what is kept out of the log.
const HIDDEN: &str = "***";

impl Rejected {
    /// For what `detail` says, in as much printable ASCII as is kept of it.
    #[must_use]
    pub fn told(fault: Fault, detail: &str) -> Self {
        let detail = detail.escape_default().take(DETAIL_LIMIT).collect();
        Self { fault, detail: Some(detail) }
    }

    /// A provider's own `error`, with its `description` (RFC 6749 §4.1.2.1, §5.2).
    pub(super) fn by_provider(fault: Fault, error: &str, description: Option<&str>) -> Self {
        match description {
            Some(description) => Self::told(fault, &format!("{error}: {description}")),
            None => Self::told(fault, error),
        }
    }

    /// The detail without `words`, in whatever case, and without what was cut off of one at its end: a provider may repeat
    /// what it was sent.
    #[must_use]
    pub fn detail_without<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Option<String> {
        let detail = self.detail.clone()?;
        let is_cut = detail.len() == DETAIL_LIMIT;
        // What is within another is hidden with it.
        let mut words: Vec<_> = words.into_iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Some(words.into_iter().fold(detail, |detail, word| hide(&detail, word, is_cut)))
    }
}

/// `detail` without `word`; if it `is_cut`, without the beginning of one at its end, too. Both are ASCII.
fn hide(detail: &str, word: &str, is_cut: bool) -> String {
    let word: String = word.escape_default().collect();
    let (mut shown, mut rest) = (String::new(), detail);
    while let Some(next) = rest.chars().next() {
        let is_word = rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(&word));
        let is_begun = is_cut && word.get(..rest.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(rest));
        if !word.is_empty() && (is_word || is_begun) {
            shown.push_str(HIDDEN);
            rest = rest.get(word.len()..).unwrap_or_default();
        } else {
            shown.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    shown
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

#[cfg(test)]
mod tests {
    use super::*;

    fn without(detail: &str, words: &[&str]) -> String {
        Rejected::told(Fault::PushRefused, detail).detail_without(words.iter().copied()).unwrap()
    }

    #[test]
    fn what_a_provider_repeats_is_hidden_however_it_is_spelled_and_wherever_it_is_cut() {
        assert_eq!(without("family_name Lovelace, LOVELACE", &["Lovelace", "Ada", ""]), "family_name ***, ***");
        assert_eq!(without("Jörg, J\u{f6}rg", &["Jörg"]), "***, ***");
        assert_eq!(without("ada@acme.example of Ada", &["Ada", "ada@acme.example"]), "*** of ***");
        assert_eq!(without("***", &["*"]), "*********");
        assert_eq!(without("nothing", &["thing else"]), "nothing");
        for length in 0..12 {
            let told = without(&format!("{}Lovelace", "x".repeat(DETAIL_LIMIT - length)), &["Lovelace"]);
            assert!(!told.contains('L'), "{told}");
        }
    }
}
