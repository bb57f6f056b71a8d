//! V12, V11.6: which TLS is spoken, by greetings (`ClientHello`, RFC 5246 §7.4.1.2) that no sound client sends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::support::process::Installation;
use crate::support::wire;

/// The suites of TLS 1.2 with forward secrecy and authenticated encryption that ring has.
const GOOD: [u16; 6] = [0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9];
const X25519: u16 = 0x001d;
const TLS_1_0: u16 = 0x0301;
const TLS_1_1: u16 = 0x0302;
const TLS_1_2: u16 = 0x0303;
const TLS_1_3: u16 = 0x0304;

/// What the server says to a greeting.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// It goes on.
    Handshake,
    /// It ends the connection, with this alert (RFC 8446 §6).
    Alert(u8),
}

const HANDSHAKE_FAILURE: Answer = Answer::Alert(40);
const PROTOCOL_VERSION: Answer = Answer::Alert(70);

/// A greeting: the newest version by the old field, those of the extension, the suites and the groups.
struct Greeting<'a> {
    version: u16,
    versions: &'a [u16],
    suites: &'a [u16],
    groups: &'a [u16],
}

fn list(items: &[u16]) -> Vec<u8> {
    items.iter().flat_map(|item| item.to_be_bytes()).collect()
}

/// `bytes` behind their length in two bytes.
fn counted(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn extension(number: u16, content: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &counted(content)].concat()
}

impl Greeting<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut extensions = extension(10, &counted(&list(self.groups)));
        extensions.extend(extension(11, &[1, 0]));
        // ECDSA and RSA with SHA-256.
        extensions.extend(extension(13, &counted(&list(&[0x0403, 0x0804, 0x0401]))));
        extensions.extend(extension(23, &[]));
        if !self.versions.is_empty() {
            let versions = list(self.versions);
            let length = u8::try_from(versions.len()).unwrap();
            extensions.extend(extension(43, &[&[length], &versions[..]].concat()));
            // Any 32 bytes are a key of X25519; of a group that is not spoken, nobody looks at them.
            let share = [&self.groups[0].to_be_bytes()[..], &counted(&[9; 32])].concat();
            extensions.extend(extension(51, &counted(&share)));
        }
        let hello = [
            &self.version.to_be_bytes()[..],
            &[7; 32],
            &[0],
            &counted(&list(self.suites)),
            &[1, 0],
            &counted(&extensions),
        ]
        .concat();
        let length = u32::try_from(hello.len()).unwrap().to_be_bytes();
        let message = [&[1], &length[1..], &hello].concat();
        [&[22, 3, 1][..], &counted(&message)].concat()
    }

    fn sent_to(&self, address: SocketAddr) -> Answer {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(&self.bytes()).unwrap();
        let mut record = [0; 7];
        stream.read_exact(&mut record).unwrap();
        match record[0] {
            22 => Answer::Handshake,
            21 => Answer::Alert(record[6]),
            other => panic!("neither a handshake nor an alert: {other}"),
        }
    }
}

#[test]
fn nothing_older_than_tls_1_2_is_spoken() {
    let installation = Installation::new();
    let service = installation.serve();
    let greet = |version, versions: &[u16]| {
        Greeting { version, versions, suites: &[0xc02b, 0xc009, 0x002f, 0x1301], groups: &[X25519] }
            .sent_to(service.address)
    };
    for version in [0x0300, TLS_1_0, TLS_1_1] {
        assert_eq!(greet(version, &[]), PROTOCOL_VERSION, "{version:#x}");
        assert_eq!(greet(TLS_1_2, &[version]), PROTOCOL_VERSION, "{version:#x} by extension");
    }
    assert_eq!(greet(TLS_1_2, &[]), Answer::Handshake);
    assert_eq!(greet(TLS_1_2, &[TLS_1_3]), Answer::Handshake);
}

#[test]
fn no_suite_without_forward_secrecy_and_authenticated_encryption_is_spoken() {
    let installation = Installation::new();
    let service = installation.serve();
    let greet = |suites: &[u16]| {
        Greeting { version: TLS_1_2, versions: &[], suites, groups: &[X25519] }.sent_to(service.address)
    };
    // All numbers that TLS 1.2 gives to suites, but those that are good; none of TLS 1.3's counts in TLS 1.2.
    for range in [0x0001..=0x1300, 0x1301..=0x1306, 0xc000..=0xcfff] {
        let bad: Vec<u16> = range.filter(|suite| !GOOD.contains(suite)).collect();
        assert_eq!(greet(&bad), HANDSHAKE_FAILURE, "{:#x} and on", bad[0]);
    }
    for good in [0xc02b, 0xc02c, 0xcca9] {
        assert_eq!(greet(&[0x002f, good]), Answer::Handshake, "{good:#x}");
    }
}

#[test]
fn keys_are_agreed_on_sound_curves_alone() {
    let installation = Installation::new();
    let service = installation.serve();
    let greet = |versions: &[u16], groups: &[u16]| {
        Greeting { version: TLS_1_2, versions, suites: &[0xc02b, 0x1301], groups }.sent_to(service.address)
    };
    // secp192r1, secp224r1, secp256k1, a brainpool curve, a finite field.
    for group in [0x0013, 0x0015, 0x0016, 0x001a, 0x0100] {
        for versions in [&[][..], &[TLS_1_3]] {
            assert_eq!(greet(versions, &[group]), HANDSHAKE_FAILURE, "{group:#x}");
        }
    }
    // X25519, secp256r1, secp384r1.
    for group in [X25519, 0x0017, 0x0018] {
        assert_eq!(greet(&[], &[group]), Answer::Handshake, "{group:#x}");
    }
}

#[test]
fn who_can_speak_tls_1_3_does() {
    let installation = Installation::new();
    let service = installation.serve();
    let mut wire = wire::connect(service.address, &service.tls).unwrap();
    wire.write_all(wire::get("/health", "").as_bytes()).unwrap();
    wire::read_to_end(&mut wire);
    assert_eq!(wire.conn.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
}
