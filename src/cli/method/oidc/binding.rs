//! Who people are at providers, for operators: told in words, and released.

use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;
use serde_json::Value;

use crate::cli::operate::operate;
use crate::cli::output;
use crate::config::Config;
use crate::control::Request;
use crate::control::method::oidc;
use crate::verification::method::oidc::binding::Conflict;
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::{Basis, Delegation};
use crate::verification::time::Timestamp;

#[derive(Args)]
pub(in crate::cli) struct Unbind {
    /// The tenant, by any of its hosts.
    #[arg(long, value_name = "DOMAIN")]
    tenant: String,
    /// The Auth0 `user_id`.
    #[arg(long, value_name = "USER_ID")]
    subject: String,
    /// The provider's name in the configuration, of today or of before.
    #[arg(long, value_name = "NAME", value_parser = ProviderName::parse)]
    provider: ProviderName,
}

#[derive(Args)]
pub(in crate::cli) struct Forget {
    /// The provider's name in the configuration, of today or of before.
    #[arg(value_name = "NAME", value_parser = ProviderName::parse)]
    provider: ProviderName,
}

pub(in crate::cli::method) fn unbind(config: &Config, request: Unbind, json: bool) -> anyhow::Result<ExitCode> {
    let Unbind { tenant, subject, provider } = request;
    let request = oidc::Request::Unbind { tenant, subject, provider };
    let answer = operate(config, &Request::Method(request.into()))?;
    let was_bound = answer.get("unbound").and_then(Value::as_bool).unwrap_or_default();
    if json {
        output::json(&answer)?;
    } else {
        let told = if was_bound {
            "Released. Whoever is verified there next for this account is bound to it."
        } else {
            "Nobody was bound."
        };
        output::line(told)?;
    }
    Ok(if was_bound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(super) fn forget(config: &Config, request: &Forget, json: bool) -> anyhow::Result<ExitCode> {
    let request = oidc::Request::Forget { provider: request.provider };
    let answer = operate(config, &Request::Method(request.into()))?;
    if json {
        output::json(&answer)?;
    } else {
        let forgotten = answer.get("forgotten").and_then(Value::as_u64).unwrap_or_default();
        output::line(&format!("{forgotten} forgotten."))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Deserialize)]
struct Binding {
    provider: ProviderName,
    bound_at: Timestamp,
    is_seen: bool,
    is_current: Option<bool>,
}

/// Who a subject is at a provider, in one line; none if it is not understood.
pub(in crate::cli::method) fn tell_binding(binding: &Value) -> Option<String> {
    let Binding { provider, bound_at, is_seen, is_current } = Binding::deserialize(binding).ok()?;
    let seen = if is_seen { "" } else { "; Auth0 has not been seen to take it" };
    let current = match is_current {
        Some(true) => "",
        Some(false) => "; by another registration than today's",
        None => "; that provider is not configured",
    };
    Some(format!("bound to {provider} since {}{seen}{current}", output::date(bound_at)))
}

/// Whose an identity is by now.
#[derive(Deserialize)]
struct Holder {
    subject: String,
    is_seen: bool,
}

/// What a provider attested, and whose the identity is by now (`holder`) where that is in conflict.
pub(in crate::cli::method) fn tell_evidence(evidence: &Value, holder: Option<&Value>) -> Option<String> {
    let delegation = evidence.get("delegated")?;
    let Delegation { basis, verified_at, reference, conflict, .. } = Delegation::deserialize(delegation).ok()?;
    let holder = holder.and_then(|holder| Holder::deserialize(holder).ok());
    let mismatch = delegation.pointer("/conflict/mismatch").and_then(Value::as_str);
    let told = [
        conflict.map(|conflict| tell_conflict(conflict, holder.as_ref(), mismatch)),
        Some(tell_basis(&basis)),
        verified_at.map(|at| format!("verified there at {}", output::date(at))),
        reference.map(|reference| format!("reference {reference}")),
    ];
    Some(told.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn tell_conflict(conflict: Conflict, holder: Option<&Holder>, mismatch: Option<&str>) -> String {
    let bound = holder.map(|Holder { subject, is_seen }| {
        let seen = if *is_seen { "" } else { ", and Auth0 has not been seen to take that" };
        format!("bound to {subject}{seen}")
    });
    match (conflict, bound) {
        (Conflict::InUse, Some(bound)) => format!("the identity is used for another account: {bound}"),
        (Conflict::InUse, None) => "the identity was used for another account, and is not any more".into(),
        (Conflict::OtherPerson, Some(bound)) => format!("another person than last time, {bound}"),
        (Conflict::OtherPerson, None) => "another person than last time".into(),
        (Conflict::Mismatch(_), _) => format!("{} is not the account's", mismatch.unwrap_or("a name")),
    }
}

/// What meant that the person is verified.
fn tell_basis(basis: &Basis) -> String {
    let Basis { acr, trust_framework, assurance_level } = basis;
    let named = [("acr", acr), ("trust framework", trust_framework), ("assurance level", assurance_level)];
    let named = named.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    let told = named.collect::<Vec<_>>().join(", ");
    if told.is_empty() { "by what the provider tells of a login there".into() } else { told }
}
