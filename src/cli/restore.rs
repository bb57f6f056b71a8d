//! `idv restore`: a backup in the store's place.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::backup::STORE;
use super::operate::ask_service;
use super::output;
use crate::config::Config;
use crate::control::Request;
use crate::ops::clock::Clock;
use crate::store::backup::Contents;
use crate::store::restore::{Restored, restore};

#[derive(Args)]
pub(super) struct Arguments {
    /// A directory that `idv backup` made.
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

pub(super) fn run(config: &Config, Arguments { directory }: &Arguments, json: bool) -> anyhow::Result<ExitCode> {
    if ask_service(config, &Request::Examine)?.is_some() {
        bail!("the service is running; stop it first: systemctl stop idv.service idv.socket");
    }
    let now = Clock::system().now();
    let Restored { contents, kept, removed } = restore(&directory.join(STORE), &config.store_path, now)?;
    let Contents { subjects, checks } = contents;
    if json {
        output::json(&json!({ "subjects": subjects, "checks": checks, "kept": kept, "removed": removed }))?;
    } else {
        output::line(&format!("{subjects} people and {checks} checks are restored."))?;
        output::aside(&format!(
            "Whoever began to log in before {} by this machine's clock begins anew.",
            output::date(now)
        ));
        for kept in kept {
            output::aside(&format!("What was there is kept as {}; remove it when you do not need it.", kept.display()));
        }
        for removed in removed {
            let removed = removed.display();
            output::aside(&format!("Of what was replaced the last three are kept; {removed} is removed."));
        }
    }
    Ok(ExitCode::SUCCESS)
}
