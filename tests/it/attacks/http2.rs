//! Attacks with HTTP/2 frames.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt, split};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::support::http2::{
    self, CANCEL, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, INITIAL_WINDOW_SIZE, PING, RST_STREAM,
    SETTINGS, block, frame, get, literal, window_update,
};
use crate::support::peer;
use crate::support::probe::Probe;
use crate::support::process::{Installation, Service};
use crate::support::{branded, figure, usage, wire};

/// Attackers at once; each comes back when it is thrown out.
const ATTACKERS: usize = 8;
/// How long each attack goes on, and how much longer in the long run.
const DURATION: Duration = Duration::from_secs(1);
const LONGER: u32 = 5;
/// For one connection, whatever its attacker still wants.
const BATCHES: u32 = 2_000;
/// For the service to close what is left.
const AFTERWARDS: Duration = Duration::from_millis(500);
/// Between two looks at the memory.
const SAMPLE: Duration = Duration::from_millis(50);
/// By how much the memory may have grown. An unoptimised build needs more stack, and leaves more holes.
const GROWTH: u64 = if cfg!(debug_assertions) { 4 } else { 1 } * 1024 * 1024;

/// What an attacker sends: first `beginning`, then one batch after another.
struct Attack {
    key: &'static str,
    what: &'static str,
    settings: &'static [(u16, u32)],
    batch: fn(u32) -> Vec<u8>,
}

const ATTACKS: [Attack; 12] = [
    Attack { key: "rapid-reset", what: "rapid reset (CVE-2023-44487)", settings: &[], batch: rapid_reset },
    Attack { key: "continuation", what: "CONTINUATION flood (CVE-2024-27316)", settings: &[], batch: continuation },
    Attack { key: "hpack-bomb", what: "HPACK bomb (CVE-2016-6581)", settings: &[], batch: hpack_bomb },
    Attack { key: "ping", what: "PING flood (CVE-2019-9512)", settings: &[], batch: pings },
    Attack { key: "settings", what: "SETTINGS flood (CVE-2019-9515)", settings: &[], batch: settings },
    Attack { key: "window", what: "window of 0, 100 streams (CVE-2019-9517)", settings: CLOSED, batch: closed_window },
    Attack { key: "empty-data", what: "empty DATA flood (CVE-2019-9518)", settings: &[], batch: empty_data },
    Attack { key: "reset", what: "reset flood (CVE-2019-9514)", settings: &[], batch: malformed_requests },
    Attack {
        key: "made-0",
        what: "MadeYouReset by increments of 0 (CVE-2025-8671)",
        settings: &[],
        batch: made_by_zero,
    },
    Attack { key: "made-overflow", what: "MadeYouReset by overflow", settings: &[], batch: made_by_overflow },
    Attack { key: "made-data", what: "MadeYouReset by DATA after the end", settings: &[], batch: made_by_data },
    Attack {
        key: "made-headers",
        what: "MadeYouReset by HEADERS after the end",
        settings: &[],
        batch: made_by_headers,
    },
];
const CLOSED: &[(u16, u32)] = &[(INITIAL_WINDOW_SIZE, 0)];

#[test]
fn http2_attacks_leave_others_served_and_memory_as_it_was() {
    let installation = Installation::new();
    let service = branded::serve(&installation);
    let tls = wire::client_config(&installation.certificate, &[b"h2"]);
    peer::run(serve_as_many_as_attack(&service, &tls));
    let mut failures = Vec::new();
    for attack in &ATTACKS {
        let before = usage::memory(service.child.id());
        let probe = Probe::start(&service);
        let (connections, sent, peak) = peer::run(mount(attack, &service, &tls));
        let tally = probe.stop();
        std::thread::sleep(AFTERWARDS);
        let grown = usage::memory(service.child.id()).saturating_sub(before);
        let tried = format!("{sent} batches, {connections} connections");
        figure::report(
            &format!("attack-http2-{}", attack.key),
            &format!("HTTP/2: {}", attack.what),
            tried,
            tally.all_served(),
            format!("memory +{} KiB, at most +{} KiB", grown / 1024, peak.saturating_sub(before) / 1024),
        );
        if grown > GROWTH {
            failures.push(format!("{}: {} KiB", attack.what, grown / 1024));
        }
    }
    assert!(failures.is_empty(), "{failures:?}");
    let log = service.log();
    let others = log
        .lines()
        .filter(|line| !["listening", "ready", "refused", "audit log"].iter().any(|known| line.contains(known)));
    assert_eq!(others.collect::<Vec<_>>(), [""; 0], "nothing is logged of what no request came out of");
}

/// What so many clients need who mean well: the growth above is beyond that.
async fn serve_as_many_as_attack(service: &Service, tls: &Arc<ClientConfig>) {
    let mut tasks = JoinSet::new();
    for _ in 0..4 * ATTACKERS {
        let (address, tls) = (service.address, tls.clone());
        tasks.spawn(async move {
            let mut peer = peer::connect(address, &tls).await.unwrap();
            let requests = (0..100).flat_map(|index| get(1 + 2 * index, "/")).collect::<Vec<_>>();
            let open = window_update(0, 1 << 24);
            peer.write_all(&[http2::beginning(&[]), open, requests].concat()).await.unwrap();
            let mut answered = 0;
            while answered < 100 {
                let frame = http2::read(&mut peer).await.unwrap();
                answered += usize::from(frame.kind == DATA && frame.flags & END_STREAM != 0);
            }
        });
    }
    tasks.join_all().await;
}

/// Mounts `attack`: how many connections it took, how many batches got through, and the most memory meanwhile.
async fn mount(attack: &'static Attack, service: &Service, tls: &Arc<ClientConfig>) -> (u32, u32, u64) {
    let duration = DURATION * if figure::is_long() { LONGER } else { 1 };
    let mut tasks = JoinSet::new();
    for _ in 0..ATTACKERS {
        let (address, tls) = (service.address, tls.clone());
        tasks.spawn(async move {
            let (start, mut connections, mut sent) = (Instant::now(), 0, 0);
            while let Some(left) = duration.checked_sub(start.elapsed()) {
                let Ok(peer) = peer::connect(address, &tls).await else { break };
                connections += 1;
                let (mut reader, mut writer) = split(peer);
                let attacks = async {
                    writer.write_all(&http2::beginning(attack.settings)).await?;
                    for number in 0..BATCHES {
                        writer.write_all(&(attack.batch)(number)).await?;
                        sent += 1;
                        tokio::task::yield_now().await;
                    }
                    sleep(duration).await;
                    std::io::Result::Ok(())
                };
                let mut some = vec![0; 16 * 1024];
                let answers = async { while reader.read(&mut some).await.is_ok_and(|length| length > 0) {} };
                let _ = timeout(left, async {
                    tokio::select! { _ = attacks => {}, () = answers => {} }
                })
                .await;
            }
            (connections, sent)
        });
    }
    let (mut connections, mut batches, mut peak) = (0, 0, 0);
    loop {
        match timeout(SAMPLE, tasks.join_next()).await {
            Ok(Some(one)) => {
                let (more_connections, more_batches) = one.unwrap();
                connections += more_connections;
                batches += more_batches;
            }
            Ok(None) => return (connections, batches, peak),
            Err(_) => peak = peak.max(usage::memory(service.child.id())),
        }
    }
}

/// The stream of request `index` in batch `number` of a hundred.
fn stream(number: u32, index: u32) -> u32 {
    1 + 2 * (100 * number + index)
}

fn hundred(number: u32, each: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    (0..100).flat_map(|index| each(stream(number, index))).collect()
}

fn rapid_reset(number: u32) -> Vec<u8> {
    hundred(number, |stream| [get(stream, "/"), frame(RST_STREAM, 0, stream, &CANCEL)].concat())
}

/// A header block that never ends.
fn continuation(number: u32) -> Vec<u8> {
    let field = literal("x", &[b'x'; 1000]).repeat(16);
    if number == 0 { frame(HEADERS, END_STREAM, 1, &block("GET", "/")) } else { frame(CONTINUATION, 0, 1, &field) }
}

/// One field of 4,000 bytes into the table, then 12,000 references to it of one byte each.
fn hpack_bomb(number: u32) -> Vec<u8> {
    let mut field = literal("x", &[b'x'; 4000]);
    // Literal with incremental indexing (RFC 7541 §6.2.1); the newest entry has index 62, 0x3e.
    field[0] = 0x40;
    let bomb = [block("GET", "/"), field, vec![0x80 | 0x3e; 12_000]].concat();
    frame(HEADERS, END_STREAM | END_HEADERS, 1 + 2 * number, &bomb)
}

fn pings(_: u32) -> Vec<u8> {
    frame(PING, 0, 0, &[0; 8]).repeat(1000)
}

fn settings(_: u32) -> Vec<u8> {
    frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 100]).repeat(1000)
}

/// A hundred requests whose answers may not be sent.
fn closed_window(number: u32) -> Vec<u8> {
    if number == 0 { hundred(0, |stream| get(stream, "/")) } else { Vec::new() }
}

fn empty_data(number: u32) -> Vec<u8> {
    let post = frame(HEADERS, END_HEADERS, 1, &block("POST", "/"));
    let empty = frame(DATA, 0, 1, &[]).repeat(1000);
    if number == 0 { [post, empty].concat() } else { empty }
}

/// Requests without a path, which the server resets.
fn malformed_requests(number: u32) -> Vec<u8> {
    hundred(number, |stream| frame(HEADERS, END_STREAM | END_HEADERS, stream, &literal(":method", b"GET")))
}

fn made_by_zero(number: u32) -> Vec<u8> {
    hundred(number, |stream| [get(stream, "/"), window_update(stream, 0)].concat())
}

fn made_by_overflow(number: u32) -> Vec<u8> {
    hundred(number, |stream| [get(stream, "/"), window_update(stream, i32::MAX.cast_unsigned())].concat())
}

fn made_by_data(number: u32) -> Vec<u8> {
    hundred(number, |stream| [get(stream, "/"), frame(DATA, END_STREAM, stream, b"x")].concat())
}

fn made_by_headers(number: u32) -> Vec<u8> {
    hundred(number, |stream| [get(stream, "/"), get(stream, "/")].concat())
}
