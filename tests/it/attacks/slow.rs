//! Clients that take their time: with the handshake, a request's head, its body, or its answer.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt, split};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::support::http2::{self, HEADERS, PING};
use crate::support::peer::{self, FOR_EVER, Peer};
use crate::support::probe::Probe;
use crate::support::process::{Installation, Service};
use crate::support::{branded, figure, wire};

/// From when a client begins to be slow until its connection is closed, with some room for a machine under load.
const LIMIT: Duration = Duration::from_secs(16);
/// Between two drips.
const DRIP: Duration = Duration::from_millis(250);
/// What a client's kernel holds of an answer that the client does not read.
const SMALL_WINDOW: u32 = 4096;
/// More answers than the kernels on both sides hold.
const MANY: usize = 100;

#[derive(Clone)]
struct Target {
    address: SocketAddr,
    http1: Arc<ClientConfig>,
    http2: Arc<ClientConfig>,
    /// Where the largest answer is.
    logo: String,
    /// A request whose body is read, but for that body.
    form: String,
    /// The same, with a body in chunks.
    chunked: String,
}

#[derive(Clone, Copy, Debug)]
enum Slowness {
    Handshake,
    Head,
    Body,
    Chunks,
    Answer,
    Pipeline,
    Http2Answers,
    Http2Window,
    Http2Drops,
    Http2Pings,
}

#[test]
fn slow_clients_are_closed_in_time_and_others_are_served() {
    let (_installation, service, target) = target();
    let count = if figure::is_long() { 100 } else { 10 };
    let probe = Probe::start(&service);
    let results = peer::run(async {
        let mut tasks = JoinSet::new();
        for (slowness, _, _) in SLOW {
            for _ in 0..count {
                let target = target.clone();
                tasks.spawn(async move { (slowness, be_slow(slowness, &target).await) });
            }
        }
        tasks.join_all().await
    });
    let served = probe.stop().all_served();
    for (kind, key, what) in SLOW {
        let kinds = results.iter().filter(|(slowness, _)| *slowness as u8 == kind as u8);
        let slowest = kinds.map(|(_, took)| *took).max().unwrap();
        figure::report(key, what, count, &served, format!("all closed within {:.0} s", slowest.as_secs_f64()));
        assert!(slowest < LIMIT, "{kind:?}: {slowest:?}");
    }
}

const SLOW: [(Slowness, &str, &str); 10] = [
    (Slowness::Handshake, "attack-slow-handshake", "slow handshake, byte by byte"),
    (Slowness::Head, "attack-slow-head", "slow head, byte by byte"),
    (Slowness::Body, "attack-slow-body", "slow body, byte by byte"),
    (Slowness::Chunks, "attack-slow-chunks", "slow body, in chunks of a byte"),
    (Slowness::Answer, "attack-slow-read", "slow reader of large answers, HTTP/1.1"),
    (Slowness::Pipeline, "attack-slow-pipeline", "slow reader of pipelined answers"),
    (Slowness::Http2Answers, "attack-slow-http2", "slow reader of 100 streams, HTTP/2"),
    (Slowness::Http2Window, "attack-slow-window", "HTTP/2 window of 0 with 100 streams"),
    (Slowness::Http2Drops, "attack-slow-drops", "HTTP/2 window that opens byte by byte"),
    (Slowness::Http2Pings, "attack-slow-pings", "HTTP/2 kept alive by PINGs alone"),
];

fn target() -> (Installation, Service, Target) {
    let installation = Installation::new();
    let service = branded::serve(&installation);
    let login = service.begin("auth0|slow", "slow");
    let form = wire::post(&format!("{}/desk", login.path), &login.cookie, "");
    let target = Target {
        address: service.address,
        http1: wire::client_config(&installation.certificate, &[b"http/1.1"]),
        http2: wire::client_config(&installation.certificate, &[b"h2"]),
        logo: branded::logo(&service),
        chunked: form.replace("Content-Length: 0", "Transfer-Encoding: chunked"),
        form: form.replace("Length: 0", "Length: 1000"),
    };
    (installation, service, target)
}

/// How long the service puts up with it.
async fn be_slow(slowness: Slowness, target: &Target) -> Duration {
    let start = Instant::now();
    let Target { address, http1, http2, .. } = target;
    let one = || vec![b'x'];
    let outcome = timeout(FOR_EVER, async {
        match slowness {
            Slowness::Handshake => drip_handshake(*address).await,
            Slowness::Head => drip(peer::connect(*address, http1).await?, b"GET / HTTP/1.1\r\n", one).await,
            Slowness::Body => drip(peer::connect(*address, http1).await?, target.form.as_bytes(), one).await,
            Slowness::Chunks => {
                let chunk = || b"1\r\nx\r\n".to_vec();
                drip(peer::connect(*address, http1).await?, target.chunked.as_bytes(), chunk).await
            }
            Slowness::Answer => {
                let requests = peer::get(&target.logo).repeat(MANY);
                sip(peer::connect_small(*address, http1, SMALL_WINDOW).await?, requests.as_bytes()).await
            }
            Slowness::Pipeline => {
                let requests = peer::get("/").repeat(10 * MANY);
                sip(peer::connect_small(*address, http1, SMALL_WINDOW).await?, requests.as_bytes()).await
            }
            Slowness::Http2Answers => {
                let wide = http2::beginning(&[(http2::INITIAL_WINDOW_SIZE, 1 << 20)]);
                let open = http2::window_update(0, 1 << 30);
                let requests = [wide, open, many(&target.logo)].concat();
                sip(peer::connect_small(*address, http2, SMALL_WINDOW).await?, &requests).await
            }
            Slowness::Http2Window => {
                let requests = [http2::beginning(&[(http2::INITIAL_WINDOW_SIZE, 0)]), many("/")].concat();
                drip(peer::connect(*address, http2).await?, &requests, Vec::new).await
            }
            Slowness::Http2Drops => {
                let requests = [http2::beginning(&[(http2::INITIAL_WINDOW_SIZE, 1)]), many("/")].concat();
                let open = || (0..100).flat_map(|index| http2::window_update(1 + 2 * index, 1)).collect();
                drip(peer::connect(*address, http2).await?, &requests, open).await
            }
            Slowness::Http2Pings => {
                let ping = || http2::frame(PING, 0, 0, &[0; 8]);
                drip(peer::connect(*address, http2).await?, &http2::beginning(&[]), ping).await
            }
        }
    });
    // However a connection ends, it ends.
    outcome.await.map_or(FOR_EVER, |_: io::Result<()>| start.elapsed())
}

fn many(path: &str) -> Vec<u8> {
    (0..100).flat_map(|index| http2::get(1 + 2 * index, path)).collect()
}

/// The first bytes of a handshake record of 512 bytes, then one byte at a time.
async fn drip_handshake(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await?;
    loop {
        let mut byte = [0];
        match timeout(DRIP, stream.read(&mut byte)).await {
            Ok(Ok(1..)) | Err(_) => stream.write_all(&[1]).await?,
            Ok(_) => return Ok(()),
        }
    }
}

/// Sends `begun`, then what `next` says again and again, and reads what comes, until the service closes.
async fn drip(peer: Peer, begun: &[u8], next: impl Fn() -> Vec<u8>) -> io::Result<()> {
    let (mut reader, mut writer) = split(peer);
    let write = async {
        writer.write_all(begun).await?;
        loop {
            writer.write_all(&next()).await?;
            writer.flush().await?;
            sleep(DRIP).await;
        }
    };
    let read = async {
        let mut some = [0; 1024];
        while reader.read(&mut some).await? > 0 {}
        Ok(())
    };
    tokio::select! {
        ended = write => ended,
        ended = read => ended,
    }
}

/// Sends `requests`, then reads a little at a time, until the service closes.
async fn sip(mut peer: Peer, requests: &[u8]) -> io::Result<()> {
    peer.write_all(requests).await?;
    peer.flush().await?;
    let mut little = [0; 1024];
    while peer.read(&mut little).await? > 0 {
        sleep(DRIP).await;
    }
    Ok(())
}

/// A phone on a slow network: ten kilobytes a second, and a kernel that holds little.
#[test]
fn a_phone_on_a_slow_network_gets_the_largest_answer_whole() {
    let (_installation, _service, target) = target();
    let (answer, frames) = peer::run(async {
        let http1 = async {
            let mut phone = peer::connect_small(target.address, &target.http1, SMALL_WINDOW).await.unwrap();
            phone.write_all(wire::get(&target.logo, "").as_bytes()).await.unwrap();
            read_slowly(&mut phone).await
        };
        let http2 = async {
            let mut phone = peer::connect_small(target.address, &target.http2, SMALL_WINDOW).await.unwrap();
            let requests =
                [http2::beginning(&[(http2::INITIAL_WINDOW_SIZE, 1 << 20)]), http2::window_update(0, 1 << 20)];
            phone
                .write_all(&[requests.concat(), http2::get(1, "/"), http2::get(3, &target.logo)].concat())
                .await
                .unwrap();
            read_slowly(&mut phone).await
        };
        tokio::join!(http1, http2)
    });
    let body = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(answer.len() - body, branded::LOGO_BYTES);
    let logo = http2::frames(&frames).into_iter().filter(|frame| frame.stream == 3 && frame.kind != HEADERS);
    assert_eq!(logo.map(|frame| frame.payload.len()).sum::<usize>(), branded::LOGO_BYTES);
}

/// Reads ten kilobytes a second to the end.
async fn read_slowly(peer: &mut Peer) -> Vec<u8> {
    let (mut all, mut some) = (Vec::new(), [0; 1000]);
    while let Ok(length @ 1..) = peer.read(&mut some).await {
        all.extend_from_slice(&some[..length]);
        sleep(Duration::from_millis(100)).await;
    }
    all
}
