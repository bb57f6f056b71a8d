//! What idv takes while it does nothing: disk, memory, the time to its first answer.

use crate::connection::{Endpoint, Protocol};
use crate::machine;
use crate::product::{Installation, Service};
use crate::report::Table;
use crate::request::{is_start, starts};
use crate::spread::Spread;
use crate::tls::Identity;
use crate::token::Signer;
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Long enough for a started service to end its own start.
const IDLE: Duration = Duration::from_millis(200);

/// Starts of the service, one after another, each with its first answer.
#[derive(Default)]
pub(crate) struct Starts {
    ready_ms: Vec<f64>,
    answered_ms: Vec<f64>,
    idle_mib: Vec<f64>,
}

impl Starts {
    /// Starts the service once more.
    pub(crate) fn add(&mut self, installation: &Installation, identity: &Identity, signer: &Signer) -> Result<Service> {
        let service = installation.start()?;
        answer_one(&service, identity, signer)?;
        self.answered_ms.push(service.started.elapsed().as_secs_f64() * 1e3);
        self.ready_ms.push(service.ready_after.as_secs_f64() * 1e3);
        thread::sleep(IDLE);
        self.idle_mib.push(service.process.resident_mib()?);
        Ok(service)
    }

    /// One row for each figure, `state` saying what the service found when it started.
    fn rows(&self, table: &mut Table, state: &str) {
        let mut row = |name: &str, samples: &[f64]| {
            if !samples.is_empty() {
                table.row([format!("{name}, {state}"), Spread::of(samples.iter().copied()).text(1)]);
            }
        };
        row("ready, ms", &self.ready_ms);
        row("first answer over TLS, ms", &self.answered_ms);
        row("memory, MiB, idle", &self.idle_mib);
    }
}

/// All that is known of the footprint at the end of a run.
pub(crate) struct Footprint<'a> {
    pub(crate) program: &'a Path,
    pub(crate) store: &'a Path,
    pub(crate) new: Starts,
    pub(crate) killed: Starts,
    /// Resident memory after each part of the load, in MiB.
    pub(crate) loaded_mib: Vec<(&'static str, f64)>,
}

impl Footprint<'_> {
    pub(crate) fn print(&self) -> Result<()> {
        let mut table = Table::new("Footprint of idv", &["", ""]);
        table.row(["binary, MiB".to_owned(), format!("{:.2}", size_mib(self.program)?)]);
        self.new.rows(&mut table, "new store");
        for (load, mib) in &self.loaded_mib {
            table.row([format!("memory, MiB, after the {load}"), format!("{mib:.1}")]);
        }
        table.row(["store, MiB, after the load".to_owned(), format!("{:.1}", size_mib(self.store)?)]);
        self.killed.rows(&mut table, "that store, after a kill");
        table.print();
        Ok(())
    }
}

fn answer_one(service: &Service, identity: &Identity, signer: &Signer) -> Result<()> {
    let endpoint = Endpoint::full(service.address, Protocol::Http1, identity)?;
    let request = starts(signer, Protocol::Http1, 1)?.remove(0);
    let runtime = machine::runtime()?;
    runtime.block_on(async { endpoint.connect().await?.exchange(request, is_start).await })?.map_err(anyhow::Error::msg)
}

#[expect(clippy::cast_precision_loss, reason = "no file here has 2^53 bytes")]
fn size_mib(path: &Path) -> Result<f64> {
    Ok(fs::metadata(path)?.len() as f64 / f64::from(1 << 20))
}
