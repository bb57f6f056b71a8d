//! Operations reach the store through the running service; without one, directly.

use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::output;
use crate::config::Config;
use crate::control::{Answer, Asker, Office, Request, client, evidence};
use crate::ops::clock::Clock;
use crate::ops::{account, random};
use crate::store::Store;
use crate::store::backup::CopyError;
use crate::store::file::OpenError;

/// How often a command looks whether the process that has the store answers or has ended: for ten seconds in all.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);
/// After so many it says what it waits for.
const UNSAID: usize = 10;

/// Who did what was asked.
pub(super) enum Done<T> {
    /// The service, with this answer.
    ByService(Value),
    /// This process.
    Alone(T),
}

/// What `request` comes to.
pub(super) fn operate(config: &Config, request: &Request) -> anyhow::Result<Value> {
    match by_service_or(config, request, || alone(config, request))? {
        Done::ByService(answer) | Done::Alone(answer) => Ok(answer),
    }
}

/// Asks the running service; without one does `alone` what it would. A service that starts or stops has the store and
/// answers nobody: that is waited for.
pub(super) fn by_service_or<T>(
    config: &Config,
    request: &Request,
    alone: impl Fn() -> anyhow::Result<T>,
) -> anyhow::Result<Done<T>> {
    let mut tries = 0;
    loop {
        if let Some(answer) = ask_service(config, request)? {
            return Ok(Done::ByService(answer));
        }
        let error = match alone() {
            Err(error) if is_elsewhere(&error) => error,
            Err(error) if is_denied(&error) => {
                return Err(error.context(
                    "the service does not run, and its store is not this account's: have it started (sudo systemctl start idv), \
                     or run this as root",
                ));
            }
            done => return Ok(Done::Alone(done?)),
        };
        tries += 1;
        if tries == UNSAID {
            output::aside("Waiting for another process, which has the store ...");
        }
        if tries == TRIES {
            let socket = config.control_socket.display();
            return Err(error.context(format!(
                "no service answers through {socket} yet: before it does, it looks through its store, which takes as long as \
                 that is large; try again in a minute"
            )));
        }
        thread::sleep(PAUSE);
    }
}

/// Whether another process has the store, and nothing was done.
fn is_elsewhere(error: &anyhow::Error) -> bool {
    let open = error.downcast_ref().is_some_and(|error| matches!(error, OpenError::InUse(_) | OpenError::GaveWay(_)));
    open || error.downcast_ref().is_some_and(|error| matches!(error, CopyError::GaveWay))
}

/// Whether this account may not open the store.
fn is_denied(error: &anyhow::Error) -> bool {
    error.downcast_ref().is_some_and(
        |error| matches!(error, OpenError::Io { source, .. } if source.kind() == ErrorKind::PermissionDenied),
    )
}

/// What the running service answers to `request`, if one runs.
pub(super) fn ask_service(config: &Config, request: &Request) -> anyhow::Result<Option<Value>> {
    let socket = &config.control_socket;
    let context = || {
        format!(
            "the service was not reached through {}; run this as root or as a member of its group",
            socket.display()
        )
    };
    match client::ask(socket, request, claimed().as_deref()).with_context(context)? {
        None => Ok(None),
        Some(Answer::Done(answer)) => Ok(Some(answer)),
        Some(Answer::Refused { error }) => bail!(error),
    }
}

fn alone(config: &Config, request: &Request) -> anyhow::Result<Value> {
    Alone::open(config, request)?.perform(request.clone())
}

/// The store in this process's own hands.
pub(super) struct Alone {
    office: Office,
    runtime: Runtime,
}

impl Alone {
    /// Opens the store for `request`, and whatever is asked after it. What an entry is made of is done in the store itself.
    pub(super) fn open(config: &Config, request: &Request) -> anyhow::Result<Self> {
        let path = &config.store_path;
        let store = if request.changes_the_store() {
            Store::open_giving_way(path, random::bytes())?
        } else if request.is_recorded() {
            Store::open_if_made(path)?
        } else {
            Store::open_to_read(path)?
        };
        let tenants = Err("the service is not running".to_owned());
        let (config, evidence, clock) = (config.clone(), evidence::keeper(config, &store), Clock::system());
        let office = Office { config, tenants, store, evidence, clock, running: None };
        Ok(Self { office, runtime: tokio::runtime::Builder::new_current_thread().build()? })
    }

    pub(super) fn perform(&self, request: Request) -> anyhow::Result<Value> {
        let asker = Asker::new(account::own(), claimed())?;
        match self.runtime.block_on(self.office.perform(request, asker)) {
            Err(_) if self.office.store.gave_way() => {
                Err(OpenError::GaveWay(self.office.config.store_path.clone()).into())
            }
            done => Ok(done?),
        }
    }
}

/// Who asks, in their own words: before they became root, if they did.
#[expect(clippy::disallowed_methods, reason = "the command line is the adapter for its user's name")]
fn claimed() -> Option<String> {
    std::env::var("SUDO_USER").ok().filter(|name| !name.is_empty())
}
