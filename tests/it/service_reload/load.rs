//! Reloads among people who log in.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rustls::version;

use super::certificate::{served, trusting};
use super::{is_root, new_certificate, refused, reloaded, until_told_after, write_certificate, write_configuration};
use crate::support::chance::Chance;
use crate::support::figure;
use crate::support::internet;
use crate::support::process::{Installation, Service, write_secret};
use crate::support::token::SUBJECT;
use crate::support::wire;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Good,
    Garbage,
    Mismatched,
    Expired,
    WrongHost,
    HalfWritten,
    UnknownKey,
    Unreadable,
}

const KINDS: [Kind; 8] = [
    Kind::Good,
    Kind::Garbage,
    Kind::Mismatched,
    Kind::Expired,
    Kind::WrongHost,
    Kind::HalfWritten,
    Kind::UnknownKey,
    Kind::Unreadable,
];

impl Kind {
    /// Writes what is to be reloaded, and says what is told where that is refused.
    fn write(self, installation: &Installation) -> Option<&'static str> {
        let write = |file: &str, text: &str| fs::write(installation.path(file), text).unwrap();
        let certificate = |host, until| write_certificate(installation, &internet::certificate(&[host], 2020, until));
        match self {
            Self::Good => return None,
            Self::Garbage => write("certificate.pem", "garbage"),
            Self::Mismatched => {
                write_secret(&installation.path("key.pem"), new_certificate().signing_key.serialize_pem().as_bytes());
            }
            Self::Expired => certificate(wire::HOST, 2021),
            Self::WrongHost => certificate("other.example.test", 2090),
            Self::HalfWritten => {
                let whole = new_certificate().cert.pem();
                write("certificate.pem", &whole[..whole.len() / 2]);
            }
            Self::UnknownKey => write_configuration(installation, &(installation.configuration() + "[brand]\n")),
            Self::Unreadable => fs::remove_file(installation.path("secret")).unwrap(),
        }
        Some(match self {
            Self::Garbage => "no certificate in PEM",
            Self::Mismatched => "do not fit",
            Self::Expired => "has expired",
            Self::WrongHost => "does not cover",
            Self::HalfWritten => "is cut off",
            Self::UnknownKey => "not a known key",
            _ => "cannot be read",
        })
    }
}

/// Logs in again and again until it is over, each time to the end. Returns how often.
fn log_in(service: &Service, client: &std::sync::Arc<rustls::ClientConfig>, who: usize, is_over: &AtomicBool) -> usize {
    let mut logins = 0;
    while !is_over.load(Ordering::Relaxed) {
        let exchange = |request: &str| wire::exchange(service.address, client, request).unwrap();
        let jti = format!("{who}-{logins}");
        let claims = crate::support::token::with(
            crate::support::token::claims(crate::support::process::now()),
            &serde_json::json!({ "sub": SUBJECT, "jti": jti }),
        );
        let token = crate::support::token::sign(&claims);
        let state = crate::support::token::STATE;
        let started = exchange(&wire::get(&format!("/id-verification?token={token}&state={state}"), ""));
        assert!(started.starts_with("HTTP/1.1 303"), "{started}");
        let path = wire::header(&started, "location").unwrap();
        let cookie = wire::header(&started, "set-cookie").unwrap().split_once(';').unwrap().0;
        let shown = exchange(&wire::get(path, cookie));
        assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");
        let ended = exchange(&wire::post(&format!("{path}/cancel"), cookie, ""));
        assert!(ended.starts_with("HTTP/1.1 303"), "{ended}");
        logins += 1;
    }
    logins
}

/// Among them two that change the configuration, and what is served after each is the last that was taken.
#[test]
fn twenty_reloads_in_any_order_fail_no_request() {
    if !is_root() {
        return;
    }
    let installation = Installation::new();
    let service = installation.serve();
    let certificates: Vec<_> = (0..20).map(|_| new_certificate()).collect();
    let mut all = vec![installation.certificate.clone()];
    all.extend(certificates.iter().map(|certified| certified.cert.der().clone()));
    let trusts_all = || trusting(&all, &[&version::TLS13, &version::TLS12]);
    let mut order: Vec<_> = (0..20).map(|n| KINDS[n % KINDS.len()]).collect();
    Chance::new(18).shuffle(&mut order);
    let files = ["certificate.pem", "key.pem", "secret", "idv.toml"];
    let read = || files.map(|file| fs::read(installation.path(file)).unwrap());
    let (is_over, logins) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for who in 0..3 {
            let (service, is_over, logins, client) = (&service, &is_over, &logins, trusts_all());
            scope.spawn(move || logins.fetch_add(log_in(service, &client, who, is_over), Ordering::Relaxed));
        }
        let over = Over(&is_over);
        let mut last = all[0].clone();
        for (number, kind) in order.iter().enumerate() {
            if *kind == Kind::Good {
                write_certificate(&installation, &certificates[number]);
                let name = format!("{}[branding]\nname = \"{number}\"\n", installation.configuration());
                write_configuration(&installation, &name);
                let changed = reloaded(&installation);
                assert_eq!(changed, ["branding.name", "server.tls.certificate", "server.tls.private_key"]);
                last = all[number + 1].clone();
            } else {
                let good = read();
                let told = kind.write(&installation).unwrap();
                let before = service.log().len();
                let said = refused(&installation);
                assert!(said.contains(told), "{kind:?}: {said}");
                until_told_after(&service, before, "a reload was refused");
                let log = service.log()[before..].to_owned();
                assert!(log.contains(told) && log.contains("a reload was refused"), "{kind:?}: {log}");
                for (file, bytes) in files.iter().zip(good) {
                    write_secret(&installation.path(file), &bytes);
                }
            }
            assert_eq!(served(&service, &trusts_all()).0, last, "{kind:?}");
        }
        drop(over);
    });
    let logins = logins.into_inner();
    assert!(logins > 20, "{logins}");
    let refusals = order.iter().filter(|kind| **kind != Kind::Good).count();
    figure::report(
        "reload",
        "reloads under load: good, garbage, mismatched, expired, another host, half written, unknown key, unreadable secret",
        format!("20 in random order, {logins} logins meanwhile"),
        format!("0 requests failed, {refusals} refused with exit code 1 and the cause in the log"),
        "the certificate served is the last good one",
    );
}

/// Whatever becomes of a test, those who log in are told that it is over.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
