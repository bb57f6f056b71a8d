//! V4.2: in HTTP/2 the frames say where a message ends, and a length that disagrees with them is no message.

use std::io::{Read, Write};

use crate::support::process::{Installation, Service};
use crate::support::token::{SUBJECT, TENANT};
use crate::support::wire::{self, HOST, client_config};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A field as it stands: a literal without indexing, each text behind its length (RFC 7541 §6.2.2, §5.1).
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0];
    for text in [name, value] {
        let mut rest = text.len();
        if rest < 127 {
            bytes.push(u8::try_from(rest).unwrap());
        } else {
            bytes.push(127);
            rest -= 127;
            while rest >= 128 {
                bytes.push(u8::try_from(rest % 128 + 128).unwrap());
                rest /= 128;
            }
            bytes.push(u8::try_from(rest).unwrap());
        }
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// Submits `code` in a session of its own under a `content-length` that is `lie` more than it has. Returns the kind of
/// the frame that answers.
fn submit(installation: &Installation, service: &Service, code: &str, lie: isize) -> u8 {
    let login = service.begin(SUBJECT, &format!("h2 {lie}"));
    let body = format!("code={code}");
    let length = body.len().checked_add_signed(lie).unwrap().to_string();
    let path = format!("{}/desk", login.path);
    let fields: Vec<u8> = [
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", HOST),
        (":path", path.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", length.as_str()),
        ("cookie", login.cookie.as_str()),
    ]
    .iter()
    .flat_map(|(name, value)| field(name, value))
    .collect();
    let config = client_config(&installation.certificate, &[b"h2"]);
    let mut wire = wire::connect(service.address, &config).unwrap();
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend(frame(4, 0, 0, &[]));
    bytes.extend(frame(HEADERS, END_HEADERS, 1, &fields));
    bytes.extend(frame(DATA, END_STREAM, 1, body.as_bytes()));
    wire.write_all(&bytes).unwrap();
    wire.flush().unwrap();
    loop {
        let mut head = [0; 9];
        wire.read_exact(&mut head).unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        wire.read_exact(&mut payload).unwrap();
        let stream = u32::from_be_bytes(head[5..].try_into().unwrap());
        if stream == 1 || head[3] == GOAWAY {
            return head[3];
        }
    }
}

#[test]
fn a_length_that_the_frames_do_not_have_is_no_submission() {
    let installation = Installation::new();
    let service = installation.serve();
    let code = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT])["code"].clone();
    let code = code.as_str().unwrap();
    let subjects = || installation.json(&["subject", "list", "--tenant", TENANT]);
    for lie in [-1, 1, -10, 1000] {
        assert_eq!(submit(&installation, &service, code, lie), RST_STREAM, "{lie}");
        assert_eq!(subjects(), serde_json::json!([]), "{lie}");
    }
    assert_eq!(submit(&installation, &service, code, 0), HEADERS);
    assert_eq!(subjects()[0]["status"], "success");
}
