//! `idv operator`: who may do what in the console, and the links by which they sign in without a provider.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::Value;

use super::operate::operate;
use super::output;
use crate::config::Config;
use crate::control::Request;
use crate::control::operator::{self, Listed, ListedSession};
use crate::verification::operator::Role;
use crate::verification::time::Timestamp;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add an operator, and print a link by which they sign in once.
    Add(Add),
    /// Print another link for an operator, in place of any before it.
    Link {
        /// Whom.
        name: String,
    },
    /// List the operators with their sessions.
    List,
    /// Note that an operator is trained for what they do.
    Certify {
        /// Whom.
        name: String,
    },
    /// End an operator's sessions for good, and let them in no more.
    Revoke {
        /// Whom.
        name: String,
    },
    /// End one session.
    End {
        /// Which, as `idv operator list` has it.
        session: String,
    },
}

#[derive(Args)]
pub(super) struct Add {
    /// What they are called in the console and in the audit log.
    name: String,
    /// What they may do: desk, reviewer or supervisor. Repeat it for several.
    #[arg(long = "role", value_name = "ROLE", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// Whom they are as an applicant, by the Auth0 `user_id`: nobody decides their own case.
    #[arg(long, value_name = "USER_ID")]
    subject: Option<String>,
    /// The tenant of that, by any of its hosts. With one tenant it goes without saying.
    #[arg(long, value_name = "DOMAIN", requires = "subject")]
    tenant: Option<String>,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("known here: {}", Role::ALL.map(Role::as_str).join(", ")))
}

#[derive(Deserialize)]
struct Offered {
    url: String,
    expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Listing {
    operators: Vec<Listed>,
}

pub(super) fn run(config: &Config, command: Command, json: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(Add { name, roles, subject, tenant }) => {
            let tenant = match &subject {
                Some(_) => Some(super::tenant::choose(config, tenant.as_deref())?.domain.to_string()),
                None => None,
            };
            offer(config, operator::Request::Add { name, roles, subject, tenant }, json)
        }
        Command::Link { name } => offer(config, operator::Request::Link { name }, json),
        Command::List => list(config, json),
        Command::Certify { name } => tell(config, operator::Request::Certify { name }, json, "Certified."),
        Command::Revoke { name } => tell(config, operator::Request::Revoke { name }, json, "Signed out and revoked."),
        Command::End { session } => end(config, session, json),
    }
}

/// A link that nobody saw is not left alive where it is a new operator's.
fn offer(config: &Config, request: operator::Request, json: bool) -> anyhow::Result<ExitCode> {
    ensure!(output::is_seen(), "nobody would see the link, for stdout is closed or /dev/null; none was made");
    let request = Request::Operator(request);
    let revocation = request.revocation();
    let answer = operate(config, &request)?;
    if let (Err(error), Some(revocation)) = (hand_over(answer, json), revocation) {
        operate(config, &revocation)
            .context("the link could not be printed, and not be revoked; run: idv operator revoke")?;
        return Err(error.context("the link could not be printed, and the operator is revoked"));
    }
    Ok(ExitCode::SUCCESS)
}

fn hand_over(answer: Value, json: bool) -> anyhow::Result<()> {
    if json {
        return Ok(output::hand_over_json(&answer)?);
    }
    let offered: Offered = output::read(answer)?;
    output::hand_over(&offered.url)?;
    output::aside(&format!("Hand it to them alone. It is good once, until {}.", offered.expires_at));
    Ok(())
}

fn tell(config: &Config, request: operator::Request, json: bool, done: &str) -> anyhow::Result<ExitCode> {
    let answer = operate(config, &Request::Operator(request))?;
    if json {
        output::json(&answer)?;
    } else {
        output::line(done)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn end(config: &Config, session: String, json: bool) -> anyhow::Result<ExitCode> {
    let answer = operate(config, &Request::Operator(operator::Request::End { session }))?;
    let has_ended = answer.get("ended").and_then(Value::as_bool).unwrap_or_default();
    if json {
        output::json(&answer)?;
    } else {
        output::line(if has_ended { "The session has ended." } else { "There is no such session." })?;
    }
    Ok(if has_ended { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn list(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let answer = operate(config, &Request::Operator(operator::Request::List {}))?;
    if json {
        output::json(&answer)?;
        return Ok(ExitCode::SUCCESS);
    }
    let listing: Listing = output::read(answer)?;
    for operator in listing.operators {
        output::line(&told(&operator))?;
        for session in &operator.sessions {
            output::line(&told_session(session))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(operator: &Listed) -> String {
    let Listed { name, roles, subject, certified_at, revoked_at, last_at, .. } = operator;
    let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
    let subject = subject.as_ref().map(|subject| format!("{} at {}", subject.user_id.as_str(), subject.tenant));
    let at = |what: &str, at: &Option<Timestamp>| at.map(|at| format!("{what} {at}"));
    let told = [
        Some(name.to_string()),
        Some(roles.join(", ")),
        Some(subject.unwrap_or_else(|| "not known as an applicant".into())),
        Some(at("certified", certified_at).unwrap_or_else(|| "not certified".into())),
        at("revoked", revoked_at),
        Some(at("signed in", last_at).unwrap_or_else(|| "never signed in".into())),
    ];
    told.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

fn told_session(session: &ListedSession) -> String {
    let ListedSession { id, by, began_at, last_act_at } = session;
    format!("  session {id}  by {}  since {began_at}  last act {last_act_at}", by.as_str())
}
