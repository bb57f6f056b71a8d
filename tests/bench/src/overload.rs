//! Twice as many logins as the service can serve, for half a minute.
//!
//! The service has one core and the load generator the others: else the two would take each other's time. A login costs
//! its generator as much as the service, so that it could never send twice what the service manages: a rival on that core
//! takes half of it. Logins arrive when they are due, whether or not earlier ones have been served, and their time counts
//! from then.

use crate::arguments::Arguments;
use crate::connection::{Connection, Endpoint, Protocol};
use crate::cores::{self, Rival};
use crate::machine;
use crate::process::Process;
use crate::product::Service;
use crate::report::{Table, progress};
use crate::request::{form, is_page, is_return, page};
use crate::session;
use crate::tally::Tally;
use crate::tls::Identity;
use crate::token::{Arrival, Signer};
use anyhow::{Context, Result, anyhow, ensure};
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::header::RETRY_AFTER;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Seconds whose logins may all be under way at once; so many connections stay open, each for one login at a time.
const UNDER_WAY: f64 = 0.5;
/// Logins at once while the sustainable rate is measured.
const AT_ONCE: usize = 64;
const SUSTAINABLE: Duration = Duration::from_secs(5);
const OVERLOAD: Duration = Duration::from_secs(30);
/// Between two looks at which logins are due.
const LOOK: Duration = Duration::from_millis(1);
/// Long enough for every answer that will ever come.
const PATIENCE: Duration = Duration::from_secs(30);
/// Logins in a row that must be served for the service to have recovered.
const RECOVERED: usize = 20;

/// Starts a service, measures it and prints the table.
pub(crate) fn measure(
    start: impl FnOnce() -> Result<Service> + Send,
    identity: &Identity,
    signer: &Signer,
    arguments: &Arguments,
) -> Result<()> {
    // On a thread of its own, so that this one keeps all cores.
    thread::scope(|scope| {
        let measured = scope.spawn(|| {
            let (service, _rival) = cores::split(|| Ok((start()?, Rival::begin())))?;
            load(&service, identity, signer, arguments)
        });
        measured.join().map_err(|_| anyhow!("the load generator panicked"))?
    })
}

fn load(service: &Service, identity: &Identity, signer: &Signer, arguments: &Arguments) -> Result<()> {
    let endpoint = Endpoint::full(service.address, Protocol::Http1, identity)?;
    let runtime = machine::runtime()?;
    let idle_mib = service.process.resident_mib()?;
    progress("overload: the sustainable rate");
    let sustainable = runtime.block_on(sustain(&endpoint, signer))?;
    progress("overload: twice that");
    let seconds = OVERLOAD.min(arguments.duration() * 15);
    let (overload, peak_mib) =
        while_watching(&service.process, || runtime.block_on(overload(&endpoint, signer, 2.0 * sustainable, seconds)))?;
    let mut table = Table::new(
        format!("Twice the sustainable {sustainable:.0} logins/s for {} s, on half a core", seconds.as_secs()),
        &["", "a second", "p50 ms", "p99 ms"],
    );
    let mut row = |name: &str, tally: &Tally| {
        let [p50, p99] = tally.percentiles([500, 990]).map(|micros| format!("{:.1}", micros / 1_000.0));
        #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 answers")]
        let rate = tally.successes() as f64 / seconds.as_secs_f64();
        table.row([name.to_owned(), format!("{rate:.0}"), p50, p99]);
    };
    row("logins served: start, page, durable end", &overload.served);
    row("  the slowest of their answers", &overload.slowest);
    row("logins refused: 503 with Retry-After", &overload.refused);
    table.print();
    let mut table = Table::new("Beside it", &["", ""]);
    table.row(["logins that failed otherwise".to_owned(), failures(&overload)]);
    table.row(["logins the generator could not send".to_owned(), overload.unsent.to_string()]);
    table.row([
        "from the end of the load to 20 logins served in a row, ms",
        &format!("{:.0}", overload.recovery.as_secs_f64() * 1e3),
    ]);
    table.row(["memory before and at the most, MiB", &format!("{idle_mib:.0} and {peak_mib:.0}")]);
    table.print();
    Ok(())
}

fn failures(overload: &Overload) -> String {
    let tally = &overload.served;
    tally.first_failure.as_ref().map_or("0".to_owned(), |first| format!("{}: {first}", tally.failures))
}

/// Runs `load` and gives with its result the most memory that the process held meanwhile, in MiB.
pub(crate) fn while_watching<T: Send>(process: &Process, load: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    thread::scope(|scope| {
        let watch = scope.spawn(move || {
            let mut peak = 0.0_f64;
            // Ends with the sender.
            while is_done.recv_timeout(Duration::from_millis(100)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                peak = peak.max(process.resident_mib().unwrap_or_default());
            }
            peak
        });
        let result = load();
        drop(done);
        let peak = watch.join().map_err(|_| anyhow!("the watch on the service's memory panicked"))?;
        Ok((result?, peak))
    })
}

/// Logins a second where each begins as soon as another has ended.
async fn sustain(endpoint: &Endpoint, signer: &Signer) -> Result<f64> {
    let (mut logins, resting) = (JoinSet::new(), Resting::default());
    for _ in 0..AT_ONCE {
        resting.put(endpoint.connect().await?);
    }
    let started = Instant::now();
    let mut served = 0_u32;
    while started.elapsed() < SUSTAINABLE {
        if let Some(connection) = resting.take() {
            logins.spawn(login_and_rest(connection, signer.arrival()?, Instant::now(), resting.clone()));
        } else if let Some(login) = logins.join_next().await {
            ensure!(matches!(login?, Login::Served { .. }), "a login was not served while there was no overload");
            served += 1;
        }
    }
    Ok(f64::from(served) / started.elapsed().as_secs_f64())
}

/// Connections that wait for a login. The last to come back is the next to be taken: no more are in use than are needed.
#[derive(Clone, Default)]
struct Resting(Arc<Mutex<Vec<Connection>>>);

impl Resting {
    fn put(&self, connection: Connection) {
        self.0.lock().expect("nobody panics with it").push(connection);
    }

    /// One that the server has not ended for having rested too long.
    fn take(&self) -> Option<Connection> {
        let mut resting = self.0.lock().expect("nobody panics with it");
        while let Some(connection) = resting.pop() {
            if !connection.is_closed() {
                return Some(connection);
            }
        }
        None
    }
}

/// What came of all logins.
struct Overload {
    served: Tally,
    slowest: Tally,
    refused: Tally,
    unsent: u64,
    recovery: Duration,
}

async fn overload(endpoint: &Endpoint, signer: &Signer, rate: f64, duration: Duration) -> Result<Overload> {
    let (mut logins, resting) = (JoinSet::new(), Resting::default());
    let mut connected = 0;
    while f64::from(connected) < rate * UNDER_WAY {
        connected += 1;
        resting.put(endpoint.connect().await?);
    }
    let mut result = Overload {
        served: Tally::default(),
        slowest: Tally::default(),
        refused: Tally::default(),
        unsent: 0,
        recovery: Duration::ZERO,
    };
    let started = Instant::now();
    let mut sent = 0_u32;
    while started.elapsed() < duration {
        while f64::from(sent) < started.elapsed().as_secs_f64() * rate {
            let due = started + Duration::from_secs_f64(f64::from(sent) / rate);
            sent += 1;
            match resting.take() {
                Some(connection) => {
                    drop(logins.spawn(login_and_rest(connection, signer.arrival()?, due, resting.clone())));
                }
                None => result.unsent += 1,
            }
        }
        while let Some(login) = logins.try_join_next() {
            result.add(login?);
        }
        sleep(LOOK).await;
    }
    result.recovery = recover(&resting, signer).await?;
    let rest = timeout(PATIENCE, logins.join_all()).await.context("answers are missing")?;
    for login in rest {
        result.add(login);
    }
    Ok(result)
}

/// How long until logins are served again without exception.
async fn recover(resting: &Resting, signer: &Signer) -> Result<Duration> {
    let ended = Instant::now();
    let (mut since, mut in_a_row) = (ended, 0);
    while in_a_row < RECOVERED {
        ensure!(ended.elapsed() < PATIENCE, "the service did not recover");
        let Some(mut connection) = resting.take() else {
            sleep(LOOK).await;
            continue;
        };
        let begun = Instant::now();
        match login(&mut connection, &signer.arrival()?, begun).await {
            Login::Served { .. } if in_a_row > 0 => in_a_row += 1,
            Login::Served { .. } => (since, in_a_row) = (begun, 1),
            Login::Refused(_) | Login::Failed(_) => in_a_row = 0,
        }
        resting.put(connection);
    }
    Ok(since - ended)
}

impl Overload {
    fn add(&mut self, login: Login) {
        match login {
            Login::Served { whole, slowest } => {
                self.served.success(whole);
                self.slowest.success(slowest);
            }
            Login::Refused(latency) => self.refused.success(latency),
            Login::Failed(reason) => self.served.failure(reason),
        }
    }
}

/// How a login went.
enum Login {
    /// To its durable end: all of it, and the slowest of its answers.
    Served {
        whole: Duration,
        slowest: Duration,
    },
    /// With the page that says to try again.
    Refused(Duration),
    Failed(String),
}

/// A login, after which the connection rests, unless it is lost.
async fn login_and_rest(mut connection: Connection, arrival: Arrival, due: Instant, resting: Resting) -> Login {
    let login = login(&mut connection, &arrival, due).await;
    if !matches!(login, Login::Failed(_)) {
        resting.put(connection);
    }
    login
}

/// One login, `due` at a time that may be past.
async fn login(connection: &mut Connection, arrival: &Arrival, due: Instant) -> Login {
    try_login(connection, arrival, due).await.unwrap_or_else(|error| Login::Failed(format!("{error:#}")))
}

async fn try_login(connection: &mut Connection, arrival: &Arrival, due: Instant) -> Result<Login> {
    let answer = connection.send(page(Protocol::Http1, &arrival.target, None)?).await?;
    let is_refused = answer.status() == StatusCode::SERVICE_UNAVAILABLE && answer.headers().contains_key(RETRY_AFTER);
    let session = if is_refused { None } else { Some(session::read(&answer)?) };
    answer.into_body().collect().await?;
    let started = due.elapsed();
    let Some(session) = session else { return Ok(Login::Refused(started)) };
    let shown = connection.exchange(page(Protocol::Http1, &session.path, Some(&session.cookie))?, is_page);
    shown.await?.map_err(anyhow::Error::msg)?;
    let seen = due.elapsed();
    let left = form(&format!("{}/cancel", session.path), &session.cookie, String::new())?;
    connection.exchange(left, is_return).await?.map_err(anyhow::Error::msg)?;
    let whole = due.elapsed();
    let slowest = started.max(seen.saturating_sub(started)).max(whole.saturating_sub(seen));
    Ok(Login::Served { whole, slowest })
}
