//! What is asked of a provider.

use serde_json::Value;

use super::Place;
use super::typed::Section;
use crate::verification::json;
use crate::verification::method::oidc::provider::{RequestKind, Shape};

/// Ten years, in seconds: more is no demand.
const AGE_LIMIT: u64 = 10 * 365 * 86_400;
/// How many further parameters there may be.
const PARAMETER_LIMIT: usize = 32;
/// The longest parameter, name or value, in bytes: more breaks at somebody's firewall.
const LENGTH_LIMIT: usize = 1024;
/// What of a request is not taken as it is typed.
pub(super) struct Request {
    pub(super) kind: Option<RequestKind>,
    pub(super) verified_claims_as: Shape,
    pub(super) login_hint: bool,
    pub(super) userinfo: bool,
}

/// What `section` means of a request.
pub(super) fn convert(place: Place<'_>, section: &Section) -> Request {
    let expects = !section.identity.expected.is_empty();
    check_scopes(place, &section.scopes);
    check_acr_values(place, &section.acr_values);
    if let Some(text) = &section.claims {
        check_claims(place, text, expects);
    }
    if section.parameters.len() > PARAMETER_LIMIT {
        place.wrong("parameters", "are too many", format!("keep at most {PARAMETER_LIMIT}"));
    }
    section.parameters.iter().for_each(|(name, value)| check_parameter(place, name, value));
    if section.max_age_secs.is_some_and(|seconds| seconds > AGE_LIMIT) {
        place.wrong("max_age_secs", "is out of range", "choose 0 (log in there afresh) to 315360000, ten years");
    }
    let shapes = [("array", Shape::Array), ("object", Shape::Object)];
    let shape = place.choice("verified_claims_as", &section.verified_claims_as, &shapes);
    let userinfo = place.choice("userinfo", &section.userinfo, &[("none", false), ("json", true)]);
    Request {
        kind: kind(place, section.request.as_deref(), expects),
        verified_claims_as: shape.unwrap_or(Shape::Array),
        login_hint: section.login_hint.unwrap_or(expects),
        userinfo: userinfo.unwrap_or_default(),
    }
}

/// What is expected of a person never stands in an address, so it is pushed, or not sent.
fn kind(place: Place<'_>, typed: Option<&str>, expects: bool) -> Option<RequestKind> {
    let known = [("par", RequestKind::Pushed), ("plain", RequestKind::Plain)];
    let kind = typed.and_then(|text| place.choice("request", text, &known));
    if expects && kind == Some(RequestKind::Plain) {
        let remedy = "write request = \"par\", which the provider has to announce, or remove identity.expect";
        place.wrong("request", "would show what identity.expect sends in the browser's address", remedy);
    }
    if expects { Some(RequestKind::Pushed) } else { kind }
}

/// RFC 6749 §3.3.
fn check_scopes(place: Place<'_>, scopes: &[String]) {
    if !scopes.iter().any(|scope| scope == "openid") {
        place.wrong("scopes", "lacks openid, without which there is no ID token", "add \"openid\" to it");
    }
    let is_token =
        |scope: &String| !scope.is_empty() && scope.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'));
    if let Some(scope) = scopes.iter().find(|scope| !is_token(scope)) {
        place.wrong("scopes", format!("{scope:?} is no scope"), "write each as a text of its own, without spaces");
    }
}

fn check_acr_values(place: Place<'_>, values: &[String]) {
    let is_value = |value: &String| !value.is_empty() && value.bytes().all(|b| b.is_ascii_graphic());
    if let Some(value) = values.iter().find(|value| !is_value(value)) {
        place.wrong("acr_values", format!("{value:?} is no value"), "write each as a text of its own, without spaces");
    }
}

/// An object of objects. An empty one is an error to some providers.
fn check_claims(place: Place<'_>, text: &str, expects: bool) {
    let remedy = "write the text of a JSON object, such as '{\"id_token\":{\"acr\":null}}'";
    let Ok(Value::Object(claims)) = json::tree(text.as_bytes()) else {
        return place.wrong("claims", "is not a JSON object with distinct names", remedy);
    };
    if claims.is_empty() {
        place.wrong("claims", "is an empty object, which providers refuse", "leave it out");
    }
    let parts = ["id_token", "userinfo"].map(|part| claims.get(part)).into_iter().flatten();
    for part in parts {
        match part {
            Value::Object(part) if expects && part.contains_key("verified_claims") => {
                let remedy = "remove verified_claims from it: idv writes them there, with what identity.expect names";
                place.wrong("claims", "asks for verified_claims, as identity.expect does", remedy);
            }
            Value::Object(_) => {}
            _ => place.wrong("claims", "has an id_token or userinfo that is no object", remedy),
        }
    }
}

fn check_parameter(place: Place<'_>, name: &str, value: &str) {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':');
    if name.is_empty() || name.len() > LENGTH_LIMIT || !name.bytes().all(is_name) {
        place.wrong("parameters", format!("{name:?} is no parameter's name"), "use letters, digits, _, -, . and :");
    }
    if value.is_empty() || value.len() > LENGTH_LIMIT || value.contains(char::is_control) {
        let remedy = format!("write 1 to {LENGTH_LIMIT} bytes on one line");
        place.wrong(&format!("parameters.{name}"), "is no parameter's value", remedy);
    }
    if let Some(remedy) = reserved(name) {
        place.wrong(&format!("parameters.{name}"), "is not yours to set", remedy);
    }
    if name == "prompt" && value.split(' ').any(|prompt| prompt == "none") {
        place.wrong("parameters.prompt", "would ask nobody anything", "leave none out of it");
    }
}

/// What to do in place of a parameter that idv itself sends, or that must not be sent at all.
fn reserved(name: &str) -> Option<&'static str> {
    Some(match name {
        "scope" => "write scopes in the section",
        "claims" => "write claims in the section",
        "acr_values" => "write acr_values in the section",
        "max_age" => "write max_age_secs in the section",
        "login_hint" => "write login_hint = true: it names the account in words that nobody else understands",
        "state"
        | "nonce"
        | "redirect_uri"
        | "response_type"
        | "response_mode"
        | "client_id"
        | "client_secret"
        | "client_assertion"
        | "client_assertion_type"
        | "code_challenge"
        | "code_challenge_method"
        | "code_verifier"
        | "request"
        | "request_uri" => "remove it: idv sends it by itself, or not at all",
        _ => return None,
    })
}
