//! A running service takes what is new, whole or not at all, and no login notices.

mod certificate;
mod files;
mod handover;
mod in_flight;
mod load;
mod refusals;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Output;

use rcgen::{CertifiedKey, KeyPair};

use crate::support::internet;
use crate::support::process::{Installation, Service, write_secret};
use crate::support::wire;

/// Root alone has a service reloaded by the command. Whoever else runs the tests has the rest of them.
fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        println!("skipped: only root reloads a service");
    }
    is_root
}

fn new_certificate() -> CertifiedKey<KeyPair> {
    internet::certificate(&[wire::HOST], 2020, 2090)
}

fn write_certificate(installation: &Installation, certified: &CertifiedKey<KeyPair>) {
    fs::write(installation.path("certificate.pem"), certified.cert.pem()).unwrap();
    write_secret(&installation.path("key.pem"), certified.signing_key.serialize_pem().as_bytes());
}

fn write_configuration(installation: &Installation, text: &str) {
    fs::write(installation.path("idv.toml"), text).unwrap();
}

/// Reloads, and returns the keys that changed.
fn reloaded(installation: &Installation) -> Vec<String> {
    let answer = installation.json(&["reload"]);
    assert_eq!(answer["left"], serde_json::json!([]));
    serde_json::from_value(answer["changed"].clone()).unwrap()
}

/// What a reload says that must be refused.
fn refused(installation: &Installation) -> String {
    let Output { status, stdout, stderr } = installation.command(&["reload"]);
    let told = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{told}");
    assert!(stdout.is_empty() && told.contains("nothing was reloaded"), "{told}");
    told
}

/// The answer of the control socket to `message`.
fn ask(installation: &Installation, message: &[u8]) -> String {
    let mut stream = UnixStream::connect(installation.path("control.sock")).unwrap();
    // It may be told before it is through.
    let _ = stream.write_all(message).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut answer = String::new();
    let _ = BufReader::new(stream).read_line(&mut answer);
    answer
}

fn is_served(service: &Service) -> bool {
    service.exchange(&wire::get("/health", "")).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Waits until the log of `service` has `told`.
fn until_told(service: &Service, told: &str) {
    service.log_once(told);
}

/// Waits until it has `told` after its first `before` bytes.
fn until_told_after(service: &Service, before: usize, told: &str) {
    let is_told = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        service.log()[before..].contains(told)
    });
    assert!(is_told, "{told}: {}", service.log());
}
