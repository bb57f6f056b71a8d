//! `idv desk`: the codes that the organisation's desk hands out.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::operate::operate;
use crate::cli::output;
use crate::config::Config;
use crate::control::Request;
use crate::control::method::desk;
use crate::verification::account::Account;
use crate::verification::time::Timestamp;

#[derive(Subcommand)]
pub(in crate::cli) enum Command {
    /// Issue a code for a person whom you and whose document you have seen. It is shown once, and replaces any before it.
    Issue(Issue),
    /// List the codes that wait.
    List {
        /// The tenant, by any of its hosts.
        #[arg(long, value_name = "DOMAIN")]
        tenant: String,
    },
    /// Make a waiting code worthless.
    Revoke {
        /// The tenant, by any of its hosts.
        #[arg(long, value_name = "DOMAIN")]
        tenant: String,
        /// The Auth0 `user_id`.
        #[arg(long, value_name = "USER_ID")]
        subject: String,
    },
}

#[derive(Args)]
pub(in crate::cli) struct Issue {
    /// The tenant, by any of its hosts.
    #[arg(long, value_name = "DOMAIN")]
    tenant: String,
    /// The Auth0 `user_id`, such as `auth0|65f0c0ffee`.
    #[arg(long, value_name = "USER_ID")]
    subject: String,
    /// What you have seen, such as "passport"; kept with the check.
    #[arg(long)]
    note: Option<String>,
    /// The name of who vouches, recorded as such beside the account that asks; by default your login name.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Deserialize)]
struct Issued {
    code: String,
    expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Listing {
    codes: Vec<Value>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    subject: String,
    expires_at: Timestamp,
    is_expired: bool,
    attempts_left: u8,
    by: String,
    #[serde(default)]
    account: Account,
    note: Option<String>,
}

pub(super) fn run(config: &Config, command: Command, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Issue(request) => issue(config, request, json)?,
        Command::List { tenant } => list(config, &tenant, json)?,
        Command::Revoke { tenant, subject } => return revoke(config, tenant, subject, json),
    }
    Ok(ExitCode::SUCCESS)
}

/// A code that nobody saw is not left alive.
fn issue(config: &Config, request: Issue, json: bool) -> anyhow::Result<()> {
    ensure!(output::is_seen(), "nobody would see the code, for stdout is closed or /dev/null; none was issued");
    let Issue { tenant, subject, note, by } = request;
    let request = desk::Request::Issue { tenant, subject, by: by.unwrap_or_else(operator), note };
    let request = Request::Method(request.into());
    let revocation = request.revocation();
    let answer = operate(config, &request)?;
    if let (Err(error), Some(revocation)) = (hand_over(answer, json), revocation) {
        operate(config, &revocation)
            .context("the code could not be printed, and not be revoked; run: idv desk revoke")?;
        return Err(error.context("the code could not be printed, and is worthless now"));
    }
    Ok(())
}

fn hand_over(answer: Value, json: bool) -> anyhow::Result<()> {
    if json {
        return Ok(output::hand_over_json(&answer)?);
    }
    let issued: Issued = output::read(answer)?;
    output::hand_over(&issued.code)?;
    output::aside(&format!("Hand it to the person. It is good once, until {}.", issued.expires_at));
    Ok(())
}

fn list(config: &Config, tenant: &str, json: bool) -> anyhow::Result<()> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let request = desk::Request::List { tenant: tenant.to_owned(), after };
        let page: Listing = output::read(operate(config, &Request::Method(request.into()))?)?;
        all.extend(page.codes);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if json {
        return Ok(output::json(&json!(all))?);
    }
    for code in all {
        let Listed { subject, expires_at, is_expired, attempts_left, by, account, note } = output::read(code)?;
        let until = if is_expired { "expired" } else { "good until" };
        output::line(&format!(
            "{subject}  {until} {expires_at}  {attempts_left} attempts left  {}",
            vouched(&account, &by, note.as_deref())
        ))?;
    }
    Ok(())
}

fn revoke(config: &Config, tenant: String, subject: String, json: bool) -> anyhow::Result<ExitCode> {
    let request = desk::Request::Revoke { tenant, subject };
    let answer = operate(config, &Request::Method(request.into()))?;
    let was_revoked = answer.get("revoked").and_then(Value::as_bool).unwrap_or_default();
    if json {
        output::json(&answer)?;
    } else {
        output::line(if was_revoked { "The code is worthless now." } else { "No code was waiting." })?;
    }
    Ok(if was_revoked { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Deserialize)]
struct Vouch {
    by: String,
    #[serde(default)]
    account: Account,
    note: Option<String>,
}

/// The vouch that a check stands on; none if it stands on none.
pub(super) fn tell_evidence(evidence: &Value) -> Option<String> {
    let Vouch { by, account, note } = Vouch::deserialize(evidence.get("vouch")?).ok()?;
    Some(vouched(&account, &by, note.as_deref()))
}

/// Who vouched: first what the operating system proves, then what they say.
fn vouched(account: &Account, by: &str, note: Option<&str>) -> String {
    let note = note.map(|note| format!("  ({note})")).unwrap_or_default();
    format!("vouched by {account}; says: {by}{note}")
}

/// Who runs this command, in the words of the operating system.
#[expect(clippy::disallowed_methods, reason = "the command line is the adapter for its user's name")]
fn operator() -> String {
    let names = ["SUDO_USER", "LOGNAME", "USER"];
    names
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()))
        .unwrap_or_else(|| "unknown".into())
}
