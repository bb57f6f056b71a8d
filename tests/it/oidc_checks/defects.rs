//! One thing wrong at a time.

use std::collections::BTreeSet;

use idv::verification::method::oidc::fault::Fault;
use serde_json::json;

use self::asked::{ANSWER, METADATA, PUSHED};
use self::told::{ID_TOKEN, RULES, TOKEN, USERINFO};
use super::exchange::{Exchange, set};

mod asked;
mod told;

/// What is done to an honest exchange, and what is found.
type Defect = (&'static str, fn(&mut Exchange), Fault);

const ALL: [&[Defect]; 7] = [METADATA, PUSHED, ANSWER, TOKEN, ID_TOKEN, USERINFO, RULES];

#[test]
fn whatever_one_thing_is_wrong_is_named_by_its_own_fault() {
    for &(name, spoil, fault) in ALL.into_iter().flatten() {
        let mut exchange = Exchange::honest();
        spoil(&mut exchange);
        assert_eq!(exchange.fault(), Some(fault), "{name}");
    }
}

#[test]
fn every_fault_that_bytes_can_have_is_among_the_defects() {
    // What takes a network, a store or a browser; and a profile, which has tests beside the comparison.
    let elsewhere = [
        Fault::OtherProvider,
        Fault::OtherRegistration,
        Fault::Interrupted,
        Fault::ProviderDown,
        Fault::MetadataUnreachable,
        Fault::KeysUnreachable,
        Fault::KeysMalformed,
        Fault::KeysNone,
        Fault::ClientKey,
        Fault::RequestTooLong,
        Fault::MatchUnknownThere,
        Fault::TooLate,
        Fault::Busy,
    ];
    let names = |faults: &[Fault]| faults.iter().map(|fault| fault.as_str()).collect::<BTreeSet<_>>();
    let found: Vec<_> = ALL.into_iter().flatten().map(|(_, _, fault)| *fault).collect();
    let expected = &names(Fault::ALL) - &names(&elsewhere);
    assert_eq!(names(&found), expected);
    assert!(found.len() >= 90, "{}", found.len());
}

#[test]
fn a_claim_of_a_wrong_type_is_refused_and_not_taken_for_missing() {
    let others =
        [json!(null), json!(true), json!([]), json!({}), json!([1]), json!("1800000000"), json!(1.0e300), json!(-5)];
    for (claim, fault) in [
        ("/iss", Fault::IdTokenIss),
        ("/aud", Fault::IdTokenAud),
        ("/azp", Fault::IdTokenAzp),
        ("/exp", Fault::IdTokenExp),
        ("/iat", Fault::IdTokenIat),
        ("/nbf", Fault::IdTokenNbf),
        ("/nonce", Fault::IdTokenNonce),
        ("/at_hash", Fault::IdTokenAtHash),
        ("/auth_time", Fault::IdTokenAuthTimeMissing),
        ("/acr", Fault::Acr),
        ("/verified_claims", Fault::VerifiedClaims),
    ] {
        for other in &others {
            let mut exchange = Exchange::honest();
            set(&mut exchange.payload, claim, other.clone());
            assert_eq!(exchange.fault(), Some(fault), "{claim}: {other}");
        }
    }
    for other in others.iter().filter(|other| !other.is_string()) {
        let mut exchange = Exchange::honest();
        set(&mut exchange.payload, "/sub", other.clone());
        assert_eq!(exchange.fault(), Some(Fault::IdTokenSub), "{other}");
    }
}
