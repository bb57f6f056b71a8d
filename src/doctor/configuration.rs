//! The configuration as a whole, with what can be said of it without leaving this machine.

use super::finding::Finding;
use super::handover::Handover;
use crate::config::secret::Source;
use crate::config::{Config, Problems, egress};
use crate::review::Exhibits;

const CHECK: &str = "configuration";

/// All problems of a configuration that cannot be used. Nothing else can be examined without one.
pub(super) fn unfit(Problems(problems): &Problems) -> Vec<Finding> {
    problems.iter().map(|problem| Finding::of_configuration(CHECK, problem)).collect()
}

/// A configuration that was read, and whether its secrets and its logo can be read too.
pub(super) fn fit(config: &Config, handover: Option<&Handover>) -> Vec<Finding> {
    let mut findings = vec![Finding::ok(CHECK, "it was read, and every key is in order")];
    findings.extend(config.tell_strangers().map(|strangers| Finding::note(CHECK, strangers)));
    let unnamed = handover.map(|handover| handover.unnamed(config)).unwrap_or_default();
    findings.extend(unnamed.iter().map(|problem| Finding::of_configuration(CHECK, problem)));
    let mut sources = config.tenants.iter().flat_map(|tenant| &tenant.token_secrets);
    // Secrets of the unit are for the service's eyes; that it runs shows that it could read them.
    if sources.all(Source::is_at_hand) {
        let problems = config.read_tenants().err().unwrap_or_default();
        findings.extend(problems.iter().map(|problem| Finding::of_configuration("secret", problem)));
    }
    if config.branding.logo.as_ref().is_some_and(Source::is_at_hand) {
        let problem = config.branding.read_logo().err();
        findings.extend(problem.iter().map(|problem| Finding::of_configuration("logo", problem)));
    }
    let unfit = Exhibits::read(config.review.as_ref()).err().unwrap_or_default();
    findings.extend(unfit.iter().map(|problem| Finding::of_configuration("exhibits", problem)));
    if config.egress.authorities.as_ref().is_some_and(Source::is_at_hand) {
        let problem = egress::trust(&config.egress).err();
        findings.extend(problem.iter().map(|problem| Finding::of_configuration("egress", problem)));
    }
    findings
}
