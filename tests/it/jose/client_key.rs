//! A key of our own.

use idv::ops::random;
use idv::verification::method::oidc::jose::{ClientKey, KeyError, SigningAlgorithm, SigningError};
use serde_json::json;

use super::{RSA, check, key_set, openssl, pem, rsa_pem};

fn key(bytes: &[u8]) -> Result<ClientKey, KeyError> {
    ClientKey::from_pkcs8(bytes, &random::generator())
}

fn generated() -> ClientKey {
    key(&ClientKey::generate_p256(&random::generator())).unwrap()
}

#[test]
fn what_it_signs_is_taken_by_what_is_published_of_it() {
    for key in [key(&RSA).unwrap(), generated()] {
        for algorithm in key.algorithms() {
            let claims = json!({"iss": "idv", "exp": 1});
            let token = key.sign(*algorithm, &claims, "JWT", &random::generator()).unwrap();
            let header = data_encoding::BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
            let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
            assert_eq!(header, json!({"alg": algorithm.as_str(), "kid": key.kid(), "typ": "JWT"}));
            let payload = check(&token, &key_set(&[key.public_jwk()])).unwrap();
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&payload).unwrap(), claims);
            assert!(check(&token, &key_set(&[generated().public_jwk()])).is_err());
        }
    }
}

#[test]
fn each_kind_signs_by_its_own_algorithms_alone() {
    let (rsa, p256) = (key(&RSA).unwrap(), generated());
    assert_eq!(rsa.algorithms(), [SigningAlgorithm::Rs256, SigningAlgorithm::Ps256]);
    assert_eq!(p256.algorithms(), [SigningAlgorithm::Es256]);
    for (key, other) in
        [(&rsa, SigningAlgorithm::Es256), (&p256, SigningAlgorithm::Rs256), (&p256, SigningAlgorithm::Ps256)]
    {
        assert_eq!(key.sign(other, &json!({}), "JWT", &random::generator()), Err(SigningError));
    }
    let names = SigningAlgorithm::ALL.map(SigningAlgorithm::as_str);
    assert_eq!(names, ["RS256", "PS256", "ES256"]);
}

#[test]
fn nothing_secret_is_published_or_shown() {
    for key in [key(&RSA).unwrap(), generated()] {
        let jwk = key.public_jwk();
        let mut names: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        match jwk["kty"].as_str().unwrap() {
            "RSA" => assert_eq!(names, ["e", "kid", "kty", "n", "use"]),
            _ => assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]),
        }
        assert_eq!(jwk["kid"], key.kid());
        assert_eq!(format!("{key:?}"), format!("ClientKey({:?})", key.kid()));
    }
}

#[test]
fn its_name_is_the_same_in_pem_and_der_and_another_keys_is_not() {
    assert_eq!(key(&RSA).unwrap().kid(), key(&pem(&RSA)).unwrap().kid());
    assert_ne!(generated().kid(), generated().kid());
    assert_eq!(generated().kid().len(), 43);
}

#[test]
fn keys_of_openssl_are_taken_by_kind_and_size() {
    let ec = |curve: &str| openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")]);
    assert!(key(&rsa_pem(3072)).is_ok());
    assert!(key(&ec("P-256")).is_ok());
    assert!(key(&[b"a comment\n", &*ec("P-256")].concat()).is_ok());
    for other in [
        rsa_pem(1024),
        rsa_pem(2040),
        ec("P-384"),
        ec("P-521"),
        openssl(&["genpkey", "-algorithm", "ED25519"]),
        vec![0x30],
        pem(&RSA)[..500].to_vec(),
    ] {
        assert_eq!(key(&other).unwrap_err(), KeyError::Unfit);
    }
    for other in [
        Vec::new(),
        b"key".to_vec(),
        openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"]),
        openssl(&["genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:secret"]),
        RSA[..RSA.len() - 40].to_vec(),
    ] {
        assert_eq!(key(&other).unwrap_err(), KeyError::NotPkcs8);
    }
}

#[test]
fn a_refused_key_names_the_command_that_makes_a_good_one() {
    let (unfit, form) = (KeyError::Unfit.remedy(), KeyError::NotPkcs8.remedy());
    assert!(unfit.contains("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072"), "{unfit}");
    assert!(form.contains("openssl pkcs8 -topk8 -nocrypt"), "{form}");
}
