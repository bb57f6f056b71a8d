//! Project Wycheproof's vectors through the code that checks and makes tokens (`vectors/README.md`).

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use idv::verification::jws::Jws;
use idv::verification::tenant::TokenKey;
use idv::verification::token::UntrustedToken;
use serde_json::Value;

use crate::support::figure;

/// The vectors of a file, each with what its group says of the key.
pub(crate) fn vectors(file: &str) -> Vec<(Value, Value)> {
    let file: Value = serde_json::from_str(file).unwrap();
    let vectors: Vec<_> = file["testGroups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["tests"].as_array().unwrap().iter().map(|vector| (group.clone(), vector.clone())))
        .collect();
    assert_eq!(Some(vectors.len() as u64), file["numberOfTests"].as_u64(), "none is left out");
    vectors
}

pub(crate) fn signatures() -> Vec<(Value, Value)> {
    vectors(include_str!("vectors/json_web_signature_test.json"))
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_tag_is_made_and_taken_as_hmac_sha256_says_and_half_a_tag_never() {
    let vectors = vectors(include_str!("vectors/hmac_sha256_test.json"));
    for (group, vector) in &vectors {
        let bytes = |name: &str| HEXLOWER.decode(text(&vector[name]).as_bytes()).unwrap();
        let (key, message, tag) = (TokenKey::new(&bytes("key")), bytes("msg"), bytes("tag"));
        let is_valid = vector["result"] == "valid";
        let is_whole = group["tagSize"] == 256;
        assert_eq!(key.sign(&message).as_ref()[..tag.len()] == tag, is_valid, "{vector}");
        assert_eq!(key.verifies(&message, &tag), is_valid && is_whole, "{vector}");
    }
    figure::report(
        "vectors-hmac",
        "Wycheproof's vectors for HMAC-SHA256",
        format!("{} vectors", vectors.len()),
        format!("{} agreed", vectors.len()),
        "tags cut to half, all refused",
    );
}

/// Whether the text of `vector` is taken as a signature by `secret`.
fn is_taken(vector: &Value, secret: &[u8]) -> bool {
    Jws::parse(text(&vector["jws"])).is_ok_and(|jws| jws.is_by(&TokenKey::new(secret)))
}

/// What is expected of a vector for HS256. Four are mislabelled: 367 and 370 mean to have padding that is wrong, but
/// are 357, letter by letter; 372 and 373 have a question mark in the middle of a part and are called valid.
fn is_good(vector: &Value) -> bool {
    match vector["tcId"].as_u64().unwrap() {
        367 | 370 => true,
        372 | 373 => false,
        _ => vector["result"] == "valid",
    }
}

#[test]
fn a_signature_is_taken_in_its_one_right_spelling_and_no_other() {
    let vectors = signatures();
    let ours: Vec<_> = vectors.iter().filter(|(group, _)| group["private"]["kty"] == "oct").collect();
    for (group, vector) in &ours {
        let secret = BASE64URL_NOPAD.decode(text(&group["private"]["k"]).as_bytes()).unwrap();
        assert_eq!(is_taken(vector, &secret), is_good(vector), "{vector}");
        // They are no tokens of ours all the same: none says that it is a JWT.
        assert!(UntrustedToken::parse(text(&vector["jws"])).is_err(), "{vector}");
    }
    figure::report(
        "vectors-jws",
        "Wycheproof's vectors for HS256 signatures",
        format!("{} vectors, 4 mislabelled", ours.len()),
        format!("{} as labelled, 4 as spelled", ours.len() - 4),
        format!("{} of other algorithms, 0 taken", vectors.len() - ours.len()),
    );
}

#[test]
fn no_signature_of_another_algorithm_is_taken_whatever_public_text_serves_as_the_secret() {
    // RFC 8725 §2.1: what everybody knows of a key pair, passed off as a shared secret.
    for (group, vector) in signatures().iter().filter(|(group, _)| group["private"]["kty"] != "oct") {
        let Some(public) = group["public"].as_object() else {
            assert!(Jws::parse(text(&vector["jws"])).is_err(), "{vector}");
            continue;
        };
        for known in public.values().filter_map(Value::as_str) {
            let decoded = BASE64URL_NOPAD.decode(known.as_bytes()).unwrap_or_default();
            assert!(!is_taken(vector, known.as_bytes()) && !is_taken(vector, &decoded), "{vector}");
        }
    }
}
