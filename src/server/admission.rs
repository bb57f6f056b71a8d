//! Whom a core lets in when more come than it can serve.
//!
//! - Who opens connections without end from one address gets no more handshakes, the dearest of all work.
//! - Who holds connections without end from one address is told so, and beyond that gets no more of them; where there is
//!   no seat left for anybody, newcomers wait for a while ([`super::seats`]).
//! - When too much work waits, new connections are closed before their handshakes, which costs next to nothing. Before
//!   that, new logins are told so ([`crate::web`]), and those that have begun go on.

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::time::Instant;

use super::addresses::whole;
use super::backlog::Backlog;
use super::paces::Paces;
use crate::ops::allowance::Allowance;
use crate::ops::clock::beat;
use crate::ops::count::{self, label};
use crate::ops::report::Report;

/// The work that may wait before a new connection: more than before a new login, which costs less to turn away.
/// An unoptimised build takes ten times as long for everything.
const TOO_MUCH: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1600 } else { 160 });
/// Between two lines in the log about who was turned away.
const REPORT: Duration = Duration::from_secs(10);

/// What decides about it on one core.
pub(super) struct Admission {
    backlog: Backlog,
    addresses: Arc<ArcSwap<Allowance>>,
    began: Instant,
    turned_away: TurnedAway,
}

/// Whoever was not served since the last report.
#[derive(Default)]
struct TurnedAway {
    /// Told so, for there was too much to do.
    logins: Cell<u64>,
    /// Closed, for there was far too much to do, or no seat.
    connections: Cell<u64>,
    /// Closed or told so, for their address had opened too many, or held too many.
    connections_of_one_address: Cell<u64>,
}

impl Admission {
    /// `addresses` is how many connections one may open, on all cores.
    pub(super) fn new(addresses: Arc<ArcSwap<Allowance>>) -> Self {
        Self { backlog: Backlog::default(), addresses, began: Instant::now(), turned_away: TurnedAway::default() }
    }

    /// Whether a new connection is served. One whose handshakes a proxy does has no address of its own.
    pub(super) fn admits(&self, address: Option<IpAddr>) -> bool {
        self.backlog.note();
        if self.backlog.length() > TOO_MUCH {
            self.note_no_seat();
        } else if address.is_some_and(|ip| !self.addresses.load().admits(whole(ip), self.began.elapsed())) {
            self.note_too_many();
        } else {
            return true;
        }
        false
    }

    /// A login was told that there is too much to do.
    pub(super) fn note_turned_away(&self) {
        count::turned_away(label::TurnedAway::Logins);
        self.turned_away.logins.update(|count| count + 1);
    }

    /// There was no seat for a connection, or far too much to do for one more.
    pub(super) fn note_no_seat(&self) {
        count::turned_away(label::TurnedAway::Connections);
        self.turned_away.connections.update(|count| count + 1);
    }

    /// The address of a connection opened or held too many.
    pub(super) fn note_too_many(&self) {
        count::turned_away(label::TurnedAway::OfOneAddress);
        self.turned_away.connections_of_one_address.update(|count| count + 1);
    }

    /// The work that waits before a request.
    pub(super) fn waiting(&self) -> Duration {
        self.backlog.note();
        self.backlog.length()
    }

    /// Measures, and tells the log from time to time, for ever.
    pub(super) async fn keep(&self, paces: &Paces) {
        tokio::join!(self.backlog.measure(), self.report(paces));
    }

    async fn report(&self, paces: &Paces) {
        let mut beat = beat(REPORT);
        loop {
            beat.tick().await;
            let TurnedAway { logins, connections, connections_of_one_address } = &self.turned_away;
            let [logins, connections, connections_of_one_address] =
                [logins, connections, connections_of_one_address].map(Cell::take);
            if logins + connections + connections_of_one_address > 0 {
                Report::TurnedAway { logins, connections, connections_of_one_address }.tell();
            }
            let connections = paces.take_let_go();
            if connections > 0 {
                Report::MadeRoom(connections).tell();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Seek};

    use tokio::runtime;
    use tokio::time::timeout;

    use super::super::seats::Seats;
    use super::*;

    #[test]
    fn whoever_is_turned_away_is_counted_in_one_line() {
        let mut lines = tempfile::tempfile().unwrap();
        let writer = Arc::new(File::try_clone(&lines).unwrap());
        let logger = tracing_subscriber::fmt().json().flatten_event(true).with_writer(writer).finish();
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tracing::subscriber::with_default(logger, || {
            runtime.block_on(async {
                let admission =
                    Admission::new(Arc::new(ArcSwap::from_pointee(Allowance::new(std::num::NonZeroU32::new(1)))));
                let paces = Paces::new(Seats::new(1024, None));
                admission.note_turned_away();
                admission.note_turned_away();
                let address = Some(IpAddr::from([192, 0, 2, 1]));
                assert_eq!([(); 3].map(|()| admission.admits(address)), [true, false, false]);
                // Its first line is due at once, the next in ten seconds.
                let _ = timeout(Duration::from_millis(100), admission.report(&paces)).await;
            });
        });
        let mut text = String::new();
        lines.rewind().unwrap();
        lines.read_to_string(&mut text).unwrap();
        let entries: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [entry] = &entries[..] else { panic!("{text}") };
        let counts = ["logins", "connections", "connections_of_one_address"].map(|name| entry[name].as_u64());
        assert_eq!(counts, [Some(2), Some(0), Some(2)]);
        assert!(!text.contains("192.0.2"), "{text}");
    }
}
