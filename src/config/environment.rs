//! Which variables of the environment are settings of ours: `IDV_SERVER__LISTEN` is `server.listen`, in any letter case.
//!
//! Others have variables that begin like ours: Kubernetes gives `IDV_PORT` and `IDV_SERVICE_HOST` to every pod beside a
//! Service called `idv`, links of Docker give `IDV_NAME`, and the Action has fields such as `IDV_DOMAIN`. They are left
//! alone, and told. But a setting that is misspelt must not pass for somebody else's variable. So one that names no key is
//! left alone only if it has no `__`, which sets our sections apart, and is like no key: underscores aside, it differs from
//! every key, and from the last part of every key, in more than a quarter of its letters, or in more than two. A name of
//! fewer than five letters is too short to be like any.

use std::cmp::Reverse;

/// What our variables begin with.
pub(super) const PREFIX: &str = "IDV_";
/// What stands for the dot of a key.
pub(super) const SEPARATOR: &str = "__";

/// Names shorter than this are like no key.
const SHORTEST: usize = 5;
/// One letter in so many may differ.
const ALIKE: usize = 4;
/// And no more than this.
const MOST: usize = 2;

/// The variable of `key`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', SEPARATOR).to_ascii_uppercase())
}

/// The one of `keys` that was probably meant by a variable without a [`SEPARATOR`], whose `name` follows the prefix; none
/// if it is not for us.
pub(super) fn meant<'k>(name: &str, keys: impl IntoIterator<Item = &'k String>) -> Option<&'k str> {
    let name = letters(name);
    let allowed = (name.len() / ALIKE).min(MOST);
    let distance = |key: &str| {
        let last = key.rsplit('.').next().unwrap_or(key);
        [key, last].map(|spelling| strsim::osa_distance(&name, &letters(spelling))).into_iter().min()
    };
    let alike = keys.into_iter().filter_map(|key| Some((distance(key).filter(|letters| *letters <= allowed)?, key)));
    // Of those that are as like the last: whoever writes IDV_LISTEN means server.listen, and not ops.listen.
    alike.max_by_key(|(letters, _)| Reverse(*letters)).filter(|_| name.len() >= SHORTEST).map(|(_, key)| key.as_str())
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '.')).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_like_a_key_by_a_quarter_of_its_letters_and_two_at_most() {
        let keys =
            ["abcdefgh".to_owned(), "abcde".into(), "s.fghij".into(), "s.klmnopqrstuvwxyz".into(), "t.fghij".into()];
        for (name, key) in [
            ("abcdefgh", Some("abcdefgh")),
            ("ab_cdef_gh", Some("abcdefgh")),
            ("abcdefxx", Some("abcdefgh")),
            ("abcdexxx", None),
            ("abcdx", Some("abcde")),
            ("abcxx", None),
            ("abcd", None),
            ("sklmnopqrstuvwxyz", Some("s.klmnopqrstuvwxyz")),
            ("klmnopqrstuvw", None),
            ("klmnopqrstuvwx", Some("s.klmnopqrstuvwxyz")),
            ("fghij", Some("t.fghij")),
        ] {
            assert_eq!(meant(name, &keys), key, "{name}");
        }
    }
}
