//! `idv reload`: the running service takes the configuration as it is now, and what that names, whole or not at all.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::check::{self, Told};
use super::output;
use crate::config::{Config, Problems, load};
use crate::control::reload::{Proposal, Reloaded};
use crate::control::{Answer, Request, client};
use crate::doctor::handover::Handover;
use crate::doctor::proposal;

/// Hands the service `config`, which is at `place`. Where that is not fit, the service is told so: its log and the doctor
/// have it then.
pub(super) fn run(
    place: &Path,
    config: Result<Config, Problems>,
    handover: Option<&Handover>,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let socket = match &config {
        Ok(config) => config.control_socket.clone(),
        Err(_) => load::control_socket(place),
    };
    let Told { problems, notes } = check::examine(config.clone(), handover);
    for note in notes {
        output::aside(&format!("note: {note}"));
    }
    let proposed = match config {
        Ok(config) if problems.is_empty() => proposal::of(&config, handover),
        _ => Err(problems),
    };
    let is_fit = proposed.is_ok();
    let proposal = proposed.unwrap_or_else(Proposal::unfit);
    let problems = Problems(proposal.problems.clone());
    let asked = client::ask(&socket, &Request::Reload(proposal), None);
    let answer = match asked.with_context(|| format!("the service was not reached through {}", socket.display())) {
        _ if !is_fit => bail!("nothing was reloaded: {problems}"),
        Ok(Some(Answer::Done(answer))) => answer,
        Ok(Some(Answer::Refused { error })) => bail!("nothing was reloaded: {error}"),
        Ok(None) => bail!("the service is not running; start it: systemctl start idv"),
        Err(error) => return Err(error),
    };
    if json {
        output::json(&answer)?;
    } else {
        tell(&output::read(answer)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(Reloaded { changed, left }: &Reloaded) -> anyhow::Result<()> {
    if changed.is_empty() {
        output::line("Nothing changed.")?;
    } else {
        output::line(&format!("Reloaded: {}", changed.join(", ")))?;
    }
    if !left.is_empty() {
        let left = left.join(", ");
        output::line(&format!("As at the start, since only systemd can read it and hands it over at a start: {left}"))?;
    }
    Ok(())
}
