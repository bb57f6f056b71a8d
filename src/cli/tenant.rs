//! Which tenant a command is about.

use anyhow::{anyhow, bail};

use crate::config::Config;
use crate::config::meant::TenantConfig;
use crate::control::SubjectError;

/// The tenant that has `host` among its own; without `host`, the only one.
pub(super) fn choose<'c>(config: &'c Config, host: Option<&str>) -> anyhow::Result<&'c TenantConfig> {
    match (host, &config.tenants[..]) {
        (Some(host), _) => config.tenant(host).ok_or_else(|| anyhow!(SubjectError::UnknownTenant(host.to_owned()))),
        (None, [tenant]) => Ok(tenant),
        (None, tenants) => {
            let domains: Vec<_> = tenants.iter().map(|tenant| tenant.domain.as_str()).collect();
            bail!("the configuration has several tenants; say which with --tenant: {}", domains.join(", "))
        }
    }
}
