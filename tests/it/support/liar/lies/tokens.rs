//! The token response and the ID token as it is written and signed, checks T1 to I3.

use super::*;

pub(super) static LIES: &[Lie] = &[
    // T: the token response.
    lie!("T1", "the token endpoint fails", "/token" => |_, _| Reply::new(500, "text/html", "<h1>Oops</h1>")),
    lie!("T1", "the token endpoint is overloaded", "/token" => |_, _| Reply::new(503, "application/json", "{}")),
    lie!("T1", "the token endpoint sends elsewhere", "/token" => |_, facts| Reply::redirect(format!("{}/token", facts.issuer))),
    lie!("T1", "the tokens are created, not given", "/token" => |reply, _| Reply { status: 201, ..reply }),
    lie!("T1", "the tokens are HTML", "/token" => |reply, _| media_type(reply, "text/html")),
    lie!("T1", "the tokens are of no media type", "/token" => |reply, _| Reply { headers: vec![], ..reply }),
    lie!("T1", "the tokens are not JSON", "/token" => |reply, _| text(reply, "id_token=1&access_token=2")),
    lie!("T1", "the tokens are a list", "/token" => |reply, _| around(reply, "[", "]")),
    lie!("T1", "the tokens are nothing", "/token" => |reply, _| text(reply, "")),
    lie!("T1", "the tokens have a member twice", "/token" => |reply, _| twice(reply, "id_token")),
    lie!("T1", "the tokens have 64 KiB and a byte", "/token" => |reply, _| too_long(reply)),
    lie!("T1", "the tokens are 1 MiB", "/token" => |reply, _| text(reply, vec![b' '; 1 << 20])),
    lie!("T1", "something follows the tokens", "/token" => |reply, _| around(reply, "", "{}")),
    lie!("T2", "the grant is invalid", "/token" => |_, _| error(400, "invalid_grant")),
    lie!("T3", "the client is not known", "/token" => |_, _| error(401, "invalid_client")),
    lie!("T3", "the client may not", "/token" => |_, _| error(400, "unauthorized_client")),
    lie!("T3", "the token request is invalid", "/token" => |_, _| error(400, "invalid_request")),
    lie!("T4", "id_token is missing", Token without "id_token"),
    lie!("T4", "id_token is null", Token "id_token" = Value::Null),
    lie!("T4", "id_token is an object", Token "id_token" = json!({})),
    lie!("T4", "token_type is missing", Token without "token_type"),
    lie!("T4", "token_type is another", Token "token_type" = "DPoP"),
    lie!("T4", "token_type is a number", Token "token_type" = 1),
    lie!("T4", "access_token is missing", Token without "access_token"),
    lie!("T4", "access_token has a line end", Token "access_token" = "a\r\nx: y"),
    // I0: the form of the ID token.
    lie!(
        "I0",
        "alg is none, without a signature",
        Jws(|mut draft, _| {
            draft.header["alg"] = "none".into();
            draft.signed_part() + "."
        })
    ),
    lie!("I0", "alg is none, with a signature", Header "alg" = "none"),
    lie!(
        "I0",
        "alg is None, without a signature",
        Jws(|mut draft, _| {
            draft.header["alg"] = "None".into();
            draft.signed_part() + "."
        })
    ),
    lie!(
        "I0",
        "alg is HS256, by the client's secret",
        Jws(|mut draft, facts| {
            draft.header["alg"] = "HS256".into();
            hs256(&draft.signed_part(), facts.secret.as_bytes())
        })
    ),
    lie!(
        "I0",
        "alg is HS256, by the public key",
        Jws(|mut draft, facts| {
            draft.header["alg"] = "HS256".into();
            hs256(&draft.signed_part(), facts.jwk.to_string().as_bytes())
        })
    ),
    lie!(
        "I0",
        "alg is one that is not configured",
        Jws(|mut draft, _| {
            draft.header["alg"] = "RS512".into();
            draft.sign_by(&Key::rsa(RSA_2048))
        })
    ),
    lie!(
        "I0",
        "alg is in small letters",
        Jws(|mut draft, _| {
            draft.header["alg"] = draft.algorithm.to_lowercase().into();
            draft.sign()
        })
    ),
    lie!("I0", "alg is missing", Header without "alg"),
    lie!("I0", "alg is null", Header "alg" = Value::Null),
    lie!("I0", "alg is a number", Header "alg" = 256),
    lie!(
        "I0",
        "alg comes twice",
        Jws(|draft, _| draft.sign_with_header(&doubled(draft.header.to_string().as_bytes(), "alg")))
    ),
    lie!("I0", "crit is there", Header "crit" = ["exp"]),
    lie!("I0", "the payload is compressed", Header "zip" = "DEF"),
    lie!("I0", "the payload is not encoded", Header "b64" = false),
    lie!("I0", "the header has a member that nobody knows", Header "trust" = "me"),
    lie!("I0", "the header is a list", Jws(|draft, _| draft.sign_with_header(b"[]"))),
    lie!("I0", "the header is not JSON", Jws(|draft, _| draft.sign_with_header(b"alg"))),
    lie!(
        "I0",
        "something follows the header",
        Jws(|draft, _| draft.sign_with_header(format!("{}{{}}", draft.header).as_bytes()))
    ),
    lie!("I0", "kid is a number", Header "kid" = 1),
    lie!("I0", "it is encrypted", Jws(|draft, _| format!("{}.AAAA.AAAA", draft.sign()))),
    lie!("I0", "it has two parts", Jws(|draft, _| draft.signed_part())),
    lie!("I0", "it has four parts", Jws(|draft, _| draft.sign() + ".AAAA")),
    lie!("I0", "it is empty", Jws(|_, _| String::new())),
    lie!(
        "I0",
        "the header is padded",
        Jws(|draft, _| {
            let signed = format!("{}.{}", BASE64URL.encode(&padded(&draft.header)), encode(&draft.payload));
            draft.sign_part(&signed)
        })
    ),
    lie!("I0", "the signature is padded", Jws(|draft, _| draft.sign() + "==")),
    lie!("I0", "it has a line end", Jws(|draft, _| draft.sign() + "\n")),
    lie!("I0", "it has more than 16 KiB", Claims(|claims, _| claims["more"] = "m".repeat(12 * 1024).into())),
    // I1: the key.
    lie!(
        "I1",
        "kid is missing among several keys",
        [
            Tells::Header(|header, _| remove(header, "kid")),
            Tells::Keys(|keys, facts| {
                let other = with(&facts.jwk, "kid", "key-2");
                keys["keys"].as_array_mut().unwrap().push(other);
            })
        ]
    ),
    lie!("I1", "kid names two keys", Keys(|keys, facts| keys["keys"].as_array_mut().unwrap().push(facts.jwk.clone()))),
    lie!("I1", "the key is for encryption", Keys(|keys, _| keys["keys"][0]["use"] = "enc".into())),
    lie!("I1", "the key is for another algorithm", Keys(|keys, _| keys["keys"][0]["alg"] = "ES512".into())),
    lie!(
        "I1",
        "the key is of another kind",
        Keys(|keys, facts| keys["keys"][0] = other_kind(facts.jwk["kty"] == "RSA", "key-1"))
    ),
    // I2: the signature.
    lie!("I2", "the signature is another key's", Jws(|draft, _| draft.sign_by(&like(draft.algorithm)))),
    lie!("I2", "the signature is empty", Jws(|draft, _| draft.signed_part() + ".")),
    lie!("I2", "the signature is all zeros", Jws(|draft, _| format!("{}.{}", draft.signed_part(), encode([0; 64])))),
    lie!(
        "I2",
        "the signature is one byte short",
        Jws(|draft, _| {
            let signed = draft.signed_part();
            let signature = draft.key.sign(draft.algorithm, signed.as_bytes());
            format!("{signed}.{}", encode(&signature[1..]))
        })
    ),
    lie!(
        "I2",
        "the signature is of other claims",
        Jws(|mut draft, _| {
            let signed = draft.sign();
            draft.payload.push(b' ');
            format!("{}.{}", draft.signed_part(), signed.rsplit_once('.').unwrap().1)
        })
    ),
    lie!(
        "I2",
        "the signature brings its own key",
        Jws(|mut draft, _| {
            let key = like(draft.algorithm);
            draft.header["jwk"] = key.jwk("key-1", draft.algorithm);
            draft.sign_by(&key)
        })
    ),
    // I3: the claims as text.
    lie!("I3", "iss comes twice", Payload(|text, _| doubled(text.as_bytes(), "iss"))),
    lie!(
        "I3",
        "iss comes twice, once escaped",
        Payload(|text, _| with_text(text, r#""\u0069ss":"https://other.example""#))
    ),
    lie!(
        "I3",
        "a member of a member comes twice",
        Payload(|text, _| text
            .replacen(r#""assurance_level""#, r#""assurance_level":"low","assurance_level""#, 1)
            .into_bytes())
    ),
    lie!("I3", "a member in a list comes twice", Payload(|text, _| with_text(text, r#""more":[{"a":1,"a":2}]"#))),
    lie!("I3", "they are 9 deep", Claims(|claims, _| claims["more"] = nested(8))),
    lie!("I3", "lists are 9 deep", Payload(|text, _| with_text(text, r#""more":[[[[[[[[1]]]]]]]]"#))),
    lie!(
        "I3",
        "they are 10,000 deep",
        Payload(|text, _| with_text(text, &format!(r#""more":{}{}"#, "[".repeat(5000), "]".repeat(5000))))
    ),
    lie!("I3", "they are 257", Claims(|claims, _| crowd(claims, 257))),
    lie!("I3", "they are a list", Payload(|text, _| format!("[{text}]").into_bytes())),
    lie!("I3", "they are a text", Payload(|_, _| br#""claims""#.to_vec())),
    lie!("I3", "they are nothing", Payload(|_, _| Vec::new())),
    lie!("I3", "something follows them", Payload(|text, _| format!("{text}{text}").into_bytes())),
    lie!("I3", "a zero byte follows them", Payload(|text, _| format!("{text}\0").into_bytes())),
    lie!("I3", "they begin with a byte order mark", Payload(|text, _| format!("\u{feff}{text}").into_bytes())),
    lie!(
        "I3",
        "they are not UTF-8",
        Payload(|text, _| {
            let mut bytes = with_text(text, r#""more":"m""#);
            let end = bytes.len() - 3;
            bytes[end] = 0xff;
            bytes
        })
    ),
    lie!("I3", "they are UTF-16", Payload(|text, _| text.encode_utf16().flat_map(u16::to_le_bytes).collect())),
    lie!("I3", "they have half a character", Payload(|text, _| with_text(text, r#""more":"\ud800""#))),
    lie!("I3", "they have a comment", Payload(|text, _| format!("/* */{text}").into_bytes())),
    lie!(
        "I3",
        "they have a comma too many",
        Payload(|text, _| format!("{},}}", text.strip_suffix('}').unwrap()).into_bytes())
    ),
    lie!("I3", "they have what is no number", Payload(|text, _| with_text(text, r#""more":NaN"#))),
];
