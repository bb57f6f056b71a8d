//! Project Wycheproof's vectors through the code that checks signatures (`../vectors/README.md`).

use data_encoding::HEXLOWER;
use idv::verification::method::oidc::jose::{Algorithm, KeySet};
use serde_json::{Value, json};

use super::{check, encode, key_set};
use crate::support::figure;
use crate::vectors::{signatures, text, vectors};

/// The public key of a group of vectors, and nothing of what it is for.
fn jwk(group: &Value) -> Value {
    let point = || {
        let point = HEXLOWER.decode(text(&group["publicKey"]["uncompressed"]).as_bytes()).unwrap();
        let (x, y) = point[1..].split_at(point.len() / 2);
        let curve = if x.len() == 32 { "P-256" } else { "P-384" };
        json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
    };
    // Not every point stands as a JWK, too.
    let named = ["keyJwk", "publicKeyJwk"].into_iter().find_map(|name| group.get(name).cloned());
    let mut jwk = named.unwrap_or_else(point);
    jwk.as_object_mut().unwrap().remove("alg");
    jwk
}

/// How many vectors `file` has, and how many of them are good signatures by `algorithm`. Each is taken or refused as its
/// label says, and a good one by no other algorithm.
fn agreed(file: &str, algorithm: Algorithm) -> (usize, usize) {
    let vectors = vectors(file);
    let mut taken = 0;
    for (group, vector) in &vectors {
        let keys = key_set(&[jwk(group)]);
        let key = keys.key_for(algorithm, None).unwrap();
        let bytes = |name: &str| HEXLOWER.decode(text(&vector[name]).as_bytes()).unwrap();
        // One in each file of PKCS #1 is "acceptable": it lacks a NULL, which RFC 8017 §9.2 demands and some forgive.
        let is_good = vector["result"] == "valid";
        for tried in Algorithm::ALL {
            let is_taken = key.verifies(tried, &bytes("msg"), &bytes("sig"));
            // Some that are refused are good ones by the other algorithm of an RSA key.
            if is_good || tried == algorithm {
                assert_eq!(is_taken, is_good && tried == algorithm, "{tried:?} {vector}");
            }
        }
        taken += usize::from(is_good);
    }
    (vectors.len(), taken)
}

fn report(key: &str, what: &str, counts: &[(usize, usize)], how: &str) {
    let (all, taken) = counts.iter().fold((0, 0), |(all, taken), count| (all + count.0, taken + count.1));
    let what = format!("Wycheproof's vectors for {what}");
    figure::report(key, &what, format!("{all} vectors"), format!("{taken} taken, {} refused", all - taken), how);
}

#[test]
fn rsa_by_pkcs1_is_taken_as_labelled() {
    let counts = [
        agreed(include_str!("../vectors/rsa_signature_2048_sha256_test.json"), Algorithm::Rs256),
        agreed(include_str!("../vectors/rsa_signature_3072_sha256_test.json"), Algorithm::Rs256),
    ];
    report("vectors-rsa-pkcs1", "RSA by PKCS #1 with SHA-256, 2048 and 3072 bits", &counts, "as labelled");
}

#[test]
fn rsa_by_pss_is_taken_as_labelled() {
    let counts = [agreed(include_str!("../vectors/rsa_pss_2048_sha256_mgf1_32_test.json"), Algorithm::Ps256)];
    report("vectors-rsa-pss", "RSA by PSS with SHA-256, 2048 bits, 32 bytes of salt", &counts, "as labelled");
}

#[test]
fn ecdsa_is_taken_as_labelled() {
    let counts = [
        agreed(include_str!("../vectors/ecdsa_secp256r1_sha256_p1363_test.json"), Algorithm::Es256),
        agreed(include_str!("../vectors/ecdsa_secp384r1_sha384_p1363_test.json"), Algorithm::Es384),
    ];
    report("vectors-ecdsa", "ECDSA on P-256 and P-384, in fixed form", &counts, "as labelled");
}

#[test]
fn ed25519_is_taken_as_labelled() {
    let counts = [agreed(include_str!("../vectors/ed25519_test.json"), Algorithm::EdDsa)];
    report("vectors-ed25519", "Ed25519", &counts, "as labelled");
}

/// Whether the text of `vector` is taken with the public keys of its `group`, if it has any.
fn is_taken(vector: &Value, keys: &KeySet) -> bool {
    check(text(&vector["jws"]), keys).is_ok()
}

#[test]
fn a_token_is_taken_as_labelled_where_its_algorithm_is_one_of_ours() {
    let vectors = signatures();
    let mut taken = 0;
    for (group, vector) in &vectors {
        let keys = if group["public"].is_null() { KeySet::default() } else { key_set(&[group["public"].clone()]) };
        let is_ours = group["private"]["alg"].as_str().is_some_and(|name| Algorithm::parse(name).is_some());
        // The key of the two says PS256, and their header PS384.
        let is_mislabelled = [346, 350].contains(&vector["tcId"].as_u64().unwrap());
        let is_good = is_ours && vector["result"] == "valid" && !is_mislabelled;
        assert_eq!(is_taken(vector, &keys), is_good, "{vector}");
        taken += usize::from(is_good);
    }
    let how = "of our five algorithms as labelled, 2 mislabelled; of others none taken";
    report("vectors-jws-public", "signatures of all algorithms, by a provider's keys", &[(vectors.len(), taken)], how);
}

#[test]
fn a_set_of_keys_is_used_as_labelled() {
    let vectors = vectors(include_str!("../vectors/json_web_key_test.json"));
    let mut taken = 0;
    for (group, vector) in &vectors {
        let set = if group["public"].is_null() { json!({"keys": []}) } else { group["public"].clone() };
        let keys = KeySet::parse(set.to_string().as_bytes()).unwrap();
        let is_good = match text(&vector["comment"]) {
            // A key of a generator that was broken (CVE-2017-15361). Its owner's fault, which no token shows.
            "rejectsKeyWithRocaVulnerability" => true,
            _ => vector["result"] == "valid" && !group["public"].is_null(),
        };
        assert_eq!(is_taken(vector, &keys), is_good, "{vector}");
        taken += usize::from(is_good);
    }
    let how = "as labelled, but for a key of a broken generator, and secret ones, of which none is taken";
    report("vectors-jwk", "sets of keys", &[(vectors.len(), taken)], how);
}
