//! `idv subject`: what is known of the people who were verified, and what methods let one do to that.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Value, json};

use super::operate::operate;
use super::{method, output};
use crate::config::Config;
use crate::control::Request;
use crate::verification::erasure::Reason;
use crate::verification::time::Timestamp;

mod person;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Show one subject with all checks, newest first.
    Show {
        /// The tenant, by any of its hosts.
        #[arg(long, value_name = "DOMAIN")]
        tenant: String,
        /// The Auth0 `user_id`.
        #[arg(long, value_name = "USER_ID")]
        subject: String,
    },
    /// List a tenant's subjects with their last checks.
    List {
        /// The tenant, by any of its hosts.
        #[arg(long, value_name = "DOMAIN")]
        tenant: String,
    },
    /// Hand out all that is known of one subject, photos too, in clear: into a new directory, or on stdout. For root alone.
    Export {
        /// The tenant, by any of its hosts.
        #[arg(long, value_name = "DOMAIN")]
        tenant: String,
        /// The Auth0 `user_id`.
        #[arg(long, value_name = "USER_ID")]
        subject: String,
        /// The directory, which is made; - for stdout.
        #[arg(long, value_name = "DIRECTORY|-")]
        to: PathBuf,
    },
    /// Erase all that is known of one subject, photos and what opens them too. For root alone. A login that is under way ends
    /// as not verified.
    Erase {
        /// The tenant, by any of its hosts.
        #[arg(long, value_name = "DOMAIN")]
        tenant: String,
        /// The Auth0 `user_id`.
        #[arg(long, value_name = "USER_ID")]
        subject: String,
        /// Why, for the audit log: they asked for it, have left, should never have been recorded, or it is ordered.
        #[arg(long, value_parser = Reason::ALL.map(Reason::as_str))]
        reason: String,
    },
    #[command(flatten)]
    Method(method::OfSubject),
}

#[derive(Deserialize)]
struct Listing {
    subjects: Vec<Value>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(rename = "subject")]
    user_id: String,
    idv_id: String,
    last_check: Option<Timestamp>,
    method: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct Shown {
    subject: Subject,
    bindings: Vec<Value>,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    at: Timestamp,
    method: String,
    status: String,
    evidence: Value,
    holder: Option<Value>,
}

pub(super) fn run(config: &Config, command: Command, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show { tenant, subject } => {
            let answer = operate(config, &Request::SubjectShow { tenant, subject })?;
            if json {
                output::json(&answer)?;
            } else {
                let Shown { subject, bindings, checks } = output::read(answer)?;
                print(&subject)?;
                let mut told = bindings.iter().filter_map(method::tell_binding);
                told.try_for_each(|told| output::line(&format!("  {told}")))?;
                checks.iter().try_for_each(print_check)?;
            }
        }
        Command::List { tenant } => list(config, &tenant, json)?,
        Command::Export { tenant, subject, to } => person::export(config, &tenant, &subject, &to, json)?,
        Command::Erase { tenant, subject, reason } => {
            person::erase(config, &Request::SubjectErase { tenant, subject, reason }, json)?;
        }
        Command::Method(command) => return method::run_of_subject(config, command, json),
    }
    Ok(ExitCode::SUCCESS)
}

fn list(config: &Config, tenant: &str, json: bool) -> anyhow::Result<()> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page: Listing = output::read(operate(config, &Request::SubjectList { tenant: tenant.to_owned(), after })?)?;
        all.extend(page.subjects);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if json {
        return Ok(output::json(&json!(all))?);
    }
    all.into_iter().try_for_each(|subject| print(&output::read(subject)?))
}

fn print(subject: &Subject) -> anyhow::Result<()> {
    let Subject { user_id, idv_id, last_check, method, status } = subject;
    let last_check = match (last_check, method, status) {
        (Some(at), Some(method), Some(status)) => format!("{status} by {method} at {at}"),
        _ => "never checked".into(),
    };
    Ok(output::line(&format!("{user_id}  {idv_id}  {last_check}"))?)
}

fn print_check(check: &Check) -> anyhow::Result<()> {
    let Check { at, method, status, evidence, holder } = check;
    let evidence = method::tell_evidence(method, evidence, holder.as_ref());
    let evidence = evidence.map(|evidence| format!("  {evidence}")).unwrap_or_default();
    Ok(output::line(&format!("  {at}  {method}  {status}{evidence}"))?)
}
