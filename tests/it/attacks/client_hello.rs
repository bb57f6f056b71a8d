//! First messages of TLS that are damaged, or none: the connection ends, and nothing else does.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use rustls::ClientConnection;
use rustls::pki_types::ServerName;

use crate::support::chance::Chance;
use crate::support::probe::Probe;
use crate::support::process::{Installation, Service};
use crate::support::wire::{self, HOST};
use crate::support::{figure, usage};

const PATIENCE: Duration = Duration::from_secs(20);
/// By how much the memory may have grown.
const GROWTH: u64 = 1024 * 1024;
/// Kinds of TLS records.
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

fn client_hello(service: &Service) -> Vec<u8> {
    let mut hello = Vec::new();
    ClientConnection::new(service.tls.clone(), ServerName::try_from(HOST).unwrap())
        .unwrap()
        .write_tls(&mut hello)
        .unwrap();
    hello
}

/// What other protocols say first, and TLS before it was called so.
fn strangers() -> Vec<Vec<u8>> {
    let mut greetings: Vec<Vec<u8>> =
        ["SSH-2.0-x\r\n", "EHLO x\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"]
            .map(|text| text.as_bytes().to_vec())
            .to_vec();
    // SSL 2.0's CLIENT-HELLO, a heartbeat for 16 KiB, records of no length and of the greatest.
    greetings.push(b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10\x01\x00\x80".to_vec());
    greetings.push(b"\x18\x03\x02\x00\x03\x01\x40\x00".to_vec());
    greetings.push(b"\x16\x03\x01\x00\x00".repeat(1000));
    greetings.push([b"\x16\x03\x01\xff\xff".to_vec(), vec![0; 70_000]].concat());
    greetings.push([b"\x16\x03\x01\x40\x00\x01\xff\xff\xff".to_vec(), vec![0; 20_000]].concat());
    greetings
}

/// `hello` with one thing wrong, or many.
fn damaged(hello: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = hello.to_vec();
    match chance.below(5) {
        0 => bytes.truncate(chance.below(hello.len())),
        1 => {
            let at = chance.below(hello.len());
            bytes.splice(at..at, (0..chance.below(2000)).map(|index| index.to_le_bytes()[0]).collect::<Vec<_>>());
        }
        2 => bytes.iter_mut().for_each(|byte| *byte = chance.below(256).to_le_bytes()[0]),
        _ => {
            for _ in 0..=chance.below(8) {
                bytes[chance.below(hello.len())] = chance.below(256).to_le_bytes()[0];
            }
        }
    }
    bytes
}

/// Says `greeting` and no more. Returns what comes back until the other side ends.
fn greet(service: &Service, greeting: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(service.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // The service may have closed before all is sent.
    let _ = stream.write_all(greeting);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let mut bytes = [0; 4096];
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => return answer,
            Ok(length) => answer.extend_from_slice(&bytes[..length]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return answer,
            Err(error) => panic!("{error}: not closed"),
        }
    }
}

#[test]
fn whatever_comes_in_place_of_a_client_hello_ends_its_own_connection_alone() {
    let count = if figure::is_long() { 20_000 } else { 2_000 };
    let installation = Installation::new();
    let service = installation.serve();
    let hello = client_hello(&service);
    let mut chance = Chance::new(1);
    let warm_up: Vec<_> = (0..200).map(|_| damaged(&hello, &mut chance)).collect();
    for greeting in &warm_up {
        greet(&service, greeting);
    }
    service.exchange(&wire::get("/", "")).unwrap();
    let (before, lines) = (usage::memory(service.child.id()), service.log().lines().count());
    let probe = Probe::start(&service);
    let mut greetings = strangers();
    greetings.resize_with(count, || damaged(&hello, &mut chance));
    for greeting in &greetings {
        let answer = greet(&service, greeting);
        let kind = answer.first().copied();
        assert!([None, Some(ALERT), Some(HANDSHAKE)].contains(&kind), "{kind:?} for {}", greeting.escape_ascii());
    }
    let tally = probe.stop();
    let grown = usage::memory(service.child.id()).saturating_sub(before);
    figure::report(
        "attack-client-hello",
        "TLS begun with a damaged ClientHello, noise, or another protocol",
        format!("{} connections", greetings.len()),
        tally.all_served(),
        format!("all closed, 0 lines in the log, memory +{} KiB", grown / 1024),
    );
    assert_eq!(service.log().lines().count(), lines, "a line for each would be a flood of its own");
    assert!(grown < GROWTH, "{grown}");
}
