//! The way out, from who asks to who answers: through the proxy of `idv egress` and in the process itself, by the same rules.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use idv::egress::proxy::{self, Limits};
use idv::egress::{Ask, Destinations, Door, Egress, Names, Onward, Patience, Reply, Trust, Unreached, Url, Way};
use idv::ops::noise::Noise;
use rcgen::{CertifiedKey, KeyPair};
use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio::sync::oneshot;

use crate::support::internet;
use crate::support::names::NameServer;

mod addresses;
mod answers;
mod onward;
mod process;
mod tls;
mod tunnels;

/// The host that is asked.
const ID: &str = "id.example.test";
/// Enough for what is there, and little to wait for what is not.
const PATIENCE: Patience = Patience { connect: Duration::from_secs(3), total: Duration::from_secs(4) };

/// The proxy of `idv egress` on a socket of its own, for as long as it is held.
struct Helper {
    directory: TempDir,
    _stop: oneshot::Sender<()>,
}

impl Helper {
    fn new(door: Door) -> Self {
        Self::with_limits(door, Limits { connect: Duration::from_millis(2_500), ..Limits::default() })
    }

    fn with_limits(door: Door, limits: Limits) -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("proxy.sock");
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = std::sync::mpsc::channel();
        thread::spawn(move || {
            runtime().block_on(async {
                let listener = UnixListener::bind(path).unwrap();
                ready.send(()).unwrap();
                let noise = Arc::new(Noise::default());
                tokio::select! {
                    _ = stopped => {}
                    served = proxy::serve(&listener, &door, limits, None, &noise, std::future::pending()) => served.unwrap(),
                }
            });
        });
        is_ready.recv().unwrap();
        Self { directory, _stop: stop }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("proxy.sock")
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A door to `listed`, of which those in `private` may be on this machine, by the names that `names` knows.
fn door(listed: &[(&str, u16)], private: &[&str], names: &NameServer) -> Door {
    let listed = listed.iter().map(|(host, port)| ((*host).to_owned(), *port));
    let destinations = Destinations::new(listed, private.iter().copied());
    Door::of(destinations, Names::of_server(names.address).unwrap(), Onward::default())
}

/// Does `work` by each way through `door`.
fn each_way(door: &Door, mut work: impl FnMut(&'static str, Way)) {
    let helper = Helper::new(door.clone());
    work("through the proxy", Way::Socket(helper.path()));
    work("directly", Way::Direct(door.clone()));
}

fn egress(way: Way, certified: &CertifiedKey<KeyPair>) -> Egress {
    Egress::with_patience(way, Trust::of_pem(certified.cert.pem().as_bytes()).unwrap(), PATIENCE)
}

fn get(egress: &Egress, url: &str) -> Result<Reply, Unreached> {
    runtime().block_on(egress.ask(Ask::get(Url::parse(url).unwrap())))
}

/// A provider at [`ID`] on this machine, and what asks it.
struct Provider {
    certified: CertifiedKey<KeyPair>,
    address: SocketAddr,
    names: NameServer,
}

impl Provider {
    /// One that answers each request with what `answer` makes of its path.
    fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let certified = internet::certificate(&[ID], 2020, 2090);
        let address = internet::serve(&certified, answer);
        Self { certified, address, names: NameServer::knowing(&[(ID, &["127.0.0.1"])]) }
    }

    fn door(&self) -> Door {
        door(&[(ID, self.address.port())], &[ID], &self.names)
    }

    fn url(&self, path: &str) -> String {
        format!("https://{ID}:{}{path}", self.address.port())
    }

    /// Asks for `path` by each way.
    fn asked(&self, path: &str, mut judge: impl FnMut(&'static str, Result<Reply, Unreached>)) {
        each_way(&self.door(), |by, way| judge(by, get(&egress(way, &self.certified), &self.url(path))));
    }
}

/// A whole answer.
fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}
