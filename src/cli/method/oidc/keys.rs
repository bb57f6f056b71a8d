//! `idv oidc keys`: the keys by which providers know idv.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::cli::{output, private_file};
use crate::config::method::oidc::credentials::{CredentialSources, ProviderConfig};
use crate::config::{Config, Problems};
use crate::doctor::handover::{self, Handover};
use crate::ops::random;
use crate::verification::method::oidc::credentials::{self, Credentials};
use crate::verification::method::oidc::jose::ClientKey;
use crate::verification::method::oidc::name::ProviderName;

#[derive(Subcommand)]
pub(in crate::cli) enum Command {
    /// Make a key on P-256 in a new file that only its owner may read.
    Generate {
        /// The file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Print the public keys, as PEM and as a JWK set: what a provider's form asks for.
    Show {
        /// The provider, by its name here; only needed if its keys are not those of all.
        #[arg(long, value_name = "NAME")]
        provider: Option<String>,
    },
}

pub(super) fn run(
    load: impl FnOnce() -> Result<Config, Problems>,
    handover: impl FnOnce() -> Option<Handover>,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Generate { out } => generate(&out, json)?,
        Command::Show { provider } => {
            show(&handover::resolved(load()?, handover().as_ref()), provider.as_deref(), json)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn generate(path: &Path, json: bool) -> anyhow::Result<()> {
    let pem = ClientKey::generate_p256_pem(&random::generator());
    let next = "Once it is among client_keys, idv oidc keys show prints what the provider is to be told.";
    private_file::make(path, pem.as_bytes(), next, "name another file", json)
}

fn show(config: &Config, provider: Option<&str>, json: bool) -> anyhow::Result<()> {
    let credentials = chosen(config, provider)?;
    let Some(set) = credentials::public_keys(&credentials) else {
        bail!("no provider knows idv by a key: that takes client_auth = \"private_key_jwt\" and client_keys");
    };
    let url = format!("{}/.well-known/idv-jwks.json", config.public_url);
    let mut pems: Vec<(String, String)> = Vec::new();
    for key in credentials.iter().flat_map(Credentials::keys) {
        if !pems.iter().any(|(kid, _)| *kid == key.kid()) {
            pems.push((key.kid(), key.public_pem()));
        }
    }
    if json {
        let pem: serde_json::Map<_, _> = pems.into_iter().map(|(kid, pem)| (kid, Value::from(pem))).collect();
        return Ok(output::json(&json!({ "jwks": set, "pem": pem, "url": url }))?);
    }
    output::line(&format!("Where providers fetch them: {url}"))?;
    output::line(&format!("As a JWK set: {set}"))?;
    for (kid, pem) in pems {
        output::line(&format!("As PEM, the key {kid}:"))?;
        output::lines(&pem)?;
    }
    Ok(())
}

/// The keys of the `provider`, or of all that know us by one.
fn chosen(config: &Config, provider: Option<&str>) -> anyhow::Result<Vec<Credentials>> {
    let name = provider.map(ProviderName::parse).transpose()?;
    if let Some(name) = name.filter(|name| config.methods.provider(*name).is_none()) {
        bail!("{name} is no provider's name; see [[methods.oidc]] in the configuration");
    }
    let is_chosen = |provider: &&ProviderConfig| {
        name.is_none_or(|name| provider.name == name) && matches!(provider.sources, CredentialSources::Keys { .. })
    };
    let read = config.providers.iter().filter(is_chosen).map(ProviderConfig::read);
    Ok(read.collect::<Result<_, _>>().map_err(Problems)?)
}
