//! `idv secret`: the secret that Auth0 and idv share, made, shown and replaced.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::json;

use super::{output, private_file, tenant};
use crate::config::secret::{self, Source};
use crate::config::{Config, Problems};
use crate::doctor::handover::{self, Handover};
use crate::ops::{random, text};

mod rotate;

/// What stands for stdout.
const STDOUT: &str = "-";

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a secret of 256 bits in a new file that only its owner may read.
    Generate {
        /// The file, or - to print the secret; by default the first file of `token_secrets` that does not exist yet.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print the secret that `TOKEN_SECRET` in Auth0 has to be: the tenant's newest.
    Show {
        /// The tenant, by any of its hosts; only needed if the configuration has several.
        #[arg(long, value_name = "DOMAIN")]
        tenant: Option<String>,
    },
    /// Replace a tenant's secret without a failed login: makes the new one, and says what to do when.
    Rotate {
        /// The tenant, by any of its hosts; only needed if the configuration has several.
        #[arg(long, value_name = "DOMAIN")]
        tenant: Option<String>,
        /// End the rotation: check that the new secret is in use, and remove the file of the old one.
        #[arg(long)]
        finish: bool,
    },
}

pub(super) fn run(
    load: impl FnOnce() -> Result<Config, Problems>,
    handover: impl FnOnce() -> Option<Handover>,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Generate { out: Some(out) } if out.as_os_str() == STDOUT => {
            let secret = secret::from_random(random::bytes());
            if json { output::json(&json!({ "secret": *secret }))? } else { output::line(&secret)? }
        }
        Command::Generate { out: Some(out) } => generate(&out, json)?,
        Command::Generate { out: None } => generate(&first_missing(&load()?)?, json)?,
        Command::Show { tenant } => show(&handover::resolved(load()?, handover().as_ref()), tenant.as_deref(), json)?,
        Command::Rotate { tenant, finish: false } => rotate::begin(&load()?, tenant.as_deref(), json)?,
        Command::Rotate { tenant, finish: true } => rotate::finish(&load()?, tenant.as_deref(), json)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn generate(path: &Path, json: bool) -> anyhow::Result<()> {
    let secret = secret::from_random(random::bytes());
    let next = "TOKEN_SECRET in Auth0 is what it holds: once it is configured, idv secret show prints it.";
    let instead = "name another file, or replace a secret that is in use with: idv secret rotate";
    private_file::make(path, secret.as_bytes(), next, instead, json)
}

fn show(config: &Config, host: Option<&str>, json: bool) -> anyhow::Result<()> {
    let tenant = tenant::choose(config, host)?;
    let source = &tenant.token_secrets[0];
    let secret = source.read_token_secret().map_err(|error| {
        let remedy = match source {
            Source::Credential(name) => {
                format!("run this as root; the {source} is the file after LoadCredential={name}: in systemctl cat idv")
            }
            _ => format!("run this as root; {}", error.remedy()),
        };
        anyhow::Error::new(error).context(remedy)
    })?;
    let secret = str::from_utf8(&secret).ok().filter(|secret| text::unseen(secret).is_none()).with_context(|| {
        format!("the {source} has bytes that nobody sees or types; make another: idv secret rotate")
    })?;
    if json {
        output::hand_over_json(&json!({ "tenant": tenant.domain, "secret": secret }))?;
    } else {
        output::hand_over(secret)?;
    }
    Ok(())
}

/// The first file that the configuration names for a token secret and that does not exist.
fn first_missing(config: &Config) -> anyhow::Result<PathBuf> {
    let mut sources = config.tenants.iter().flat_map(|tenant| &tenant.token_secrets);
    let missing = sources.find_map(|source| match source {
        Source::File(path) if !path.exists() => Some(path.clone()),
        _ => None,
    });
    match (missing, config.tenants.first().and_then(|tenant| tenant.token_secrets.first())) {
        (Some(path), _) => Ok(path),
        (None, Some(Source::Credential(name))) => bail!(
            "the secret is the credential {name}; name the file that is handed over as it, with --out FILE (LoadCredential={name}:FILE in idv.service)"
        ),
        (None, Some(Source::Env(name))) => {
            bail!("the secret is the environment variable {name}; print one for it with --out -")
        }
        (None, _) => {
            bail!(
                "every token_secrets file exists; name another with --out FILE, or replace one with: idv secret rotate"
            )
        }
    }
}
