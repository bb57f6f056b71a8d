//! A tenant as this machine sees it: its discovery document, its clock, and `/continue` on each of its hosts.

use serde::Deserialize;

use super::clock;
use super::finding::Finding;
use super::network::{Network, Reply};
use crate::config::meant::TenantConfig;
use crate::config::{Config, spelling};
use crate::verification::tenant::Host;

const CHECK: &str = "tenant";

/// What a tenant says of itself (OpenID Connect Discovery 1.0 §3).
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
}

/// The tenant with the host `name`, or all of them.
pub(super) fn chosen<'c>(config: &'c Config, name: Option<&str>) -> Result<Vec<&'c TenantConfig>, Finding> {
    let Some(name) = name else { return Ok(config.tenants.iter().collect()) };
    let unknown = || Finding::problem(CHECK, format!("{name} is no tenant's host"), spelling::of_tenant(name));
    config.tenant(name).map(|tenant| vec![tenant]).ok_or_else(unknown)
}

/// Everything about `tenant`.
pub(super) fn examine(network: &Network, tenant: &TenantConfig) -> Vec<Finding> {
    let domain = &tenant.domain;
    let mut findings = match network.fetch(&format!("https://{domain}/.well-known/openid-configuration")) {
        Err(unreached) => {
            vec![Finding::problem(CHECK, format!("{domain} is not reached: {unreached}"), unreached.remedy())]
        }
        Ok(reply) => vec![
            discovery(domain, &reply),
            clock::agrees(domain.as_str(), tenant.clock_leeway, reply.date, reply.between),
        ],
    };
    findings.extend(tenant.hosts().map(|host| return_address(network, host)));
    findings
}

fn discovery(domain: &Host, reply: &Reply) -> Finding {
    let remedy =
        "correct domain: it is the tenant's own host, as in its settings in Auth0; a proxy must not change answers";
    let discovery = serde_json::from_str::<Discovery>(&reply.body);
    match discovery {
        Ok(Discovery { issuer }) if reply.status == 200 => {
            let host = issuer.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
            if host == Some(domain.as_str()) {
                Finding::ok(CHECK, format!("{domain} is an issuer, and calls itself so"))
            } else {
                // Text of another side goes to a terminal: only what is printable.
                let issuer: String = issuer.chars().filter(char::is_ascii_graphic).take(100).collect();
                Finding::problem(CHECK, format!("{domain} calls itself {issuer}"), remedy)
            }
        }
        _ => {
            let text = format!("{domain} has no discovery metadata: status {}", reply.status);
            Finding::problem(CHECK, text, remedy)
        }
    }
}

/// Without a login Auth0 answers with an error page of its own; a host that is not Auth0's knows no such path.
fn return_address(network: &Network, host: &Host) -> Finding {
    let remedy = "correct domain and custom_domains: each is a host under which Auth0 logs people in";
    match network.fetch(&format!("https://{host}/continue")) {
        Err(unreached) => {
            Finding::problem(CHECK, format!("https://{host}/continue is not reached: {unreached}"), unreached.remedy())
        }
        Ok(Reply { status, .. }) if status == 404 || status >= 500 => {
            Finding::problem(CHECK, format!("https://{host}/continue answers {status}"), remedy)
        }
        Ok(_) => Finding::ok(CHECK, format!("https://{host}/continue is there")),
    }
}
