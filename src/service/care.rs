//! What the service does beside the logins.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arc_swap::ArcSwap;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

use crate::control::running::{Running, Served};
use crate::control::{self, Office};
use crate::ops::clock::{Clock, beat};
use crate::ops::log::Log;
use crate::ops::noise::Noise;
use crate::ops::report::Report;
use crate::ops::service_manager;
use crate::server::Server;
use crate::store::Store;
use crate::verification::time::DAY;

/// How often the store is asked whether it works again, and without a watchdog whether it still does.
const PULSE: Duration = Duration::from_secs(5);
/// How often used request tokens are forgotten whose time is long over.
const SWEEP: Duration = Duration::from_mins(10);
/// How often it is seen to that what is kept for a time is kept no longer.
const AGE: Duration = Duration::from_hours(1);
/// How often the log tells the head of the audit log, if that went on.
const CHECKPOINT: Duration = Duration::from_hours(1);
/// What the audit log calls the service's beginning and its end.
const STARTED: &str = "service-started";
const STOPPED: &str = "service-stopped";

/// From the beginning on: jobs that renew certificates send SIGHUP whenever they are done, to a service that starts too.
pub(super) fn watch_hangups(runtime: &Runtime) -> anyhow::Result<Signal> {
    let _inside = runtime.enter();
    signal(SignalKind::hangup()).context("cannot watch for SIGHUP")
}

/// Everything beside the logins: operators, the service manager, tidying up, reloads. Returns when the service is to stop.
pub(super) async fn attend(
    server: &Server,
    control: std::os::unix::net::UnixListener,
    office: Arc<ArcSwap<Office>>,
    noise: &Noise,
    log: &Log,
    (reloads, evidence): (impl Future<Output = ()>, impl Future<Output = ()>),
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot watch for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot watch for SIGINT")?;
    let at_the_start = office.load_full();
    let (store, clock) = (at_the_start.store.clone(), at_the_start.clock.clone());
    warn_of(&at_the_start);
    service_manager::ready();
    Report::Ready { public_url: &at_the_start.config.public_url, connections: server.seats() }.tell();
    tokio::select! {
        result = control::server::serve(control, office.clone()) => result.context("the control socket failed"),
        damage = store.damage() => Err(damage.into()),
        () = pulse(server, &store) => Ok(()),
        () = sweep(&store, &clock) => Ok(()),
        () = noise.report() => Ok(()),
        () = remind(&office) => Ok(()),
        () = age(&office) => Ok(()),
        () = keep_log(&at_the_start) => Ok(()),
        () = log.watch() => Ok(()),
        () = reloads => Ok(()),
        () = evidence => Ok(()),
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

/// Proves again and again that every core routes requests and that the store's writer answers or goes on with a recovery,
/// and only then tells the service manager. A store that answers that it cannot write is alive: a restart would not empty
/// a disk.
async fn pulse(server: &Server, store: &Store) {
    let watchdog = service_manager::watchdog_interval();
    let mut beat = beat(watchdog.unwrap_or(PULSE).min(PULSE));
    loop {
        beat.tick().await;
        if watchdog.is_none() && store.is_available() {
            continue;
        }
        store.prove_alive().await;
        if server.is_alive().await {
            service_manager::alive();
        }
    }
}

async fn sweep(store: &Store, clock: &Clock) {
    let mut beat = beat(SWEEP);
    loop {
        beat.tick().await;
        while matches!(store.sweep(clock.now()).await, Ok(swept) if swept > 0) {}
    }
}

/// At the start and each hour what is kept for a time grows older. Where the store does not answer, the log has said so.
async fn age(office: &ArcSwap<Office>) {
    let mut beat = beat(AGE);
    loop {
        beat.tick().await;
        let _ = control::method::age(&office.load_full()).await;
    }
}

/// Records the start, and tells the head of the audit log then, and every hour in which that went on.
async fn keep_log(office: &Office) {
    while office.record_service(STARTED).await.is_err() {
        sleep(PULSE).await;
    }
    let (mut beat, mut told) = (beat(CHECKPOINT), 0);
    loop {
        beat.tick().await;
        if let Ok(head) = office.head().await
            && head.entries != told
        {
            told = head.entries;
            Report::Checkpoint(&head.checkpoint).tell();
        }
    }
}

/// The last entry and the last head. Where the store takes none, the log has said so. One that is looked through yet has no entry
/// of this start either, and the end does not wait for it.
pub(super) async fn close_log(office: &Office) {
    if office.store.is_examined()
        && office.record_service(STOPPED).await.is_ok()
        && let Ok(head) = office.head().await
    {
        Report::Checkpoint(&head.checkpoint).tell();
    }
}

/// Tells every day of a certificate that is not good for long.
async fn remind(office: &ArcSwap<Office>) {
    let mut beat = beat(DAY);
    // The start was told of already.
    beat.tick().await;
    loop {
        beat.tick().await;
        warn_of(&office.load());
    }
}

fn warn_of(office: &Office) {
    let Some(Served { validity, .. }) = office.running.as_ref().and_then(Running::served) else { return };
    if let Some(standing) = validity.standing(office.clock.now()).word() {
        let until = validity.not_after.to_string();
        Report::CertificateEnds { standing: &standing, until: &until }.tell();
    }
}
