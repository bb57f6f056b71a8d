//! What an expert would look at in an installation, from the configuration outwards: each check returns findings.

use crate::config::{Config, Problems};
use crate::ops::clock::Clock;

mod beside;
pub mod certificate;
mod chain;
mod clock;
mod configuration;
pub mod finding;
pub mod handover;
mod inquiry;
mod memory;
pub mod method;
mod network;
pub mod proposal;
mod public_url;
mod secret;
mod service;
mod store;
mod systemd;
mod tenant;
mod unit;
mod visible;
pub mod way_out;

use self::finding::Finding;
use self::handover::Handover;
use self::network::Network;

/// What is examined.
pub struct Scope {
    /// Only this tenant, by any of its hosts; none for all.
    pub tenant: Option<String>,
    /// Nothing beyond this machine, and no connection but to the control socket.
    pub is_offline: bool,
}

/// Everything that is found, in the order in which it would be mended. With `handover`, credentials are examined as the
/// files that the service is handed at its next start.
#[must_use]
pub fn examine(
    config: Result<Config, Problems>,
    handover: Option<&Handover>,
    scope: &Scope,
    clock: &Clock,
) -> Vec<Finding> {
    let handed_over = handover.map(|handover| handover::examine(handover, config.as_ref().ok())).unwrap_or_default();
    let (written, config) = match config {
        Ok(config) => (config.clone(), handover::resolved(config, handover)),
        Err(problems) => return configuration::unfit(&problems).into_iter().chain(handed_over).collect(),
    };
    let config = &config;
    let tenants = match tenant::chosen(config, scope.tenant.as_deref()) {
        Ok(tenants) => tenants,
        Err(finding) => return vec![finding],
    };
    let now = clock.now();
    let mut findings = configuration::fit(config, handover);
    findings.extend(handed_over);
    findings.extend(tenants.iter().flat_map(|tenant| secret::examine(tenant)));
    findings.extend(method::examine(config));
    let (running, told) = service::ask(config);
    let served = running.as_ref().and_then(|running| running.certificate.as_ref());
    findings.extend(certificate::examine(config, served, now));
    findings.extend(service::control_socket(&config.control_socket));
    findings.extend(told);
    if let Some(running) = &running {
        findings.push(service::agrees(config, running));
        findings.extend(service::refusal(running));
        findings.extend(proposal::outdated(&written, handover));
        findings.extend(service::listening(config, &running.sockets));
    } else {
        findings.extend(service::will_listen(config, handover));
    }
    findings.extend(store::examine(config, running.as_ref()));
    findings.extend(unit::examine());
    findings.extend(way_out::examine(config, handover));
    if scope.is_offline {
        findings.push(Finding::note("network", "not examined: --offline"));
        return findings;
    }
    match Network::open(config, clock.clone()) {
        Err(finding) => findings.push(finding),
        Ok(network) => {
            let takes_photos = config.methods.iter().any(|method| method.kind().takes_photos());
            findings.extend(public_url::examine(&network, config, running.as_ref(), takes_photos));
            findings.extend(public_url::examine_console(&network, config, running.as_ref()));
            findings.extend(tenants.iter().flat_map(|tenant| tenant::examine(&network, tenant)));
        }
    }
    findings.extend(method::ask(config, clock));
    findings
}
