//! The running service: what a configuration comes to, what takes its place at a reload, and everything beside the logins.

use std::sync::Arc;
use std::thread;

use arc_swap::ArcSwap;

use self::parts::{Lasting, Parts};
use self::reload::InForce;
use crate::config::listen::Listen;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problem, Problems};
use crate::control::reload::Reloads;
use crate::control::{self, Office};
use crate::monitoring::scrape::Watched;
use crate::monitoring::{Counters, Readiness, listener};
use crate::ops::clock::Clock;
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
    let (listeners, ops) = listen(&parts.config)?;
    let store = open_store(&parts.config)?;
    let evidence = control::evidence::keeper(&parts.config, &store);
    evidence::begin(&parts.config, &evidence).map_err(|problem| Problems(vec![problem]))?;
    let control = bind::bind_path(&parts.config.control_socket, CONTROL_MODE)?;
    let sockets = listeners.sockets();
    announce(&parts.config, &sockets, &ops.sockets());
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
    let (room, store_path) = (room(&parts.config, descriptors), parts.config.store_path.clone());
    let (app, office) = parts.make(&lasting, None);
    let (live, office) = (Arc::new(Live::new(app)), Arc::new(ArcSwap::from_pointee(office)));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let server = Server::start(&live, listeners, tls.as_ref(), cores, room)?;
    let (cores, lines_lost) = (server.cores(), Box::new(log.lost()));
    let watched = Watched { counters, readiness: readiness.clone(), cores, store_path, started_at, lines_lost };
    runtime.block_on(async { listener::start(ops, &Arc::new(watched)) })?;
    let in_force = InForce { live, office: office.clone(), prints, lasting };
    let reloading = in_force.keep(&server, asking, hangups, load);
    runtime.block_on(care::attend(&server, control, office.clone(), &noise, log, (reloading, tending)))?;
    service_manager::stopping();
    readiness.drain();
    runtime.block_on(end(server, &noise, &office))
}

/// The sockets that the service manager handed over, else those of `server.listen`; no plain HTTP that others could read.
/// And beside them those for who watches the service.
fn listen(config: &Config) -> anyhow::Result<(Listeners, Listeners)> {
    let HandedOver { logins, ops } = Listeners::inherit_by_name()?;
    let sockets = logins.as_ref().map_or_else(|| Sockets::configured(config), Listeners::sockets);
    let of_ops = ops.as_ref().map(Listeners::sockets);
    let problems = sockets.problems(config).into_iter();
    let problems: Vec<_> = problems.chain(of_ops.iter().flat_map(Sockets::problems_of_ops)).collect();
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    let is_handed_over = logins.is_some();
    let logins = logins.map_or_else(|| Listeners::bind(&config.listen), Ok)?;
    let ops = ops.map_or_else(|| Listeners::bind(&config.ops_listen), Ok);
    Ok((logins, ops.map_err(|error| unwatched(error, is_handed_over))?))
}

/// A unit that is handed its sockets may make none: that is for a person to mend, and no other start would end otherwise.
fn unwatched(error: BindError, is_handed_over: bool) -> anyhow::Error {
    if !is_handed_over || !matches!(error, BindError::Refused(..)) {
        return error.into();
    }
    let problem = Problem {
        place: "the configuration".into(),
        key: "ops.listen".into(),
        problem: error.to_string(),
        remedy: "take it out; idv-ops.socket takes its place: systemctl enable idv-ops.socket && systemctl restart idv"
            .into(),
    };
    Problems(vec![problem]).into()
}

fn open_store(config: &Config) -> anyhow::Result<Store> {
    let opening = Opening::of_the_service(config.cache_mib);
    let open = || Store::open_in_turn(&config.store_path, random::bytes(), opening);
    let (store, _) = service_manager::patiently(open)?;
    Ok(store)
}

const fn room(config: &Config, descriptors: usize) -> Room {
    Room {
        descriptors,
        opened_per_address: config.limits.connections_per_address,
        open_per_address: config.limits.open_connections_per_address,
    }
}

/// The logins under way are served to their end. Who watches is answered until then.
async fn end(server: Server, noise: &Noise, office: &ArcSwap<Office>) -> anyhow::Result<()> {
    Report::Draining.tell();
    tokio::task::spawn_blocking(|| server.stop()).await?;
    noise.tell();
    care::close_log(&office.load_full()).await;
    Report::Stopped.tell();
    Ok(())
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
