//! What is taken for an answer, and what is given up.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use idv::egress::{
    Ask, Destinations, Door, Egress, Method, Names, Onward, Patience, Reply, Trust, Unreached, Url, Way,
};
use idv::verification::time::Timestamp;
use tokio::task::JoinHandle;

use super::{ID, Provider, answer, each_way, egress, get, runtime};
use crate::support::internet;
use crate::support::names::NameServer;

const LIMIT: usize = 64 * 1024;

/// Answers without TLS with what `answer` makes of the first bytes.
pub(super) fn plainly(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = [0; 4096];
            let length = stream.read(&mut head).unwrap_or_default();
            let _ = stream.write_all(&answer(&head[..length]));
        }
    });
    address
}

#[test]
fn an_answer_has_its_status_its_type_its_age_its_clock_and_its_body() {
    let headers = "Content-Type: application/json;charset=utf-8\r\nCache-Control: max-age=60\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let provider = Provider::answering(move |path| answer("404 Not Found", headers, path));
    provider.asked("/a?b=c", |by, asked| {
        let reply = asked.unwrap();
        assert_eq!((reply.status, reply.content_type.as_deref()), (404, Some("application/json")), "{by}");
        assert_eq!(reply.max_age, Some(Duration::from_mins(1)));
        assert_eq!((reply.date, &reply.body[..]), (Some(Timestamp::from_unix(784_111_777)), &b"/a?b=c"[..]));
    });
}

#[test]
fn a_redirect_is_an_answer_and_nobody_follows_it() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let provider = Provider::answering(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        answer("302 Found", "Location: /elsewhere\r\n", "")
    });
    provider.asked("/", |by, asked| assert_eq!(asked.unwrap().status, 302, "{by}"));
    assert_eq!(count.load(Ordering::Relaxed), 2, "once by each way");
}

#[test]
fn a_body_is_read_up_to_its_limit_and_not_a_byte_beyond() {
    let provider = Provider::answering(|path| {
        let body = "a".repeat(path[2..].parse().unwrap());
        match &path[..2] {
            "/l" => answer("200 OK", "", &body),
            "/c" => {
                format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
            }
            _ => format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}"),
        }
    });
    for kind in ["l", "c", "e"] {
        provider.asked(&format!("/{kind}{LIMIT}"), |by, asked| {
            assert_eq!(asked.unwrap().body.len(), LIMIT, "{by}: {kind}");
        });
        for length in [LIMIT + 1, 10 * LIMIT] {
            provider.asked(&format!("/{kind}{length}"), |by, asked| {
                assert_eq!(asked, Err(Unreached::TooLong { status: 200 }), "{by}: {kind}{length}");
            });
        }
    }
}

#[test]
fn what_is_no_answer_of_http_is_told() {
    let provider = Provider::answering(|path| match path {
        "/noise" => "\u{1}\u{2}\u{3}\r\n\r\n".into(),
        "/status" => "HTTP/1.1 abc\r\n\r\n".into(),
        "/head" => format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(100_000)),
        "/headers" => format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(200)),
        _ => "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n".into(),
    });
    for path in ["/noise", "/status", "/head", "/headers", "/length"] {
        provider.asked(path, |by, asked| assert_eq!(asked, Err(Unreached::Malformed), "{by}: {path}"));
    }
}

#[test]
fn an_answer_that_breaks_off_is_none() {
    let provider = Provider::answering(|path| match path {
        "/nothing" => String::new(),
        "/head" => "HTTP/1.1 200 OK\r\nContent-".into(),
        "/body" => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthe".into(),
        _ => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nthe".into(),
    });
    for path in ["/nothing", "/head", "/body", "/chunk"] {
        provider.asked(path, |by, asked| assert_eq!(asked, Err(Unreached::BrokenOff), "{by}: {path}"));
    }
}

/// Who is on the way can end a connection, and must not decide where an answer does.
#[test]
fn an_answer_whose_end_is_that_of_the_connection_is_whole_only_if_its_sender_says_so() {
    let certified = internet::certificate(&[ID], 2020, 2090);
    let address = internet::serve_and_break_off(&certified, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":1}");
    let provider = Provider { certified, address, names: NameServer::knowing(&[(ID, &["127.0.0.1"])]) };
    provider.asked("/", |by, asked| assert_eq!(asked, Err(Unreached::BrokenOff), "{by}"));
}

/// What is waited for, and how little of it is waited.
fn hasty(way: Way, provider: &Provider) -> Egress {
    let patience = Patience { connect: Duration::from_secs(3), total: Duration::from_millis(600) };
    Egress::with_patience(way, Trust::of_pem(provider.certified.cert.pem().as_bytes()).unwrap(), patience)
}

#[test]
fn an_answer_that_comes_byte_by_byte_or_not_at_all_is_given_up_in_time() {
    let certified = internet::certificate(&[ID], 2020, 2090);
    let address = internet::serve_slowly(&certified, Duration::from_millis(50));
    let provider = Provider { certified, address, names: NameServer::knowing(&[(ID, &["127.0.0.1"])]) };
    each_way(&provider.door(), |by, way| {
        #[expect(clippy::disallowed_methods, reason = "the time limit is of the real clock")]
        let before = Instant::now();
        assert_eq!(get(&hasty(way, &provider), &provider.url("/")), Err(Unreached::AnsweredTooLate), "{by}");
        assert!(before.elapsed() < Duration::from_secs(2), "{by}: {:?}", before.elapsed());
    });
}

#[test]
fn the_request_is_what_was_asked_and_says_who_asks() {
    let certified = internet::certificate(&[ID], 2020, 2090);
    let (heads, seen) = mpsc::channel();
    let heads = Mutex::new(heads);
    let address = internet::serve_whole(&certified, move |head| {
        heads.lock().unwrap().send(head.to_owned()).unwrap();
        answer("200 OK", "", "")
    });
    let provider = Provider { certified, address, names: NameServer::knowing(&[(ID, &["127.0.0.1"])]) };
    let egress = egress(Way::Direct(provider.door()), &provider.certified);
    let url = Url::parse(&provider.url("/token?a=b")).unwrap();
    runtime().block_on(egress.ask(Ask::post(url, "application/x-www-form-urlencoded", "code=1"))).unwrap();
    let head = seen.recv().unwrap();
    assert!(head.starts_with("POST /token?a=b HTTP/1.1\r\n"), "{head}");
    for line in [
        format!("host: {ID}:{}", provider.address.port()),
        format!("user-agent: idv/{}", env!("CARGO_PKG_VERSION")),
        "content-type: application/x-www-form-urlencoded".into(),
        "content-length: 6".into(),
        "connection: close".into(),
    ] {
        assert_eq!(head.lines().filter(|stands| **stands == line).count(), 1, "{line} in {head}");
    }
}

/// A provider that answers nobody until it is told to, and how many have asked it.
struct Gate {
    provider: Provider,
    open: Arc<(Mutex<bool>, Condvar)>,
    count: Arc<AtomicUsize>,
}

impl Gate {
    fn new() -> Self {
        let (open, count) = (Arc::new((Mutex::new(false), Condvar::new())), Arc::new(AtomicUsize::new(0)));
        let (gate, counted) = (open.clone(), count.clone());
        let provider = Provider::answering(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            let is_open = gate.0.lock().unwrap();
            drop(gate.1.wait_timeout_while(is_open, Duration::from_secs(10), |is_open| !*is_open).unwrap());
            answer("200 OK", "", "")
        });
        Self { provider, open, count }
    }

    fn ask(&self) -> Ask {
        Ask::get(Url::parse(&self.provider.url("/")).unwrap())
    }

    /// One that has asked so often, and waits for a turn for so long.
    async fn asked(&self, times: usize, connect: Duration) -> (Egress, Vec<JoinHandle<Result<Reply, Unreached>>>) {
        let trust = Trust::of_pem(self.provider.certified.cert.pem().as_bytes()).unwrap();
        let patience = Patience { connect, total: Duration::from_secs(20) };
        let egress = Egress::with_patience(Way::Direct(self.provider.door()), trust, patience);
        let one = |_| {
            let (egress, ask) = (egress.clone(), self.ask());
            tokio::spawn(async move { egress.ask(ask).await })
        };
        let asked: Vec<_> = (0..times).map(one).collect();
        for _ in 0..500 {
            if self.count.load(Ordering::SeqCst) == 64 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        (egress, asked)
    }

    async fn open(&self, asked: Vec<JoinHandle<Result<Reply, Unreached>>>) {
        *self.open.0.lock().unwrap() = true;
        self.open.1.notify_all();
        for asked in asked {
            assert_eq!(asked.await.unwrap().unwrap().status, 200);
        }
    }
}

#[test]
fn sixty_four_are_asked_at_once_and_the_next_waits_for_a_turn() {
    let gate = Gate::new();
    runtime().block_on(async {
        let (_, asked) = gate.asked(65, Duration::from_secs(8)).await;
        // None beyond, though there is time for it.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(gate.count.load(Ordering::SeqCst), 64);
        gate.open(asked).await;
        assert_eq!(gate.count.load(Ordering::SeqCst), 65);
    });
}

#[test]
fn who_gets_no_turn_in_time_is_told_that_too_much_is_asked() {
    let gate = Gate::new();
    runtime().block_on(async {
        let (egress, asked) = gate.asked(64, Duration::from_secs(2)).await;
        assert_eq!(egress.ask(gate.ask()).await, Err(Unreached::Busy));
        gate.open(asked).await;
    });
}

#[test]
fn plain_http_is_refused_but_of_what_a_trial_names_on_this_machine() {
    let address = plainly(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere".to_vec());
    let other = plainly(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere".to_vec());
    let certified = internet::certificate(&[ID], 2020, 2090);
    let url = |address: SocketAddr| Url::parse_with_loopback(&format!("http://localhost:{}/", address.port())).unwrap();
    let ask = |way: Way, url: Url| {
        runtime().block_on(egress(way, &certified).ask(Ask { method: Method::Get, ..Ask::get(url) }))
    };
    let names = || Names::of_server(NameServer::silent().address).unwrap();
    let trial = Door::of(Destinations::anywhere([&url(address)]), names(), Onward::default());
    assert_eq!(ask(Way::Direct(trial.clone()), url(address)).unwrap().body, "there");
    assert_eq!(ask(Way::Direct(trial), url(other)), Err(Unreached::Plain));
    let configured = Destinations::new([("localhost".to_owned(), address.port())], ["localhost"]);
    each_way(&Door::of(configured, names(), Onward::default()), |by, way| {
        assert_eq!(ask(way, url(address)), Err(Unreached::Plain), "{by}");
    });
}
