//! The examples that the standards give, and a login's own token by every algorithm.

use std::collections::BTreeSet;

use idv::verification::method::oidc::jose::{Algorithm, JwsError, KeySet, UntrustedJws};
use serde_json::{Value, json};

use super::{PROVIDER, check, key_set};

/// RFC 7515, appendix A.2 and A.3.
const CLAIMS: &str = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

fn example(token: &[&str], jwk: Value) -> Result<Vec<u8>, JwsError> {
    check(&token.join("."), &key_set(&[jwk]))
}

#[test]
fn the_example_of_rs256_is_taken() {
    let key = json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"});
    let token = [
        "eyJhbGciOiJSUzI1NiJ9",
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    ];
    assert_eq!(example(&token, key), Ok(CLAIMS.into()));
}

#[test]
fn the_example_of_es256_is_taken() {
    let key = json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    let token = [
        "eyJhbGciOiJFUzI1NiJ9",
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ];
    assert_eq!(example(&token, key), Ok(CLAIMS.into()));
}

#[test]
fn the_example_of_ed25519_is_taken() {
    // RFC 8037, appendix A.4.
    let key = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let token = [
        "eyJhbGciOiJFZERTQSJ9",
        "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    ];
    assert_eq!(example(&token, key), Ok(b"Example of Ed25519 signing".into()));
}

#[test]
fn each_algorithm_is_taken_by_its_own_key_where_it_is_wanted_and_nowhere_else() {
    for algorithm in Algorithm::ALL {
        let token = PROVIDER.good(algorithm, b"{}");
        let parsed = UntrustedJws::parse(&token).unwrap();
        assert_eq!((parsed.algorithm(), parsed.kid()), (Some(algorithm), Some(algorithm.as_str())));
        assert_eq!(parsed.verify(&PROVIDER.keys(), &[algorithm]), Ok(b"{}".into()), "{algorithm:?}");
        for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            // Before a key is looked for: there is none to find.
            let unwanted = UntrustedJws::parse(&token).unwrap().verify(&KeySet::default(), &[other]);
            assert_eq!(unwanted, Err(JwsError::Algorithm));
            assert_eq!(check(&token, &key_set(&[PROVIDER.jwk(other)])), Err(JwsError::UnknownKey));
        }
        assert_eq!(UntrustedJws::parse(&token).unwrap().verify(&PROVIDER.keys(), &[]), Err(JwsError::Algorithm));
    }
}

#[test]
fn algorithms_have_the_names_of_the_registry() {
    let names = Algorithm::ALL.map(Algorithm::as_str);
    assert_eq!(names, ["RS256", "PS256", "ES256", "ES384", "EdDSA"]);
    assert_eq!(names.map(Algorithm::parse), Algorithm::ALL.map(Some));
}

#[test]
fn a_signature_of_another_text_is_refused() {
    for algorithm in Algorithm::ALL {
        let (one, other) = (PROVIDER.good(algorithm, b"{}"), PROVIDER.good(algorithm, b"{ }"));
        let (signed, _) = one.rsplit_once('.').unwrap();
        let (_, signature) = other.rsplit_once('.').unwrap();
        assert_eq!(check(&format!("{signed}.{signature}"), &PROVIDER.keys()), Err(JwsError::Signature));
        assert!(check(&other, &PROVIDER.keys()).is_ok());
    }
}

#[test]
fn the_longest_token_is_taken_and_one_byte_more_is_not() {
    const LONGEST: usize = 16 * 1024;
    let mut lengths = BTreeSet::new();
    for typ in ["", "J", "JW"] {
        let header = json!({"alg": "EdDSA", "kid": "EdDSA", "typ": typ}).to_string();
        for length in 12_140..12_200 {
            let token = PROVIDER.sign(Algorithm::EdDsa, &header, &vec![b'x'; length]);
            let expected = if token.len() <= LONGEST { Ok(()) } else { Err(JwsError::Malformed) };
            assert_eq!(check(&token, &PROVIDER.keys()).map(|_| ()), expected, "{}", token.len());
            lengths.insert(token.len());
        }
    }
    assert!(lengths.contains(&LONGEST) && lengths.contains(&(LONGEST + 1)), "{lengths:?}");
}

#[test]
fn what_may_be_about_a_person_is_not_shown() {
    let token = PROVIDER.good(Algorithm::EdDsa, br#"{"sub":"jane"}"#);
    let shown = format!("{:?}", UntrustedJws::parse(&token).unwrap());
    assert_eq!(shown, "UntrustedJws { algorithm: Some(EdDsa), .. }");
}
