//! `idv serve` over the store: how soon it is ready, what it holds in memory, how long its backup takes.

use super::column::Column;
use super::people::{People, scattered};
use crate::control;
use crate::machine;
use crate::product::{Installation, Service};
use crate::report::progress;
use anyhow::{Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Of anybody, each through the control socket: the person and their checks.
const LOOKUPS: u64 = 100_000;
/// At once.
const ASKERS: u64 = 16;
/// Long enough for a started service to end its own start.
const IDLE: Duration = Duration::from_millis(200);
/// The longest that the largest store takes.
const LOOKED_THROUGH: Duration = Duration::from_mins(5);
/// Of writes, before the kill.
const WRITES: Duration = Duration::from_millis(300);

pub(super) fn measure(
    installation: &Installation,
    directory: &Path,
    people: &Arc<People>,
    rounds: u32,
    column: &mut Column,
) -> Result<()> {
    let starts = Starts { installation, rounds };
    column.add("ready after a clean end, ms", 1, starts.clean()?);
    column.add("ready after a clean end, page cache dropped, ms", 1, [starts.cold_and_clean()?]);
    let service = starts.memory(people, column)?;
    back_up(installation, &service, directory, people, column)?;
    column.add("ready after kill -9 under writes, ms", 1, starts.killed(service, people)?);
    column.add("ready after kill -9, page cache dropped, ms", 1, [starts.cold()?]);
    Ok(())
}

struct Starts<'a> {
    installation: &'a Installation,
    rounds: u32,
}

impl Starts<'_> {
    fn clean(&self) -> Result<Vec<f64>> {
        let once = |_| {
            let service = self.installation.start()?;
            service.process.end()?;
            Ok(milliseconds(service.ready_after))
        };
        (0..self.rounds).map(once).collect()
    }

    /// A service after so many look-ups.
    fn memory(&self, people: &Arc<People>, column: &mut Column) -> Result<Service> {
        let service = self.installation.start()?;
        await_look_ups(self.installation, people, service.started, column)?;
        thread::sleep(IDLE);
        column.add("memory after the start, MiB", 1, [service.process.resident_mib()?]);
        look_up(self.installation, people)?;
        column.add("memory after 100,000 look-ups, MiB", 1, [service.process.resident_mib()?]);
        Ok(service)
    }

    /// Kills `service` and its successors, each while it writes.
    fn killed(&self, mut service: Service, people: &Arc<People>) -> Result<Vec<f64>> {
        let mut ready = Vec::new();
        for _ in 0..self.rounds {
            kill_under_writes(self.installation, service, people)?;
            service = self.installation.start()?;
            ready.push(milliseconds(service.ready_after));
        }
        Ok(ready)
    }

    fn cold_and_clean(&self) -> Result<f64> {
        super::Place { path: self.installation.store.clone() }.cool()?;
        let service = self.installation.start()?;
        service.process.end()?;
        Ok(milliseconds(service.ready_after))
    }

    fn cold(&self) -> Result<f64> {
        super::Place { path: self.installation.store.clone() }.cool()?;
        Ok(milliseconds(self.installation.start()?.ready_after))
    }
}

/// Operators are answered once every page was looked at.
fn await_look_ups(installation: &Installation, people: &People, started: Instant, column: &mut Column) -> Result<()> {
    let look_up = || machine::runtime()?.block_on(control::show_subject(&installation.control, &people.user_id(0)));
    while let Err(error) = look_up() {
        ensure!(started.elapsed() < LOOKED_THROUGH, "the store is not looked through: {error}");
    }
    column.add("  looked through after, ms", 1, [milliseconds(started.elapsed())]);
    Ok(())
}

fn look_up(installation: &Installation, people: &Arc<People>) -> Result<()> {
    machine::runtime()?.block_on(async {
        let mut askers = JoinSet::new();
        for asker in 0..ASKERS {
            let (people, socket) = (Arc::clone(people), installation.control.clone());
            askers.spawn(async move {
                for number in 0..LOOKUPS / ASKERS {
                    let visit = scattered((asker << 32) | number) % people.count;
                    control::show_subject(&socket, &people.user_id(visit)).await?;
                }
                Ok(())
            });
        }
        askers.join_all().await.into_iter().collect()
    })
}

/// The product's own, to its end: the copy that the running service makes, taken away and looked at once more.
fn back_up(
    installation: &Installation,
    service: &Service,
    directory: &Path,
    people: &People,
    column: &mut Column,
) -> Result<()> {
    let backup = directory.join("backup");
    let started = Instant::now();
    installation.back_up(&backup)?;
    column.add("backup, s", 2, [started.elapsed().as_secs_f64()]);
    #[expect(clippy::cast_precision_loss, reason = "no store here has 2^53 people")]
    column.add_file("  its file", &backup.join("idv.redb"), people.count as f64)?;
    column.add("  the service's memory at its most, MiB", 1, [service.process.peak_mib()?]);
    fs::remove_dir_all(&backup)?;
    Ok(())
}

/// Codes are issued, each a durable commit, until the service is no more.
fn kill_under_writes(installation: &Installation, service: Service, people: &Arc<People>) -> Result<()> {
    let issued = Arc::new(AtomicU64::new(0));
    machine::runtime()?.block_on(async {
        let mut writers = JoinSet::new();
        for _ in 0..ASKERS {
            writers.spawn(write(installation.control.clone(), Arc::clone(people), Arc::clone(&issued)));
        }
        tokio::time::sleep(WRITES).await;
        drop(service);
        writers.join_all().await;
    });
    let issued = issued.load(Ordering::Relaxed);
    ensure!(issued > 0, "nothing was written before the kill");
    progress(&format!("killed after {issued} commits were acknowledged"));
    Ok(())
}

async fn write(socket: PathBuf, people: Arc<People>, issued: Arc<AtomicU64>) {
    loop {
        let number = issued.fetch_add(1, Ordering::Relaxed);
        if control::issue_desk_code(&socket, &people.user_id(number)).await.is_err() {
            issued.fetch_sub(1, Ordering::Relaxed);
            return;
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
