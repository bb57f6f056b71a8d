//! Connections that do nothing: many at once, and for long.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::support::peer::Peer;
use crate::support::probe::Probe;
use crate::support::process::{Installation, Service};
use crate::support::{figure, http2, peer, usage, wire};

/// Until an idle connection is closed, with some room for a machine under load. These come from loopback, as a proxy's
/// do, which are kept for longer once they had a request: others' are not (`server::pace`).
const LIMIT: Duration = Duration::from_secs(15);
/// How long those are kept at the least, which is for longer than proxies keep them, and at the most.
const KEPT: Duration = Duration::from_secs(125);
const KEPT_LIMIT: Duration = Duration::from_secs(145);
/// Handshakes at once.
const AT_ONCE: usize = 64;
/// For all connections to be open, and for the last ones to come to rest.
const PATIENCE: Duration = Duration::from_mins(1);
const TO_REST: Duration = Duration::from_secs(1);

/// One of these tests at a time: each takes as many descriptors as a process has by its limit in many places, or half.
static ALONE: Mutex<()> = Mutex::new(());

#[derive(Clone, Copy)]
enum Activity {
    Handshake,
    Http1,
    Http2,
}

#[test]
fn idle_connections_after_a_handshake_alone_are_closed_and_cost_little() {
    let kibibytes = idle("attack-idle-handshake", "idle TLS connections after a handshake", Activity::Handshake);
    assert!(kibibytes < 12.0, "{kibibytes:.1} KiB");
}

#[test]
fn idle_connections_after_a_request_are_closed_and_cost_little() {
    let kibibytes = idle("attack-idle-http1", "idle TLS connections after a request, HTTP/1.1", Activity::Http1);
    // The buffers of those that are not at rest yet stay with the process for the next ones: some MiB, whatever the
    // count, which few connections share.
    let limit = if figure::is_long() { 12.0 } else { 24.0 };
    assert!(kibibytes < limit, "{kibibytes:.1} KiB");
}

/// Of these, h2 takes 28 KiB for buffers of fixed size; the pages that it never touches do not count.
#[test]
fn idle_connections_after_a_request_on_http2_are_closed_and_cost_little() {
    let kibibytes = idle("attack-idle-http2", "idle TLS connections after a request, HTTP/2", Activity::Http2);
    assert!(kibibytes < 32.0, "{kibibytes:.1} KiB");
}

/// Opens many connections that do nothing after their `activity`; the memory that each costs, in KiB.
#[expect(clippy::cast_precision_loss, reason = "a figure to print")]
fn idle(key: &str, what: &str, activity: Activity) -> f64 {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let count = if figure::is_long() { 10_000 } else { 1_000 };
    let installation = Installation::new();
    let service = installation.serve();
    let offered: &[u8] = if matches!(activity, Activity::Http2) { b"h2" } else { b"http/1.1" };
    let tls = wire::client_config(&installation.certificate, &[offered]);
    let (grown, open, held, tally) = peer::run(async {
        warm_up(&service, &tls, activity).await;
        let probe = Probe::start(&service);
        let before = usage::memory(service.child.id());
        let mut idle = open(&service, &tls, activity, count);
        let (open, grown) = settle(&service, count, before).await;
        let held = held(&mut idle, activity).await;
        (grown, open, held, probe.stop())
    });
    assert!(open >= count, "{open} of {count} were open at once");
    let kibibytes = grown as f64 / count as f64 / 1024.0;
    let held = format!("{}, {held}", tally.all_served());
    figure::report(key, what, count, held, format!("{kibibytes:.1} KiB each"));
    kibibytes
}

/// Waits until the connections are closed, and says when they were. Those that had a request are only waited for until
/// they have outlived the others, unless there is time.
async fn held(idle: &mut JoinSet<Duration>, activity: Activity) -> String {
    if matches!(activity, Activity::Handshake) {
        let (_, last) = ends(idle).await;
        assert!(last < LIMIT, "{last:?}");
        format!("all closed within {:.0} s", last.as_secs_f64())
    } else if figure::is_long() {
        let (first, last) = ends(idle).await;
        assert!(first > KEPT && last < KEPT_LIMIT, "{first:?} {last:?}");
        format!("all closed within {:.0} s", last.as_secs_f64())
    } else {
        let closed = timeout(LIMIT, idle.join_next()).await;
        assert!(closed.is_err(), "{closed:?}");
        format!("all kept for {} s", LIMIT.as_secs())
    }
}

/// How long the first and the last of them lived.
async fn ends(idle: &mut JoinSet<Duration>) -> (Duration, Duration) {
    let (mut first, mut last) = (Duration::MAX, Duration::ZERO);
    while let Some(took) = idle.join_next().await {
        let took = took.unwrap();
        (first, last) = (first.min(took), last.max(took));
    }
    (first, last)
}

/// What a service holds after its first connections, whatever becomes of them.
async fn warm_up(service: &Service, tls: &Arc<ClientConfig>, activity: Activity) {
    for _ in 0..20 {
        let mut peer = peer::connect(service.address, tls).await.unwrap();
        ask(&mut peer, activity).await;
    }
    sleep(TO_REST).await;
}

/// Tasks that open a connection each, and return how long it was idle until it was closed.
fn open(service: &Service, tls: &Arc<ClientConfig>, activity: Activity, count: usize) -> JoinSet<Duration> {
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let (address, tls, at_once) = (service.address, tls.clone(), at_once.clone());
        tasks.spawn(async move {
            let turn = at_once.acquire().await;
            let mut peer = peer::connect(address, &tls).await.unwrap();
            ask(&mut peer, activity).await;
            drop(turn);
            peer::until_closed(&mut peer).await
        });
    }
    tasks
}

async fn ask(peer: &mut Peer, activity: Activity) {
    match activity {
        Activity::Handshake => {}
        Activity::Http1 => assert!(peer::ask(peer, &peer::get("/")).await.unwrap().starts_with(b"HTTP/1.1 200")),
        Activity::Http2 => http2::ask(peer, "/").await,
    }
}

/// How many connections are open when all are, and by how much the memory has grown once they rest.
async fn settle(service: &Service, count: usize, before: u64) -> (usize, u64) {
    let process = service.child.id();
    let all_open = async {
        while usage::sockets(process) < count {
            sleep(Duration::from_millis(50)).await;
        }
        sleep(TO_REST).await;
    };
    let _ = timeout(PATIENCE, all_open).await;
    (usage::sockets(process), usage::memory(process).saturating_sub(before))
}
