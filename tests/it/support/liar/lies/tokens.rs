//! The token response and the ID token as it is written and signed, checks T1 to I3.

use super::*;

pub(super) static LIES: &[Lie] = &[
    // T: the token response.
    lie!("token_unreachable", "the token endpoint fails", "/token" => |_, _| Reply::new(500, "text/html", "<h1>Oops</h1>")),
    lie!("token_unreachable", "the token endpoint is overloaded", "/token" => |_, _| Reply::new(503, "application/json", "{}")),
    lie!("token_malformed", "the token endpoint sends elsewhere", "/token" => |_, facts| Reply::redirect(format!("{}/token", facts.issuer))),
    lie!("token_malformed", "the tokens are created, not given", "/token" => |reply, _| Reply { status: 201, ..reply }),
    lie!("token_malformed", "the tokens are HTML", "/token" => |reply, _| media_type(reply, "text/html")),
    lie!("token_malformed", "the tokens are of no media type", "/token" => |reply, _| Reply { headers: vec![], ..reply }),
    lie!("token_malformed", "the tokens are not JSON", "/token" => |reply, _| text(reply, "id_token=1&access_token=2")),
    lie!("token_malformed", "the tokens are a list", "/token" => |reply, _| around(reply, "[", "]")),
    lie!("token_malformed", "the tokens are nothing", "/token" => |reply, _| text(reply, "")),
    lie!("token_malformed", "the tokens have a member twice", "/token" => |reply, _| twice(reply, "id_token")),
    lie!("token_unreachable", "the tokens have 64 KiB and a byte", "/token" => |reply, _| too_long(reply)),
    lie!("token_unreachable", "the tokens are 1 MiB", "/token" => |reply, _| text(reply, vec![b' '; 1 << 20])),
    lie!("token_malformed", "something follows the tokens", "/token" => |reply, _| around(reply, "", "{}")),
    lie!("token_invalid_grant", "the grant is invalid", "/token" => |_, _| error(400, "invalid_grant")),
    lie!("token_invalid_client", "the client is not known", "/token" => |_, _| error(401, "invalid_client")),
    lie!("token_invalid_client", "the client may not", "/token" => |_, _| error(400, "unauthorized_client")),
    lie!("token_error", "the token request is invalid", "/token" => |_, _| error(400, "invalid_request")),
    lie!("token_without_id_token", "id_token is missing", Token without "id_token"),
    lie!("token_without_id_token", "id_token is null", Token "id_token" = Value::Null),
    lie!("token_without_id_token", "id_token is an object", Token "id_token" = json!({})),
    lie!("token_type", "token_type is missing", Token without "token_type"),
    lie!("token_type", "token_type is another", Token "token_type" = "DPoP"),
    lie!("token_type", "token_type is a number", Token "token_type" = 1),
    lie!("token_type", "access_token is missing", Token without "access_token"),
    lie!("token_type", "access_token has a line end", Token "access_token" = "a\r\nx: y"),
    // I0: the form of the ID token.
    lie!(
        "id_token_alg",
        "alg is none, without a signature",
        Jws(|mut draft, _| {
            draft.header["alg"] = "none".into();
            draft.signed_part() + "."
        })
    ),
    lie!("id_token_alg", "alg is none, with a signature", Header "alg" = "none"),
    lie!(
        "id_token_alg",
        "alg is None, without a signature",
        Jws(|mut draft, _| {
            draft.header["alg"] = "None".into();
            draft.signed_part() + "."
        })
    ),
    lie!(
        "id_token_alg",
        "alg is HS256, by the client's secret",
        Jws(|mut draft, facts| {
            draft.header["alg"] = "HS256".into();
            hs256(&draft.signed_part(), facts.secret.as_bytes())
        })
    ),
    lie!(
        "id_token_alg",
        "alg is HS256, by the public key",
        Jws(|mut draft, facts| {
            draft.header["alg"] = "HS256".into();
            hs256(&draft.signed_part(), facts.jwk.to_string().as_bytes())
        })
    ),
    lie!(
        "id_token_alg",
        "alg is one that is not configured",
        Jws(|mut draft, _| {
            draft.header["alg"] = "RS512".into();
            draft.sign_by(&Key::rsa(RSA_2048))
        })
    ),
    lie!(
        "id_token_alg",
        "alg is in small letters",
        Jws(|mut draft, _| {
            draft.header["alg"] = draft.algorithm.to_lowercase().into();
            draft.sign()
        })
    ),
    lie!("id_token_alg", "alg is missing", Header without "alg"),
    lie!("id_token_malformed", "alg is null", Header "alg" = Value::Null),
    lie!("id_token_malformed", "alg is a number", Header "alg" = 256),
    lie!(
        "id_token_malformed",
        "alg comes twice",
        Jws(|draft, _| draft.sign_with_header(&doubled(draft.header.to_string().as_bytes(), "alg")))
    ),
    lie!("id_token_malformed", "crit is there", Header "crit" = ["exp"]),
    lie!("id_token_malformed", "the payload is compressed", Header "zip" = "DEF"),
    lie!("id_token_malformed", "the payload is not encoded", Header "b64" = false),
    lie!("id_token_malformed", "the header has a member that nobody knows", Header "trust" = "me"),
    lie!("id_token_malformed", "the header is a list", Jws(|draft, _| draft.sign_with_header(b"[]"))),
    lie!("id_token_malformed", "the header is not JSON", Jws(|draft, _| draft.sign_with_header(b"alg"))),
    lie!(
        "id_token_malformed",
        "something follows the header",
        Jws(|draft, _| draft.sign_with_header(format!("{}{{}}", draft.header).as_bytes()))
    ),
    lie!("id_token_malformed", "kid is a number", Header "kid" = 1),
    lie!("id_token_encrypted", "it is encrypted", Jws(|draft, _| format!("{}.AAAA.AAAA", draft.sign()))),
    lie!("id_token_malformed", "it has two parts", Jws(|draft, _| draft.signed_part())),
    lie!("id_token_malformed", "it has four parts", Jws(|draft, _| draft.sign() + ".AAAA")),
    lie!("id_token_malformed", "it is empty", Jws(|_, _| String::new())),
    lie!(
        "id_token_malformed",
        "the header is padded",
        Jws(|draft, _| {
            let signed = format!("{}.{}", BASE64URL.encode(&padded(&draft.header)), encode(&draft.payload));
            draft.sign_part(&signed)
        })
    ),
    lie!("id_token_malformed", "the signature is padded", Jws(|draft, _| draft.sign() + "==")),
    lie!("id_token_malformed", "it has a line end", Jws(|draft, _| draft.sign() + "\n")),
    lie!(
        "id_token_malformed",
        "it has more than 16 KiB",
        Claims(|claims, _| claims["more"] = "m".repeat(12 * 1024).into())
    ),
    // I1: the key.
    lie!(
        "id_token_key_ambiguous",
        "kid is missing among several keys",
        [
            Tells::Header(|header, _| remove(header, "kid")),
            Tells::Keys(|keys, facts| {
                let other = with(&facts.jwk, "kid", "key-2");
                keys["keys"].as_array_mut().unwrap().push(other);
            })
        ]
    ),
    lie!(
        "id_token_key_ambiguous",
        "kid names two keys",
        Keys(|keys, facts| keys["keys"].as_array_mut().unwrap().push(facts.jwk.clone()))
    ),
    lie!(
        "id_token_key_unfit",
        "kid names a key for another algorithm",
        Keys(|keys, facts| beside(keys, facts, with(&facts.jwk, "alg", "ES512")))
    ),
    lie!(
        "id_token_key_unfit",
        "kid names a key of another kind",
        Keys(|keys, facts| beside(keys, facts, other_kind(facts.jwk["kty"] == "RSA", "key-1")))
    ),
    lie!(
        "id_token_key_unknown",
        "kid names a key for encryption",
        Keys(|keys, facts| beside(keys, facts, with(&facts.jwk, "use", "enc")))
    ),
    // I2: the signature.
    lie!("id_token_signature", "the signature is another key's", Jws(|draft, _| draft.sign_by(&like(draft.algorithm)))),
    lie!("id_token_signature", "the signature is empty", Jws(|draft, _| draft.signed_part() + ".")),
    lie!(
        "id_token_signature",
        "the signature is all zeros",
        Jws(|draft, _| format!("{}.{}", draft.signed_part(), encode([0; 64])))
    ),
    lie!(
        "id_token_signature",
        "the signature is one byte short",
        Jws(|draft, _| {
            let signed = draft.signed_part();
            let signature = draft.key.sign(draft.algorithm, signed.as_bytes());
            format!("{signed}.{}", encode(&signature[1..]))
        })
    ),
    lie!(
        "id_token_signature",
        "the signature is of other claims",
        Jws(|mut draft, _| {
            let signed = draft.sign();
            draft.payload.push(b' ');
            format!("{}.{}", draft.signed_part(), signed.rsplit_once('.').unwrap().1)
        })
    ),
    lie!(
        "id_token_signature",
        "the signature brings its own key",
        Jws(|mut draft, _| {
            let key = like(draft.algorithm);
            draft.header["jwk"] = key.jwk("key-1", draft.algorithm);
            draft.sign_by(&key)
        })
    ),
    // I3: the claims as text.
    lie!("id_token_payload", "iss comes twice", Payload(|text, _| doubled(text.as_bytes(), "iss"))),
    lie!(
        "id_token_payload",
        "iss comes twice, once escaped",
        Payload(|text, _| with_text(text, r#""\u0069ss":"https://other.example""#))
    ),
    lie!(
        "id_token_payload",
        "a member of a member comes twice",
        Payload(|text, _| text
            .replacen(r#""assurance_level""#, r#""assurance_level":"low","assurance_level""#, 1)
            .into_bytes())
    ),
    lie!(
        "id_token_payload",
        "a member in a list comes twice",
        Payload(|text, _| with_text(text, r#""more":[{"a":1,"a":2}]"#))
    ),
    lie!("id_token_payload", "they are too deep", Claims(|claims, _| claims["more"] = nested(9))),
    lie!("id_token_payload", "lists are too deep", Payload(|text, _| with_text(text, r#""more":[[[[[[[[[1]]]]]]]]]"#))),
    lie!(
        "id_token_payload",
        "they are 10,000 deep",
        Payload(|text, _| with_text(text, &format!(r#""more":{}{}"#, "[".repeat(5000), "]".repeat(5000))))
    ),
    lie!("id_token_payload", "they are 257", Claims(|claims, _| crowd(claims, 257))),
    lie!("id_token_payload", "they are a list", Payload(|text, _| format!("[{text}]").into_bytes())),
    lie!("id_token_payload", "they are a text", Payload(|_, _| br#""claims""#.to_vec())),
    lie!("id_token_payload", "they are nothing", Payload(|_, _| Vec::new())),
    lie!("id_token_payload", "something follows them", Payload(|text, _| format!("{text}{text}").into_bytes())),
    lie!("id_token_payload", "a zero byte follows them", Payload(|text, _| format!("{text}\0").into_bytes())),
    lie!(
        "id_token_payload",
        "they begin with a byte order mark",
        Payload(|text, _| format!("\u{feff}{text}").into_bytes())
    ),
    lie!(
        "id_token_payload",
        "they are not UTF-8",
        Payload(|text, _| {
            let mut bytes = with_text(text, r#""more":"m""#);
            let end = bytes.len() - 3;
            bytes[end] = 0xff;
            bytes
        })
    ),
    lie!(
        "id_token_payload",
        "they are UTF-16",
        Payload(|text, _| text.encode_utf16().flat_map(u16::to_le_bytes).collect())
    ),
    lie!("id_token_payload", "they have half a character", Payload(|text, _| with_text(text, r#""more":"\ud800""#))),
    lie!("id_token_payload", "they have a comment", Payload(|text, _| format!("/* */{text}").into_bytes())),
    lie!(
        "id_token_payload",
        "they have a comma too many",
        Payload(|text, _| format!("{},}}", text.strip_suffix('}').unwrap()).into_bytes())
    ),
    lie!("id_token_payload", "they have what is no number", Payload(|text, _| with_text(text, r#""more":NaN"#))),
];
