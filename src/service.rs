//! The running service: what a configuration comes to, what takes its place at a reload, and everything beside the logins.

use std::sync::Arc;
use std::thread;

use arc_swap::ArcSwap;

use self::parts::{Lasting, Parts};
use self::reload::InForce;
use crate::config::listen::Listen;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problems};
use crate::control::reload::Reloads;
use crate::ops::clock::Clock;
use crate::ops::log::Log;
use crate::ops::noise::Noise;
use crate::ops::report::Report;
use crate::ops::{descriptors, random, service_manager};
use crate::server::bind::{self, Listeners};
use crate::server::tls::{self, Certificate};
use crate::server::{Room, Server};
use crate::store::Store;
use crate::web::Live;

mod care;
mod parts;
mod reload;
mod watch;

/// Who may talk to the control socket: the service and its group.
const CONTROL_MODE: u32 = 0o660;

/// Serves what `load` finds until the process is told to stop, and what it finds later when it is told to look again.
///
/// # Errors
/// What keeps it from starting, or ends it: [`Problems`] where that is the configuration,
/// [`OpenError`](crate::store::file::OpenError) where it is the store.
pub fn serve(load: impl Fn() -> Result<Config, Problems>, log: &Log) -> anyhow::Result<()> {
    let config = load()?;
    let descriptors = descriptors::raise();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hangups = care::watch_hangups(&runtime)?;
    let mut parts = Parts::read(config).map_err(Problems)?;
    let listeners = listen(&parts.config)?;
    let (store, _) = service_manager::patiently(|| Store::open_in_turn(&parts.config.store_path, random::bytes()))?;
    let control = bind::bind_path(&parts.config.control_socket, CONTROL_MODE)?;
    let sockets = listeners.sockets();
    announce(&parts.config, &sockets);
    let (reloads, asking) = Reloads::new();
    let certificate = parts.certified.clone().map(Certificate::new);
    let tls = certificate.clone().map(tls::server_config);
    let (noise, presence, clock) = (Arc::<Noise>::default(), Arc::default(), Clock::system());
    let lasting = Lasting { store, sockets, certificate, presence, noise: noise.clone(), clock, reloads };
    let prints = std::mem::take(&mut parts.prints);
    let room = Room {
        descriptors,
        opened_per_address: parts.config.limits.connections_per_address,
        open_per_address: parts.config.limits.open_connections_per_address,
    };
    let (app, office) = parts.make(&lasting, None);
    let (live, office) = (Arc::new(Live::new(app)), Arc::new(ArcSwap::from_pointee(office)));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let server = Server::start(&live, listeners, tls.as_ref(), cores, room)?;
    let in_force = InForce { live, office: office.clone(), prints, lasting };
    let reloading = in_force.keep(&server, asking, hangups, load);
    runtime.block_on(care::attend(&server, control, office, &noise, log, reloading))?;
    service_manager::stopping();
    Report::Draining.tell();
    server.stop();
    noise.tell();
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
