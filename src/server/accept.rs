//! One core: accepts connections, and on shutdown lets them end.

use std::io;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use socket2::SockRef;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{spawn_local, unconstrained};
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::admission::Admission;
use super::any_site::AnySite;
use super::bind::CoreListeners;
use super::connection::{self, Served};
use super::limits::{self, DRAIN, REST, SEND_BUFFER, UNACKNOWLEDGED};
use super::paces::Paces;
use super::seats::{Offer, Peer, Seats, Waiting};
use super::stream::{AnySocket, Socket};
use crate::ops::report::Report;

/// Asks the core whether it answers.
type Pulses = mpsc::Receiver<oneshot::Sender<bool>>;

/// Serves until `shutdown`, then drains.
pub(super) async fn run(
    site: Arc<dyn AnySite>,
    listeners: CoreListeners,
    tls: Option<Arc<ServerConfig>>,
    seats: Seats,
    admission: Admission,
    mut pulses: Pulses,
    mut shutdown: watch::Receiver<bool>,
) {
    let (in_use, unused) = oneshot::channel();
    let served = Rc::new(Served { site, tls: tls.map(TlsAcceptor::from), admission, _in_use: in_use });
    let paces = Rc::new(Paces::new(seats.clone()));
    let core =
        || Core { served: served.clone(), paces: paces.clone(), seats: seats.clone(), shutdown: shutdown.clone() };
    for listener in listeners.addresses {
        spawn_local(watch(core().accept_addresses(listener)));
    }
    for listener in listeners.paths {
        spawn_local(watch(core().accept_paths(listener)));
    }
    let (keeping, kept) = (served.clone(), paces.clone());
    let keeper = spawn_local(async move { keeping.admission.keep(&kept).await });
    let site = served.site.clone();
    spawn_local(async move {
        while let Some(answer) = pulses.recv().await {
            let _ = answer.send(site.answers());
        }
    });
    drop(served);
    tokio::select! {
        // An error means that the sender is gone, which is a shutdown too.
        _ = shutdown.wait_for(|stop| *stop) => {}
        () = paces.keep() => {}
    }
    keeper.abort();
    // Listeners see the shutdown too and end at once, connections after their requests.
    paces.drain();
    tokio::select! {
        _ = timeout(DRAIN, unused) => {}
        () = paces.keep() => {}
    }
}

/// Accepts until there is nothing to accept: what waits with the kernel would wait unseen.
async fn watch(accept: impl Future<Output = io::Result<()>>) {
    if let Err(error) = unconstrained(accept).await {
        Report::ListenerFailed(&error).tell();
    }
}

/// What a listener needs.
struct Core {
    served: Rc<Served>,
    paces: Rc<Paces>,
    seats: Seats,
    shutdown: watch::Receiver<bool>,
}

impl Core {
    async fn accept_addresses(self, listener: std::net::TcpListener) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        // The accepted sockets inherit both.
        let options = SockRef::from(&listener);
        options.set_send_buffer_size(SEND_BUFFER)?;
        options.set_tcp_user_timeout(Some(UNACKNOWLEDGED))?;
        let listener = TcpListener::from_std(listener)?;
        self.accept(async || {
            let (stream, peer) = listener.accept().await?;
            let _ = stream.set_nodelay(true);
            Ok((stream.into(), Some(peer.ip())))
        })
        .await
    }

    async fn accept_paths(self, listener: std::os::unix::net::UnixListener) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        let listener = UnixListener::from_std(listener)?;
        self.accept(async || Ok((listener.accept().await?.0.into(), None))).await
    }

    async fn accept(mut self, next: impl AsyncFn() -> io::Result<(AnySocket, Option<IpAddr>)>) -> io::Result<()> {
        let mut told: Option<Instant> = None;
        for accepted in 1_u64.. {
            let next = tokio::select! {
                next = next() => next,
                _ = self.shutdown.wait_for(|stop| *stop) => break,
            };
            match next {
                Ok((socket, address)) => self.receive(socket, address),
                Err(error) => {
                    if told.is_none_or(|at| at.elapsed() >= limits::ACCEPT_REPORT) {
                        Report::NotAccepted(&error).tell();
                        told = Some(Instant::now());
                    }
                    sleep(limits::ACCEPT_PAUSE).await;
                }
            }
            if accepted.is_multiple_of(limits::ACCEPTED_AT_ONCE) {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Serves a new connection from `address`, as soon as there is a seat; or closes it.
    fn receive(&self, socket: AnySocket, address: Option<IpAddr>) {
        let Self { served, paces, seats, .. } = self;
        // Without handshakes of ours, how often one opens a connection is the proxy's to limit.
        if !served.admission.admits(address.filter(|_| served.tls.is_some())) {
            return socket.reset_on_close();
        }
        let peer = Peer::of(address);
        match seats.offer(peer) {
            Offer::Seat(seat) => {
                if seat.is_beyond() {
                    served.admission.note_too_many();
                }
                let pace = paces.begin(peer, &seat);
                spawn_local(connection::serve(socket, served.clone(), pace, seat));
            }
            Offer::Wait(waiting) => {
                spawn_local(wait(socket, served.clone(), paces.clone(), peer, waiting));
            }
            Offer::Full => {
                served.admission.note_no_seat();
                socket.reset_on_close();
            }
            Offer::TooMany => {
                served.admission.note_too_many();
                socket.reset_on_close();
            }
        }
    }
}

/// Serves a connection once there is a seat, if that is soon enough.
async fn wait(socket: AnySocket, served: Rc<Served>, paces: Rc<Paces>, peer: Peer, waiting: Waiting) {
    if let Ok(Some(seat)) = timeout(Duration::from_secs(REST.into()), waiting.seat()).await {
        let pace = paces.begin(peer, &seat);
        connection::serve(socket, served, pace, seat).await;
    } else {
        served.admission.note_no_seat();
        socket.reset_on_close();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};
    use std::num::NonZeroU32;

    use arc_swap::ArcSwap;
    use http_body_util::Full;
    use hyper::body::{Body, Bytes};
    use hyper::http::request::Parts;
    use hyper::{Request, Response, StatusCode};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;

    use super::*;
    use crate::ops::allowance::Allowance;
    use crate::web::{Answer, Handled, Site};

    /// For 64 seats, of which 56 are for everybody, and 49 of them are not let go of.
    const DESCRIPTORS: usize = 128;
    const FOR_EVERYBODY: u8 = 56;

    struct Pages;

    impl Site for Pages {
        fn handle<B>(self: &Arc<Self>, request: Request<B>, _: Duration) -> Handled
        where
            B: Body<Data = Bytes> + Send + 'static,
            B::Error: std::error::Error + Send + Sync,
        {
            match request.uri().path() {
                "/waits" => Handled::Later(Box::pin(std::future::pending())),
                "/submitted" => Handled::Later(Box::pin(std::future::ready(Response::default()))),
                "/refused" => Handled::Later(Box::pin(std::future::ready(refusal()))),
                "/login" => Handled::Login(Response::default()),
                _ => Handled::Now(Response::default()),
            }
        }

        fn turn_away(&self, _: &Parts) -> Answer {
            let mut answer = Answer::new(Full::from("a page"));
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            answer
        }
    }

    fn refusal() -> Answer {
        let mut answer = Answer::default();
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        answer
    }

    /// A core whose clients come from wherever a test says, and whose time passes when a test says.
    struct World {
        core: Core,
        _running: watch::Sender<bool>,
    }

    impl World {
        fn new(bound: u32) -> Self {
            let seats = Seats::new(DESCRIPTORS, NonZeroU32::new(bound));
            let admission = Admission::new(Arc::new(ArcSwap::from_pointee(Allowance::new(None))));
            let (running, shutdown) = watch::channel(false);
            let site: Arc<dyn AnySite> = Arc::new(Arc::new(Pages));
            let served = Rc::new(Served { site, tls: None, admission, _in_use: oneshot::channel().0 });
            let core = Core { served, paces: Rc::new(Paces::new(seats.clone())), seats, shutdown };
            Self { core, _running: running }
        }

        fn connect(&self, address: impl Into<IpAddr>) -> UnixStream {
            let (ours, theirs) = UnixStream::pair().unwrap();
            self.core.receive(theirs.into(), Some(address.into()));
            ours
        }

        fn pass(&self, seconds: u32) {
            (0..4 * seconds).for_each(|_| self.core.paces.look());
        }
    }

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::LocalRuntime::new().unwrap();
        runtime.block_on(async { timeout(Duration::from_secs(20), test).await.unwrap() });
    }

    /// The status of the answer, or nothing where the connection is closed.
    async fn ask(stream: &mut UnixStream, path: &str) -> Option<u16> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        let mut answer = [0; 1024];
        stream.write_all(request.as_bytes()).await.ok()?;
        let length = stream.read(&mut answer).await.ok()?;
        let text = String::from_utf8_lossy(&answer[..length]).into_owned();
        text.get(9..12)?.parse().ok()
    }

    async fn is_closed(stream: &mut UnixStream) -> bool {
        stream.read(&mut [0]).await.is_ok_and(|length| length == 0)
    }

    fn elsewhere(n: u8) -> [u8; 4] {
        [192, 0, 2, n]
    }

    /// One held every connection by a `GET /health` on each every few seconds, and newcomers timed out.
    #[test]
    fn one_address_does_not_hold_every_connection() {
        run(async {
            let world = World::new(16);
            let mut its: Vec<_> = (0..FOR_EVERYBODY).map(|_| world.connect(elsewhere(1))).collect();
            let mut answers = Vec::new();
            for stream in &mut its {
                answers.push(ask(stream, "/health").await);
            }
            let (served, rest) = answers.split_at(16);
            let (told, closed) = rest.split_at(2);
            assert!(served.iter().all(|answer| *answer == Some(200)), "{served:?}");
            assert_eq!(told, [Some(503), Some(503)], "with a page");
            assert!(closed.iter().all(Option::is_none), "{closed:?}");
            assert_eq!(ask(&mut world.connect(elsewhere(2)), "/").await, Some(200));
        });
    }

    #[test]
    fn who_is_turned_away_is_told_that_the_connection_ends() {
        run(async {
            let world = World::new(1);
            let _held = world.connect(elsewhere(1));
            let mut beyond = world.connect(elsewhere(1));
            beyond.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
            let mut answer = String::new();
            beyond.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 503") && answer.ends_with("a page"), "{answer}");
            assert!(answer.contains("connection: close"), "{answer}");
        });
    }

    #[test]
    fn whoever_rests_leaves_for_a_newcomer_and_a_login_stays() {
        run(async {
            let world = World::new(0);
            let mut login = world.connect(elsewhere(0));
            assert_eq!(ask(&mut login, "/login").await, Some(200));
            world.pass(2);
            let mut lookers: Vec<_> = (1..FOR_EVERYBODY).map(|n| world.connect(elsewhere(n))).collect();
            for looker in &mut lookers {
                assert_eq!(ask(looker, "/health").await, Some(200));
            }
            let mut newcomer = world.connect(elsewhere(100));
            world.pass(1);
            // Seven, so that an eighth is free; and in good manners, not by a reset.
            for mut looker in lookers.drain(..7) {
                assert!(is_closed(&mut looker).await);
            }
            assert_eq!(ask(&mut newcomer, "/login").await, Some(200));
            for looker in &mut lookers {
                assert_eq!(ask(looker, "/").await, Some(200));
            }
            assert_eq!(ask(&mut login, "/login").await, Some(200));
        });
    }

    /// Each core's each listener wrote twenty lines a second, and the journal drops what is beyond 333 of all.
    #[test]
    fn what_cannot_be_accepted_is_tried_again_and_told_once() {
        let mut lines = tempfile::tempfile().unwrap();
        let writer = Arc::new(lines.try_clone().unwrap());
        let logger = tracing_subscriber::fmt().with_writer(writer).finish();
        let tries = std::cell::Cell::new(0);
        tracing::subscriber::with_default(logger, || {
            run(async {
                let World { core, _running: running } = World::new(0);
                let accepting = core.accept(async || {
                    tries.set(tries.get() + 1);
                    if tries.get() > 3 {
                        running.send(true).unwrap();
                        std::future::pending().await
                    } else {
                        Err(io::Error::other("no more files"))
                    }
                });
                accepting.await.unwrap();
            });
        });
        let mut text = String::new();
        lines.rewind().unwrap();
        lines.read_to_string(&mut text).unwrap();
        assert_eq!((tries.get(), text.matches("no more files").count()), (4, 1), "{text}");
    }

    /// Who typed a code for longer than connections rest came back by a new one, and had only looked.
    #[test]
    fn who_submits_is_in_a_login() {
        run(async {
            let world = World::new(0);
            let mut login = world.connect(elsewhere(0));
            assert_eq!(ask(&mut login, "/submitted").await, Some(200));
            world.pass(2);
            let mut lookers: Vec<_> = (1..FOR_EVERYBODY).map(|n| world.connect(elsewhere(n))).collect();
            for looker in &mut lookers {
                assert_eq!(ask(looker, "/").await, Some(200));
            }
            world.pass(1);
            assert!(is_closed(&mut lookers[0]).await);
            assert_eq!(ask(&mut login, "/login").await, Some(200));
        });
    }

    #[test]
    fn who_waited_for_a_refusal_is_in_no_login() {
        run(async {
            let world = World::new(0);
            let [mut refused, mut login] = [world.connect(elsewhere(100)), world.connect(elsewhere(101))];
            assert_eq!(ask(&mut refused, "/refused").await, Some(400));
            assert_eq!(ask(&mut login, "/submitted").await, Some(200));
            world.pass(2);
            let mut lookers: Vec<_> = (2..FOR_EVERYBODY).map(|n| world.connect(elsewhere(n))).collect();
            for looker in &mut lookers {
                assert_eq!(ask(looker, "/").await, Some(200));
            }
            world.pass(1);
            assert!(is_closed(&mut refused).await);
            assert_eq!(ask(&mut login, "/").await, Some(200));
        });
    }

    #[test]
    fn this_machines_monitor_gets_in_when_all_seats_are_taken() {
        run(async {
            let world = World::new(0);
            let mut held: Vec<_> = (0..FOR_EVERYBODY).map(|n| world.connect(elsewhere(n))).collect();
            for stream in &mut held {
                stream.write_all(b"GET /waits HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
            }
            let mut waits = world.connect(elsewhere(100));
            assert_eq!(ask(&mut world.connect([127, 0, 0, 1]), "/health").await, Some(200));
            assert_eq!(ask(&mut world.connect(std::net::Ipv6Addr::LOCALHOST), "/health").await, Some(200));
            // Who waits has the next seat.
            held.pop();
            assert_eq!(ask(&mut waits, "/").await, Some(200));
        });
    }
}
