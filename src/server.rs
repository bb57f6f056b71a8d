//! Sockets, TLS, limits and time limits around a [`Site`].
//!
//! One single-threaded runtime per core, each with listeners of its own, so that a request never crosses cores.

use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use thiserror::Error;
use tokio::runtime::{self, LocalOptions, LocalRuntime};
use tokio::sync::{mpsc, oneshot, watch};

use self::admission::Admission;
use self::any_site::AnySite;
use self::seats::Seats;
use crate::ops::allowance::Allowance;
use crate::ops::count;
use crate::web::Site;

mod accept;
mod addresses;
mod admission;
mod answer;
mod any_site;
mod arriving;
mod backlog;
pub mod bind;
pub mod certified;
mod connection;
mod limits;
mod pace;
mod paces;
mod seats;
mod shortage;
mod stream;
pub mod tls;
mod under_way;

pub use self::limits::DRAIN;

/// Why the server did not start.
#[derive(Debug, Error)]
pub enum ServerError {
    /// A listener could not be had.
    #[error(transparent)]
    Bind(#[from] bind::BindError),
    /// The system gave no thread or runtime.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

/// Tells every core to drain. Dropping it does the same.
pub struct Shutdown(watch::Sender<bool>);

impl Shutdown {
    /// Stops accepting, lets the requests under way finish, and closes the rest after [`DRAIN`].
    pub fn begin(&self) {
        let _ = self.0.send(true);
    }
}

/// The running server.
pub struct Server {
    threads: Vec<thread::JoinHandle<()>>,
    cores: Cores,
    shutdown: Shutdown,
}

/// The cores of a running server, for who watches them. Clones share them.
#[derive(Clone)]
pub struct Cores {
    pulses: Vec<mpsc::Sender<oneshot::Sender<bool>>>,
    seats: Seats,
    allowance: Arc<ArcSwap<Allowance>>,
    is_draining: watch::Receiver<bool>,
}

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Files and sockets that the process may have open: the connections leave some of them for all else.
    pub descriptors: usize,
    /// Connections with TLS that one address opens in a minute; none is without a limit.
    pub opened_per_address: Option<NonZeroU32>,
    /// Connections that one address has open, this machine's own aside; none is without a limit.
    pub open_per_address: Option<NonZeroU32>,
}

impl Room {
    /// For all whom `descriptors` leave room for, whoever they are.
    #[must_use]
    pub const fn for_anybody(descriptors: usize) -> Self {
        Self { descriptors, opened_per_address: None, open_per_address: None }
    }
}

impl Server {
    /// Serves `site` on `listeners`, with `tls` where connections are to carry it, on `cores` threads, as many at once as
    /// there is `room` for.
    ///
    /// # Errors
    /// [`ServerError`]; nothing is served.
    pub fn start<S: Site>(
        site: &Arc<S>,
        listeners: bind::Listeners,
        tls: Option<&Arc<ServerConfig>>,
        cores: usize,
        room: Room,
    ) -> Result<Self, ServerError> {
        Self::start_any(&(Arc::new(site.clone()) as Arc<dyn AnySite>), listeners, tls, cores, room)
    }

    fn start_any(
        site: &Arc<dyn AnySite>,
        listeners: bind::Listeners,
        tls: Option<&Arc<ServerConfig>>,
        cores: usize,
        room: Room,
    ) -> Result<Self, ServerError> {
        let (sender, receiver) = watch::channel(false);
        let seats = Seats::new(room.descriptors, room.open_per_address);
        let allowance = Arc::new(ArcSwap::from_pointee(Allowance::new(room.opened_per_address)));
        let (mut threads, mut pulses) = (Vec::new(), Vec::new());
        for listeners in listeners.split(cores)? {
            let (site, tls, receiver, seats) = (site.clone(), tls.cloned(), receiver.clone(), seats.clone());
            let allowance = allowance.clone();
            let (pulse, pulses_felt) = mpsc::channel(1);
            pulses.push(pulse);
            // A runtime stays on the thread that builds it.
            let (failed, has_failed) = std::sync::mpsc::channel();
            let core = thread::Builder::new().name("idv-core".into()).spawn(count::inherited(move || {
                let runtime = match runtime() {
                    Ok(runtime) => runtime,
                    Err(error) => return drop(failed.send(error)),
                };
                drop(failed);
                let admission = Admission::new(allowance);
                runtime.block_on(accept::run(site, listeners, tls, seats, admission, pulses_felt, receiver));
                runtime.shutdown_timeout(Duration::ZERO);
            }));
            threads.push(core.map_err(ServerError::Thread)?);
            if let Ok(error) = has_failed.recv() {
                return Err(ServerError::Thread(error));
            }
        }
        let cores = Cores { pulses, seats, allowance, is_draining: receiver };
        Ok(Self { threads, cores, shutdown: Shutdown(sender) })
    }

    /// From now on one address opens so many connections in a minute.
    pub fn limit_opened(&self, per_address: Option<NonZeroU32>) {
        self.cores.allowance.store(Arc::new(Allowance::new(per_address)));
    }

    /// From now on one address has so many connections open.
    pub fn limit_open(&self, per_address: Option<NonZeroU32>) {
        self.cores.seats.limit(per_address);
    }

    /// How many connections it may have open at once.
    #[must_use]
    pub fn seats(&self) -> usize {
        self.cores.seats.total()
    }

    /// Its cores.
    #[must_use]
    pub fn cores(&self) -> Cores {
        self.cores.clone()
    }

    /// See [`Cores::are_alive`].
    pub async fn is_alive(&self) -> bool {
        self.cores.are_alive().await
    }

    /// Drains and waits until every connection has ended, [`DRAIN`] at the most.
    pub fn stop(self) {
        Self::stop_all([Some(self)]);
    }

    /// The same of all of `servers` at once.
    pub fn stop_all(servers: impl IntoIterator<Item = Option<Self>>) {
        let mut all = Vec::new();
        for Self { threads, cores, shutdown } in servers.into_iter().flatten() {
            shutdown.begin();
            drop(cores);
            all.extend(threads);
        }
        for core in all {
            let _ = core.join();
        }
    }
}

impl Cores {
    /// How many connections are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.seats.held()
    }

    /// Whether every core answers a request, sent through the router on the core itself. One that drains ends when nothing is
    /// left for it to do.
    pub async fn are_alive(&self) -> bool {
        for pulse in &self.pulses {
            let (answer, answered) = oneshot::channel();
            let answers = pulse.send(answer).await.is_ok() && answered.await.unwrap_or(false);
            if !answers && !*self.is_draining.borrow() {
                return false;
            }
        }
        true
    }
}

/// What runs a core. What other threads wake has the next turn: logins that are on disk would else wait behind all that
/// begin, the longer the more there are. Among 256 that always ask, half of them waited for 480 turns; now it is none.
fn runtime() -> io::Result<LocalRuntime> {
    runtime::Builder::new_current_thread().enable_all().global_queue_interval(1).build_local(LocalOptions::default())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use tokio::task::{spawn_local, yield_now};

    use super::*;

    /// One of thirty-one turns was theirs, so that finished logins waited a second behind those that began.
    #[test]
    fn what_another_thread_wakes_has_the_next_turn() {
        runtime().unwrap().block_on(async {
            let turns = Rc::new(Cell::new(0));
            let (writers, on_disk): (Vec<_>, Vec<_>) = (0..10).map(|_| oneshot::channel::<()>()).unzip();
            let finished = on_disk.into_iter().map(|on_disk| {
                let turns = turns.clone();
                spawn_local(async move {
                    on_disk.await.unwrap();
                    turns.get()
                })
            });
            let finished: Vec<_> = finished.collect();
            // Each waits for the writer.
            yield_now().await;
            for _ in 0..100 {
                let turns = turns.clone();
                spawn_local(async move { turns.update(|turns| turns + 1) });
            }
            let writer = thread::spawn(|| writers.into_iter().for_each(|writer| writer.send(()).unwrap()));
            writer.join().unwrap();
            for finished in finished {
                assert_eq!(finished.await.unwrap(), 0);
            }
        });
    }
}
