//! What in a provider's claims means: verified.

use serde_json::{Map, Value};

use super::claims::Claims;
use super::fault::Fault;
use super::provider::Provider;
use super::verified_claims::Entry;
use super::{Basis, REFERENCE_LIMIT};
use crate::verification::time::Timestamp;

/// Claims of which the rules hold.
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
#[derive(Clone, Copy)]
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
    let entry = rules
        .verified_claims
        .as_ref()
        .map(|rule| Entry::accepted(claims, rule, provider.clock_leeway, now))
        .transpose()?;
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
