//! Fifty photos of five megabytes at once, and people who begin a login beside them.
//!
//! Starts are due at a fixed rate, whether or not earlier ones have been answered, and their time counts from then. They and
//! the photos are sent by a thread each, which share the machine's cores with the service.

use crate::connection::{Connection, Endpoint, Protocol};
use crate::machine;
use crate::overload::while_watching;
use crate::product::Service;
use crate::report::{Table, progress};
use crate::request::{Body, form, is_start, page, starts, upload};
use crate::session::{self, Session};
use crate::spread::grouped;
use crate::tally::Tally;
use crate::tls::Identity;
use crate::token::Signer;
use anyhow::{Context, Result, anyhow, ensure};
use http_body_util::BodyExt;
use hyper::header::LOCATION;
use hyper::{Request, StatusCode};
use jpeg_encoder::{ColorType, Encoder};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const PHOTOS: usize = 50;
/// The most bytes of a photo of such sides, 24 megapixels.
const BYTES: usize = 5_300_000;
const SIDES: (u16, u16) = (5712, 4284);
/// Starts a second, on so many connections.
const RATE: u32 = 200;
const CONNECTIONS: u32 = 20;
/// The starts alone, to compare with.
const ALONE: Duration = Duration::from_secs(5);
/// Long enough for every answer that will ever come.
const PATIENCE: Duration = Duration::from_mins(2);

/// Measures the service, which verifies people by document, and prints the table.
pub(crate) fn measure(service: &Service, identity: &Identity, signer: &Signer) -> Result<()> {
    let photo = photo()?;
    let endpoint = Endpoint::full(service.address, Protocol::Http1, identity)?;
    let idle_mib = service.process.resident_mib()?;
    progress("photos: starts alone");
    let alone = beside(&endpoint, signer, || {
        thread::sleep(ALONE);
        Ok(())
    })?;
    let [megabytes, millions] = [photo.len(), usize::from(SIDES.0) * usize::from(SIDES.1)].map(|count| count / 100_000);
    let title = format!(
        "{PHOTOS} photos of {} MB and {} megapixels at once, beside {RATE} starts/s",
        tenths(megabytes),
        tenths(millions)
    );
    let mut table = Table::new(title, &["", "none", "HTTP/1.1", "HTTP/2"]);
    let mut columns = vec![Column::new(&alone.1, None, idle_mib)];
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let route = Endpoint::full(service.address, protocol, identity)?;
        progress("photos: people who are about to send them");
        let requests = applicants(&endpoint, signer, &photo, protocol)?;
        progress("photos: all at once");
        let load = || beside(&endpoint, signer, || send_all(&route, requests));
        let ((sent, starts), peak_mib) = while_watching(&service.process, load)?;
        columns.push(Column::new(&starts, Some(&sent), peak_mib));
    }
    for (index, name) in NAMES.into_iter().enumerate() {
        table.row([name].into_iter().chain(columns.iter().map(|column| column.0[index].as_str())));
    }
    table.print();
    Ok(())
}

const NAMES: [&str; 8] = [
    "photos taken",
    "told to come again: 503",
    "failed otherwise",
    "the first and the last answer, s",
    "starts answered",
    "starts that failed",
    "p50 and p99 of starts, ms",
    "memory at the most, MiB",
];

/// The cells of a column, by [`NAMES`].
struct Column([String; NAMES.len()]);

impl Column {
    fn new(starts: &Tally, sent: Option<&Sent>, mib: f64) -> Self {
        let [p50, p99] = starts.percentiles([500, 990]).map(|micros| grouped(micros / 1e3, 1));
        let of_photos = |cell: fn(&Sent) -> String| sent.map(cell).unwrap_or_default();
        let failed =
            |count: u64, first: Option<&String>| first.map_or(count.to_string(), |why| format!("{count}: {why}"));
        Self([
            of_photos(|sent| sent.taken.to_string()),
            of_photos(|sent| sent.waits.to_string()),
            sent.map(|sent| failed(sent.failed, sent.first_failure.as_ref())).unwrap_or_default(),
            of_photos(|sent| format!("{:.1} and {:.1}", sent.first.as_secs_f64(), sent.last.as_secs_f64())),
            starts.successes().to_string(),
            failed(starts.failures, starts.first_failure.as_ref()),
            format!("{p50} and {p99}"),
            grouped(mib, 0),
        ])
    }
}

fn tenths(count: usize) -> String {
    format!("{}.{}", count / 10, count % 10)
}

/// What came of all photos.
#[derive(Default)]
struct Sent {
    taken: u64,
    waits: u64,
    failed: u64,
    first_failure: Option<String>,
    first: Duration,
    last: Duration,
}

/// A slope of colours with grain, as large as it may be: as a camera writes it.
fn photo() -> Result<Vec<u8>> {
    let (width, height) = SIDES;
    let mut noise = 0x9e37_79b9_u32;
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..height {
        for x in 0..width {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let grain = (noise & 15) as u16;
            let slope = [x / 32 + grain, y / 24 + grain, (x + y) / 48 + grain];
            pixels.extend(slope.map(|value| u8::try_from(value % 256).unwrap_or_default()));
        }
    }
    for quality in (30..=95).rev() {
        let mut file = Vec::new();
        Encoder::new(&mut file, quality).encode(&pixels, width, height, ColorType::Rgb)?;
        if file.len() <= BYTES {
            return Ok(file);
        }
    }
    Err(anyhow!("no photo is as small as it is to be"))
}

/// The same photo in other bytes: as that of `number`.
fn of(photo: &[u8], number: usize) -> Vec<u8> {
    [&photo[..2], &[0xff, 0xfe, 0, 10], &number.to_be_bytes(), &photo[2..]].concat()
}

/// So many people agree, and have a photo each that is to be sent.
fn applicants(endpoint: &Endpoint, signer: &Signer, photo: &[u8], to: Protocol) -> Result<Vec<Request<Body>>> {
    machine::runtime()?.block_on(async {
        let mut connection = endpoint.connect().await?;
        let mut requests = Vec::new();
        for number in 0..PHOTOS {
            let session = session::begin(&mut connection, &signer.arrival()?).await?;
            agree(&mut connection, &session).await?;
            let target = format!("{}/document/front", session.path);
            requests.push(upload(to, &target, &session.cookie, &of(photo, number))?);
        }
        Ok(requests)
    })
}

async fn agree(connection: &mut Connection, session: &Session) -> Result<()> {
    let target = format!("{}/document/begin", session.path);
    let shown = connection.send(page(Protocol::Http1, &target, Some(&session.cookie))?).await?;
    let shown = shown.into_body().collect().await?.to_bytes();
    let shown = String::from_utf8_lossy(&shown);
    let (_, rest) = shown.split_once("name=\"notice\" value=\"").context("a page without a notice to agree to")?;
    let notice = rest.split('"').next().unwrap_or_default();
    let body = format!("consent=yes&kind=passport&notice={notice}");
    let begun = connection.send(form(&target, &session.cookie, body)?).await?;
    ensure!(begun.status() == StatusCode::SEE_OTHER, "status {} where somebody agrees", begun.status());
    begun.into_body().collect().await?;
    Ok(())
}

/// All at once, on a connection each.
fn send_all(endpoint: &Endpoint, requests: Vec<Request<Body>>) -> Result<Sent> {
    machine::runtime()?.block_on(async {
        let mut connected = Vec::new();
        for request in requests {
            connected.push((endpoint.connect().await?, request));
        }
        let (begun, mut answers) = (Instant::now(), JoinSet::new());
        for (connection, request) in connected {
            answers.spawn(timeout(PATIENCE, send(connection, request)));
        }
        let mut sent = Sent::default();
        while let Some(answer) = answers.join_next().await {
            match answer?.context("no answer").and_then(|answer| answer) {
                Ok((StatusCode::SEE_OTHER, true)) => sent.taken += 1,
                Ok((StatusCode::SERVICE_UNAVAILABLE, _)) => sent.waits += 1,
                Ok((status, _)) => sent.failed(format!("status {status}")),
                Err(error) => sent.failed(format!("{error:#}")),
            }
            sent.last = begun.elapsed();
            if sent.first.is_zero() {
                sent.first = sent.last;
            }
        }
        Ok(sent)
    })
}

impl Sent {
    fn failed(&mut self, why: String) {
        self.failed += 1;
        self.first_failure.get_or_insert(why);
    }
}

/// The status of an answer, and whether it leads to a look at the photo.
async fn send(mut connection: Connection, request: Request<Body>) -> Result<(StatusCode, bool)> {
    let answer = connection.send(request).await?;
    let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default();
    let told = (answer.status(), location.ends_with("/check"));
    answer.into_body().collect().await?;
    Ok(told)
}

/// Does `load` while starts are sent, and gives what came of both.
fn beside<T: Send>(
    endpoint: &Endpoint,
    signer: &Signer,
    load: impl FnOnce() -> Result<T> + Send,
) -> Result<(T, Tally)> {
    let ends = Arc::new(AtomicBool::new(false));
    thread::scope(|scope| {
        let lines = scope.spawn(|| machine::runtime()?.block_on(start_on(endpoint, signer, &ends)));
        let done = load();
        ends.store(true, Ordering::Relaxed);
        let tally = lines.join().map_err(|_| anyhow!("the load generator panicked"))??;
        Ok((done?, tally))
    })
}

async fn start_on(endpoint: &Endpoint, signer: &Signer, ends: &Arc<AtomicBool>) -> Result<Tally> {
    let mut lines = JoinSet::new();
    let (begun, period) = (Instant::now(), Duration::from_secs(1) * CONNECTIONS / RATE);
    for number in 0..CONNECTIONS {
        let connection = endpoint.connect().await?;
        let count = PATIENCE.as_secs_f64() / period.as_secs_f64();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a few thousand")]
        let requests = starts(signer, Protocol::Http1, count as usize)?;
        lines.spawn(drive(connection, requests, begun + period * number / CONNECTIONS, period, ends.clone()));
    }
    let mut all = Tally::default();
    while let Some(tally) = lines.join_next().await {
        all.add(tally?);
    }
    Ok(all)
}

/// One start each `period`, from `due` on; what was late is caught up with.
async fn drive(
    mut connection: Connection,
    requests: Vec<Request<Body>>,
    mut due: Instant,
    period: Duration,
    ends: Arc<AtomicBool>,
) -> Tally {
    let mut tally = Tally::default();
    for request in requests {
        sleep(due.saturating_duration_since(Instant::now())).await;
        if ends.load(Ordering::Relaxed) {
            break;
        }
        match connection.exchange(request, is_start).await {
            Ok(Ok(())) => tally.success(due.elapsed()),
            Ok(Err(wrong)) => tally.failure(wrong),
            Err(lost) => {
                tally.failure(format!("{lost:#}"));
                break;
            }
        }
        due += period;
    }
    tally
}
