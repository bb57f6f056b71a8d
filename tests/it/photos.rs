//! Bodies as large as photos, on their way through the real server and what stands in front of it: as the doctor sends one to
//! `/.well-known/idv-doctor/WORD`.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use hyper::StatusCode;
use idv::config::listen::Listen;
use idv::egress::{Ask, Destinations, Door, Egress, Trust, Url, Way};
use idv::server::{Room, Server, bind, tls};
use rustls::ClientConfig;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

use crate::support::applicant::rules;
use crate::support::http2::{
    self, ACK, DATA, END_HEADERS, END_STREAM, HEADERS, SETTINGS, WINDOW_UPDATE, block, frame, literal,
};
use crate::support::peer;
use crate::support::wire::{self, HOST};
use crate::support::world::World;

const MEBIBYTE: usize = 1024 * 1024;
const LIMIT: usize = 12 * MEBIBYTE;

/// A service, and a word that it waits for.
struct Scene {
    path: String,
    address: SocketAddr,
    server: Option<Server>,
}

impl Scene {
    /// In plain HTTP, as behind a proxy.
    fn plain() -> Self {
        Self::new(None)
    }

    fn new(tls: Option<&Arc<rustls::ServerConfig>>) -> Self {
        Self::of(&World::new(), tls)
    }

    fn of(world: &World, tls: Option<&Arc<rustls::ServerConfig>>) -> Self {
        let appointment = world.app.presence.appoint(world.app.clock.now());
        let listeners = bind::Listeners::bind(&[Listen::Address("127.0.0.1:0".parse().unwrap())]).unwrap();
        let address = listeners.local_addresses().next().unwrap();
        let server = Server::start(&world.app, listeners, tls, 1, Room::for_anybody(1024)).unwrap();
        Self { path: format!("/.well-known/idv-doctor/{}", appointment.word), address, server: Some(server) }
    }

    fn with_tls() -> (Self, Arc<ClientConfig>) {
        let certified = tls::self_signed(HOST).unwrap();
        let client = wire::client_config(&certified.cert[0], &[b"h2"]);
        (Self::new(Some(&tls::server_config(tls::Certificate::new(certified)))), client)
    }

    /// The head of a body with `fields`.
    fn head(&self, fields: &str) -> String {
        format!("POST {} HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n", self.path)
    }

    /// What is answered to a body of such a length at `address`, to the end of the connection.
    fn send_to(&self, address: SocketAddr, length: usize) -> String {
        let head = self.head(&format!("Content-Length: {length}\r\nConnection: close\r\n"));
        exchange(address, &[head.as_bytes(), &vec![0; length]].concat())
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }
}

/// Whoever has no session holds a connection no longer by what they say that they will send.
#[test]
fn a_photo_for_nobodys_session_is_refused_before_it_comes() {
    let scene = Scene::of(&World::with_document(rules()), None);
    for (step, length) in [("document/front", MEBIBYTE), ("document/selfie", 32 * MEBIBYTE)] {
        let head = format!(
            "POST /session/{}/{step} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: multipart/form-data; boundary=x\r\n\
             Content-Length: {length}\r\n\r\n",
            "A".repeat(22)
        );
        let answer = exchange(scene.address, head.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400 "), "{step}: {answer}");
    }
}

/// What comes back for `bytes`, sent as far as they are taken.
fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[test]
fn a_body_is_weighed_as_long_as_its_word_waits() {
    let world = World::new();
    let path = |word: &str| format!("/.well-known/idv-doctor/{word}");
    let waiting = world.app.presence.appoint(world.app.clock.now()).word;
    let mut browser = world.browser();
    for length in [0, 1, 2 * MEBIBYTE] {
        let page = browser.post(&path(&waiting), &"x".repeat(length));
        assert_eq!((page.status, page.body), (StatusCode::OK, length.to_string()));
    }
    assert_eq!(browser.get(&path(&waiting)).status, StatusCode::OK, "nothing of it uses up the word");
    assert_eq!(browser.post(&path(&waiting), "x").status, StatusCode::NOT_FOUND);
    let late = world.app.presence.appoint(world.app.clock.now()).word;
    world.pass(Duration::from_mins(1));
    for word in [late.as_str(), "word", &"0".repeat(32)] {
        assert_eq!(browser.post(&path(word), "x").status, StatusCode::NOT_FOUND, "{word}");
    }
}

#[test]
fn a_body_may_have_what_a_photo_has_and_no_byte_more() {
    let scene = Scene::plain();
    assert_eq!(body(&scene.send_to(scene.address, LIMIT)), LIMIT.to_string());
    assert!(scene.send_to(scene.address, LIMIT + 1).starts_with("HTTP/1.1 413"));
}

#[test]
fn a_body_in_chunks_arrives_and_ends_the_connection() {
    let scene = Scene::plain();
    let chunk = [format!("{MEBIBYTE:x}\r\n").as_bytes(), &vec![0; MEBIBYTE], b"\r\n"].concat();
    let request = [scene.head("Transfer-Encoding: chunked\r\n").into_bytes(), chunk.repeat(2), b"0\r\n\r\n".to_vec()];
    let next = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let answer = exchange(scene.address, &[request.concat(), next.into_bytes()].concat());
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert_eq!(body(&answer), (2 * MEBIBYTE).to_string(), "and nothing after it");
}

/// A photo of a megabyte took sixty-four round trips.
#[test]
fn on_http2_a_photo_comes_by_sixty_four_kibibytes_for_each_round_trip() {
    let (scene, tls) = Scene::with_tls();
    let round_trips = peer::run(async {
        let mut peer = peer::connect(scene.address, &tls).await.unwrap();
        let length = MEBIBYTE.to_string();
        let head = [block("POST", &scene.path), literal("content-length", length.as_bytes())].concat();
        let begun =
            [http2::beginning(&[]), frame(SETTINGS, ACK, 0, &[]), frame(HEADERS, END_HEADERS, 1, &head)].concat();
        peer.write_all(&begun).await.unwrap();
        // By RFC 9113 §6.9.2, until the other side says otherwise.
        let (mut of_stream, mut of_connection, mut left, mut round_trips) = (65_535, 65_535, MEBIBYTE, 0);
        while left > 0 {
            round_trips += 1;
            let mut all = Vec::new();
            while left > 0 && of_stream.min(of_connection) > 0 {
                let count = left.min(of_stream).min(of_connection).min(16_384);
                left -= count;
                of_stream -= count;
                of_connection -= count;
                all.extend(frame(DATA, if left == 0 { END_STREAM } else { 0 }, 1, &vec![0; count]));
            }
            peer.write_all(&all).await.unwrap();
            // What it lets us send more, all of it.
            while left > 0 && of_stream.min(of_connection) < 65_535 / 2 {
                let frame = http2::read(&mut peer).await.unwrap();
                let increment = |payload: &[u8]| u32::from_be_bytes(payload.try_into().unwrap()) as usize;
                match (frame.kind, frame.stream) {
                    (SETTINGS, 0) if frame.flags & ACK == 0 => {
                        for setting in frame.payload.chunks(6).filter(|setting| setting[..2] == [0, 4]) {
                            of_stream = of_stream + increment(&setting[2..]) - 65_535;
                        }
                    }
                    (WINDOW_UPDATE, 0) => of_connection += increment(&frame.payload),
                    (WINDOW_UPDATE, _) => of_stream += increment(&frame.payload),
                    (HEADERS, _) => panic!("it is answered early"),
                    _ => {}
                }
            }
        }
        round_trips
    });
    assert!((16..=33).contains(&round_trips), "{round_trips}");
}

/// nginx, gone with this.
struct Nginx {
    child: Child,
    address: SocketAddr,
    _directory: TempDir,
}

impl Nginx {
    /// In front of `upstream`, with `lines` in its server. None where it is not installed.
    fn start(upstream: SocketAddr, lines: &str) -> Option<Self> {
        let directory = TempDir::new().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let at = directory.path().display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {at}/{kind};"))
            .join(" ");
        let configuration = format!(
            "daemon off; master_process off; pid {at}/pid; error_log stderr crit; events {{}}\n\
             http {{ access_log off; {temporary}\n\
             server {{ listen {address}; {lines}\nlocation / {{ proxy_pass http://{upstream}; \
             proxy_http_version 1.1; proxy_set_header Host $host; }} }} }}"
        );
        let file = directory.path().join("nginx.conf");
        fs::write(&file, configuration).unwrap();
        let mut command = Command::new("nginx");
        command.args(["-e", "stderr", "-p"]).arg(directory.path()).arg("-c").arg(&file).stdin(Stdio::null());
        let child = match command.spawn() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("not tried: there is no nginx here");
                return None;
            }
            child => child.unwrap(),
        };
        let nginx = Self { child, address, _directory: directory };
        let listens = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(50));
            TcpStream::connect(address).is_ok()
        });
        assert!(listens);
        Some(nginx)
    }

    /// Whether it has a part of a body in a file; such a file has no name any more.
    fn keeps_one(&self) -> bool {
        let open = fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().flatten();
        let mut files = open.filter_map(|open| fs::read_link(open.path()).ok());
        files.any(|file| file.to_string_lossy().contains("/client_body/"))
    }

    /// Sends the half of a photo, and looks whether that comes to lie in a file; then the rest.
    fn keeps(&self, scene: &Scene) -> bool {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let head = scene.head(&format!("Content-Length: {LIMIT}\r\nConnection: close\r\n"));
        stream.write_all(&[head.as_bytes(), &vec![0; LIMIT / 2]].concat()).unwrap();
        let keeps = (0..20).any(|_| {
            thread::sleep(Duration::from_millis(10));
            self.keeps_one()
        });
        stream.write_all(&vec![0; LIMIT / 2]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(body(&answer), LIMIT.to_string());
        keeps
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn nginx_that_was_told_nothing_stops_a_photo_with_a_page_of_its_own() {
    let scene = Scene::plain();
    let Some(nginx) = Nginx::start(scene.address, "") else { return };
    let answer = scene.send_to(nginx.address, 2 * MEBIBYTE);
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("<center>nginx"), "{answer}");
    // The doctor sees it too, who is still sending when it is answered.
    let url = Url::parse_with_loopback(&format!("http://{}{}", nginx.address, scene.path)).unwrap();
    let door = Door::open(Destinations::anywhere(std::slice::from_ref(&url))).unwrap();
    let egress = Egress::new(Way::Direct(door), Trust::of_system().unwrap());
    let ask = || egress.ask(Ask::post(url.clone(), "application/octet-stream", vec![0; 2 * MEBIBYTE]));
    let statuses: Vec<_> = (0..20).map(|_| peer::run(ask()).map(|reply| reply.status)).collect();
    assert!(statuses.iter().all(|status| *status == Ok(413)), "{statuses:?}");
}

#[test]
fn nginx_as_it_is_shipped_lets_photos_pass_and_keeps_none() {
    let shipped = include_str!("../../systemd/behind-a-proxy/nginx.conf");
    let lines = shipped.lines().filter(|line| line.contains("client_max_body_size") || line.contains("buffering"));
    let scene = Scene::plain();
    let Some(nginx) = Nginx::start(scene.address, &lines.collect::<String>()) else { return };
    assert_eq!(body(&scene.send_to(nginx.address, LIMIT)), LIMIT.to_string());
    let too_large = scene.send_to(nginx.address, LIMIT + 1);
    assert!(too_large.starts_with("HTTP/1.1 413") && !too_large.contains("<center>nginx"), "the page is ours");
    assert!(!nginx.keeps(&scene));
    let buffering = Nginx::start(scene.address, "client_max_body_size 32m;").unwrap();
    assert!(buffering.keeps(&scene), "or it would not be seen");
}
