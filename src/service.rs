//! The running service: what a configuration comes to, and everything beside the logins.

use std::sync::Arc;
use std::thread;

use crate::config::listen::Listen;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problems};
use crate::control::Office;
use crate::control::running::{Running, Served};
use crate::ops::clock::Clock;
use crate::ops::log::Log;
use crate::ops::presence::Presence;
use crate::ops::report::Report;
use crate::ops::{descriptors, random, service_manager};
use crate::server::bind::{self, Listeners};
use crate::server::{Room, Server, certified, tls};
use crate::store::Store;
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hangups = care::watch_hangups(&runtime)?;
    let tenants = config.read_tenants().map_err(Problems)?;
    let office_tenants = config.read_tenants().map_err(|problems| Problems(problems).to_string());
    let logo = config.branding.read_logo().map_err(|problem| Problems(vec![problem]))?;
    let providers = parts::providers(config).map_err(Problems)?;
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
    let app = Arc::new(parts::app(config, tenants, logo, parties, (store.clone(), &key), presence.clone()));
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
    runtime.block_on(care::attend(&server, control, office, store, &app.noise, log, hangups))?;
    service_manager::stopping();
    Report::Draining.tell();
    server.stop();
    app.noise.tell();
    Report::Stopped.tell();
    Ok(())
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
