//! `idv action`: the Action, to paste into Auth0 or to deploy by a tool.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{output, tenant};
use crate::auth0::{self, File, deploy_cli, terraform};
use crate::config::meant::TenantConfig;
use crate::config::{Config, Problems};
use crate::ops::file;
use crate::verification::tenant::ResultSubject;

/// The parameter in which the Action looks for the result token.
const TOKEN_PARAMETER: &str = "token";

#[derive(Args)]
pub(super) struct Arguments {
    /// For whom: to paste, for Auth0's Deploy CLI, or for Terraform.
    #[arg(long, value_enum, default_value_t = Format::Js)]
    format: Format,
    /// The tenant, by any of its hosts; only needed if the configuration has several.
    #[arg(long, value_name = "DOMAIN")]
    tenant: Option<String>,
    /// Write all files into this directory, over none that exists; by default the first is printed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// The code alone. Needs no configuration.
    Js,
    /// YAML for Auth0's Deploy CLI, and the code beside it.
    DeployCli,
    /// A module for the provider auth0/auth0.
    Terraform,
}

pub(super) fn run(
    load: impl FnOnce() -> Result<Config, Problems>,
    arguments: Arguments,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let Arguments { format, tenant, out } = arguments;
    let package = match format {
        Format::Js => auth0::script(),
        Format::DeployCli => packaged(&load()?, tenant.as_deref(), deploy_cli::package)?,
        Format::Terraform => packaged(&load()?, tenant.as_deref(), terraform::package)?,
    };
    match out {
        Some(directory) => write(&directory, &package, json)?,
        None if json => output::json(&json!({ "files": package }))?,
        None => io::stdout().lock().write_all(package[0].text.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn packaged(
    config: &Config,
    host: Option<&str>,
    package: impl FnOnce(&str, &str) -> Vec<File>,
) -> anyhow::Result<Vec<File>> {
    let tenant = tenant::choose(config, host)?;
    check_understanding(config, tenant)?;
    Ok(package(tenant.domain.as_str(), config.public_url.authority()))
}

/// The Action takes one shape of result, and sends people to HTTPS: deployed with a configuration that disagrees, it would
/// fail every login that needs a check.
fn check_understanding(config: &Config, tenant: &TenantConfig) -> anyhow::Result<()> {
    let domain = &tenant.domain;
    ensure!(
        config.public_url.is_https(),
        "public_url is {}, and Auth0 sends people to https:// only; give idv a public name and a certificate",
        config.public_url
    );
    ensure!(
        tenant.token_parameter == TOKEN_PARAMETER,
        "the Action expects the result in the parameter {TOKEN_PARAMETER:?}; remove token_parameter of {domain} from the configuration"
    );
    ensure!(
        tenant.result_subject == ResultSubject::UserId,
        "the Action expects the user_id as the result's sub; remove result_subject of {domain} from the configuration"
    );
    Ok(())
}

fn write(directory: &Path, package: &[File], json: bool) -> anyhow::Result<()> {
    let paths: Vec<_> = package.iter().map(|file| directory.join(&file.path)).collect();
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        bail!("{} exists, and may hold changes of yours; remove it, or name another directory", path.display());
    }
    for (path, File { text, .. }) in paths.iter().zip(package) {
        let context = || format!("cannot write {}", path.display());
        make_directory(path).with_context(context)?;
        file::make(path, text.as_bytes(), 0o644).with_context(context)?;
        if !json {
            output::line(&path.display().to_string())?;
        }
    }
    if json {
        output::json(&json!({ "written": paths }))?;
    }
    Ok(())
}

fn make_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path.parent().ok_or(ErrorKind::InvalidInput)?)
}
