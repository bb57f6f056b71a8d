//! What counts as verified, of whom, and by what it is found again.

use idv::verification::method::oidc::fault::Fault;
use idv::verification::method::oidc::provider::Accept;
use idv::verification::method::oidc::{Attested, REFERENCE_LIMIT};
use idv::verification::time::Timestamp;
use serde_json::{Value, json};

use super::exchange::{DAY, Exchange, LEEWAY, NOW, at, identity, set, unset};

const ENTRY: &str = "/verified_claims/1/verification";

fn attested(change: impl FnOnce(&mut Exchange)) -> Attested {
    let mut exchange = Exchange::honest();
    change(&mut exchange);
    exchange.run().unwrap()
}

fn verified_at(time: &Value) -> Result<Option<u64>, Fault> {
    let mut exchange = Exchange::honest();
    set(&mut exchange.payload, &format!("{ENTRY}/time"), time.clone());
    let attested = exchange.run().map_err(|rejected| rejected.fault)?;
    Ok(attested.verified_at.map(Timestamp::as_unix))
}

#[test]
fn a_verification_is_neither_to_come_nor_too_long_ago() {
    for seconds in [NOW + LEEWAY, NOW, NOW - DAY] {
        assert_eq!(verified_at(&json!(at(seconds))), Ok(Some(seconds)));
    }
    for seconds in [NOW + LEEWAY + 1, NOW - DAY - 1] {
        assert_eq!(verified_at(&json!(at(seconds))), Err(Fault::VerifiedClaimsTime));
    }
}

#[test]
fn a_time_is_of_utc_where_it_has_no_zone() {
    // 1,800,000,000 is 2027-01-15T08:00:00Z.
    for text in [
        "2027-01-15T08:00:00Z",
        "2027-01-15T08:00:00",
        "2027-01-15T08:00",
        "2027-01-15T08:00Z",
        "2027-01-15t08:00:00.999z",
        "2027-01-15T08:00:00.999999999",
        "2027-01-15T09:30:00+01:30",
        "2027-01-15T09:00:00+01",
        "2027-01-15T00:00:00-08:00",
    ] {
        assert_eq!(verified_at(&json!(text)), Ok(Some(NOW)), "{text}");
    }
    for text in [
        "",
        "T",
        "2027-01-15",
        "2027-01-15 08:00:00Z",
        "2027-01-15T25:00:00Z",
        "2027-02-30T08:00:00Z",
        "2027-01-15T08:00:00Z[UTC]",
        "2027-01-15T08:00:00+99:00",
        "2027-01-15T08:00:00ZZ",
        "1800000000",
        " 2027-01-15T08:00:00Z",
        "1969-12-31T23:59:58Z",
        "2027-01-15T08:00:00.00000000000000000000Z",
    ] {
        assert_eq!(verified_at(&json!(text)), Err(Fault::VerifiedClaimsTime), "{text}");
    }
}

#[test]
fn a_time_may_be_missing_where_no_age_is_asked_for_and_is_not_to_come_all_the_same() {
    let run = |time: Value| {
        let mut exchange = Exchange::honest();
        exchange.provider.accept.verified_claims.as_mut().unwrap().max_age = None;
        set(&mut exchange.payload, &format!("{ENTRY}/time"), time);
        exchange.run().map(|attested| attested.verified_at.map(Timestamp::as_unix)).map_err(|rejected| rejected.fault)
    };
    assert_eq!(run(json!(null)), Ok(None));
    assert_eq!(run(json!("2001-01-01T00:00:00Z")), Ok(Some(978_307_200)));
    for wrong in [json!(at(NOW + LEEWAY + 1)), json!("yesterday"), json!(1)] {
        assert_eq!(run(wrong), Err(Fault::VerifiedClaimsTime));
    }
}

#[test]
fn verified_claims_are_one_object_or_several_and_of_userinfo_where_the_id_token_has_none() {
    let alone = json!({"verification": {"trust_framework": "de_aml", "assurance_level": "high", "time": at(NOW)}});
    let framework = |attested: Attested| attested.basis.trust_framework.unwrap();
    assert_eq!(framework(attested(|e| set(&mut e.payload, "/verified_claims", alone.clone()))), "de_aml");
    let told = attested(|e| {
        unset(&mut e.payload, "/verified_claims");
        set(&mut e.userinfo.body, "/verified_claims", json!([alone, 1, null]));
    });
    assert_eq!(framework(told), "de_aml");
    let both = attested(|e| set(&mut e.userinfo.body, "/verified_claims", alone.clone()));
    assert_eq!(framework(both), "eidas", "the ID token's count");
    let older = attested(|e| {
        let old = json!({"trust_framework": "de_aml", "assurance_level": "high", "time": at(NOW - DAY - 1)});
        set(&mut e.payload, "/verified_claims/0/verification", old);
    });
    assert_eq!(framework(older), "eidas", "of two of one level, one is recent");
}

#[test]
fn each_rule_is_enough_alone() {
    let alone: [fn(&Accept) -> Accept; 4] = [
        |all| Accept { acr: all.acr.clone(), ..Accept::default() },
        |all| Accept { verified_claims: all.verified_claims.clone(), ..Accept::default() },
        |all| Accept { values: all.values.clone(), ..Accept::default() },
        |_| Accept { login_alone: true, ..Accept::default() },
    ];
    for one in alone {
        attested(|e| e.provider.accept = one(&e.provider.accept));
    }
}

#[test]
fn a_value_counts_wherever_it_stands_once_or_twice_the_same() {
    let changes: [fn(&mut Exchange); 4] = [
        |e| set(&mut e.userinfo.body, "/ial", json!(2)),
        |e| set(&mut e.userinfo.body, "/ial", json!(null)),
        |e| set(&mut e.payload, "/ial", json!("two")),
        |e| {
            set(&mut e.payload, "/ial", json!(null));
            set(&mut e.userinfo.body, "/ial", json!("two"));
        },
    ];
    for change in changes {
        attested(change);
    }
}

#[test]
fn an_identity_is_a_text_or_a_whole_number_of_either_answer() {
    let run = |value: Value| {
        let mut exchange = Exchange::honest();
        exchange.provider.identity.pointer = "/person/number".into();
        set(&mut exchange.userinfo.body, "/person", json!({"number": value}));
        exchange.run().map(|attested| attested.identity).map_err(|rejected| rejected.fault)
    };
    assert_eq!(run(json!("x".repeat(255))), Ok(identity(&"x".repeat(255))));
    assert_eq!(run(json!(18_446_744_073_709_551_615_u64)), Ok(identity("18446744073709551615")));
    assert_eq!(run(json!(-1)), Ok(identity("-1")));
    for nobody in
        [json!("x".repeat(256)), json!(""), json!(1.5), json!(1e20), json!(true), json!(["a"]), json!({}), json!(null)]
    {
        assert_eq!(run(nobody.clone()), Err(Fault::IdentityMissing), "{nobody}");
    }
}

#[test]
fn a_reference_is_the_first_that_can_be_kept() {
    let reference = |change: fn(&mut Exchange)| attested(change).reference;
    assert_eq!(reference(|_| ()).as_deref(), Some("reference-1"));
    let unfit = |e: &mut Exchange| set(&mut e.payload, &format!("{ENTRY}/txn"), json!("two words"));
    assert_eq!(attested(unfit).reference.as_deref(), Some("token-1"));
    let process = |e: &mut Exchange| {
        unfit(e);
        set(&mut e.payload, &format!("{ENTRY}/verification_process"), json!("process-1"));
    };
    assert_eq!(attested(process).reference.as_deref(), Some("process-1"));
    let jti = |jti: Value| {
        attested(|e| {
            unfit(e);
            set(&mut e.payload, "/jti", jti);
        })
        .reference
    };
    assert_eq!(jti(json!("r".repeat(REFERENCE_LIMIT))), Some("r".repeat(REFERENCE_LIMIT)));
    for none in [json!("r".repeat(REFERENCE_LIMIT + 1)), json!(""), json!("ä"), json!(1), json!(null)] {
        assert_eq!(jti(none), None);
    }
}
