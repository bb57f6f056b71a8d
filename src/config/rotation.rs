//! Where the secrets of a rotation are: each beside the one that it replaces, with the next number.
//!
//! The number says which of two is the newer, so that a rotation that was begun twice, or left half done, is never mistaken
//! for its reverse.

use std::path::PathBuf;

use super::secret::Source;

/// Where the secret that replaces the one at `source` belongs: `FILE.2` after `FILE`, `FILE.3` after `FILE.2`; credentials
/// and variables end in `_2`, `_3`.
#[must_use]
pub fn successor(source: &Source) -> Source {
    renumber(source, |number| number.checked_add(1)).unwrap_or_else(|| source.clone())
}

/// Where the secret that the one at `source` replaced was; none if it is the first.
#[must_use]
pub fn predecessor(source: &Source) -> Option<Source> {
    renumber(source, |number| number.checked_sub(1).filter(|number| *number > 0))
}

fn renumber(source: &Source, change: impl FnOnce(u32) -> Option<u32>) -> Option<Source> {
    let name = match source {
        Source::File(path) => path.to_string_lossy().into_owned(),
        Source::Credential(name) | Source::Env(name) => name.clone(),
        Source::Held(held) => return renumber(&held.source, change),
    };
    let separator = if matches!(source, Source::File(_)) { '.' } else { '_' };
    let (stem, number) = name
        .rsplit_once(separator)
        .and_then(|(stem, number)| Some((stem, parse(number)?)))
        .unwrap_or((name.as_str(), 1));
    let name = match change(number)? {
        1 => stem.to_owned(),
        number => format!("{stem}{separator}{number}"),
    };
    Some(match source {
        Source::File(_) => Source::File(PathBuf::from(name)),
        Source::Credential(_) => Source::Credential(name),
        Source::Env(_) | Source::Held(_) => Source::Env(name),
    })
}

/// A number as [`successor`] writes it.
fn parse(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number: &u32| *number > 1 && number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_numbered_from_the_second_on() {
        for (names, place) in [
            (["/etc/idv/token-secret", "/etc/idv/token-secret.2", "/etc/idv/token-secret.3"], "file"),
            (["/etc/idv.d/secret", "/etc/idv.d/secret.2", "/etc/idv.d/secret.3"], "file"),
            (["token_secret", "token_secret_2", "token_secret_3"], "credential"),
        ] {
            let sources = names.map(|name| match place {
                "file" => Source::File(name.into()),
                _ => Source::Credential(name.into()),
            });
            assert_eq!(predecessor(&sources[0]), None);
            for pair in sources.windows(2) {
                assert_eq!(successor(&pair[0]), pair[1]);
                assert_eq!(predecessor(&pair[1]).as_ref(), Some(&pair[0]));
            }
        }
    }

    #[test]
    fn an_ending_that_is_no_number_of_ours_is_part_of_the_name() {
        for (name, next) in [("secret.txt", "secret.txt.2"), ("secret.0", "secret.0.2"), ("secret.02", "secret.02.2")] {
            assert_eq!(successor(&Source::File(name.into())), Source::File(next.into()));
            assert_eq!(predecessor(&Source::File(name.into())), None);
        }
    }
}
