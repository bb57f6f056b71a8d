//! A provider's keys: which are understood, and which one is asked.

use idv::verification::method::oidc::jose::{Algorithm, JwkError, JwsError, KeySet};
use serde_json::{Value, json};

use super::{PROVIDER, check, encode, key_set, openssl, rsa_pem};

/// `jwk` with `changes`; null takes a member away.
fn with(mut jwk: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        jwk[name] = value.clone();
    }
    jwk.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    jwk
}

fn jwk(algorithm: Algorithm, changes: &Value) -> Value {
    with(PROVIDER.jwk(algorithm), changes)
}

fn is_understood(jwk: Value) -> bool {
    !key_set(&[jwk]).is_empty()
}

#[test]
fn keys_that_are_not_understood_are_skipped_and_the_others_stay() {
    let mut keys = vec![
        json!(null),
        json!("key"),
        json!([]),
        json!({}),
        json!({"kty": "oct", "k": "c2VjcmV0"}),
        json!({"kty": "RSA"}),
        json!({"kty": 1}),
        json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}),
        jwk(Algorithm::Es256, &json!({"crv": "P-521"})),
        jwk(Algorithm::Es256, &json!({"crv": "secp256k1"})),
        jwk(Algorithm::EdDsa, &json!({"crv": "X25519"})),
        jwk(Algorithm::EdDsa, &json!({"crv": "Ed448"})),
    ];
    assert!(key_set(&keys).is_empty());
    keys.push(PROVIDER.jwk(Algorithm::Es256));
    let set = key_set(&keys);
    assert!(!set.is_empty() && set.has_kid("ES256") && !set.has_kid("EdDSA") && !set.has_kid(""));
    for algorithm in Algorithm::ALL {
        assert_eq!(set.has_key_for(algorithm), algorithm == Algorithm::Es256, "{algorithm:?}");
    }
}

#[test]
fn a_key_that_is_not_for_signatures_or_that_is_private_is_skipped() {
    for changes in [
        json!({"use": "enc"}),
        json!({"use": "SIG"}),
        json!({"use": ["sig"]}),
        json!({"key_ops": ["sign"]}),
        json!({"key_ops": []}),
        json!({"key_ops": "verify"}),
        json!({"kid": 1}),
        json!({"alg": ["ES256"]}),
        json!({"d": "AA"}),
    ] {
        assert!(!is_understood(jwk(Algorithm::Es256, &changes)), "{changes}");
    }
    for changes in [json!({"key_ops": ["sign", "verify"]}), json!({"use": null, "kid": null, "alg": null})] {
        assert!(is_understood(jwk(Algorithm::Es256, &changes)), "{changes}");
    }
}

#[test]
fn a_point_has_coordinates_of_exactly_its_field() {
    for (algorithm, length) in [(Algorithm::Es256, 32), (Algorithm::Es384, 48), (Algorithm::EdDsa, 32)] {
        for coordinate in ["x", "y"].into_iter().take(if algorithm == Algorithm::EdDsa { 1 } else { 2 }) {
            for (wrong, is_right) in [(length - 1, false), (length, true), (length + 1, false), (0, false)] {
                let changed = jwk(algorithm, &json!({coordinate: encode(&vec![1; wrong])}));
                assert_eq!(is_understood(changed), is_right, "{algorithm:?} {coordinate} {wrong}");
            }
            for wrong in [json!(null), json!(1), json!("===="), json!(encode(&vec![1; length]) + "=")] {
                assert!(!is_understood(jwk(algorithm, &json!({coordinate: wrong}))));
            }
        }
    }
}

#[test]
fn a_point_that_is_not_on_its_curve_vouches_for_nothing() {
    for algorithm in [Algorithm::Es256, Algorithm::Es384] {
        let length = if algorithm == Algorithm::Es256 { 32 } else { 48 };
        let changed = jwk(algorithm, &json!({"y": encode(&vec![1; length])}));
        assert_eq!(check(&PROVIDER.good(algorithm, b"{}"), &key_set(&[changed])), Err(JwsError::Signature));
    }
}

fn modulus(bits: usize) -> Vec<u8> {
    let mut n = vec![0xff; bits.div_ceil(8)];
    n[0] >>= (8 - bits % 8) % 8;
    n
}

#[test]
fn an_rsa_key_has_2048_to_8192_bits() {
    for (bits, is_right) in [(1024, false), (2047, false), (2048, true), (2049, true), (8192, true), (8193, false)] {
        let key = json!({"kty": "RSA", "n": encode(&modulus(bits)), "e": "AQAB"});
        assert_eq!(is_understood(key), is_right, "{bits}");
    }
}

#[test]
fn an_rsa_exponent_is_odd_and_at_least_three() {
    for (e, is_right) in [
        (&[][..], false),
        (&[0], false),
        (&[1], false),
        (&[0, 1], false),
        (&[2], false),
        (&[3], true),
        (&[1, 0, 0], false),
        (&[1, 0, 1], true),
        (&[1, 0, 0, 0, 1], true),
        (&[1, 0, 0, 0, 0, 1], false),
    ] {
        let key = json!({"kty": "RSA", "n": encode(&modulus(2048)), "e": encode(e)});
        assert_eq!(is_understood(key), is_right, "{e:?}");
    }
    for n in [json!(null), json!(""), json!("AAAA"), json!(5)] {
        assert!(!is_understood(json!({"kty": "RSA", "n": n, "e": "AQAB"})));
    }
}

#[test]
fn a_key_with_the_leading_zeros_that_java_writes_is_the_same_key() {
    let plain = PROVIDER.jwk(Algorithm::Rs256);
    let decode = |name: &str| data_encoding::BASE64URL_NOPAD.decode(plain[name].as_str().unwrap().as_bytes()).unwrap();
    let padded = |name: &str| encode(&[&[0][..], &decode(name)].concat());
    let changed = jwk(Algorithm::Rs256, &json!({"n": padded("n"), "e": padded("e")}));
    assert!(check(&PROVIDER.good(Algorithm::Rs256, b"{}"), &key_set(&[changed])).is_ok());
    // Zeros make no key longer.
    let short = json!({"kty": "RSA", "n": encode(&[&[0; 128][..], &modulus(1024)].concat()), "e": "AQAB"});
    assert!(!is_understood(short));
}

#[test]
fn the_key_of_3072_bits_of_openssl_is_taken() {
    let path = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(path.path(), rsa_pem(3072)).unwrap();
    let told = openssl(&["rsa", "-in", path.path().to_str().unwrap(), "-noout", "-modulus"]);
    let modulus = std::str::from_utf8(&told).unwrap().trim().strip_prefix("Modulus=").unwrap();
    let n = data_encoding::HEXUPPER.decode(modulus.as_bytes()).unwrap();
    assert!(is_understood(json!({"kty": "RSA", "n": encode(&n), "e": "AQAB"})));
}

#[test]
fn a_kid_names_one_key_that_must_fit() {
    let token = PROVIDER.good(Algorithm::Es256, b"{}");
    let key = |changes: Value| jwk(Algorithm::Es256, &changes);
    let stranger = |changes: Value| jwk(Algorithm::Rs256, &with(json!({"kid": "ES256"}), &changes));
    for (keys, expected) in [
        (vec![], Err(JwsError::UnknownKey)),
        (vec![key(json!({"kid": "es256"}))], Err(JwsError::UnknownKey)),
        (vec![key(json!({"kid": null}))], Err(JwsError::UnknownKey)),
        (vec![key(json!({"alg": "ES384"}))], Err(JwsError::UnfitKey)),
        (vec![key(json!({"alg": "es256"}))], Err(JwsError::UnfitKey)),
        (vec![key(json!({"alg": "ECDH-ES"}))], Err(JwsError::UnfitKey)),
        (vec![stranger(json!({"alg": null}))], Err(JwsError::UnfitKey)),
        (vec![stranger(json!({"alg": "ES256"}))], Err(JwsError::UnfitKey)),
        (vec![key(json!({})), key(json!({}))], Err(JwsError::AmbiguousKey)),
        (vec![key(json!({})), key(json!({"alg": null}))], Err(JwsError::AmbiguousKey)),
        (vec![key(json!({})), stranger(json!({}))], Ok(())),
        (vec![stranger(json!({})), key(json!({"alg": null}))], Ok(())),
        (vec![key(json!({"use": "enc"})), key(json!({}))], Ok(())),
        (vec![key(json!({"kid": "other"})), key(json!({}))], Ok(())),
    ] {
        assert_eq!(check(&token, &key_set(&keys)).map(|_| ()), expected, "{keys:?}");
    }
}

#[test]
fn without_a_kid_only_one_key_may_fit() {
    // The OpenID Foundation's kid-absent-single-jwks and kid-absent-multiple-jwks.
    let token = PROVIDER.sign(Algorithm::Es256, r#"{"alg":"ES256"}"#, b"{}");
    let key = |changes: Value| jwk(Algorithm::Es256, &changes);
    let others = || Algorithm::ALL.into_iter().filter(|other| *other != Algorithm::Es256).map(|one| PROVIDER.jwk(one));
    for (keys, expected) in [
        (vec![key(json!({}))], Ok(())),
        (vec![key(json!({"kid": null, "alg": null}))], Ok(())),
        (others().chain([key(json!({}))]).collect(), Ok(())),
        (others().collect(), Err(JwsError::UnknownKey)),
        (vec![key(json!({})), key(json!({"kid": "other"}))], Err(JwsError::AmbiguousKey)),
    ] {
        assert_eq!(check(&token, &key_set(&keys)).map(|_| ()), expected, "{keys:?}");
    }
}

#[test]
fn what_is_no_set_of_keys_is_refused() {
    for text in [
        "",
        "[]",
        "null",
        "{}",
        r#"{"keys":{}}"#,
        r#"{"keys":null}"#,
        r#"{"Keys":[]}"#,
        r#"{"keys":[],"keys":[]}"#,
        r#"{"keys":[{"kty":"EC","kty":"EC"}]}"#,
        r#"{"keys":[{"kty":"EC","kt\u0079":"EC"}]}"#,
        r#"{"keys":[]} x"#,
    ] {
        assert_eq!(KeySet::parse(text.as_bytes()).unwrap_err(), JwkError::Malformed, "{text}");
    }
    assert!(KeySet::parse(br#"{"keys":[],"cache":"no"}"#).unwrap().is_empty());
}

#[test]
fn a_set_has_at_most_64_keys_in_64_kib() {
    let keys = |count: usize| json!({ "keys": vec![PROVIDER.jwk(Algorithm::Es256); count] }).to_string();
    assert!(KeySet::parse(keys(64).as_bytes()).is_ok());
    assert_eq!(KeySet::parse(keys(65).as_bytes()).unwrap_err(), JwkError::TooManyKeys);
    // Those that are not understood count, too.
    let empty = |count: usize| json!({ "keys": vec![json!({}); count] }).to_string();
    assert!(KeySet::parse(empty(64).as_bytes()).is_ok());
    for count in [65, 10_000] {
        assert_eq!(KeySet::parse(empty(count).as_bytes()).unwrap_err(), JwkError::TooManyKeys);
    }
    let long = |length: usize| r#"{"keys":[]}"#.to_owned() + &" ".repeat(length - 11);
    assert!(KeySet::parse(long(64 * 1024).as_bytes()).is_ok());
    assert_eq!(KeySet::parse(long(64 * 1024 + 1).as_bytes()).unwrap_err(), JwkError::TooLong);
}
