//! What a provider sends: JSON, sets of keys, signed tokens.

use std::sync::LazyLock;

use data_encoding::BASE64URL_NOPAD;
use idv::verification::json;
use idv::verification::method::oidc::jose::{Algorithm, KeySet, UntrustedJws};
use serde_json::{Map, Value};

/// How many members the objects of a value have, and how many arrays and objects stand one in another.
fn size(value: &Value) -> (usize, usize) {
    let sizes: Vec<_> = match value {
        Value::Array(items) => items.iter().map(size).collect(),
        Value::Object(members) => members.values().map(size).collect(),
        _ => return (0, 0),
    };
    let own = value.as_object().map_or(0, Map::len);
    let members = own + sizes.iter().map(|(members, _)| members).sum::<usize>();
    (members, 1 + sizes.iter().map(|(_, depth)| *depth).max().unwrap_or(0))
}

/// Any text as a tree. What is taken is within the limits and what another reader sees; what that one sees is taken, once
/// no name stands twice.
pub(super) fn tree(data: &[u8]) {
    let tree = json::tree(data).ok();
    let Ok(other) = serde_json::from_slice::<Value>(data) else {
        assert_eq!(tree, None);
        return;
    };
    let (members, depth) = size(&other);
    let is_within = members <= 256 && depth <= 9;
    assert!(tree.is_none_or(|tree| is_within && tree == other));
    let distinct = json::tree(other.to_string().as_bytes());
    assert_eq!(distinct.is_ok(), is_within);
}

/// Any text as a set of keys. None of them is asked for what it is not for, and none makes the check panic.
pub(super) fn key_set(data: &[u8]) {
    let Ok(keys) = KeySet::parse(data) else { return };
    let set: Value = serde_json::from_slice(data).unwrap();
    let listed = set["keys"].as_array().unwrap();
    assert!(data.len() <= 65536 && listed.len() <= 64);
    assert!(listed.iter().any(Value::is_object) || keys.is_empty());
    for algorithm in Algorithm::ALL {
        let Ok(key) = keys.key_for(algorithm, None) else { continue };
        assert!(keys.has_key_for(algorithm) && !keys.is_empty());
        for length in [0, 64, 96, 256] {
            let _ = key.verifies(algorithm, data, &vec![1; length]);
        }
        for other in Algorithm::ALL {
            let is_rsa = |one| matches!(one, Algorithm::Rs256 | Algorithm::Ps256);
            let may_fit = other == algorithm || is_rsa(other) && is_rsa(algorithm);
            assert!(may_fit || !key.verifies(other, data, &[1; 64]));
        }
    }
}

/// Keys whose owners sign nothing here.
static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let keys = r#"{"keys":[
        {"kty":"OKP","crv":"Ed25519","kid":"one","x":"fU0Of2FTpptiQrUiq77mhf2kQg-INLEIw72uNp71Sfo"},
        {"kty":"EC","crv":"P-256","kid":"two","x":"KSexBRK64-3c_kZ4KBKLrSkDJpkZ9whgacjE32xzKDg","y":"x3h5ZOqs4ar4asfH2ElidtM6MGKYsvtRGTu4LJZDWJo"}
    ]}"#;
    KeySet::parse(keys.as_bytes()).expect("two keys")
});

/// Any text as a signed token. Whoever has no key makes none, and what it says of itself is what another reader sees.
pub(super) fn signed(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(token) = UntrustedJws::parse(text) else { return };
    assert!(text.len() <= 16384 && text.split('.').count() == 3);
    let header = BASE64URL_NOPAD.decode(text.split('.').next().unwrap().as_bytes()).unwrap();
    let header: Map<String, Value> = serde_json::from_slice(&header).unwrap();
    let member = |name: &str| header.get(name).and_then(Value::as_str);
    assert_eq!(token.algorithm(), member("alg").and_then(Algorithm::parse));
    assert_eq!(token.kid(), member("kid"));
    assert!(["crit", "zip", "b64", "enc"].iter().all(|name| !header.contains_key(*name)));
    assert!(token.verify(&KEYS, &Algorithm::ALL).is_err());
}
