//! Which of a provider's `verified_claims` counts.

use std::time::Duration;

use serde_json::{Map, Value};

use super::claims::Claims;
use super::fault::Fault;
use super::instant;
use super::provider::VerifiedClaims;
use crate::verification::time::Timestamp;

/// One of the `verified_claims` (OpenID Identity Assurance Schema Definition 1.0 §5).
pub(super) struct Entry<'a> {
    /// How they were verified.
    pub(super) verification: &'a Map<String, Value>,
    /// The claims themselves.
    pub(super) claims: Option<&'a Map<String, Value>>,
    /// When they were, if that is said.
    pub(super) verified_at: Option<Timestamp>,
}

impl<'a> Entry<'a> {
    /// V2: the first one that counts by `rule`.
    pub(super) fn accepted(
        claims: &'a Claims,
        rule: &VerifiedClaims,
        leeway: Duration,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let of_framework: Vec<_> = verified_claims(claims)
            .iter()
            .filter_map(|entry| Some((entry, entry.get("verification")?.as_object()?)))
            .filter(|(_, verification)| is_among(verification.get("trust_framework"), &rule.trust_framework))
            .collect();
        let mut levels = of_framework.iter().map(|(_, verification)| verification.get("assurance_level"));
        let level = levels.next().flatten();
        if levels.any(|other| other != level) {
            return Err(Fault::VerifiedClaimsAmbiguous);
        }
        if !is_among(level, &rule.assurance_level) {
            return Err(Fault::VerifiedClaims);
        }
        let in_time = of_framework.into_iter().find_map(|(entry, verification)| {
            let verified_at = time(verification, rule, leeway, now).ok()?;
            Some(Self { verification, claims: entry.get("claims").and_then(Value::as_object), verified_at })
        });
        in_time.ok_or(Fault::VerifiedClaimsTime)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.verification.get(name).and_then(Value::as_str).map(str::to_owned)
    }
}

/// All `verified_claims` of the ID token; where it has none, of userinfo.
fn verified_claims(claims: &Claims) -> &[Value] {
    let told = || claims.userinfo.as_ref().and_then(|userinfo| userinfo.get("verified_claims"));
    match claims.id_token.get("verified_claims").or_else(told) {
        Some(Value::Array(entries)) => entries,
        Some(entry) => std::slice::from_ref(entry),
        None => &[],
    }
}

fn is_among(value: Option<&Value>, accepted: &[String]) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| accepted.iter().any(|one| one == text))
}

/// When that was, if it is said. It must be said where it may not be too long ago.
fn time(
    verification: &Map<String, Value>,
    rule: &VerifiedClaims,
    leeway: Duration,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let verified_at = match verification.get("time").filter(|time| !time.is_null()) {
        None if rule.max_age.is_none() => return Ok(None),
        None => return Err(Fault::VerifiedClaimsTime),
        Some(time) => time.as_str().and_then(instant::parse).ok_or(Fault::VerifiedClaimsTime)?,
    };
    let is_past = verified_at <= now.later(leeway);
    let is_recent = rule.max_age.is_none_or(|age| verified_at.later(age) >= now);
    if is_past && is_recent { Ok(Some(verified_at)) } else { Err(Fault::VerifiedClaimsTime) }
}
