//! Sockets and TLS, by the real binary: protocols, limits, drain.

use std::io::{Read, Write};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::support::process::Installation;
use crate::support::token::{SUBJECT, TENANT};
use crate::support::wire::{self, HOST, client_config};

#[test]
fn http2_is_spoken_where_the_client_offers_it() {
    let installation = Installation::new();
    let service = installation.serve();
    let config = client_config(&installation.certificate, &[b"h2", b"http/1.1"]);
    let mut wire = wire::connect(service.address, &config).unwrap();
    // The preface and an empty SETTINGS frame (RFC 9113 §3.4); the server's own SETTINGS comes first.
    wire.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut frame = [0; 9];
    wire.read_exact(&mut frame).unwrap();
    assert_eq!(wire.conn.alpn_protocol(), Some(&b"h2"[..]));
    assert_eq!(frame[3], 4, "SETTINGS");
}

#[test]
fn tls_1_2_and_1_3_are_spoken_with_aes_128_first() {
    let installation = Installation::new();
    let service = installation.serve();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(installation.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider).with_protocol_versions(&[version]).unwrap();
        let config = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
        let mut wire = wire::connect(service.address, &config).unwrap();
        wire.write_all(wire::get("/", "").as_bytes()).unwrap();
        assert!(wire::read_to_end(&mut wire).starts_with("HTTP/1.1 200"));
        let suite = format!("{:?}", wire.conn.negotiated_cipher_suite().unwrap().suite());
        assert!(suite.contains("AES_128_GCM_SHA256"), "{suite}");
    }
}

#[test]
fn plain_http_on_the_tls_port_gets_no_answer() {
    let installation = Installation::new();
    let service = installation.serve();
    let mut stream = std::net::TcpStream::connect(service.address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));
}

#[test]
fn requests_that_proxies_disagree_about_are_refused_and_end_the_connection() {
    let installation = Installation::new();
    let service = installation.serve();
    let next = format!("GET /health HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
    for request in [
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nHost: evil.example\r\n\r\n"),
        format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"),
        format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: -1\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nX: {}\r\n\r\n", "x".repeat(70_000)),
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        format!("GET /\u{1} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
    ] {
        let answer = service.exchange(&format!("{request}{next}")).unwrap();
        let status: u16 = answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(400);
        assert!((400..500).contains(&status), "{}: {answer}", &request[..request.len().min(120)]);
    }
}

#[test]
fn requests_under_way_finish_when_the_service_stops() {
    let installation = Installation::new();
    let mut service = installation.serve();
    let login = service.begin(SUBJECT, "drain");
    let request = wire::post(&format!("{}/cancel", login.path), &login.cookie, "x=1");
    let (head, body) = request.split_at(request.len() - 3);
    let mut wire = wire::connect(service.address, &service.tls).unwrap();
    wire.write_all(head.replace("/cancel", "/desk").as_bytes()).unwrap();
    wire.flush().unwrap();
    // The request has been read when another one on a later connection was answered.
    service.exchange(&wire::get("/health", "")).unwrap();
    service.signal("TERM");
    service.log_once("draining");
    wire.write_all(body.as_bytes()).unwrap();
    let answer = wire::read_to_end(&mut wire);
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(service.child.wait().unwrap().success());
    assert!(wire::exchange(service.address, &service.tls, &wire::get("/", "")).is_err());
}

/// Jobs that renew certificates send it. It ended the service without its drain.
#[test]
fn sighup_ends_nothing_and_is_told() {
    for (credentials, told) in [(true, "SIGHUP is ignored"), (false, "nothing changed")] {
        let installation = Installation::new();
        let mut command = installation.idv(&["serve"]);
        if credentials {
            command.env("CREDENTIALS_DIRECTORY", installation.directory.path());
        }
        let mut service = installation.serve_by(command);
        let login = service.begin(SUBJECT, "hangup");
        service.signal("HUP");
        service.log_once(told);
        assert!(service.submit(&login, "cancel", "").unwrap().starts_with("HTTP/1.1 303"));
        assert!(!service.log().contains("draining"));
        service.signal("TERM");
        assert!(service.child.wait().unwrap().success(), "it still drains when it is told to end");
    }
}

#[test]
fn descriptors_are_raised_to_the_hard_limit_and_places_are_no_more_than_they_allow() {
    let installation = Installation::new();
    for (hard, places) in [(4096, 3584), (200, 100)] {
        let service = installation.serve_with_descriptors(64, hard);
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", service.child.id())).unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
        assert_eq!(line.split_whitespace().nth(3), Some(hard.to_string().as_str()), "{line}");
        assert!(service.log().contains(&format!("\"connections\":{places}")), "{}", service.log());
    }
}

/// One that could not be accepted ended the service, without its drain.
#[test]
fn operators_who_take_all_descriptors_do_not_end_the_service() {
    let installation = Installation::new();
    let mut service = installation.serve_with_descriptors(80, 80);
    let socket = installation.path("control.sock");
    // Some wait with the kernel.
    let held: Vec<_> = (0..200).map(|_| std::os::unix::net::UnixStream::connect(&socket).unwrap()).collect();
    service.log_once("a control connection was not accepted");
    drop(held);
    assert!(service.exchange(&wire::get("/health", "")).unwrap().starts_with("HTTP/1.1 200"));
    let listed = installation.command(&["subject", "list", "--tenant", TENANT]);
    assert!(listed.status.success(), "{listed:?}");
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
}

/// A member of the group could open them until none was left for logins, and each took the room of a request.
#[test]
fn whoever_is_not_root_has_so_many_control_connections_at_once_and_root_is_heard_beside_them() {
    let uid = if rustix::process::geteuid().is_root() { 1 } else { rustix::process::geteuid().as_raw() };
    let installation = Installation::new();
    let service = installation.serve();
    let socket = installation.path("control.sock");
    let open = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    };
    open(installation.directory.path(), 0o755);
    open(&socket, 0o666);
    let flood = "import socket, sys
held = [socket.socket(socket.AF_UNIX) for _ in range(100)]
for one in held: one.connect(sys.argv[1])
answers = [one.recv(200) for one in held[64:]]
print(len(answers), all(b'too many ask at once' in answer for answer in answers), flush=True)
sys.stdin.read()";
    let mut command = std::process::Command::new("python3");
    std::os::unix::process::CommandExt::uid(&mut command, uid);
    command.args(["-c", flood]).arg(&socket).stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut flooding = command.spawn().unwrap();
    let mut told = [0; 8];
    flooding.stdout.as_mut().unwrap().read_exact(&mut told).unwrap();
    assert_eq!(&told, b"36 True\n");
    assert!(service.exchange(&wire::get("/health", "")).unwrap().starts_with("HTTP/1.1 200"));
    if rustix::process::geteuid().is_root() {
        let listed = installation.command(&["subject", "list", "--tenant", TENANT]);
        assert!(listed.status.success(), "{listed:?}");
    }
    drop(flooding.stdin.take());
    assert!(flooding.wait().unwrap().success());
    // Their seats are free again.
    let freed = (0..500).any(|_| {
        thread::sleep(Duration::from_millis(10));
        installation.command(&["subject", "list", "--tenant", TENANT]).status.success()
    });
    assert!(freed);
}

#[test]
fn a_unix_socket_serves_plain_http_for_a_proxy() {
    let installation = Installation::new();
    let socket = installation.path("http.sock");
    let listen = format!("listen = [\"127.0.0.1:0\", \"unix:{}\"]", socket.display());
    let text = installation.configuration().replace("listen = [\"127.0.0.1:0\"]", &listen);
    let text = text.lines().filter(|line| {
        !line.starts_with("[server.tls]") && !line.starts_with("certificate") && !line.starts_with("private_key")
    });
    std::fs::write(installation.path("idv.toml"), text.collect::<Vec<_>>().join("\n")).unwrap();
    let _service = installation.serve();
    let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
    stream.write_all(wire::get("/health", "").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ready\n"), "{answer}");
}

#[test]
fn a_second_service_does_not_take_the_first_ones_place() {
    let installation = Installation::new();
    let _service = installation.serve();
    let second = installation.command(&["serve"]);
    assert!(!second.status.success());
    assert!(installation.command(&["subject", "list", "--tenant", TENANT]).status.success(), "the first still answers");
}

#[test]
fn the_reference_on_a_page_finds_its_cause_in_the_log_and_nothing_of_the_request() {
    let installation = Installation::new();
    let service = installation.serve();
    let path = "/id-verification?token=hostile-token.x.y&state=hostile-state";
    let answer = service.exchange(&wire::get(path, "hostile-cookie=1")).unwrap();
    let (_, rest) = answer.split_once("<code dir=\"ltr\">").unwrap();
    let reference = rest.split_once("</code>").unwrap().0.to_owned();
    // The line is written before the page is sent, and read by another thread of this test.
    let line = (0..200).find_map(|_| {
        thread::sleep(Duration::from_millis(10));
        service.log().lines().find(|line| line.contains(&reference)).map(str::to_owned)
    });
    let line = line.expect("a line with the reference");
    assert!(line.contains("the token is malformed") && line.contains("\"status\":400"), "{line}");
    assert!(!service.log().contains("hostile"), "{}", service.log());
}

#[test]
fn a_service_with_nothing_to_do_ends_as_soon_as_it_is_told() {
    let installation = Installation::new();
    let mut service = installation.serve();
    assert!(service.exchange(&wire::get("/", "")).unwrap().starts_with("HTTP/1.1 200"));
    #[expect(clippy::disallowed_methods, reason = "whether it waits for the end of the drain")]
    let told = std::time::Instant::now();
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
    assert!(told.elapsed() < idv::server::DRAIN / 2, "{:?}", told.elapsed());
}
