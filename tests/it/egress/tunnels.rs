//! What the proxy of `idv egress` takes from who connects to its socket.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use idv::egress::proxy::Limits;

use super::{Helper, ID, door};
use crate::support::names::NameServer;

/// Somebody at the other end of a tunnel, and the proxy that leads there.
struct Scene {
    far: TcpListener,
    helper: Helper,
}

impl Scene {
    fn new(limits: Limits) -> Self {
        let far = TcpListener::bind("127.0.0.1:0").unwrap();
        let names = NameServer::knowing(&[(ID, &["127.0.0.1"])]);
        let helper = Helper::with_limits(door(&[(ID, far.local_addr().unwrap().port())], &[ID], &names), limits);
        Self { far, helper }
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.helper.path()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    /// What is answered to `head`, up to its end.
    fn say(&self, head: &[u8]) -> String {
        let mut stream = self.connect();
        let _ = stream.write_all(head);
        let mut said = String::new();
        let _ = stream.read_to_string(&mut said);
        said
    }

    /// Both ends of a tunnel.
    fn tunnel(&self) -> (UnixStream, TcpStream) {
        let mut near = self.connect();
        let port = self.far.local_addr().unwrap().port();
        near.write_all(format!("CONNECT {ID}:{port} HTTP/1.1\r\nHost: {ID}:{port}\r\n\r\n").as_bytes()).unwrap();
        let mut head = [0; 19];
        near.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK\r\n\r\n");
        (near, self.far.accept().unwrap().0)
    }
}

#[test]
fn a_tunnel_carries_bytes_both_ways_to_the_end_of_each() {
    let scene = Scene::new(Limits::default());
    let (mut near, mut far) = scene.tunnel();
    let sent = vec![7; 1 << 20];
    let (sending, mut to_far) = (sent.clone(), near.try_clone().unwrap());
    let writer = std::thread::spawn(move || {
        to_far.write_all(&sending).unwrap();
        to_far.shutdown(std::net::Shutdown::Write).unwrap();
    });
    let mut read = Vec::new();
    far.read_to_end(&mut read).unwrap();
    writer.join().unwrap();
    assert!(read == sent);
    // The other way is still open.
    far.write_all(b"after").unwrap();
    drop(far);
    let mut back = String::new();
    near.read_to_string(&mut back).unwrap();
    assert_eq!(back, "after");
}

#[test]
fn nothing_but_connect_is_taken() {
    let scene = Scene::new(Limits::default());
    for head in ["GET / HTTP/1.1\r\n\r\n", "GET http://id.example.test/ HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n\r\n"] {
        let said = scene.say(head.as_bytes());
        assert!(said.starts_with("HTTP/1.1 405 ") && said.contains("\r\nAllow: CONNECT\r\n"), "{head}: {said}");
    }
    let long = format!("CONNECT id.example.test:443 HTTP/1.1\r\nX: {}", "a".repeat(5000));
    for head in ["\r\n\r\n", "CONNECT / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n", long.as_str()] {
        assert!(scene.say(head.as_bytes()).starts_with("HTTP/1.1 400 "), "{head}");
    }
}

#[test]
fn a_head_that_comes_too_slowly_is_given_up() {
    let scene = Scene::new(Limits { head: Duration::from_millis(300), ..Limits::default() });
    let said = scene.say(b"CONNECT id.example.test:443 HTTP/1.1\r\n");
    assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
}

#[test]
fn a_destination_that_is_not_listed_is_refused_by_a_cause_that_programs_know() {
    let said = Scene::new(Limits::default()).say(b"CONNECT other.example.test:443 HTTP/1.1\r\n\r\n");
    assert!(said.starts_with("HTTP/1.1 403 "), "{said}");
    assert!(said.contains("\r\nProxy-Status: idv-egress; error=http_request_denied\r\n"), "{said}");
}

/// Whether a tunnel ends, and after how long.
fn ends(mut near: UnixStream) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "the time limit is of the real clock")]
    let before = Instant::now();
    assert_eq!(near.read(&mut [0; 16]).unwrap_or_default(), 0);
    before.elapsed()
}

#[test]
fn a_tunnel_in_which_nothing_moves_ends() {
    let scene = Scene::new(Limits { idle: Duration::from_millis(200), ..Limits::default() });
    let (near, _far) = scene.tunnel();
    assert!(ends(near) < Duration::from_secs(5));
}

#[test]
fn a_tunnel_ends_after_its_time_however_much_moves() {
    let scene = Scene::new(Limits { total: Duration::from_millis(400), ..Limits::default() });
    let (mut near, mut far) = scene.tunnel();
    let moving = std::thread::spawn(move || {
        (0..1000).all(|_| {
            std::thread::sleep(Duration::from_millis(10));
            far.write_all(b"a").is_ok()
        })
    });
    let mut read = Vec::new();
    let _ = near.read_to_end(&mut read);
    assert!(!read.is_empty() && read.len() < 200, "{}", read.len());
    drop(near);
    assert!(!moving.join().unwrap());
}

#[test]
fn who_comes_when_there_are_too_many_waits_until_one_has_gone() {
    let scene = Scene::new(Limits { connections: 2, ..Limits::default() });
    let (first, second) = (scene.tunnel(), scene.tunnel());
    let mut third = scene.connect();
    let port = scene.far.local_addr().unwrap().port();
    third.write_all(format!("CONNECT {ID}:{port} HTTP/1.1\r\n\r\n").as_bytes()).unwrap();
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert_eq!(third.read(&mut [0; 19]).unwrap_err().kind(), ErrorKind::WouldBlock);
    drop(first);
    third.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut head = [0; 19];
    third.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK\r\n\r\n");
    drop(second);
}
