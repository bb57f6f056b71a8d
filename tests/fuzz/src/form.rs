//! What a person submits.

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use idv::verification::method::desk::Code;
use idv::web::multipart;

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

/// Any content type in a line of its own, and any body. What is found is a file, and nothing but it; and any bytes are, where
/// a browser sends them.
pub(super) fn multipart(data: &[u8]) {
    let (content_type, body) = data.split_at(data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len()));
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    if let Some(boundary) = multipart::boundary(content_type) {
        assert!((1..=70).contains(&boundary.len()) && boundary.is_ascii());
        if let Some(file) = multipart::only_file(body, boundary) {
            let delimiter = [b"\r\n--", boundary].concat();
            assert!(!file.is_empty() && body.starts_with(&delimiter[2..]) && body[file.end..].starts_with(&delimiter));
            assert!(!body[file].windows(delimiter.len()).any(|window| window == delimiter));
        }
    }
    let part = |content: &[u8]| {
        [b"--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"x\"\r\n\r\n", content, b"\r\n"].concat()
    };
    let sent = [part(data), part(b""), b"--b--\r\n".to_vec()].concat();
    let is_whole = !data.is_empty() && !data.windows(5).any(|window| window == b"\r\n--b");
    if is_whole {
        assert!(multipart::only_file(&sent, b"b").is_some_and(|file| &sent[file] == data));
    }
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
