//! What in a provider's claims means: verified.

use serde_json::{Map, Value};

use super::claims::Claims;
use super::fault::Fault;
use super::instant;
use super::provider::{Provider, VerifiedClaims};
use super::{Basis, REFERENCE_LIMIT};
use crate::verification::time::Timestamp;

/// Claims of which the rules hold.
#[derive(Debug)]
pub struct Accepted<'a> {
    /// By what they do.
    pub basis: Basis,
    /// When the person was verified, if the provider says so.
    pub verified_at: Option<Timestamp>,
    /// By what the provider finds it, if it says so.
    pub reference: Option<String>,
    /// What of the claims was verified with it.
    pub attributes: Attributes<'a>,
}

/// What counts of a person (V4).
#[derive(Clone, Copy, Debug)]
pub enum Attributes<'a> {
    /// The claims inside the accepted `verified_claims`, and none that stand outside.
    Verified(Option<&'a Map<String, Value>>),
    /// The ID token's and userinfo's own.
    Own(&'a Claims),
}

/// Judges the `claims` of `provider`. All of its rules must hold.
///
/// # Errors
/// V1 to V3: [`Fault::Acr`], [`Fault::VerifiedClaims`], [`Fault::VerifiedClaimsAmbiguous`],
/// [`Fault::VerifiedClaimsTime`], [`Fault::Values`].
pub fn judge<'a>(provider: &Provider, claims: &'a Claims, now: Timestamp) -> Result<Accepted<'a>, Fault> {
    let rules = &provider.accept;
    let has_rule = !rules.acr.is_empty() || rules.verified_claims.is_some() || !rules.values.is_empty();
    if !has_rule && !rules.login_alone {
        return Err(Fault::VerifiedClaims);
    }
    let acr = level(claims, &rules.acr)?;
    let entry = rules.verified_claims.as_ref().map(|rule| Entry::accepted(claims, rule, provider, now)).transpose()?;
    if !rules.values.iter().all(|(pointer, values)| has_one(claims, pointer, values)) {
        return Err(Fault::Values);
    }
    Ok(Accepted {
        basis: Basis {
            acr,
            trust_framework: entry.as_ref().and_then(|entry| entry.text("trust_framework")),
            assurance_level: entry.as_ref().and_then(|entry| entry.text("assurance_level")),
        },
        verified_at: entry.as_ref().and_then(|entry| entry.verified_at),
        reference: reference(entry.as_ref(), claims),
        attributes: entry.map_or(Attributes::Own(claims), |entry| Attributes::Verified(entry.claims)),
    })
}

/// V1: the `acr` that counts, where one must.
fn level(claims: &Claims, accepted: &[String]) -> Result<Option<String>, Fault> {
    if accepted.is_empty() {
        return Ok(None);
    }
    let acr = claims.id_token.text("acr").filter(|acr| accepted.iter().any(|one| one == acr));
    acr.map(|acr| Some(acr.to_owned())).ok_or(Fault::Acr)
}

/// V3.
fn has_one(claims: &Claims, pointer: &str, accepted: &[Value]) -> bool {
    claims.at(pointer).is_ok_and(|value| value.is_some_and(|value| accepted.contains(value)))
}

/// One of the `verified_claims` (OpenID Identity Assurance Schema Definition 1.0 §5).
struct Entry<'a> {
    verification: &'a Map<String, Value>,
    claims: Option<&'a Map<String, Value>>,
    verified_at: Option<Timestamp>,
}

impl<'a> Entry<'a> {
    /// V2: the first one that counts by `rule`.
    fn accepted(claims: &'a Claims, rule: &VerifiedClaims, provider: &Provider, now: Timestamp) -> Result<Self, Fault> {
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
            let verified_at = time(verification, rule, provider, now).ok()?;
            Some(Self { verification, claims: entry.get("claims").and_then(Value::as_object), verified_at })
        });
        in_time.ok_or(Fault::VerifiedClaimsTime)
    }

    fn text(&self, name: &str) -> Option<String> {
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
    provider: &Provider,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let verified_at = match verification.get("time").filter(|time| !time.is_null()) {
        None if rule.max_age.is_none() => return Ok(None),
        None => return Err(Fault::VerifiedClaimsTime),
        Some(time) => time.as_str().and_then(instant::parse).ok_or(Fault::VerifiedClaimsTime)?,
    };
    let is_past = verified_at <= now.later(provider.clock_leeway);
    let is_recent = rule.max_age.is_none_or(|age| verified_at.later(age) >= now);
    if is_past && is_recent { Ok(Some(verified_at)) } else { Err(Fault::VerifiedClaimsTime) }
}

/// By what the provider finds it: the first that it gives and that can be kept.
fn reference(entry: Option<&Entry<'_>>, claims: &Claims) -> Option<String> {
    let of_entry = |name| entry.and_then(|entry| entry.verification.get(name));
    let of_token = |name| claims.id_token.get(name);
    [of_entry("txn"), of_entry("verification_process"), of_token("txn"), of_token("jti")]
        .into_iter()
        .filter_map(|value| value?.as_str())
        .find(|text| (1..=REFERENCE_LIMIT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()))
        .map(str::to_owned)
}
