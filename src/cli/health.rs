//! `idv health`: whether the running service is ready, in one line, for scripts and images without anything else in them.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{operate, output};
use crate::config::Config;
use crate::control::Request;
use crate::monitoring::readiness::Checks;

pub(super) fn run(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let answer = operate::ask_service(config, &Request::Health)?;
    let is_ready = answer.as_ref().is_some_and(|answer| answer["ready"] == Value::Bool(true));
    let nobody = || format!("no service answers through {}", config.control_socket.display());
    if json {
        output::json(&answer.unwrap_or_else(|| json!({ "ready": false, "checks": [], "why": nobody() })))?;
    } else {
        let line = match answer {
            None => format!("not ready: {}", nobody()),
            Some(mut answer) => serde_json::from_value::<Checks>(answer["checks"].take())?.line(),
        };
        output::line(&line)?;
    }
    Ok(if is_ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
