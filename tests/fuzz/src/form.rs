//! What a person submits.

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use idv::verification::method::desk::Code;

use super::world::{begin, good_token, respond};

/// Any body of the desk's form.
pub(super) fn body(data: &[u8]) {
    let (id, sealed) = begin(&good_token("form"));
    let request = Request::post(format!("/session/{id}/desk"))
        .header("host", "idv.example.test")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", format!("__Host-idv-{id}={sealed}"))
        .body(Full::from(Bytes::copy_from_slice(data)))
        .unwrap();
    let (status, headers, _) = respond(request);
    let code = form_urlencoded::parse(data).find(|(name, _)| name == "code").map_or("".into(), |(_, code)| code);
    // A wrong code, or one too many; the way back once those are used up.
    let expected: &[u16] = match Code::parse(&code) {
        _ if data.len() > 8192 => &[413],
        Err(_) => &[422],
        Ok(_) => &[422, 303],
    };
    assert!(expected.contains(&status.as_u16()), "{status}");
    assert!(headers.get("location").is_none_or(|place| place.as_bytes().starts_with(b"https://acme.eu.auth0.test/")));
}

/// Any text as a code. What is taken has one spelling, which is taken too.
pub(super) fn code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(code) = Code::parse(text) {
        let shown = code.display();
        assert_eq!(shown.len(), 14);
        assert!(Code::parse(&shown).is_ok_and(|again| again == code));
    }
}
