//! What must be accepted: odd, and allowed.

use super::*;

pub(crate) static ODDITIES: &[Lie] = &[
    lie!("", "more parameters come back", Back(|back, _| back.push(("session_state".into(), "s".into())))),
    lie!("", "more is announced", Metadata "more" = json!({ "than": ["we", "know"] })),
    lie!("", "nothing is announced of challenges", Metadata without "code_challenge_methods_supported"),
    lie!("", "nothing is announced of the client's way", Metadata without "token_endpoint_auth_methods_supported"),
    lie!(
        "",
        "keys that nobody understands are beside ours",
        Keys(|keys, _| keys["keys"]
            .as_array_mut()
            .unwrap()
            .extend([json!({ "kty": "oct", "k": "AAAA" }), json!({ "kty": "PQC", "kid": 7 })]))
    ),
    lie!("", "kid is missing, and there is one key", Header without "kid"),
    lie!(
        "",
        "kid is missing, and one key fits",
        [
            Tells::Header(|header, _| remove(header, "kid")),
            Tells::Keys(|keys, facts| {
                let other = other_kind(facts.jwk["kty"] == "RSA", "key-2");
                keys["keys"].as_array_mut().unwrap().push(other);
            })
        ]
    ),
    lie!("", "typ is missing", Header without "typ"),
    lie!("", "the header brings a key that nobody needs", Header "x5t" = "AAAA"),
    lie!("", "token_type is in small letters", Token "token_type" = "bearer"),
    lie!("", "token_type is in capitals", Token "token_type" = "BEARER"),
    lie!("", "expires_in is missing", Token without "expires_in"),
    lie!("", "a refresh token comes too", Token "refresh_token" = "again"),
    lie!("", "the media type has a parameter", "/token" => |reply, _| media_type(reply, "application/json;charset=UTF-8")),
    lie!("", "aud is a list of us", Claims "aud" = |facts| [&facts.client_id]),
    lie!("", "azp is us", Claims "azp" = |facts| facts.client_id.clone()),
    lie!("", "exp is past within the leeway", Claims "exp" = |facts| facts.now - LEEWAY + 1),
    lie!("", "iat is as late as the leeway", Claims "iat" = |facts| facts.now + LEEWAY),
    lie!("", "iat is as early as the leeway", Claims "iat" = |facts| facts.asked_at - LEEWAY),
    lie!("", "nbf is as late as the leeway", Claims "nbf" = |facts| facts.now + LEEWAY),
    lie!(
        "",
        "sub has 255 bytes",
        [
            Tells::Claims(|claims, _| claims["sub"] = "s".repeat(255).into()),
            Tells::Userinfo(|claims, _| claims["sub"] = "s".repeat(255).into())
        ]
    ),
    lie!("", "at_hash is missing", Claims without "at_hash"),
    lie!("", "auth_time is as early as it may be", Claims "auth_time" = |facts| facts.asked_at - MAX_AGE - LEEWAY),
    lie!("", "claims are as deep as they may be", Claims(|claims, _| claims["more"] = nested(8))),
    lie!("", "claims are 256", Claims(|claims, _| crowd(claims, 256))),
    lie!(
        "",
        "verified_claims are a list of one",
        Claims(|claims, _| claims["verified_claims"] = json!([claims["verified_claims"]]))
    ),
    lie!(
        "",
        "another framework says less",
        Claims(|claims, _| claims["verified_claims"] =
            json!([entry(claims, "other_tf", "low"), entry(claims, "liar_tf", "high")]))
    ),
    lie!(
        "",
        "verified_claims are told in userinfo",
        [
            Tells::Claims(|claims, _| remove(claims, "verified_claims")),
            Tells::Userinfo(
                |claims, facts| claims["verified_claims"] = json!({ "verification": { "trust_framework": "liar_tf", "assurance_level": "high", "time": rfc3339(facts.now) }, "claims": {} })
            )
        ]
    ),
    lie!("", "the time has no zone", Claims "verified_claims/verification/time" = |facts| rfc3339(facts.now - 60).trim_end_matches('Z')),
    lie!("", "the time is a day ago", Claims "verified_claims/verification/time" = |facts| rfc3339(facts.now - DAY)),
    lie!("", "the identity is a number", Claims "eid" = 4711),
    lie!("", "the identity has 255 bytes", Claims "eid" = "e".repeat(255)),
];
