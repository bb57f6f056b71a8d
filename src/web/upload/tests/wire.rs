//! Photos over connections of the real server, by both protocols.

use std::net::{Ipv4Addr, SocketAddr};

use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::*;
use crate::config::listen::Listen;
use crate::server::{Room, Server, bind, tls};
use crate::web::intake::{Intake, Watched};
use crate::web::{Handled, Progress, Site};

/// Takes photos as a page of a method does, and says how large they are.
struct Photos {
    uploads: Uploads,
    /// All that were begun, how many photos there were, and how many came at once at the most.
    intakes: Mutex<Vec<Arc<Intake>>>,
    count: AtomicUsize,
    most: AtomicUsize,
}

impl Site for Photos {
    fn handle<B>(self: &Arc<Self>, request: Request<B>, _: Duration) -> Handled
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: std::error::Error + Send + Sync,
    {
        let (parts, body) = request.into_parts();
        let Some(session) = parts.uri.path().strip_prefix('/').and_then(SessionId::parse) else {
            return Handled::Now(Answer::new(Full::from("page")));
        };
        let intake = Arc::new(Intake::new(PHOTO.pace.unwrap()));
        self.intakes.lock().unwrap().push(intake.clone());
        let (noted, site) = (intake.clone(), self.clone());
        let answer = Box::pin(async move {
            let body = pin!(body);
            let mut body = Watched::new(body, Some(&noted));
            let form = Form { parts: &parts, body: &mut body, terms: &PHOTO };
            let photo = form.photo(&site.uploads, session).await;
            let answer = site.judge(photo);
            see_out(&site.uploads, session.into(), &parts, body, &PHOTO).await;
            answer
        });
        Handled::Slowly(answer, intake)
    }

    fn turn_away(&self, _: &Parts) -> Answer {
        Answer::default()
    }
}

impl Photos {
    fn judge(&self, photo: Result<Photo, NoPhoto>) -> Answer {
        let (status, text) = match photo {
            Ok(photo) => {
                let intakes = self.intakes.lock().unwrap();
                let come = intakes.iter().filter(|intake| matches!(intake.progress(), Progress::Comes(_))).count();
                self.most.fetch_max(come + 1, Ordering::SeqCst);
                self.count.fetch_add(1, Ordering::SeqCst);
                (StatusCode::OK, photo.len().to_string())
            }
            Err(NoPhoto::TooLarge) => (StatusCode::PAYLOAD_TOO_LARGE, "the photo is too large".into()),
            Err(NoPhoto::None) => (StatusCode::BAD_REQUEST, "there is no photo".into()),
            Err(NoPhoto::Refused(refusal)) => (refusal.status(), refusal.to_string()),
        };
        let mut answer = Answer::new(Full::from(text));
        *answer.status_mut() = status;
        answer
    }
}

struct World {
    site: Arc<Photos>,
    address: SocketAddr,
    tls: [TlsConnector; 2],
    server: Option<Server>,
}

const HTTP1: usize = 0;
const HTTP2: usize = 1;

impl World {
    fn new(uploads: Uploads) -> Self {
        let place = Listen::Address(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let listeners = bind::Listeners::bind(&[place]).unwrap();
        let address = listeners.local_addresses().next().unwrap();
        let certified = tls::self_signed("localhost").unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(certified.cert[0].clone()).unwrap();
        let connector = |protocol: &[u8]| {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            let mut config = config.with_root_certificates(roots.clone()).with_no_client_auth();
            config.alpn_protocols = vec![protocol.to_vec()];
            TlsConnector::from(Arc::new(config))
        };
        let tls = [connector(b"http/1.1"), connector(b"h2")];
        let (count, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let site = Arc::new(Photos { uploads, intakes: Mutex::default(), count, most });
        let config = tls::server_config(tls::Certificate::new(certified));
        let server = Server::start(&site, listeners, Some(&config), 2, Room::for_anybody(4096)).unwrap();
        Self { site, address, tls, server: Some(server) }
    }

    async fn connect(&self, protocol: usize) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        self.tls[protocol].connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap()
    }

    /// What is answered to a photo of `body`, by either protocol.
    async fn send(&self, protocol: usize, of: u8, body: Pieces) -> hyper::Result<(StatusCode, String)> {
        let mut request = Request::post(format!("https://localhost/{}", session(of)))
            .header("host", "localhost")
            .header("content-type", "multipart/form-data; boundary=b");
        if let Some(length) = body.length {
            request = request.header("content-length", length);
        }
        let request = request.body(body).unwrap();
        let stream = TokioIo::new(self.connect(protocol).await);
        let answer = if protocol == HTTP1 {
            let (mut sender, connection) = http1::handshake(stream).await?;
            tokio::spawn(connection);
            sender.send_request(request).await?
        } else {
            let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await?;
            tokio::spawn(connection);
            sender.send_request(request).await?
        };
        read(answer).await
    }

    /// Until everything is free again.
    async fn rest(&self) {
        for _ in 0..1000 {
            let shared = &self.site.uploads.0;
            if shared.senders.lock().unwrap().is_empty() && shared.room.available_permits() == ROOM {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("room or a place is still taken");
    }

    /// What is answered to `bytes`, to the end of the connection.
    async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect(HTTP1).await;
        let _ = stream.write_all(bytes).await;
        // TLS holds back what the socket had no room for, and nothing that reads would send it.
        let _ = stream.flush().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }
}

async fn read(answer: Response<Incoming>) -> hyper::Result<(StatusCode, String)> {
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

fn post(of: u8, fields: &str) -> String {
    format!(
        "POST /{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n{fields}\r\n",
        session(of)
    )
}

#[test]
fn a_photo_comes_whole_by_both_protocols() {
    let world = World::new(Uploads::default());
    let whole = form(3 * MEBIBYTE);
    let photo = (StatusCode::OK, (whole.len() - BEFORE.len() - AFTER.len()).to_string());
    run(async {
        for protocol in [HTTP1, HTTP2] {
            for body in [Pieces::whole(&whole), Pieces::chunked(&whole)] {
                assert_eq!(world.send(protocol, 1, body).await.unwrap(), photo, "{protocol}");
            }
        }
    });
}

#[test]
fn a_photo_that_breaks_off_anywhere_is_none_and_the_next_try_is_one() {
    let world = World::new(Uploads::default());
    let whole = form(MEBIBYTE);
    run(async {
        for tenth in 0..10 {
            let part = whole.slice(..tenth * whole.len() / 10);
            let broken = || Pieces { length: Some(whole.len() as u64), ..Pieces::whole(&part).broken() };
            assert!(world.send(HTTP1, 1, broken()).await.is_err(), "{tenth}");
            assert!(world.send(HTTP2, 1, broken()).await.is_err(), "{tenth}");
            // The other side goes without a word.
            let mut stream = world.connect(HTTP1).await;
            let head = post(1, &format!("Content-Length: {}\r\n", whole.len()));
            stream.write_all(&[head.as_bytes(), &part].concat()).await.unwrap();
            drop(stream);
            world.rest().await;
        }
        assert_eq!(world.site.count.load(Ordering::SeqCst), 0);
        for protocol in [HTTP1, HTTP2] {
            assert_eq!(world.send(protocol, 1, Pieces::whole(&whole)).await.unwrap().0, StatusCode::OK);
        }
    });
}

/// Browsers show a connection error in the place of an answer that comes while they are sending.
#[test]
fn a_photo_that_is_too_large_is_answered_when_it_was_sent() {
    let world = World::new(Uploads::default());
    run(async {
        for protocol in [HTTP1, HTTP2] {
            let body = Pieces::whole(&form(PHOTO.body_limit + 1));
            let sent = body.taken.clone();
            let answer = world.send(protocol, 1, body).await.unwrap();
            assert_eq!(answer, (StatusCode::PAYLOAD_TOO_LARGE, "the photo is too large".into()));
            assert_eq!(sent.load(Ordering::Relaxed), PHOTO.body_limit + 1, "{protocol}");
        }
        assert_eq!(world.site.uploads.0.room.available_permits(), ROOM);
    });
}

#[test]
fn after_a_photo_that_was_too_large_the_connection_goes_on() {
    let world = World::new(Uploads::default());
    let head = post(1, &format!("Content-Length: {}\r\n", PHOTO.body_limit + 1));
    let next = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let bytes = [head.as_bytes(), &form(PHOTO.body_limit + 1), next.as_bytes()].concat();
    let answers = run(world.exchange(&bytes));
    assert!(answers.starts_with("HTTP/1.1 413") && answers.ends_with("page"), "{answers}");
    assert_eq!(answers.matches("HTTP/1.1").count(), 2, "{answers}");
}

/// Nothing of a body is ever taken for a request.
#[test]
fn what_is_far_too_large_is_answered_at_once_and_ends_the_connection() {
    let world = World::new(Uploads::default());
    let smuggled = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100);
    let lengths = ["Content-Length: 33554433\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"];
    for (fields, status) in lengths.into_iter().zip(["413", "400"]) {
        let answer = run(world.exchange(&[post(1, fields).as_bytes(), smuggled.as_bytes()].concat()));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    }
}

#[test]
fn whoever_asks_before_sending_is_told_to_when_there_is_room() {
    let world = World::new(Uploads::default());
    let whole = form(1000);
    let ask = |length| post(1, &format!("Content-Length: {length}\r\nExpect: 100-continue\r\n"));
    run(async {
        let mut stream = world.connect(HTTP1).await;
        let mut told = [0; 25];
        let all = world.site.uploads.admit(session(2).into(), ROOM).await.unwrap();
        stream.write_all(ask(whole.len()).as_bytes()).await.unwrap();
        let early = timeout(Duration::from_millis(50), stream.read_exact(&mut told)).await;
        assert!(early.is_err(), "{}", String::from_utf8_lossy(&told));
        drop(all);
        stream.read_exact(&mut told).await.unwrap();
        assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(&whole).await.unwrap();
        stream.read_exact(&mut told).await.unwrap();
        assert!(told.starts_with(b"HTTP/1.1 200"));
        let answer = world.exchange(ask(PHOTO.body_limit + 1).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "nothing is sent in vain: {answer}");
    });
}

/// A tenth of what it is for: 250 MB at once, of which the memory holds 96 MiB.
#[test]
fn fifty_at_once_are_all_answered_and_a_part_of_them_is_held() {
    let world = Arc::new(World::new(Uploads::of(ROOM / 10, PATIENCE)));
    let whole = form(500_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for of in 0..50 {
            let (world, body) = (world.clone(), Pieces::whole(&whole));
            tasks.spawn(async move { world.send(usize::from(of) % 2, of, body).await.unwrap().0 });
        }
        let answers = tasks.join_all().await;
        assert!(answers.iter().all(|status| *status == StatusCode::OK), "{answers:?}");
    });
    let most = world.site.most.load(Ordering::SeqCst);
    assert!((2..=20).contains(&most), "{most}");
}

/// Twenty that declare as much as there may be, and send nothing.
#[test]
fn slow_senders_hold_up_nobody_but_themselves() {
    let patience = Patience { grace: Duration::from_millis(30), look: Duration::from_millis(10), ..PATIENCE };
    let world = World::new(Uploads::of(ROOM, patience));
    run(async {
        let mut slow = Vec::new();
        for of in 0..20 {
            let mut stream = world.connect(HTTP1).await;
            let head = post(of, &format!("Content-Length: {}\r\n", PHOTO.body_limit));
            stream.write_all(head.as_bytes()).await.unwrap();
            slow.push(stream);
        }
        for of in 100..110 {
            let answer = world.send(usize::from(of) % 2, of, Pieces::whole(&form(1000))).await.unwrap();
            assert_eq!(answer.0, StatusCode::OK, "{of}");
        }
    });
}
