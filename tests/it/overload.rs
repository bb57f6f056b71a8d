//! More than can be served: in all, from one address, for one person.

use std::cell::Cell;
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use idv::config::listen::Listen;
use idv::ops::clock::thread_time;
use idv::server::{Room, Server, bind};
use idv::store::Store;
use idv::web::{Answer, Handled, Site, is_of_login};
use serde_json::json;
use socket2::{Domain, Socket, Type};
use tokio::io::AsyncReadExt;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::support::disk::Disk;
use crate::support::ledger::{self, Logins};
use crate::support::peer;
use crate::support::process::Installation;
use crate::support::token::{self, SUBJECT};
use crate::support::wire;
use crate::support::world::{OTHER_SECRET, OTHER_TENANT, WRONG_CODE, World, block_on, together};

#[test]
fn with_too_much_to_do_new_logins_are_told_so_and_others_go_on() {
    let world = World::new();
    let (mut early, mut late) = (world.browser(), world.browser());
    let session = early.begin(&world.token("early"));
    (early.waiting, late.waiting) = (Duration::from_millis(16), Duration::from_millis(16));
    let refused = late.start(&world.token("late"));
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), Some("5"));
    assert!(refused.body.contains("reload this page"), "{}", refused.body);
    assert!(!refused.body.contains("Reference"), "no line of the log has one");
    assert_eq!(early.get(&session).status, StatusCode::OK);
    let code = format!("code={}", world.issue());
    assert_eq!(early.post(&format!("{session}/desk"), &code).status, StatusCode::SEE_OTHER);
    // The same link, as soon as there is less to do.
    late.waiting = Duration::from_millis(15);
    late.begin(&world.token("later"));
}

#[test]
fn what_waits_for_the_store_is_work_that_waits() {
    let (logins, waiting) = (Logins::new(), Cell::new(Duration::ZERO));
    let store = Store::open_on(Disk::default(), &ledger::key()).unwrap();
    // The last of those that come together only looks.
    let come = |first: usize, last: usize| {
        let (logins, store, waiting) = (&logins, &store, &waiting);
        together((first..=last).map(move |n| async move {
            if n == last {
                waiting.set(store.waiting());
            } else {
                assert!(logins.complete(store, n).await);
            }
        }))
    };
    block_on(come(0, 500));
    assert_eq!(store.waiting(), Duration::ZERO, "nothing waits any more");
    block_on(come(500, 2500));
    // Two thousand that take a microsecond each, at the least.
    assert!(waiting.get() > Duration::from_millis(1), "{:?}", waiting.get());
    assert_eq!(store.waiting(), Duration::ZERO, "nothing waits any more");
}

#[test]
fn a_subject_starts_so_many_times_a_minute_and_others_are_not_touched() {
    let world = World::with_starts_per_subject(3);
    for n in 0..3 {
        world.browser().begin(&world.token(&format!("start-{n}")));
    }
    let refused = world.browser().start(&world.token("one-too-many"));
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert!(refused.body.contains("Wait a minute"), "{}", refused.body);
    let other = token::with(token::claims(world.now()), &json!({ "sub": "auth0|other", "jti": "other" }));
    world.browser().begin(&token::sign(&other));
    let elsewhere = token::with(token::claims(world.now()), &json!({ "iss": OTHER_TENANT, "jti": "elsewhere" }));
    let elsewhere = token::sign_raw(token::HEADER, json!(elsewhere).to_string().as_bytes(), OTHER_SECRET);
    world.browser().begin(&elsewhere);
    world.pass(Duration::from_mins(1));
    world.browser().begin(&world.token("a-minute-later"));
}

/// One login sent forms byte by byte on a hundred connections, and newcomers found no seat.
#[test]
fn a_subject_submits_so_many_forms_a_minute_whatever_becomes_of_them() {
    let world = World::with_submissions_per_subject(3);
    let mut browser = world.browser();
    let session = browser.begin(&world.token("slow"));
    let desk = format!("{session}/desk");
    for code in ["no code", WRONG_CODE, WRONG_CODE] {
        assert_eq!(browser.post(&desk, &format!("code={code}")).status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
    }
    let refused = browser.post(&desk, "code=");
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("60")));
    assert_eq!(browser.post(&format!("{session}/cancel"), "").status, StatusCode::TOO_MANY_REQUESTS);
    // In another session of the same person too.
    let mut other = world.browser();
    let elsewhere = other.begin(&world.token("other"));
    assert_eq!(other.post(&format!("{elsewhere}/cancel"), "").status, StatusCode::TOO_MANY_REQUESTS);
    world.pass(Duration::from_mins(1));
    assert_eq!(browser.post(&format!("{session}/cancel"), "").status, StatusCode::SEE_OTHER);
}

#[test]
fn whom_there_is_no_room_for_gets_a_page() {
    let world = World::new();
    for path in ["/", "/health", "/id-verification"] {
        let (head, ()) = Request::builder().uri(path).body(()).unwrap().into_parts();
        let answer = world.app.turn_away(&head);
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "5");
        assert!(answer.headers().contains_key("content-security-policy"));
        let body = block_on(answer.into_body().collect()).unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains("reload this page"), "{body:?}");
    }
}

/// Whose connection stays when others make way is told by what nobody can make up.
#[test]
fn only_an_authentic_login_is_taken_for_one() {
    let world = World::new();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("login"));
    let cookie = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let is_login = |path: &str, cookie: &str| {
        let request = Request::builder().uri(path).header("host", "idv.example.test").header("cookie", cookie);
        match world.app.handle(request.body(Full::<Bytes>::default()).unwrap(), Duration::ZERO) {
            Handled::Login(_) => true,
            Handled::Later(answer) | Handled::Slowly(answer, _) => is_of_login(&block_on(answer)),
            Handled::Now(_) | Handled::TurnedAway(_) => false,
        }
    };
    assert!(is_login(&format!("/id-verification?token={}&state=x", world.token("start")), ""));
    assert!(is_login(&session, &cookie));
    assert!(is_login(&format!("{session}/desk"), &cookie));
    let forged = token::sign_raw(token::HEADER, json!(token::claims(world.now())).to_string().as_bytes(), &[9; 32]);
    for path in ["/", "/health", "/robots.txt", "/nowhere", &session, &format!("{session}/desk"), "/id-verification"] {
        assert!(!is_login(path, ""), "{path}");
    }
    assert!(!is_login(&format!("/id-verification?token={forged}&state=x"), ""));
    assert!(!is_login("/health", &cookie));
}

/// A token that is not authentic names nobody whose starts it could use up.
#[test]
fn forged_tokens_use_up_nobodys_starts() {
    let world = World::with_starts_per_subject(3);
    for n in 0..10 {
        let claims = token::with(token::claims(world.now()), &json!({ "jti": format!("forged-{n}") }));
        let forged = token::sign_raw(token::HEADER, json!(claims).to_string().as_bytes(), &[9; 32]);
        assert_eq!(world.browser().start(&forged).status, StatusCode::UNAUTHORIZED);
    }
    world.browser().begin(&world.token("true"));
}

#[test]
fn an_address_opens_so_many_connections_a_minute_and_others_are_not_touched() {
    const LIMIT: usize = 40;
    let installation = Installation::new();
    let limited = installation.configuration().replace("connections_per_address = 0", "connections_per_address = 40");
    fs::write(installation.path("idv.toml"), limited).unwrap();
    let service = installation.serve();
    let served = || service.exchange(&wire::get("/", "")).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"));
    // A minute's worth comes back while these are opened, if the machine is slow.
    let count = (0..10 * LIMIT).take_while(|_| served()).count();
    assert!((LIMIT..2 * LIMIT).contains(&count), "{count}");
    let other = from("127.0.0.2", service.address).unwrap();
    let mut other = wire::over(other, &service.tls);
    other.write_all(wire::get("/", "").as_bytes()).unwrap();
    assert!(wire::read_to_end(&mut other).starts_with("HTTP/1.1 200"), "another address is served");
    let closed = from("127.0.0.1", service.address).and_then(|mut socket| socket.read(&mut [0]));
    assert!(closed.is_err(), "{closed:?}: it is closed before a handshake");
    let log = service.log_once("turned away");
    let line = log.lines().find(|line| line.contains("turned away")).unwrap();
    assert!(!line.contains("127.0.0"), "{line}");
}

/// When all places were held by connections at rest, newcomers waited in vain.
#[test]
fn connections_that_only_look_make_way_and_a_login_keeps_its_own() {
    // For 128 places, of which 112 are for everybody.
    const DESCRIPTORS: usize = 256;
    let installation = Installation::new();
    let service = installation.serve_with_descriptors(DESCRIPTORS, DESCRIPTORS);
    let tls = wire::client_config(&installation.certificate, &[b"http/1.1"]);
    let login = service.begin(SUBJECT, "stays");
    let page = wire::get(&login.path, &login.cookie).replace("Connection: close\r\n", "");
    peer::run(async {
        let mut person = peer::connect(service.address, &tls).await.unwrap();
        assert!(peer::ask(&mut person, &page).await.unwrap().starts_with(b"HTTP/1.1 200"));
        let mut lookers = JoinSet::new();
        for n in 0..2 * DESCRIPTORS {
            let mut looker = peer::connect(service.address, &tls).await.unwrap();
            let answer = peer::ask(&mut looker, &peer::get("/health")).await;
            assert!(answer.is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200")), "{n}");
            lookers.spawn(async move { looker.read(&mut [0]).await });
        }
        assert!(peer::ask(&mut person, &page).await.unwrap().starts_with(b"HTTP/1.1 200"), "it was not let go");
        let mut left = 0;
        while let Some(end) = lookers.try_join_next() {
            // With TLS's own farewell, which rustls tells from an end without one.
            assert_eq!(end.unwrap().unwrap(), 0, "in good manners");
            left += 1;
        }
        assert!((DESCRIPTORS..2 * DESCRIPTORS).contains(&left), "{left}");
    });
}

/// A connection to `to` from one of this machine's own addresses.
fn from(address: &str, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::new(address.parse().unwrap(), 0).into())?;
    socket.connect(&to.into())?;
    socket.set_read_timeout(Some(Duration::from_secs(20)))?;
    Ok(socket.into())
}

/// A site whose answers cost two milliseconds each.
#[derive(Default)]
struct Dear {
    refused: AtomicU64,
}

impl Site for Dear {
    fn handle<B>(self: &Arc<Self>, _: Request<B>, waiting: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        if waiting > Duration::from_millis(40) {
            self.refused.fetch_add(1, Ordering::SeqCst);
        } else {
            let end = thread_time() + Duration::from_millis(2);
            while thread_time() < end {
                std::hint::spin_loop();
            }
        }
        Handled::Now(Response::default())
    }

    fn turn_away(&self, _: &Parts) -> Answer {
        Response::default()
    }
}

#[test]
fn a_server_with_too_much_to_do_says_so_and_recovers_by_itself() {
    const CLIENTS: usize = 100;
    let site = Arc::new(Dear::default());
    let listeners = bind::Listeners::bind(&[Listen::Address("127.0.0.1:0".parse().unwrap())]).unwrap();
    let address = listeners.local_addresses().next().unwrap();
    let server = Server::start(&site, listeners, None, 1, Room::for_anybody(10_000)).unwrap();
    let is_closing = AtomicBool::new(false);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| ask_until(&is_closing, address))).collect();
        // One hundred that wait are a fifth of a second.
        let is_refusing = (0..2000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            site.refused.load(Ordering::SeqCst) > 0
        });
        is_closing.store(true, Ordering::SeqCst);
        let answers: usize = clients.into_iter().map(|client| client.join().unwrap()).sum();
        assert!(is_refusing && answers > 0);
    });
    // What was done last is measured when it is done.
    let is_served = || ask(&mut TcpStream::connect(address).unwrap()).is_ok();
    assert!((0..100).any(|_| is_served() || {
        thread::sleep(Duration::from_millis(10));
        false
    }));
    let refused = site.refused.load(Ordering::SeqCst);
    assert!((0..100).all(|_| is_served()), "nothing waits any more");
    assert_eq!(site.refused.load(Ordering::SeqCst), refused, "nothing waits any more");
    server.stop();
}

/// Asks again and again, on a new connection where one was closed, and returns how often it was answered.
fn ask_until(is_closing: &AtomicBool, address: SocketAddr) -> usize {
    let mut answers = 0;
    while !is_closing.load(Ordering::SeqCst) {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        while !is_closing.load(Ordering::SeqCst) && ask(&mut socket).is_ok() {
            answers += 1;
        }
    }
    answers
}

fn ask(socket: &mut TcpStream) -> Result<(), std::io::ErrorKind> {
    let answer = socket.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").and_then(|()| {
        let mut answer = [0; 1024];
        socket.read(&mut answer).map(|length| answer[..length].starts_with(b"HTTP/1.1 200"))
    });
    match answer {
        Ok(true) => Ok(()),
        Ok(false) => Err(std::io::ErrorKind::UnexpectedEof),
        Err(error) => Err(error.kind()),
    }
}

/// A site with quick answers, and with some that wait for another thread.
struct Waits {
    released: watch::Receiver<bool>,
    waiting: AtomicU64,
    /// Quick answers so far.
    quick: AtomicU64,
    /// Quick answers given before the last of the others.
    last: AtomicU64,
}

impl Site for Waits {
    fn handle<B>(self: &Arc<Self>, request: Request<B>, _: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        if request.uri().path() != "/waits" {
            self.quick.fetch_add(1, Ordering::SeqCst);
            return Handled::Now(Response::default());
        }
        let (site, mut released) = (self.clone(), self.released.clone());
        Handled::Later(Box::pin(async move {
            site.waiting.fetch_add(1, Ordering::SeqCst);
            let _ = released.wait_for(|released| *released).await;
            site.last.fetch_max(site.quick.load(Ordering::SeqCst), Ordering::SeqCst);
            Response::default()
        }))
    }

    fn turn_away(&self, _: &Parts) -> Answer {
        Response::default()
    }
}

#[test]
fn whoever_waits_for_another_thread_does_not_wait_behind_all_others() {
    const WAITING: usize = 400;
    const BUSY: usize = 16;
    let (release, released) = watch::channel(false);
    let counts = || AtomicU64::default();
    let site = Arc::new(Waits { released, waiting: counts(), quick: counts(), last: counts() });
    let listeners = bind::Listeners::bind(&[Listen::Address("127.0.0.1:0".parse().unwrap())]).unwrap();
    let address = listeners.local_addresses().next().unwrap();
    let server = Server::start(&site, listeners, None, 1, Room::for_anybody(10_000)).unwrap();
    let mut waiting: Vec<_> = (0..WAITING).map(|_| TcpStream::connect(address).unwrap()).collect();
    for socket in &mut waiting {
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        socket.write_all(b"GET /waits HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    }
    let is_over = AtomicBool::new(false);
    let others = thread::scope(|scope| {
        for _ in 0..BUSY {
            scope.spawn(|| keep_busy(&is_over, address));
        }
        while site.waiting.load(Ordering::SeqCst) < WAITING as u64 || site.quick.load(Ordering::SeqCst) < 10_000 {
            thread::sleep(Duration::from_millis(10));
        }
        release.send(true).unwrap();
        let before = site.quick.load(Ordering::SeqCst);
        for socket in &mut waiting {
            assert!(socket.read(&mut [0; 1024]).unwrap() > 0);
        }
        is_over.store(true, Ordering::SeqCst);
        site.last.load(Ordering::SeqCst).saturating_sub(before)
    });
    server.stop();
    // Sixteen of each connection are answered at once, and the executor takes from all connections in turn.
    assert!(others < 8 * 16 * BUSY as u64, "{others} others were answered before the last of them");
}

/// Always has more requests on its way.
fn keep_busy(is_over: &AtomicBool, address: SocketAddr) {
    let socket = TcpStream::connect(address).unwrap();
    socket.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    let requests = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    thread::scope(|scope| {
        scope.spawn(|| while (&socket).read(&mut [0; 16 * 1024]).is_ok_and(|length| length > 0) {});
        while !is_over.load(Ordering::SeqCst) && (&socket).write_all(&requests).is_ok() {}
        socket.shutdown(Shutdown::Both).unwrap();
    });
}
