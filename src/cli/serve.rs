//! `idv serve`: the service, from its configuration to its end.

use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

use super::exit::{BAD_CONFIGURATION, BAD_STORE};
use super::output;
use crate::config::branding::Logo;
use crate::config::listen::Listen;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problem, Problems};
use crate::control::running::{Running, Served};
use crate::control::{self, Office};
use crate::egress::Egress;
use crate::ops::allowance::Allowances;
use crate::ops::clock::{Clock, beat};
use crate::ops::log::{self, Log};
use crate::ops::noise::Noise;
use crate::ops::presence::Presence;
use crate::ops::report::Report;
use crate::ops::{descriptors, random, service_manager};
use crate::server::bind::{self, Listeners};
use crate::server::{Room, Server, certified, tls};
use crate::store::Store;
use crate::store::file::OpenError;
use crate::store::master_key::MasterKey;
use crate::verification::method::{Credentials, Provider};
use crate::verification::session::Sealer;
use crate::verification::tenant::Tenants;
use crate::web::{App, Assets, Parties};

/// Who may talk to the control socket: the service and its group.
const CONTROL_MODE: u32 = 0o660;
/// How often the store is asked whether it works again, and without a watchdog whether it still does.
const PULSE: Duration = Duration::from_secs(5);
/// How often used request tokens are forgotten whose time is long over.
const SWEEP: Duration = Duration::from_mins(10);
const DAY: Duration = Duration::from_hours(24);
/// How often the log tells the head of the audit log, if that went on.
const CHECKPOINT: Duration = Duration::from_hours(1);
/// What the audit log calls the service's beginning and its end.
const STARTED: &str = "service-started";
const STOPPED: &str = "service-stopped";

/// Runs the service to its end. What keeps it from starting is told where everything else is: in the log.
pub(super) fn run(load: impl FnOnce() -> Result<Config, Problems>) -> ExitCode {
    let log = log::start();
    match load().map_err(anyhow::Error::from).and_then(|config| serve(&config, &log)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => give_up(&error),
    }
}

pub(super) fn give_up(error: &anyhow::Error) -> ExitCode {
    let Some(Problems(problems)) = error.downcast_ref() else {
        Report::Ends(&format!("{error:#}")).tell();
        let needs_a_person = error.downcast_ref().is_some_and(OpenError::needs_a_person);
        return if needs_a_person { ExitCode::from(BAD_STORE) } else { ExitCode::FAILURE };
    };
    for Problem { place, key, problem, remedy } in problems {
        Report::Unfit { place, key, problem, remedy }.tell();
    }
    ExitCode::from(BAD_CONFIGURATION)
}

fn serve(config: &Config, log: &Log) -> anyhow::Result<()> {
    let descriptors = descriptors::raise();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hangups = watch_hangups(&runtime)?;
    let tenants = config.read_tenants().map_err(Problems)?;
    let office_tenants = config.read_tenants().map_err(|problems| Problems(problems).to_string());
    let logo = config.branding.read_logo().map_err(|problem| Problems(vec![problem]))?;
    let providers = providers(config).map_err(Problems)?;
    let certified = config.tls.as_ref().map(certified::read).transpose().map_err(Problems)?;
    let certificate = certified.as_ref().and_then(Served::of);
    let tls = certified.map(tls::server_config);
    let listeners = listen(config)?;
    let (store, key) = service_manager::patiently(|| Store::open_in_turn(&config.store_path, random::bytes()))?;
    let control = bind::bind_path(&config.control_socket, CONTROL_MODE)?;
    let parties = providers.into_iter().fold(Parties::new(&store), |parties, (provider, credentials, way_out)| {
        parties.with(provider, credentials, way_out)
    });
    let presence = Arc::new(Presence::default());
    let app = Arc::new(app(config, tenants, logo, parties, (store.clone(), &key), presence.clone()));
    let sockets = listeners.sockets();
    announce(config, &sockets);
    let running = Running { presence, sockets, certificate };
    let office = Arc::new(Office {
        config: config.clone(),
        tenants: office_tenants,
        store: store.clone(),
        clock: Clock::system(),
        running: Some(running),
    });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let room = Room {
        descriptors,
        opened_per_address: config.limits.connections_per_address,
        open_per_address: config.limits.open_connections_per_address,
    };
    let server = Server::start(&app, listeners, tls.as_ref(), cores, room)?;
    runtime.block_on(attend(&server, control, office.clone(), store, &app.noise, log, hangups))?;
    service_manager::stopping();
    Report::Draining.tell();
    server.stop();
    app.noise.tell();
    runtime.block_on(close_log(&office));
    Report::Stopped.tell();
    Ok(())
}

/// The providers, each with what shows that we are its client and the way to it. Without any, nothing leads out.
fn providers(config: &Config) -> Result<Vec<(Provider, Credentials, Egress)>, Vec<Problem>> {
    let credentials = config.read_providers()?;
    if credentials.is_empty() {
        return Ok(vec![]);
    }
    let way_out = Egress::open(config).map_err(|problem| vec![problem])?;
    let party = |(name, credentials)| Some((config.methods.provider(name)?.clone(), credentials, way_out.clone()));
    Ok(credentials.into_iter().filter_map(party).collect())
}

/// What browsers are served, of `config` and what it names.
fn app(
    config: &Config,
    tenants: Tenants,
    logo: Option<Logo>,
    parties: Parties,
    (store, key): (Store, &MasterKey),
    presence: Arc<Presence>,
) -> App {
    let domains = || config.tenants.iter().map(|tenant| tenant.domain.as_str().to_owned());
    App {
        authority: config.public_url.authority().to_owned(),
        is_https: config.public_url.is_https(),
        tenants,
        methods: config.methods.clone(),
        parties,
        store,
        sealer: Sealer::new(key.derive("session")),
        starts: Allowances::new(config.limits.starts_per_subject, domains()),
        submissions: Allowances::new(config.limits.submissions_per_subject(), domains()),
        noise: Noise::default(),
        hand_over: config.hand_over,
        presence,
        clock: Clock::system(),
        assets: Assets::new(&config.branding, logo),
        branding: config.branding.clone(),
    }
}

/// From the beginning on: jobs that renew certificates send SIGHUP whenever they are done, to a service that starts too.
fn watch_hangups(runtime: &Runtime) -> anyhow::Result<Signal> {
    let _inside = runtime.enter();
    signal(SignalKind::hangup()).context("cannot watch for SIGHUP")
}

async fn ignore(mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        Report::HangupIgnored.tell();
    }
}

/// The sockets that the service manager handed over, else those of `server.listen`; no plain HTTP that others could read.
fn listen(config: &Config) -> anyhow::Result<Listeners> {
    let handed_over = Listeners::inherit()?;
    let sockets = handed_over.as_ref().map_or_else(|| Sockets::configured(config), Listeners::sockets);
    let problems = sockets.problems(config);
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    handed_over.map_or_else(|| Ok(Listeners::bind(&config.listen)?), Ok)
}

/// What is really listened on, and what only `server.listen` names.
fn announce(config: &Config, sockets: &Sockets) {
    for place in &sockets.places {
        match place {
            Listen::Address(address) => Report::ListensAt(address).tell(),
            Listen::Unix(_) | Listen::Abstract(_) => Report::ListensOn(place).tell(),
        }
    }
    for place in sockets.overridden(config) {
        Report::Overridden(&place).tell();
    }
}

/// Everything beside the logins: operators, the service manager, tidying up. Returns when the service is to stop.
async fn attend(
    server: &Server,
    control: std::os::unix::net::UnixListener,
    office: Arc<Office>,
    store: Store,
    noise: &Noise,
    log: &Log,
    hangups: Signal,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot watch for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot watch for SIGINT")?;
    let clock = office.clock.clone();
    let certificate = office.running.as_ref().and_then(|running| running.certificate.as_ref());
    warn_of(certificate, &clock);
    let is_recorded = office.record_service(STARTED).await.is_ok();
    service_manager::ready();
    Report::Ready { public_url: &office.config.public_url, connections: server.seats() }.tell();
    tokio::select! {
        result = control::server::serve(control, office.clone()) => result.context("the control socket failed"),
        () = pulse(server, &store) => Ok(()),
        () = sweep(&store, &clock) => Ok(()),
        () = noise.report() => Ok(()),
        () = remind(certificate, &clock) => Ok(()),
        () = keep_log(&office, is_recorded) => Ok(()),
        () = log.watch() => Ok(()),
        () = ignore(hangups) => Ok(()),
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

/// Tells the head of the audit log at the start, and every hour in which that went on. The start is recorded, now if it
/// could not be before.
async fn keep_log(office: &Office, is_recorded: bool) {
    let mut is_recorded = is_recorded;
    while !is_recorded {
        sleep(PULSE).await;
        is_recorded = office.record_service(STARTED).await.is_ok();
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

/// The last entry and the last head. Where the store takes none, the log has said so.
async fn close_log(office: &Office) {
    if office.record_service(STOPPED).await.is_ok()
        && let Ok(head) = office.head().await
    {
        Report::Checkpoint(&head.checkpoint).tell();
    }
}

/// Tells every day of a certificate that is not good for long.
async fn remind(certificate: Option<&Served>, clock: &Clock) {
    let mut beat = beat(DAY);
    // The start was told of already.
    beat.tick().await;
    loop {
        beat.tick().await;
        warn_of(certificate, clock);
    }
}

fn warn_of(certificate: Option<&Served>, clock: &Clock) {
    let Some(Served { validity, .. }) = certificate else { return };
    if let Some(standing) = validity.standing(clock.now()).word() {
        let until = output::date(validity.not_after);
        Report::CertificateEnds { standing: &standing, until: &until }.tell();
    }
}
