//! `idv link`: a start URL with a freshly signed request token, to test an installation without Auth0.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::{operate, output};
use crate::config::{Config, Problems};
use crate::control::{self, Request, operation};
use crate::ops::clock::Clock;

#[derive(Args)]
pub(super) struct Arguments {
    /// The tenant, by any of its hosts.
    #[arg(long, value_name = "DOMAIN")]
    tenant: String,
    /// The Auth0 `user_id`, such as `auth0|65f0c0ffee`.
    #[arg(long, value_name = "USER_ID")]
    subject: String,
}

pub(super) fn run(config: &Config, arguments: Arguments, json: bool) -> anyhow::Result<ExitCode> {
    let Arguments { tenant, subject } = arguments;
    let request = Request::Link { tenant: tenant.clone(), subject: subject.clone() };
    let answer = if let Some(answer) = operate::ask_service(config, &request)? {
        answer
    } else {
        let tenants = config.read_tenants().map_err(Problems)?;
        let subject = control::possible_subject(config, &tenant, subject)?;
        operation::link(&config.public_url, &tenants, &subject, Clock::system().now())?
    };
    if json {
        output::json(&answer)?;
    } else {
        output::line(answer.get("url").and_then(Value::as_str).unwrap_or_default())?;
    }
    Ok(ExitCode::SUCCESS)
}
