//! The running service: what a configuration comes to, and everything beside the logins.

use std::sync::Arc;
use std::thread;

use crate::config::listen::Listen;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problems};
use crate::control::Office;
use crate::control::running::{Running, Served};
use crate::monitoring::scrape::Watched;
use crate::monitoring::{Counters, Readiness, listener};
use crate::ops::clock::Clock;
use crate::ops::log::Log;
use crate::ops::presence::Presence;
use crate::ops::report::Report;
use crate::ops::{descriptors, random, service_manager};
use crate::server::bind::{self, HandedOver, Listeners};
use crate::server::{Room, Server, certified, tls};
use crate::store::Store;
use crate::store::opening::Opening;
use crate::web::Parties;

mod care;
mod parts;

/// Who may talk to the control socket: the service and its group.
const CONTROL_MODE: u32 = 0o660;

/// Serves `config` until the process is told to stop.
///
/// # Errors
/// What keeps it from starting, or ends it: [`Problems`] where that is the configuration,
/// [`OpenError`](crate::store::file::OpenError) where it is the store.
pub fn serve(config: &Config, log: &Log) -> anyhow::Result<()> {
    let descriptors = descriptors::raise();
    let (counters, started_at) = (Counters::default(), Clock::system().now());
    counters.enter();
    counters.name(config.tenants.iter().map(|tenant| tenant.domain.clone()), config.methods.iter());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hangups = care::watch_hangups(&runtime)?;
    let tenants = config.read_tenants().map_err(Problems)?;
    let office_tenants = config.read_tenants().map_err(|problems| Problems(problems).to_string());
    let logo = config.branding.read_logo().map_err(|problem| Problems(vec![problem]))?;
    let providers = parts::providers(config).map_err(Problems)?;
    let certified = config.tls.as_ref().map(certified::read).transpose().map_err(Problems)?;
    let certificate = certified.as_ref().and_then(Served::of);
    let tls = certified.map(tls::server_config);
    let (listeners, ops) = listen(config)?;
    let (store, key) = service_manager::patiently(|| {
        Store::open_in_turn(&config.store_path, random::bytes(), Opening::of_the_service(config.cache_mib))
    })?;
    let control = bind::bind_path(&config.control_socket, CONTROL_MODE)?;
    let parties = providers.into_iter().fold(Parties::new(&store), |parties, (provider, credentials, way_out)| {
        parties.with(provider, credentials, way_out)
    });
    let presence = Arc::new(Presence::default());
    let app = Arc::new(parts::app(config, tenants, logo, parties, (store.clone(), &key), presence.clone()));
    let sockets = listeners.sockets();
    announce(config, &sockets, &ops.sockets());
    let readiness = Arc::new(Readiness::new(store.clone(), Clock::system()));
    readiness.serve_certificate(certificate.as_ref().map(|served| served.validity));
    let running = Running { presence, sockets, certificate, readiness: readiness.clone() };
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
    let (cores, store_path, lines_lost) = (server.cores(), config.store_path.clone(), Box::new(log.lost()));
    let watched = Watched { counters, readiness: readiness.clone(), cores, store_path, started_at, lines_lost };
    runtime.block_on(async { listener::start(ops, &Arc::new(watched)) })?;
    runtime.block_on(care::attend(&server, control, office, store, &app.noise, log, hangups))?;
    service_manager::stopping();
    readiness.drain();
    Report::Draining.tell();
    // Who watches is answered until the end.
    runtime.block_on(async { tokio::task::spawn_blocking(|| server.stop()).await })?;
    app.noise.tell();
    Report::Stopped.tell();
    Ok(())
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
    let logins = logins.map_or_else(|| Listeners::bind(&config.listen), Ok)?;
    Ok((logins, ops.map_or_else(|| Listeners::bind(&config.ops_listen), Ok)?))
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
