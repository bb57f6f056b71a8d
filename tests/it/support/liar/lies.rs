//! Every lie, by the check that must see it, and every oddity that is none.

use data_encoding::BASE64URL;
use ring::hmac;
use serde_json::{Value, json};

use super::keys::{Key, RSA_2048, RSA_3072, encode};
use super::provider::Reply;
use super::tells::{Facts, Tells};

/// Seconds that a clock may be wrong.
pub(crate) const LEEWAY: u64 = 60;
/// Seconds since the last login at the provider that are asked for.
pub(crate) const MAX_AGE: u64 = 300;

macro_rules! lie {
    ($cause:literal, $name:literal, [$($tells:expr),+ $(,)?]) => {
        Lie { cause: $cause, name: $name, tells: &[$($tells),+] }
    };
    ($cause:literal, $name:literal, $part:ident without $member:literal) => {
        lie!($cause, $name, [Tells::$part(|value, _| remove(value, $member))])
    };
    ($cause:literal, $name:literal, $part:ident $member:literal = |$facts:ident| $made:expr) => {
        lie!($cause, $name, [Tells::$part(|value, $facts| put(value, $member, json!($made)))])
    };
    ($cause:literal, $name:literal, $part:ident $member:literal = $made:expr) => {
        lie!($cause, $name, [Tells::$part(|value, _| put(value, $member, json!($made)))])
    };
    ($cause:literal, $name:literal, $path:literal => $change:expr) => {
        lie!($cause, $name, [Tells::Answer($path, $change)])
    };
    ($cause:literal, $name:literal, $part:ident($($change:tt)+)) => {
        lie!($cause, $name, [Tells::$part($($change)+)])
    };
}

mod browser;
mod claims;
mod oddities;
mod published;
mod tokens;

pub(crate) use oddities::ODDITIES;

/// One defect in an answer that is honest otherwise.
pub(crate) struct Lie {
    /// What the log must call it. Nothing, where it is an oddity that is allowed.
    pub(crate) cause: &'static str,
    pub(crate) name: &'static str,
    pub(crate) tells: &'static [Tells],
}

/// What must be refused: each answer has one defect.
pub(crate) fn lies() -> impl Iterator<Item = &'static Lie> {
    [browser::LIES, published::LIES, tokens::LIES, claims::LIES].into_iter().flatten()
}

/// The lie of this name for which the log has this cause; the oddity of this name, where there is none.
pub(crate) fn named(cause: &str, name: &str) -> &'static Lie {
    let mut all = lies().chain(ODDITIES);
    all.find(|lie| lie.cause == cause && lie.name == name).unwrap_or_else(|| panic!("{cause}: {name}"))
}

/// Takes the member at `path`, names joined by slashes, out of `value`.
fn remove(value: &mut Value, path: &str) {
    let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = parents.split('/').filter(|name| !name.is_empty()).fold(value, |value, name| &mut value[name]);
    parent.as_object_mut().unwrap().remove(name).expect("what is left out would be there");
}

/// Gives the member at `path` this value.
fn put(value: &mut Value, path: &str, made: Value) {
    *path.split('/').fold(value, |value, name| &mut value[name]) = made;
}

/// The parameter `name` of what the browser brings back, as `value`.
fn say(back: &mut [(String, String)], name: &str, value: &str) {
    value.clone_into(&mut back.iter_mut().find(|(key, _)| key == name).unwrap().1);
}

fn hide(back: &mut Vec<(String, String)>, name: &str) {
    back.retain(|(key, _)| key != name);
}

/// The browser brings an error instead of a code.
fn fail(back: &mut [(String, String)], error: &str) {
    back[0] = ("error".to_owned(), error.to_owned());
}

fn text(reply: Reply, body: impl Into<Vec<u8>>) -> Reply {
    Reply { body: body.into().into(), ..reply }
}

fn media_type(reply: Reply, media_type: &str) -> Reply {
    Reply { headers: vec![("content-type", media_type.to_owned())], ..reply }
}

/// A JSON object with `member` doubled, as no parser of maps shows it.
fn doubled(text: &[u8], member: &str) -> Vec<u8> {
    [format!(r#"{{"{member}":"twice","#).as_bytes(), &text[1..]].concat()
}

fn twice(reply: Reply, member: &str) -> Reply {
    let body = doubled(&reply.body, member);
    text(reply, body)
}

fn around(reply: Reply, before: &str, after: &str) -> Reply {
    let body = [before.as_bytes(), &reply.body, after.as_bytes()].concat();
    text(reply, body)
}

/// A valid object that is one byte too long for any answer.
fn too_long(reply: Reply) -> Reply {
    const LIMIT: usize = 64 * 1024;
    let spaces = " ".repeat(LIMIT + 1 - reply.body.len());
    around(reply, "", &spaces)
}

fn error(status: u16, error: &str) -> Reply {
    Reply::json(status, &json!({ "error": error, "error_description": "<b>no</b>\r\n" }))
}

/// The claims of `text` with `more` at their end.
fn with_text(text: &str, more: &str) -> Vec<u8> {
    format!("{},{more}}}", text.strip_suffix('}').unwrap()).into_bytes()
}

/// So many objects, each in another.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }))
}

/// The claims with as many members as make `count` in all.
fn crowd(claims: &mut Value, count: usize) {
    let there = members(claims);
    for number in there..count {
        claims[format!("m{number}")] = 1.into();
    }
}

fn members(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.len() + map.values().map(members).sum::<usize>(),
        Value::Array(list) => list.iter().map(members).sum(),
        _ => 0,
    }
}

/// `verified_claims` for a list, of this framework and level.
fn entry(claims: &Value, trust_framework: &str, assurance_level: &str) -> Value {
    let mut entry = claims["verified_claims"].clone();
    put(&mut entry, "verification/trust_framework", trust_framework.into());
    put(&mut entry, "verification/assurance_level", assurance_level.into());
    entry
}

fn rfc3339(instant: u64) -> String {
    jiff::Timestamp::from_second(instant.cast_signed()).unwrap().to_string()
}

const DAY: u64 = 86_400;

/// `key` with `member` as `value`.
fn with(key: &Value, member: &str, value: &str) -> Value {
    let mut key = key.clone();
    key[member] = value.into();
    key
}

/// A key of RSA with one number changed.
fn rsa(member: &str, value: &str) -> Value {
    with(&Key::rsa(RSA_2048).jwk("key-1", "RS256"), member, value)
}

/// A key that serves no algorithm of ours: of an elliptic curve, or of RSA.
fn other_kind(elliptic: bool, kid: &str) -> Value {
    if elliptic { Key::p256().jwk(kid, "ES256") } else { Key::rsa(RSA_2048).jwk(kid, "RS256") }
}

/// The key that the token names is `named`; the one that signs is beside it.
fn beside(keys: &mut Value, facts: &Facts, named: Value) {
    keys["keys"] = vec![named, with(&facts.jwk, "kid", "key-2")].into();
}

/// Another key of the same kind.
fn like(algorithm: &str) -> Key {
    if matches!(algorithm, "RS256" | "PS256") { Key::rsa(RSA_3072) } else { Key::for_algorithm(algorithm) }
}

fn hs256(signed: &str, secret: &[u8]) -> String {
    format!("{signed}.{}", encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes())))
}

/// The header with as many spaces at its end as make padding necessary.
fn padded(header: &Value) -> Vec<u8> {
    let text = header.to_string();
    let spaces = if text.len().is_multiple_of(3) { " " } else { "" };
    format!("{text}{spaces}").into_bytes()
}
