//! Somebody else: whether they are served while the service is under attack.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustls::ClientConfig;

use super::process::Service;
use super::wire;

/// Between two requests.
const PAUSE: Duration = Duration::from_millis(20);

/// Opens a connection, asks for a page, and does so again until it is stopped.
pub(crate) struct Probe {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Tally>,
}

/// What became of the probe's requests.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) asked: usize,
    pub(crate) answered: usize,
    pub(crate) slowest: Duration,
    /// Why the first that was not answered was not.
    failure: Option<String>,
}

impl Probe {
    pub(crate) fn start(service: &Service) -> Self {
        let (address, tls, stop) = (service.address, service.tls.clone(), Arc::new(AtomicBool::new(false)));
        let stopped = stop.clone();
        Self { stop, thread: thread::spawn(move || probe(address, &tls, &stopped)) }
    }

    pub(crate) fn stop(self) -> Tally {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

fn probe(address: SocketAddr, tls: &Arc<ClientConfig>, stop: &AtomicBool) -> Tally {
    let mut tally = Tally::default();
    while !stop.load(Ordering::SeqCst) {
        #[expect(clippy::disallowed_methods, reason = "a figure to print")]
        let start = Instant::now();
        tally.asked += 1;
        let answer = wire::exchange(address, tls, &wire::get("/", ""));
        match answer {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") => tally.answered += 1,
            other => _ = tally.failure.get_or_insert_with(|| format!("after {:?}: {other:?}", start.elapsed())),
        }
        tally.slowest = tally.slowest.max(start.elapsed());
        thread::sleep(PAUSE);
    }
    tally
}

impl Tally {
    /// Fails the test unless everybody was served; says how many.
    pub(crate) fn all_served(&self) -> String {
        let Self { asked, answered, failure, .. } = self;
        assert!(*asked > 0 && asked == answered, "{answered} of {asked} were served: {failure:?}");
        format!("others served {answered} of {asked}")
    }
}
