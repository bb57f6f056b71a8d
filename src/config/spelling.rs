//! Host names and URLs as people write them, and as they must stand here: in lower case, international ones as `xn--`.

use crate::verification::tenant::Host;

const INTERNATIONAL: &str = "write an international name in its xn-- form, as the DNS has it";

/// What to write in place of `text` where a bare host belongs; none if its spelling is not what is wrong.
#[must_use]
pub fn of_host(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return Some(INTERNATIONAL.into());
    }
    let lower = text.to_ascii_lowercase();
    let rest = lower.split_once("://").map_or(lower.trim(), |(_, rest)| rest.trim());
    let bare = rest.split(['/', ':', '?', '#']).next().unwrap_or_default().trim_end_matches('.');
    if bare == text || Host::try_from(bare.to_owned()).is_err() {
        return None;
    }
    Some(if bare == lower { format!("write it in lower case: {bare}") } else { format!("write the bare host: {bare}") })
}

/// What to do about `name`, which is no tenant's host.
#[must_use]
pub fn of_tenant(name: &str) -> String {
    of_host(name).unwrap_or_else(|| "see [[tenants]] in the configuration".into())
}

/// The same as [`of_host`] for a URL without a path, which `is_url` recognises.
pub(super) fn of_url(text: &str, is_url: impl Fn(&str) -> bool) -> Option<String> {
    if !text.is_ascii() {
        return Some(INTERNATIONAL.into());
    }
    let lower = text.trim().to_ascii_lowercase();
    (lower != text && is_url(&lower)).then(|| format!("write it in lower case: {lower}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_in_another_spelling_is_told_the_right_one() {
        for (text, told) in [
            ("ACME.eu.auth0.com", "write it in lower case: acme.eu.auth0.com"),
            ("https://acme.eu.auth0.com/", "write the bare host: acme.eu.auth0.com"),
            ("https://Acme.eu.auth0.com:443/authorize", "write the bare host: acme.eu.auth0.com"),
            ("acme.eu.auth0.com.", "write the bare host: acme.eu.auth0.com"),
            (" acme.eu.auth0.com", "write the bare host: acme.eu.auth0.com"),
            ("anmeldung.müller.example", INTERNATIONAL),
        ] {
            assert_eq!(of_host(text).as_deref(), Some(told), "{text}");
        }
        for text in ["acme.eu.auth0.com", "xn--mller-kva.example", "", "acme", "a_b.example", "https://"] {
            assert_eq!(of_host(text), None, "{text}");
        }
    }
}
