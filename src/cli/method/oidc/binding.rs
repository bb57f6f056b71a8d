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
    Some(format!("bound to {provider} since {bound_at}{seen}{current}"))
}

/// Whose an identity is by now.
#[derive(Deserialize)]
struct Holder {
    subject: String,
    is_seen: bool,
}

/// What a provider attested, and whose the identity is by now (`holder`) where that is in conflict.
pub(in crate::cli::method) fn tell_evidence(evidence: &Value, holder: Option<&Value>) -> Option<String> {
    let delegation = Delegation::deserialize(evidence.get("delegated")?).ok()?;
    let Delegation { basis, verified_at, reference, conflict, .. } = delegation;
    let holder = holder.and_then(|holder| Holder::deserialize(holder).ok());
    let told = [
        conflict.map(|conflict| tell_conflict(conflict, holder.as_ref())),
        Some(tell_basis(&basis)),
        verified_at.map(|at| format!("verified there at {at}")),
        reference.map(|reference| format!("reference {reference}")),
    ];
    Some(told.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn tell_conflict(conflict: Conflict, holder: Option<&Holder>) -> String {
    let bound = holder.map(|Holder { subject, is_seen }| {
        let seen = if *is_seen { "" } else { ", and Auth0 has not been seen to take that" };
        format!("bound to {subject}{seen}")
    });
    match (conflict, bound) {
        (Conflict::InUse, Some(bound)) => format!("the identity is used for another account: {bound}"),
        (Conflict::InUse, None) => "the identity was used for another account, and is not any more".into(),
        (Conflict::OtherPerson, Some(bound)) => format!("another person than last time, {bound}"),
        (Conflict::OtherPerson, None) => "another person than last time".into(),
        (Conflict::Mismatch(name), _) => format!("{} is not the account's", name.as_str()),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(conflict: &Value, holder: Option<&Value>) -> String {
        let basis = json!({ "acr": null, "trust_framework": "eidas", "assurance_level": "high" });
        let delegation = json!({
            "provider": "acme", "identity": "ab".repeat(16), "basis": basis, "verified_at": null, "reference": null,
            "conflict": conflict,
        });
        tell_evidence(&json!({ "delegated": delegation }), holder).unwrap()
    }

    #[test]
    fn each_conflict_is_told_in_words_of_its_own() {
        let holder = |is_seen: bool| json!({ "subject": "auth0|other", "is_seen": is_seen });
        for (conflict, holder, words) in [
            (json!(null), None, ""),
            (
                json!("identity_in_use"),
                Some(holder(true)),
                "the identity is used for another account: bound to auth0|other; ",
            ),
            (
                json!("identity_in_use"),
                Some(holder(false)),
                "the identity is used for another account: bound to auth0|other, and Auth0 has not been seen to take that; ",
            ),
            (json!("identity_in_use"), None, "the identity was used for another account, and is not any more; "),
            (json!("other_person"), None, "another person than last time; "),
            (json!("other_person"), Some(holder(true)), "another person than last time, bound to auth0|other; "),
            (json!({ "mismatch": "family_name" }), None, "family_name is not the account's; "),
        ] {
            let expected = format!("{words}trust framework eidas, assurance level high");
            assert_eq!(told(&conflict, holder.as_ref()), expected);
        }
    }

    #[test]
    fn a_binding_is_told_with_what_an_operator_should_doubt() {
        let binding = |is_seen: bool, is_current: Option<bool>| json!({ "provider": "acme", "bound_at": 0, "is_seen": is_seen, "is_current": is_current });
        for (binding, doubt) in [
            (binding(true, Some(true)), ""),
            (binding(true, Some(false)), "; by another registration than today's"),
            (binding(true, None), "; that provider is not configured"),
            (binding(false, Some(true)), "; Auth0 has not been seen to take it"),
        ] {
            let expected = format!("bound to acme since 1970-01-01T00:00:00Z{doubt}");
            assert_eq!(tell_binding(&binding), Some(expected));
        }
    }
}
