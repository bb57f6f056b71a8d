//! Operations reach the store through the running service; without one, directly.

use anyhow::{Context, bail};
use serde_json::Value;

use crate::config::Config;
use crate::control::{Answer, Desk, Request, client};
use crate::ops::clock::Clock;
use crate::ops::{account, random};
use crate::store::Store;

/// What `request` comes to.
pub(super) fn operate(config: &Config, request: Request) -> anyhow::Result<Value> {
    match ask_service(config, &request)? {
        Some(answer) => Ok(answer),
        None => alone(config, request),
    }
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
    match client::ask(socket, request).with_context(context)? {
        None => Ok(None),
        Some(Answer::Done(answer)) => Ok(Some(answer)),
        Some(Answer::Refused { error }) => bail!(error),
    }
}

fn alone(config: &Config, request: Request) -> anyhow::Result<Value> {
    let (store, _) = Store::open(&config.store_path, random::bytes())?;
    let tenants = Err("the service is not running".to_owned());
    let desk = Desk { config: config.clone(), tenants, store, clock: Clock::system(), running: None };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(desk.perform(request, account::own()))?)
}
