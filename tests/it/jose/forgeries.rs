//! Tokens that are not what they seem, each by the name of its trick (RFC 8725 §2, and what was found in others).

use data_encoding::BASE64URL_NOPAD;
use idv::verification::json::{self, Malformed};
use idv::verification::method::oidc::jose::{Algorithm, JwsError};
use ring::hmac;
use ring::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, KeyPair, UnparsedPublicKey};
use serde_json::json;

use super::{PROVIDER, Provider, RSA, check, encode, header, key_set, openssl};

/// `header` over an empty object, signed as by `algorithm`, whatever the header says.
fn under(algorithm: Algorithm, header: &str) -> Result<Vec<u8>, JwsError> {
    check(&PROVIDER.sign(algorithm, header, b"{}"), &PROVIDER.keys())
}

/// A good token by `algorithm`, in its three parts.
fn parts(algorithm: Algorithm) -> [String; 3] {
    let token = PROVIDER.good(algorithm, b"{}");
    let parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

/// A good token by `algorithm` whose signature is what `change` makes of it.
fn with_signature(algorithm: Algorithm, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Result<Vec<u8>, JwsError> {
    let [header, payload, signature] = parts(algorithm);
    let changed = change(BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap());
    check(&format!("{header}.{payload}.{}", encode(&changed)), &PROVIDER.keys())
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let jwk = PROVIDER.jwk(Algorithm::Rs256);
    let path = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(path.path(), &*RSA).unwrap();
    let public = |form: &str| openssl(&["pkey", "-in", path.path().to_str().unwrap(), "-pubout", "-outform", form]);
    let n = BASE64URL_NOPAD.decode(jwk["n"].as_str().unwrap().as_bytes()).unwrap();
    for secret in [public("PEM"), public("DER"), n, jwk["n"].as_str().unwrap().into(), jwk.to_string().into(), vec![]] {
        for (name, algorithm) in
            [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
        {
            let header = json!({"alg": name, "kid": "RS256"}).to_string();
            let signed = format!("{}.{}", encode(header.as_bytes()), encode(b"{}"));
            let tag = hmac::sign(&hmac::Key::new(algorithm, &secret), signed.as_bytes());
            let token = format!("{signed}.{}", encode(tag.as_ref()));
            assert_eq!(check(&token, &PROVIDER.keys()), Err(JwsError::Algorithm), "{name}");
        }
    }
}

#[test]
fn an_algorithm_that_is_not_one_of_ours_letter_by_letter_is_refused_before_any_key_is_looked_for() {
    for name in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "none ",
        "",
        "HS256",
        "hs256",
        "RS384",
        "RS512",
        "PS384",
        "PS512",
        "ES512",
        "ES256K",
        "Ed25519",
        "Ed448",
        "eddsa",
        "EDDSA",
        "EdDSA ",
        " EdDSA",
        "EdDSA\u{0}",
        "rs256",
        "RS256,EdDSA",
        "RSA-OAEP",
        "dir",
    ] {
        for kid in ["EdDSA", "nobody"] {
            let header = json!({"alg": name, "kid": kid}).to_string();
            assert_eq!(under(Algorithm::EdDsa, &header), Err(JwsError::Algorithm), "{name}");
            let unsigned = format!("{}.{}.", encode(header.as_bytes()), encode(b"{}"));
            assert_eq!(check(&unsigned, &PROVIDER.keys()), Err(JwsError::Algorithm), "{name}");
        }
    }
    assert_eq!(under(Algorithm::EdDsa, r#"{"kid":"EdDSA"}"#), Err(JwsError::Algorithm));
    assert_eq!(under(Algorithm::EdDsa, "{}"), Err(JwsError::Algorithm));
    for odd in ["null", "1", "true", r#"["EdDSA"]"#, r#"{"EdDSA":1}"#] {
        assert_eq!(under(Algorithm::EdDsa, &format!(r#"{{"alg":{odd}}}"#)), Err(JwsError::Malformed), "{odd}");
    }
}

#[test]
fn a_signature_by_one_algorithm_is_none_by_another_of_the_same_key() {
    let mut jwk = PROVIDER.jwk(Algorithm::Rs256);
    jwk.as_object_mut().unwrap().remove("alg");
    jwk["kid"] = "both".into();
    for (said, done) in [(Algorithm::Rs256, Algorithm::Ps256), (Algorithm::Ps256, Algorithm::Rs256)] {
        let header = json!({"alg": said.as_str(), "kid": "both"}).to_string();
        let token = PROVIDER.sign(done, &header, b"{}");
        assert_eq!(check(&token, &key_set(&[jwk.clone()])), Err(JwsError::Signature));
        assert!(check(&PROVIDER.sign(said, &header, b"{}"), &key_set(&[jwk.clone()])).is_ok());
    }
}

#[test]
fn a_kid_is_a_name_and_nothing_else() {
    let long = "k".repeat(1024);
    for kid in [
        "../../../../dev/null",
        "/etc/passwd",
        "file:///dev/null",
        "https://evil.example/jwks.json",
        "' UNION SELECT 'secret' --",
        "x'; DROP TABLE keys; --",
        "EdDSA\u{0}",
        "EdDSA ",
        "eddsa",
        "",
        "*",
        "0",
        "$(id)",
        &long,
    ] {
        let header = json!({"alg": "EdDSA", "kid": kid}).to_string();
        assert_eq!(under(Algorithm::EdDsa, &header), Err(JwsError::UnknownKey), "{kid}");
        let mut named = PROVIDER.jwk(Algorithm::EdDsa);
        named["kid"] = kid.into();
        assert!(check(&PROVIDER.sign(Algorithm::EdDsa, &header, b"{}"), &key_set(&[named])).is_ok(), "{kid}");
    }
    for odd in ["null", "1", "true", "[]", r#"["EdDSA"]"#, "{}"] {
        assert_eq!(
            under(Algorithm::EdDsa, &format!(r#"{{"alg":"EdDSA","kid":{odd}}}"#)),
            Err(JwsError::Malformed),
            "{odd}"
        );
    }
}

#[test]
fn a_key_that_the_token_brings_is_not_used() {
    let attacker = Provider::new();
    let jwk = attacker.jwk(Algorithm::EdDsa);
    for (name, value) in [
        ("jwk", jwk.clone()),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
    ] {
        for kid in [None, Some("EdDSA"), Some("other")] {
            let mut header = json!({"alg": "EdDSA", name: value});
            if let Some(kid) = kid {
                header["kid"] = kid.into();
            }
            let forged = check(&attacker.sign(Algorithm::EdDsa, &header.to_string(), b"{}"), &PROVIDER.keys());
            let expected = if kid == Some("other") { JwsError::UnknownKey } else { JwsError::Signature };
            assert_eq!(forged, Err(expected), "{header}");
            assert_eq!(under(Algorithm::EdDsa, &header.to_string()).is_ok(), kid != Some("other"), "{header}");
        }
    }
}

#[test]
fn what_would_have_to_be_understood_is_refused() {
    for member in [
        r#""crit":["exp"]"#,
        r#""crit":["alg"]"#,
        r#""crit":["b64"],"b64":false"#,
        r#""crit":["b64"],"b64":true"#,
        r#""crit":["https://evil.example/x"],"https://evil.example/x":1"#,
        r#""crit":[]"#,
        r#""crit":null"#,
        r#""b64":false"#,
        r#""b64":true"#,
        r#""zip":"DEF""#,
        r#""enc":"A256GCM""#,
        r#""cty":"JWT""#,
        r#""typ":1"#,
        r#""ALG":"EdDSA""#,
        r#""exp":1"#,
        r#""":1"#,
    ] {
        let header = format!(r#"{{"alg":"EdDSA","kid":"EdDSA",{member}}}"#);
        assert_eq!(under(Algorithm::EdDsa, &header), Err(JwsError::Malformed), "{header}");
    }
    for typ in ["JWT", "jwt", "application/jwt", ""] {
        let header = json!({"alg": "EdDSA", "kid": "EdDSA", "typ": typ}).to_string();
        assert!(under(Algorithm::EdDsa, &header).is_ok(), "{header}");
    }
}

#[test]
fn a_header_with_a_name_twice_is_refused() {
    for header in [
        r#"{"alg":"EdDSA","alg":"EdDSA","kid":"EdDSA"}"#,
        r#"{"alg":"none","kid":"EdDSA","alg":"EdDSA"}"#,
        r#"{"alg":"EdDSA","kid":"EdDSA","\u0061lg":"none"}"#,
        r#"{"\u0061lg":"EdDSA","kid":"EdDSA"}"#,
        r#"{"alg":"EdDSA","kid":"EdDSA","kid":"EdDSA"}"#,
        r#"{"alg":"EdDSA","kid":"EdDSA","jwk":{"kty":"OKP","kty":"oct"}}"#,
    ] {
        assert_eq!(under(Algorithm::EdDsa, header), Err(JwsError::Malformed), "{header}");
    }
}

#[test]
fn a_header_that_is_no_object_is_refused() {
    for header in ["", "null", "[]", "\"\"", "1", r#"{"alg":"EdDSA""#, r#"{"alg":"EdDSA"} x"#, "\u{feff}{}"] {
        assert_eq!(under(Algorithm::EdDsa, header), Err(JwsError::Malformed), "{header}");
    }
}

#[test]
fn a_payload_with_a_name_twice_is_signed_and_yet_not_read() {
    for payload in [
        r#"{"sub":"a","sub":"b"}"#,
        r#"{"sub":"a","s\u0075b":"b"}"#,
        r#"{"verified_claims":[{"verification":{"trust_framework":"x","trust_framework":"y"}}]}"#,
    ] {
        let payload = check(&PROVIDER.good(Algorithm::EdDsa, payload.as_bytes()), &PROVIDER.keys()).unwrap();
        assert_eq!(json::tree(&payload), Err(Malformed));
    }
    let payload = check(&PROVIDER.good(Algorithm::EdDsa, br#"{"sub":"a"}"#), &PROVIDER.keys()).unwrap();
    assert_eq!(json::tree(&payload), Ok(json!({"sub": "a"})));
}

#[test]
fn a_token_has_one_spelling() {
    let [header, payload, signature] = parts(Algorithm::EdDsa);
    let good = format!("{header}.{payload}.{signature}");
    assert!(check(&good, &PROVIDER.keys()).is_ok());
    let with_padding = |part: &str| format!("{part}{}", "=".repeat((4 - part.len() % 4) % 4));
    // 86 symbols hold 64 bytes and 4 bits that must be zero; "e30" holds two and 2 bits.
    let stray = |part: &str| format!("{}{}", &part[..part.len() - 1], if part.ends_with('A') { 'B' } else { '1' });
    assert_eq!(payload, "e30");
    for forged in [
        format!("{good}."),
        format!(".{good}"),
        format!("{good} "),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{header}. {payload}.{signature}"),
        format!("{header}.\r\n{payload}.{signature}"),
        format!("{header}.{payload}.{signature}\t"),
        format!("{header}.{}.{signature}", with_padding(&payload)),
        format!("{header}.{payload}.{}", with_padding(&signature)),
        format!("{header}=.{payload}.{signature}"),
        format!("{header}.{}.{signature}", stray(&payload)),
        format!("{header}.{payload}.{}", signature[..85].to_owned() + "_"),
        format!("{header}.{payload}.{}+", &signature[..85]),
        format!("{header}.{payload}.{}/", &signature[..85]),
        format!("{header}.{payload}.{}", &signature[..85]),
        format!("{header}.{payload}"),
        format!("{header}..{payload}.{signature}"),
        format!("{good}.{signature}.{signature}.{signature}"),
        format!("{header}%2E{payload}.{signature}"),
        header.clone(),
        String::new(),
        "..".to_owned(),
        ".".to_owned(),
        json!({"protected": header, "payload": payload, "signature": signature}).to_string(),
    ] {
        assert_eq!(check(&forged, &PROVIDER.keys()), Err(JwsError::Malformed), "{forged}");
    }
    for emptied in [format!("{header}..{signature}"), format!("{header}.{payload}.")] {
        assert_eq!(check(&emptied, &PROVIDER.keys()), Err(JwsError::Signature), "{emptied}");
    }
}

#[test]
fn five_parts_are_an_encrypted_token() {
    let [header, payload, signature] = parts(Algorithm::EdDsa);
    for token in [format!("{header}.{payload}.{signature}.{payload}.{payload}"), "....".to_owned()] {
        assert_eq!(check(&token, &PROVIDER.keys()), Err(JwsError::Encrypted));
    }
    // Longer than a signed one may be, and told as what it is all the same.
    let long = format!("{header}.{payload}.{payload}.{}.{payload}", "A".repeat(20_000));
    assert_eq!(check(&long, &PROVIDER.keys()), Err(JwsError::Encrypted));
}

#[test]
fn a_signature_of_another_length_is_refused() {
    for algorithm in Algorithm::ALL {
        for change in [
            |_| Vec::new(),
            |signature: Vec<u8>| signature[..signature.len() - 1].to_vec(),
            |signature: Vec<u8>| signature[1..].to_vec(),
            |signature: Vec<u8>| [&[0], &*signature].concat(),
            |signature: Vec<u8>| [&*signature, &[0]].concat(),
            |signature: Vec<u8>| [&*signature, &*signature].concat(),
        ] {
            assert_eq!(with_signature(algorithm, change), Err(JwsError::Signature), "{algorithm:?}");
        }
    }
}

#[test]
fn an_rsa_signature_with_a_leading_zero_left_out_is_refused() {
    // One of 256 has one; the number is the same, the signature is not (RFC 8017 §8.2.2, step 1).
    let (token, signature) = (0_u32..10_000)
        .map(|count| PROVIDER.good(Algorithm::Rs256, count.to_string().as_bytes()))
        .find_map(|token| {
            let signature = BASE64URL_NOPAD.decode(token.rsplit_once('.').unwrap().1.as_bytes()).unwrap();
            (signature[0] == 0).then_some((token, signature))
        })
        .unwrap();
    assert!(check(&token, &PROVIDER.keys()).is_ok());
    let shortened = format!("{}.{}", token.rsplit_once('.').unwrap().0, encode(&signature[1..]));
    assert_eq!(check(&shortened, &PROVIDER.keys()), Err(JwsError::Signature));
}

/// A positive number as DER has it.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = &number[zeros..];
    let sign: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
    [&[2, u8::try_from(sign.len() + number.len()).unwrap()], sign, number].concat()
}

#[test]
fn an_ecdsa_signature_in_der_is_refused() {
    for algorithm in [Algorithm::Es256, Algorithm::Es384] {
        let [header, payload, signature] = parts(algorithm);
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
        let (r, s) = signature.split_at(signature.len() / 2);
        let numbers = [integer(r), integer(s)].concat();
        let der = [&[0x30, u8::try_from(numbers.len()).unwrap()], &*numbers].concat();
        // Where DER is wanted, it is a good signature.
        let signed = format!("{header}.{payload}");
        let point = match algorithm {
            Algorithm::Es256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, PROVIDER.p256.public_key()),
            _ => UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, PROVIDER.p384.public_key()),
        };
        assert!(point.verify(signed.as_bytes(), &der).is_ok());
        assert_eq!(check(&format!("{signed}.{}", encode(&der)), &PROVIDER.keys()), Err(JwsError::Signature));
    }
}

#[test]
fn an_ecdsa_signature_of_zeros_or_of_the_order_is_refused() {
    // CVE-2022-21449: r and s of zero satisfied any key.
    const P256: &str = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    const P384: &str =
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973";
    for (algorithm, order) in [(Algorithm::Es256, P256), (Algorithm::Es384, P384)] {
        let order = data_encoding::HEXUPPER.decode(order.as_bytes()).unwrap();
        let zero = vec![0; order.len()];
        let mut one = zero.clone();
        *one.last_mut().unwrap() = 1;
        for r in [&zero, &one, &order] {
            for s in [&zero, &one, &order] {
                let forged = [&**r, &**s].concat();
                assert_eq!(with_signature(algorithm, |_| forged), Err(JwsError::Signature));
            }
        }
        // One half is good, the other is nothing.
        let half = order.len();
        for change in [
            |signature: Vec<u8>, half: usize| [&*vec![0; half], &signature[half..]].concat(),
            |signature: Vec<u8>, half: usize| [&signature[..half], &*vec![0; half]].concat(),
        ] {
            assert_eq!(with_signature(algorithm, |good| change(good, half)), Err(JwsError::Signature));
        }
    }
}

#[test]
fn pss_has_a_salt_as_long_as_its_hash() {
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), &*RSA).unwrap();
    let text = tempfile::NamedTempFile::new().unwrap();
    let signed = format!("{}.{}", encode(header(Algorithm::Ps256).as_bytes()), encode(b"{}"));
    std::fs::write(text.path(), &signed).unwrap();
    for salt in [0, 20, 31, 32, 33, 64, 222] {
        let length = format!("rsa_pss_saltlen:{salt}");
        let mut arguments = vec!["dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", &length];
        arguments.extend(["-sign", key.path().to_str().unwrap(), text.path().to_str().unwrap()]);
        let token = format!("{signed}.{}", encode(&openssl(&arguments)));
        let expected = if salt == 32 { Ok(b"{}".to_vec()) } else { Err(JwsError::Signature) };
        assert_eq!(check(&token, &PROVIDER.keys()), expected, "{salt}");
    }
}

#[test]
fn an_ed25519_signature_whose_s_is_not_reduced_is_refused() {
    // RFC 8032 §5.1.7: S + L is the same number modulo L, and would be a second spelling.
    const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let order = data_encoding::HEXLOWER.decode(ORDER.as_bytes()).unwrap();
    let malleable = |mut signature: Vec<u8>| {
        let mut carry = 0;
        for (byte, addend) in signature[32..].iter_mut().zip(&order) {
            let sum = u16::from(*byte) + u16::from(*addend) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        assert_eq!(carry, 0);
        signature
    };
    assert_eq!(with_signature(Algorithm::EdDsa, malleable), Err(JwsError::Signature));
    assert_eq!(with_signature(Algorithm::EdDsa, |_| vec![0; 64]), Err(JwsError::Signature));
}

#[test]
fn a_changed_bit_of_a_signature_is_refused_wherever_it_is() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        for bit in 0..512 {
            let flip = |mut signature: Vec<u8>| {
                signature[bit / 8] ^= 1 << (bit % 8);
                signature
            };
            assert_eq!(with_signature(algorithm, flip), Err(JwsError::Signature), "{algorithm:?} {bit}");
        }
    }
}
