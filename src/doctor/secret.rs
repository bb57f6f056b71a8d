//! Whether a secret could be guessed. Whoever sees one request token can try guesses against it for as long as they
//! like, without anyone noticing (RFC 8725 §3.5).

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::finding::Finding;
use crate::config::meant::TenantConfig;
use crate::config::secret::Source;

const CHECK: &str = "secret";
/// Bits below which the bytes at hand cannot be a random secret, however they are spread. 32 random hex digits, the
/// least that is accepted, have some 115 by this measure.
const LEAST_BITS: f64 = 90.0;
const REMEDY: &str = "replace it without a failed login: idv secret rotate";
/// What stands in secrets that people made up, or never changed.
const WORDS: [&str; 8] = ["secret", "password", "changeme", "change-me", "example", "qwerty", "12345678", "auth0"];

/// Each secret of `tenant`: strength and permissions. What cannot be read is told with the configuration.
pub(super) fn examine(tenant: &TenantConfig) -> Vec<Finding> {
    tenant.token_secrets.iter().flat_map(|source| examine_source(tenant, source)).collect()
}

fn examine_source(tenant: &TenantConfig, source: &Source) -> Vec<Finding> {
    let name = format!("{source} of {}", tenant.domain);
    if !source.is_at_hand() {
        let how = "not examined, only the service and systemd can read it";
        return vec![Finding::note(CHECK, format!("{name}: {how}"))];
    }
    let Ok(secret) = source.read_token_secret() else { return vec![] };
    let strength = match weakness(&secret) {
        None => Finding::ok(CHECK, format!("{name} is strong")),
        Some(Weakness::Guessable(why)) => Finding::problem(CHECK, format!("{name} can be guessed: {why}"), REMEDY),
        Some(Weakness::Doubtful(why)) => Finding::warning(CHECK, format!("{name} may be guessable: {why}"), REMEDY),
    };
    std::iter::once(strength).chain(writable(source)).collect()
}

fn writable(source: &Source) -> Option<Finding> {
    let Source::File(path) = source else { return None };
    let is_writable = fs::metadata(path).ok()?.permissions().mode() & 0o020 != 0;
    let remedy = format!("run: chmod 600 {}", path.display());
    is_writable.then(|| Finding::warning(CHECK, format!("{source} may be changed by its group"), remedy))
}

#[derive(Debug, PartialEq, Eq)]
enum Weakness {
    /// No random generator makes this.
    Guessable(&'static str),
    /// A person seems to have made it.
    Doubtful(&'static str),
}

fn weakness(secret: &[u8]) -> Option<Weakness> {
    if repeats(secret) {
        return Some(Weakness::Guessable("it repeats itself"));
    }
    if is_sequence(secret) {
        return Some(Weakness::Guessable("it is a sequence"));
    }
    if bits(secret) < LEAST_BITS {
        return Some(Weakness::Guessable("it has too few different characters"));
    }
    let text = String::from_utf8_lossy(secret).to_ascii_lowercase();
    if WORDS.iter().any(|word| text.contains(word)) || text.split_whitespace().count() > 2 {
        return Some(Weakness::Doubtful("it has words in it"));
    }
    None
}

/// Whether it is a shorter text again and again, the last time perhaps cut off.
fn repeats(secret: &[u8]) -> bool {
    (1..=secret.len() / 2).any(|period| secret.iter().zip(&secret[period..]).all(|(one, next)| one == next))
}

/// Whether most bytes are one more or one less than the byte before.
fn is_sequence(secret: &[u8]) -> bool {
    let steps = secret.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
    steps * 2 > secret.len()
}

/// The Shannon entropy of the bytes' frequencies, times their number.
#[expect(clippy::cast_precision_loss, reason = "a secret has at most 4,096 bytes")]
fn bits(secret: &[u8]) -> f64 {
    let mut counts = [0_usize; 256];
    for byte in secret {
        counts[usize::from(*byte)] += 1;
    }
    let length = secret.len() as f64;
    let of_one = |count: f64| count * (length / count).log2();
    counts.iter().filter(|count| **count > 0).map(|count| of_one(*count as f64)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_generator_makes_is_guessable() {
        for secret in [
            "a".repeat(64),
            "correcthorse".repeat(4),
            "abcdefghijklmnopqrstuvwxyz0123456789".into(),
            "00000000000000001111111100000001111100000".into(),
        ] {
            assert!(matches!(weakness(secret.as_bytes()), Some(Weakness::Guessable(_))), "{secret}");
        }
    }

    #[test]
    fn what_a_person_makes_is_doubtful() {
        for secret in ["a secret of thirty-two bytes and some", "MyCompany-Auth0-Token-2026-Production!"] {
            assert!(matches!(weakness(secret.as_bytes()), Some(Weakness::Doubtful(_))), "{secret}");
        }
    }

    #[test]
    fn what_a_generator_makes_is_strong() {
        for secret in [
            "9f86d081884c7d659a2feaa0c55ad015",
            "Yx0b3Zk9qT1u7mCwL5sVhR2eJ8aNfD4gPzKiOvQtB6E=",
            "k3J9-vQ2x_8Zr5Tb7Yw1Nc4Mf6Lh0GdSaPe",
        ] {
            assert_eq!(weakness(secret.as_bytes()), None, "{secret}");
        }
    }
}
