//! Sample eID on both sides: the provider, and what the trial's idv has of it where others have a section
//! `[[methods.oidc]]`.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, anyhow};
use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

use crate::auth0::trial::eid::{Client, Eid, LABEL, LEVELS, NAME, PATH};
use crate::egress::{Destinations, Door, Egress, Names, Onward, Trust, Url, Way};
use crate::ops::random;
use crate::verification::method::Method;
use crate::verification::method::oidc::credentials::{ClientSecret, Credentials};
use crate::verification::method::oidc::jose::Algorithm;
use crate::verification::method::oidc::name::ProviderName;
use crate::verification::method::oidc::provider::{Accept, Authentication, IdentityRules, Provider, Shape};

/// What the trial's idv is called there.
const CLIENT: &str = "idv";

/// What the trial's idv has of the provider.
pub(super) struct Registered {
    pub(super) provider: Provider,
    pub(super) credentials: Credentials,
    pub(super) egress: Egress,
}

/// The provider in the world at `world`, for which `trust` vouches, and the registration there of the idv at `idv`.
pub(super) fn sample(world: &str, idv: &str, trust: Trust) -> anyhow::Result<(Eid, Registered)> {
    let issuer = format!("{world}{PATH}");
    let url = Url::parse_with_loopback(&issuer).context("the trial has no address")?;
    let secret = BASE64URL_NOPAD.encode(&random::bytes::<32>());
    let name = ProviderName::parse(NAME)?;
    let redirect_uri = format!("{idv}/{}/callback", Method::Oidc(name).address());
    let eid = Eid::new(issuer.clone(), Client { id: CLIENT.into(), secret: secret.clone(), redirect_uri });
    let secret = ClientSecret::new(Zeroizing::new(secret)).context("a secret is not empty")?;
    let egress = egress(&url, trust)?;
    let provider = provider(name, issuer, url.authority());
    Ok((eid, Registered { provider, credentials: Credentials::Secret(secret), egress }))
}

/// The way to `url`, and nowhere else. `localhost` is known without a name server (RFC 6761 §6.3), so none is looked for.
fn egress(url: &Url, trust: Trust) -> anyhow::Result<Egress> {
    let names = Names::of_server(SocketAddr::from((Ipv4Addr::LOCALHOST, 53))).map_err(|error| anyhow!(error))?;
    let door = Door::of(Destinations::anywhere([url]), names, Onward::default());
    Ok(Egress::new(Way::Direct(door), trust))
}

fn provider(name: ProviderName, issuer: String, authority: String) -> Provider {
    let level = LEVELS[0].to_owned();
    Provider {
        name,
        label: LABEL.into(),
        issuer,
        metadata: None,
        authorities: vec![authority],
        client_id: CLIENT.into(),
        authentication: Authentication::SecretBasic,
        request: None,
        scopes: vec!["openid".into()],
        acr_values: vec![level.clone()],
        claims: None,
        verified_claims_as: Shape::Array,
        parameters: vec![],
        login_hint: false,
        max_age: None,
        userinfo: false,
        algorithms: vec![Algorithm::Es256],
        clock_leeway: Duration::from_mins(1),
        accept: Accept { acr: vec![level], ..Accept::default() },
        identity: IdentityRules {
            pointer: "/sub".into(),
            one_account: true,
            same_person: true,
            matched: vec![],
            expected: vec![],
        },
        is_of_trial: true,
    }
}
