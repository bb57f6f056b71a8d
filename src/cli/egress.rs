//! `idv egress`: the way out, from its configuration to its end. It reads no secret.

use std::os::unix::net::UnixListener;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::serve::give_up;
use crate::config::{Config, Problems};
use crate::egress::Door;
use crate::egress::proxy::{self, Limits};
use crate::ops::log::{self, Format, Log};
use crate::ops::noise::Noise;
use crate::ops::report::Report;
use crate::ops::service_manager;
use crate::server::bind::{self, BindError, Listeners};

/// Who may ask: the service and its group.
const MODE: u32 = 0o660;
/// Where the service manager starts it whenever somebody asks, it ends after so long without work: the next start finds this
/// machine's resolver and configuration as they are then.
const REST: Duration = Duration::from_mins(1);

/// Runs the way out to its end. What keeps it from starting is told in the log.
pub(super) fn run(load: impl FnOnce() -> Result<Config, Problems>) -> ExitCode {
    let config = load();
    let log = log::start(config.as_ref().map_or(Format::Auto, |config| config.log_format));
    match config.map_err(anyhow::Error::from).and_then(|config| egress(&config, &log)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => give_up(&error),
    }
}

fn egress(config: &Config, log: &Log) -> anyhow::Result<()> {
    let door = Door::of_config(config).map_err(|problem| Problems(vec![problem]))?;
    let handed_over = Listeners::inherit()?;
    let rest = handed_over.is_some().then_some(REST);
    let listener = match handed_over {
        Some(handed_over) => handed_over.into_path().ok_or(BindError::Foreign(1))?,
        None => bind::bind_path(&config.egress.socket, MODE)?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(attend(listener, &door, rest, log))?;
    Report::Stopped.tell();
    Ok(())
}

/// Serves until it is told to stop, or rests. What is under way then ends too: who asked asks again.
async fn attend(listener: UnixListener, door: &Door, rest: Option<Duration>, log: &Log) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot watch for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot watch for SIGINT")?;
    // After a reload of the service: the next start finds the hosts that are named by then.
    let mut hangup = signal(SignalKind::hangup()).context("cannot watch for SIGHUP")?;
    let leave = async {
        hangup.recv().await;
    };
    listener.set_nonblocking(true)?;
    let place =
        listener.local_addr().ok().and_then(|address| address.as_pathname().map(|path| path.display().to_string()));
    let listener = tokio::net::UnixListener::from_std(listener)?;
    let noise = Arc::new(Noise::default());
    service_manager::ready();
    Report::ListensOn(&place.unwrap_or_default()).tell();
    tokio::select! {
        result = proxy::serve(&listener, door, Limits::default(), rest, &noise, leave) => {
            result.context("its socket failed")?;
            Report::Rests.tell();
        }
        () = noise.report() => {}
        () = log.watch() => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    service_manager::stopping();
    noise.tell();
    Ok(())
}
