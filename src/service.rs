//! The running service: what a configuration comes to, what takes its place at a reload, and everything beside the logins.

use std::sync::Arc;
use std::thread;

use arc_swap::ArcSwap;

use self::parts::{Lasting, Made, Parts};
use self::reload::InForce;
use crate::config::listen::Listen;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problem, Problems};
use crate::control::reload::Reloads;
use crate::control::{self, Office};
use crate::monitoring::scrape::Watched;
use crate::monitoring::{Readiness, listener};
use crate::ops::clock::Clock;
use crate::ops::count::Counters;
use crate::ops::log::Log;
use crate::ops::noise::Noise;
use crate::ops::report::Report;
use crate::ops::{descriptors, random, service_manager};
use crate::server::bind::{self, BindError, HandedOver, Listeners};
use crate::server::tls::{self, Certificate};
use crate::server::{Room, Server};
use crate::store::Store;
use crate::store::opening::Opening;
use crate::web::Live;

mod care;
mod evidence;
mod parts;
mod reload;
mod watch;

/// Who may talk to the control socket: the service and its group.
const CONTROL_MODE: u32 = 0o660;
/// What the console's connections take of the descriptors: half of them are left for all else there.
const CONSOLE_DESCRIPTORS: usize = 256;

/// Serves `config` until the process is told to stop, and what `load` finds later where it is told to look again.
///
/// # Errors
/// What keeps it from starting, or ends it: [`Problems`] where that is the configuration,
/// [`OpenError`](crate::store::file::OpenError) where it is the store.
pub fn serve(config: Config, load: impl Fn() -> Result<Config, Problems>, log: &Log) -> anyhow::Result<()> {
    let descriptors = descriptors::raise();
    let (counters, started_at) = (Counters::default(), Clock::system().now());
    counters.enter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hangups = care::watch_hangups(&runtime)?;
    let mut parts = Parts::read(config).map_err(Problems)?;
    let Listening { logins: listeners, ops, review } = listen(&parts.config)?;
    let store = open_store(&parts.config)?;
    if let Err(error) = store.note_erased() {
        Report::ErasedNotNoted(&error).tell();
    }
    let evidence = control::evidence::keeper(&parts.config, &store);
    evidence::begin(&parts.config, &evidence).map_err(|problem| Problems(vec![problem]))?;
    let control = bind::bind_path(&parts.config.control_socket, CONTROL_MODE)?;
    let sockets = listeners.sockets();
    announce(&parts.config, &sockets, &ops.sockets());
    announce_console(review.as_ref());
    let (reloads, asking) = Reloads::new();
    let certificate = parts.certified.clone().map(Certificate::new);
    let tls = certificate.clone().map(tls::server_config);
    let (noise, presence, clock) = (Arc::<Noise>::default(), Arc::default(), Clock::system());
    let readiness = Arc::new(Readiness::new(store.clone(), clock.clone()));
    readiness.watch(evidence.clone());
    let tending = evidence::tend(evidence.clone(), clock.clone());
    let lasting = Lasting {
        store,
        evidence,
        sockets,
        certificate,
        presence,
        noise: noise.clone(),
        clock,
        reloads,
        counters: counters.clone(),
        readiness: readiness.clone(),
    };
    lasting.name(&parts.config);
    let prints = std::mem::take(&mut parts.prints);
    let (rooms, store_path) = (rooms(&parts.config, descriptors), parts.config.store_path.clone());
    let Made { app, office, console } = parts.make(&lasting, None, None);
    let uploads = app.uploads.clone();
    let (live, office) = (Arc::new(Live::new(app)), Arc::new(ArcSwap::from(office)));
    let console = console.map(|console| Arc::new(Live::new(console)));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let server = Server::start(&live, listeners, tls.as_ref(), cores, rooms.logins)?;
    let of_console = console.as_ref().zip(review);
    let of_console = of_console.map(|(site, listeners)| Server::start(site, listeners, tls.as_ref(), 1, rooms.console));
    let of_console = of_console.transpose()?;
    let (cores, lines_lost) = (server.cores(), Box::new(log.lost()));
    let watched =
        Watched { counters, readiness: readiness.clone(), cores, store_path, started_at, uploads, lines_lost };
    runtime.block_on(async { listener::start(ops, &Arc::new(watched)) })?;
    let in_force = InForce { live, console, office: office.clone(), prints, lasting };
    let reloading = in_force.keep(&server, asking, hangups, load);
    runtime.block_on(care::attend(&server, control, office.clone(), &noise, log, (reloading, tending)))?;
    service_manager::stopping();
    readiness.drain();
    runtime.block_on(end([Some(server), of_console], &noise, &office))
}

/// Where it listens.
struct Listening {
    logins: Listeners,
    ops: Listeners,
    /// None where there is no console.
    review: Option<Listeners>,
}

/// The sockets that the service manager handed over, else those of `server.listen`; no plain HTTP that others could read.
/// And beside them those for who watches the service, and those of the console.
fn listen(config: &Config) -> anyhow::Result<Listening> {
    let HandedOver { logins, ops, review } = Listeners::inherit_by_name()?;
    let sockets = logins.as_ref().map_or_else(|| Sockets::configured(config), Listeners::sockets);
    let of_ops = ops.as_ref().map(Listeners::sockets);
    let of_review = Sockets::configured_for_review(config);
    let of_review = of_review.map(|configured| review.as_ref().map_or(configured, Listeners::sockets));
    let problems = sockets.problems(config).into_iter();
    let problems = problems.chain(of_ops.iter().flat_map(Sockets::problems_of_ops));
    let problems: Vec<_> =
        problems.chain(of_review.iter().flat_map(|review| review.problems_of_review(config))).collect();
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    let is_handed_over = logins.is_some();
    let logins = logins.map_or_else(|| Listeners::bind(&config.listen), Ok)?;
    let bind = |handed: Option<Listeners>, listen: &[Listen], key: &str, unit: &str| {
        let bound = handed.map_or_else(|| Listeners::bind(listen), Ok);
        bound.map_err(|error| unheard(error, is_handed_over, key, unit))
    };
    let ops = bind(ops, &config.ops_listen, "ops.listen", "idv-ops.socket")?;
    let console = config.review.as_ref();
    let review = console.map(|console| bind(review, &console.listen, "review.listen", "idv-review.socket"));
    Ok(Listening { logins, ops, review: review.transpose()? })
}

/// A unit that is handed its sockets may make none: that is for a person to mend, and no other start would end otherwise.
fn unheard(error: BindError, is_handed_over: bool, key: &str, unit: &str) -> anyhow::Error {
    if !is_handed_over || !matches!(error, BindError::Refused(..)) {
        return error.into();
    }
    let problem = Problem {
        place: "the configuration".into(),
        key: key.into(),
        problem: error.to_string(),
        remedy: format!("take it out; {unit} takes its place: systemctl enable {unit} && systemctl restart idv"),
    };
    Problems(vec![problem]).into()
}

fn open_store(config: &Config) -> anyhow::Result<Store> {
    let opening = Opening::of_the_service(config.cache_mib);
    let open = || Store::open_in_turn(&config.store_path, random::bytes(), opening);
    let (store, _) = service_manager::patiently(open)?;
    Ok(store)
}

/// For logins and for the console.
struct Rooms {
    logins: Room,
    console: Room,
}

/// The console's few connections are its own: no flood of logins keeps an operator out, nor the other way round.
fn rooms(config: &Config, descriptors: usize) -> Rooms {
    let of_console = if config.review.is_some() { CONSOLE_DESCRIPTORS.min(descriptors / 4) } else { 0 };
    let limits = config.limits;
    let room = |descriptors| Room {
        descriptors,
        opened_per_address: limits.connections_per_address,
        open_per_address: limits.open_connections_per_address,
    };
    Rooms { logins: room(descriptors - of_console), console: room(of_console) }
}

/// The logins under way are served to their end. Who watches is answered until then.
async fn end(servers: [Option<Server>; 2], noise: &Noise, office: &ArcSwap<Office>) -> anyhow::Result<()> {
    Report::Draining.tell();
    tokio::task::spawn_blocking(|| Server::stop_all(servers)).await?;
    noise.tell();
    care::close_log(&office.load_full()).await;
    Report::Stopped.tell();
    Ok(())
}

/// Where operators come to.
fn announce_console(review: Option<&Listeners>) {
    for place in review.map(Listeners::sockets).into_iter().flat_map(|sockets| sockets.places) {
        Report::ConsoleAt(&place).tell();
    }
}

/// What is really listened on, and what only `server.listen` names.
fn announce(config: &Config, sockets: &Sockets, ops: &Sockets) {
    for place in &sockets.places {
        match place {
            Listen::Address(address) => Report::ListensAt(address).tell(),
            Listen::Unix(_) | Listen::Abstract(_) => Report::ListensOn(place).tell(),
        }
    }
    for place in sockets.overridden(config) {
        Report::Overridden(&place).tell();
    }
    for place in &ops.places {
        Report::WatchedAt(place).tell();
    }
    let is_watched = |wanted: &Listen| ops.places.iter().any(|place| place.covers(wanted));
    for place in config.ops_listen.iter().filter(|wanted| ops.is_handed_over && !is_watched(wanted)) {
        Report::WatchOverridden(place).tell();
    }
}
