//! `idv serve`: the service, from its configuration to its end.

use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};

use crate::config::meant::Listen;
use crate::config::{Config, Problems};
use crate::control::examination::Running;
use crate::control::{self, Desk};
use crate::ops::allowance::Allowance;
use crate::ops::clock::Clock;
use crate::ops::log::{self, Log};
use crate::ops::presence::Presence;
use crate::ops::{random, service_manager};
use crate::server::{Server, bind, tls};
use crate::store::Store;
use crate::verification::method::Methods;
use crate::verification::session::Sealer;
use crate::web::{App, Assets};

/// Who may talk to the control socket: the service and its group.
const CONTROL_MODE: u32 = 0o660;
/// How often the store is asked whether it works again, and without a watchdog whether it still does.
const PULSE: Duration = Duration::from_secs(5);
/// How often used request tokens are forgotten whose time is long over.
const SWEEP: Duration = Duration::from_mins(10);

pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let log = log::start();
    let tenants = config.read_tenants().map_err(Problems)?;
    let desk_tenants = config.read_tenants().map_err(|problems| Problems(problems).to_string());
    let logo = config.branding.read_logo().map_err(|problem| Problems(vec![problem]))?;
    let tls = config.tls.as_ref().map(tls::read).transpose()?.map(tls::server_config);
    let listeners = bind::Listeners::inherit_or_bind(&config.listen)?;
    let (store, key) = service_manager::patiently(|| Store::open_in_turn(&config.store_path, random::bytes()))?;
    let control = bind::bind_path(&config.control_socket, CONTROL_MODE)?;
    let presence = Arc::new(Presence::default());
    let app = Arc::new(App {
        authority: config.public_url.authority().to_owned(),
        is_https: config.public_url.is_https(),
        tenants,
        methods: Methods { desk: config.desk, simulated: false },
        store: store.clone(),
        sealer: Sealer::new(key.derive("session")),
        starts: Allowance::new(config.limits.starts_per_subject),
        presence: presence.clone(),
        clock: Clock::system(),
        assets: Assets::new(&config.branding, logo),
        branding: config.branding.clone(),
    });
    let running = Running {
        presence,
        listening: listeners.local_addresses().collect(),
        is_handed_over: listeners.is_inherited(),
    };
    let desk = Arc::new(Desk {
        config: config.clone(),
        tenants: desk_tenants,
        store: store.clone(),
        clock: Clock::system(),
        running: Some(running),
    });
    announce(config, &listeners);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let server = Server::start(&app, listeners, tls.as_ref(), cores, config.limits.connections_per_address)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(attend(&server, control, desk, store, &log))?;
    service_manager::stopping();
    tracing::info!("draining");
    server.stop();
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

fn announce(config: &Config, listeners: &bind::Listeners) {
    for address in listeners.local_addresses() {
        tracing::info!(%address, "listening");
    }
    for listen in &config.listen {
        if let Listen::Unix(path) = listen {
            tracing::info!(path = %path.display(), "listening");
        }
    }
}

/// Everything beside the logins: operators, the service manager, tidying up. Returns when the service is to stop.
async fn attend(
    server: &Server,
    control: std::os::unix::net::UnixListener,
    desk: Arc<Desk>,
    store: Store,
    log: &Log,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot watch for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot watch for SIGINT")?;
    let clock = desk.clock.clone();
    service_manager::ready();
    tracing::info!(public_url = %desk.config.public_url, version = env!("CARGO_PKG_VERSION"), "ready");
    tokio::select! {
        result = control::server::serve(control, desk) => result.context("the control socket failed"),
        () = pulse(server, &store) => Ok(()),
        () = sweep(&store, &clock) => Ok(()),
        () = log.watch() => Ok(()),
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

/// Proves again and again that every core routes requests and that the store's writer answers or goes on with a recovery,
/// and only then tells the service manager. A store that answers that it cannot write is alive: a restart would not empty
/// a disk.
async fn pulse(server: &Server, store: &Store) {
    let watchdog = service_manager::watchdog_interval();
    let mut beat = interval(watchdog.unwrap_or(PULSE).min(PULSE));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
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
    let mut beat = interval(SWEEP);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        while matches!(store.sweep(clock.now()).await, Ok(swept) if swept > 0) {}
    }
}
