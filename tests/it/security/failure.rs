//! V16.5: what happens when our own code fails.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::StatusCode;
use idv::config::listen::Listen;
use idv::ops::clock::Clock;
use idv::server::bind::Listeners;
use idv::server::{Room, Server};
use idv::web::App;
use tempfile::TempDir;

use crate::support::browser::{Browser, Page};
use crate::support::token::SUBJECT;
use crate::support::wire;
use crate::support::world::{World, subject};

/// An application whose clock panics, once it is broken.
struct Faulty {
    app: Arc<App>,
    is_broken: Arc<AtomicBool>,
    token: String,
    code: String,
    _directory: Arc<TempDir>,
}

impl Faulty {
    fn new() -> Self {
        let world = World::new();
        let (token, code) = (world.token("faulty"), world.issue());
        let World { app, directory, .. } = world;
        let app = Arc::into_inner(app).unwrap();
        let is_broken = Arc::new(AtomicBool::new(false));
        let (clock, broken) = (app.clock.clone(), is_broken.clone());
        let clock = Clock::new(move || {
            assert!(!broken.load(Ordering::SeqCst), "zq7secret");
            clock.now()
        });
        Self { app: Arc::new(App { clock, ..app }), is_broken, token, code, _directory: directory }
    }

    fn breaks(&self, is_broken: bool) {
        self.is_broken.store(is_broken, Ordering::SeqCst);
    }
}

fn is_a_page_about_a_bug(page: &Page) {
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.body.contains("Please try again") && page.body.contains("<code dir=\"ltr\">"), "{}", page.body);
    for told in ["zq7secret", "panic", ".rs", "eyJ", SUBJECT] {
        assert!(!page.body.contains(told), "{told} in {}", page.body);
    }
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.header("content-security-policy").is_some() && page.header("location").is_none());
}

#[test]
fn a_panic_is_a_page_with_a_reference_and_the_next_request_is_served() {
    let faulty = Faulty::new();
    let mut browser = Browser::new(faulty.app.clone());
    faulty.breaks(true);
    is_a_page_about_a_bug(&browser.start(&faulty.token));
    faulty.breaks(false);
    assert_eq!(browser.start(&faulty.token).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_panic_in_a_submission_verifies_nobody_and_the_person_may_try_again() {
    let faulty = Faulty::new();
    let mut browser = Browser::new(faulty.app.clone());
    let session = browser.begin(&faulty.token);
    let code = format!("code={}", faulty.code);
    faulty.breaks(true);
    is_a_page_about_a_bug(&browser.post(&format!("{session}/desk"), &code));
    assert_eq!(faulty.app.store.subject(&subject(SUBJECT)).unwrap(), None, "nothing was recorded");
    faulty.breaks(false);
    assert_eq!(browser.post(&format!("{session}/desk"), &code).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_panic_does_not_even_end_its_connection() {
    // It did, without an answer, before panics had an end of their own.
    let faulty = Faulty::new();
    let listeners = Listeners::bind(&[Listen::Address("127.0.0.1:0".parse().unwrap())]).unwrap();
    let address = listeners.local_addresses().next().unwrap();
    let server = Server::start(&faulty.app, listeners, None, 1, Room::for_anybody(1000)).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let path = format!("/id-verification?token={}&state=x", faulty.token);
    faulty.breaks(true);
    stream.write_all(wire::get(&path, "").replace("close", "keep-alive").as_bytes()).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"</html>\n") && !answer.ends_with(b"</html>") {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).unwrap();
        assert_ne!(length, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..length]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 500 "), "{}", String::from_utf8_lossy(&answer));
    faulty.breaks(false);
    stream.write_all(wire::get(&path, "").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    server.stop();
}
