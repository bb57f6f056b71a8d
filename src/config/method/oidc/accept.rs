//! What in an answer means: verified, and whose identity it is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Place;
use super::typed;
use crate::verification::method::oidc::names::Name;
use crate::verification::method::oidc::provider::{Accept, IdentityRules, VerifiedClaims};
use crate::verification::time::DAY;

/// The oldest that accepted claims may be: ten years.
const DAYS_LIMIT: u64 = 3650;
/// Claims that a provider may give to another person one day, or have people change by themselves: they name nobody (OIDC
/// Core §5.7).
const CHANGING: [&str; 9] = [
    "email",
    "family_name",
    "given_name",
    "name",
    "nickname",
    "phone_number",
    "preferred_username",
    "unique_name",
    "upn",
];
/// The longest JSON pointer, in bytes.
const POINTER_LIMIT: usize = 255;

/// What `typed` means. A login alone is never taken for a verification unless it says so.
pub(super) fn convert(place: Place<'_>, typed: typed::Accept, acr_values: &[String]) -> Accept {
    if !typed.is_there {
        let remedy =
            "write at least one of acr, verified_claims, values and login_alone = true under [methods.oidc.accept]";
        place.wrong("accept", "says of nothing that it means verified: a login is none by itself", remedy);
    }
    if typed.login_alone && acr_values.len() > 1 && typed.acr.is_none() {
        let remedy =
            "list under accept.acr those of acr_values that count: the provider may use another than was asked for";
        place.wrong("accept.login_alone", "would count a login by any of acr_values, or by none of them", remedy);
    }
    Accept {
        acr: typed.acr.map(|acr| texts(place, "accept.acr", acr)).unwrap_or_default(),
        verified_claims: typed.verified_claims.map(|claims| verified_claims(place, claims)),
        values: typed.values.map(|values| convert_values(place, values)).unwrap_or_default(),
        login_alone: typed.login_alone,
    }
}

fn verified_claims(place: Place<'_>, typed: typed::VerifiedClaims) -> VerifiedClaims {
    let list = |key: &str, texts_there: Option<Vec<String>>| {
        texts_there.map(|there| texts(place, &format!("accept.verified_claims.{key}"), there)).unwrap_or_default()
    };
    if typed.max_age_days.is_some_and(|days| !(1..=DAYS_LIMIT).contains(&days)) {
        let remedy = format!("choose 1 to {DAYS_LIMIT}, ten years; left out, it does not matter");
        place.wrong("accept.verified_claims.max_age_days", "is out of range", remedy);
    }
    let max_age = typed.max_age_days.and_then(|days| DAY.checked_mul(u32::try_from(days).ok()?));
    VerifiedClaims {
        trust_framework: list("trust_framework", typed.trust_framework),
        assurance_level: list("assurance_level", typed.assurance_level),
        max_age,
    }
}

/// A list that is empty would count nothing, and is no rule.
fn texts(place: Place<'_>, key: &str, texts: Vec<String>) -> Vec<String> {
    if texts.is_empty() {
        place.wrong(key, "is empty, so nobody would be verified", "list the texts that count, or leave it out");
    }
    if texts.iter().any(String::is_empty) {
        place.wrong(key, "has an empty text, which counts for nothing", "remove it");
    }
    texts
}

/// Texts, whole numbers and truth values: what has one spelling only.
fn convert_values(place: Place<'_>, typed: BTreeMap<String, Vec<Value>>) -> Vec<(String, Vec<Value>)> {
    const KEY: &str = "accept.values";
    let is_plain = |value: &Value| value.is_string() || value.is_boolean() || value.is_i64() || value.is_u64();
    if typed.is_empty() {
        place.wrong(KEY, "is empty", "write { \"/NAME\" = [\"VALUE\"] }, or leave it out");
    }
    for (pointer, values) in &typed {
        check_pointer(place, KEY, pointer);
        if values.is_empty() {
            let problem = format!("lists nothing for {pointer:?}, so nobody would be verified");
            place.wrong(KEY, problem, "list the values that count");
        }
        if !values.iter().all(is_plain) {
            let remedy = "write texts, whole numbers, true and false; a pointer leads to what is within";
            place.wrong(KEY, format!("lists a value for {pointer:?} that cannot be compared"), remedy);
        }
    }
    typed.into_iter().collect()
}

/// RFC 6901 §3. The pointer to the whole is none that names anything.
fn check_pointer(place: Place<'_>, key: &str, pointer: &str) {
    let is_escaped = pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if !pointer.starts_with('/') || pointer.len() > POINTER_LIMIT || !is_escaped {
        let remedy = "write \"/NAME\", or \"/OUTER/INNER\" for what is within; in a name ~1 stands for / and ~0 for ~";
        place.wrong(key, format!("{pointer:?} is no JSON pointer"), remedy);
    }
}

/// What `typed` means.
pub(super) fn convert_identity(place: Place<'_>, typed: typed::Identity) -> IdentityRules {
    check_pointer(place, "identity.pointer", &typed.pointer);
    if typed.pointer.rsplit('/').next().is_some_and(|claim| CHANGING.contains(&claim)) {
        let remedy = "point to what the provider gives to one person for ever, such as \"/sub\"; an account's data is compared by match";
        let problem = format!("{:?} changes, and may become another person's", typed.pointer);
        place.wrong("identity.pointer", problem, remedy);
    }
    IdentityRules {
        pointer: typed.pointer,
        one_account: typed.one_account,
        same_person: typed.same_person,
        matched: names(place, "identity.match", &typed.matched),
        expected: names(place, "identity.expect", &typed.expected),
    }
}

fn names(place: Place<'_>, key: &str, typed: &[String]) -> Vec<Name> {
    let known = Name::ALL.map(|name| (name.as_str(), name));
    let mut names = Vec::new();
    for name in typed.iter().filter_map(|text| place.choice(key, text, &known)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
