//! What the service is made of.

use std::sync::Arc;

use crate::config::branding::Logo;
use crate::config::{Config, Problem};
use crate::egress::Egress;
use crate::ops::allowance::Allowances;
use crate::ops::clock::Clock;
use crate::ops::noise::Noise;
use crate::ops::presence::Presence;
use crate::store::Store;
use crate::store::master_key::MasterKey;
use crate::verification::method::{Credentials, Provider};
use crate::verification::session::Sealer;
use crate::verification::tenant::Tenants;
use crate::web::{App, Assets, Parties};

/// The providers, each with what shows that we are its client and the way to it. Without any, nothing leads out.
pub(super) fn providers(config: &Config) -> Result<Vec<(Provider, Credentials, Egress)>, Vec<Problem>> {
    let credentials = config.read_providers()?;
    if credentials.is_empty() {
        return Ok(vec![]);
    }
    let way_out = Egress::open(config).map_err(|problem| vec![problem])?;
    let party = |(name, credentials)| Some((config.methods.provider(name)?.clone(), credentials, way_out.clone()));
    Ok(credentials.into_iter().filter_map(party).collect())
}

/// What browsers are served, of `config` and what it names.
pub(super) fn app(
    config: &Config,
    tenants: Tenants,
    logo: Option<Logo>,
    parties: Parties,
    (store, key): (Store, &MasterKey),
    presence: Arc<Presence>,
) -> App {
    let domains = || config.tenants.iter().map(|tenant| tenant.domain.as_str().to_owned());
    App {
        authority: config.public_url.authority().to_owned(),
        is_https: config.public_url.is_https(),
        tenants,
        methods: config.methods.clone(),
        parties,
        store,
        sealer: Sealer::new(key.derive("session")),
        starts: Allowances::new(config.limits.starts_per_subject, domains()),
        submissions: Allowances::new(config.limits.submissions_per_subject(), domains()),
        noise: Noise::default(),
        hand_over: config.hand_over,
        presence,
        clock: Clock::system(),
        assets: Assets::new(&config.branding, logo),
        branding: config.branding.clone(),
    }
}
