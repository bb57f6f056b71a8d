//! `idv check`: is this configuration fit to start with?

use std::process::ExitCode;

use serde_json::json;

use super::exit::BAD_CONFIGURATION;
use super::output;
use crate::config::secret::Source;
use crate::config::{Config, Problem, Problems, egress};
use crate::control::evidence::misplaced;
use crate::doctor::certificate::{self, Judgement};
use crate::doctor::handover::{self, Handover};
use crate::doctor::{method, way_out};
use crate::ops::clock::Clock;
use crate::review::Exhibits;

/// Prints what there is to say of `config`.
pub(super) fn run(config: Result<Config, Problems>, handover: Option<&Handover>, json: bool) -> ExitCode {
    // Of the next start alone: a service that runs has its sockets.
    let unheard = config.as_ref().ok().zip(handover).map(|(config, handover)| handover.unheard(config));
    let Told { mut problems, notes } = examine(config, handover);
    problems.extend(unheard.unwrap_or_default());
    let printed = if json {
        output::json(&json!({ "ok": problems.is_empty(), "problems": problems, "notes": notes }))
    } else {
        print(&problems, &notes)
    };
    if problems.is_empty() && printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(BAD_CONFIGURATION) }
}

/// What there is to say.
#[derive(Default)]
pub(super) struct Told {
    /// Why the service would not start, or not serve.
    pub(super) problems: Vec<Problem>,
    /// What else is worth knowing.
    pub(super) notes: Vec<String>,
}

/// Examines `config`, its credentials as the files that `handover` makes them of.
pub(super) fn examine(config: Result<Config, Problems>, handover: Option<&Handover>) -> Told {
    let mut told = handover.map(of_handover).unwrap_or_default();
    match config {
        Err(Problems(problems)) => told.problems.extend(problems),
        Ok(config) => told.examine(config, handover),
    }
    told
}

fn of_handover(handover: &Handover) -> Told {
    let mut notes = Vec::new();
    if handover.is_denied() {
        notes.push("the files that the unit loads are for root alone: run this as root to examine them".into());
    }
    Told { problems: handover.missing(), notes }
}

impl Told {
    fn examine(&mut self, config: Config, handover: Option<&Handover>) {
        self.notes.extend(config.tell_strangers());
        let cramped = handover.and_then(|handover| handover.cramped(&config));
        self.notes.extend(cramped.map(|warning| warning.to_string()));
        self.problems.extend(handover.map(|handover| handover.unseen(&config)).unwrap_or_default());
        let config = handover::resolved(config, handover);
        self.problems.extend(handover.map(|handover| handover.unnamed(&config)).unwrap_or_default());
        self.problems.extend(handover::socket_problems(&config, handover));
        self.problems.extend(handover.and_then(|handover| way_out::cut_off(&config, handover)));
        // Without a unit to ask, a credential that is not there is one that is missing.
        let is_examined = |source: &Source| handover.is_none() || source.is_at_hand();
        let mut secrets = config.tenants.iter().flat_map(|tenant| &tenant.token_secrets);
        self.add(secrets.all(is_examined), "the secrets", || config.read_tenants().err().unwrap_or_default());
        let are_providers_examined = method::sources(&config).all(is_examined);
        let judged = method::judge(&config, are_providers_examined);
        self.add(are_providers_examined, "what providers know idv by", || judged.problems);
        self.notes.extend(judged.warnings.iter().map(ToString::to_string));
        let is_logo_examined = config.branding.logo.as_ref().is_none_or(is_examined);
        self.add(is_logo_examined, "the logo", || config.branding.read_logo().err().into_iter().collect());
        self.problems.extend(Exhibits::read(config.review.as_ref()).err().unwrap_or_default());
        if let Some(source) = &config.egress.authorities {
            let unfit = || egress::trust(&config.egress).err().into_iter().collect();
            self.add(is_examined(source), "the authorities", unfit);
        }
        self.problems.extend(misplaced(&config));
        self.notes.extend(way_out::missing(&config).map(|warning| warning.to_string()));
        let Some(source) = &config.tls else { return };
        let is_tls_examined = [&source.certificate, &source.private_key].into_iter().all(is_examined);
        let Judgement { problems, warnings, .. } = if is_tls_examined {
            certificate::judge(source, &config.urls(), Clock::system().now())
        } else {
            Judgement::default()
        };
        self.add(is_tls_examined, "the certificate", || problems);
        self.notes.extend(warnings.iter().map(ToString::to_string));
    }

    /// Adds the problems of `what`, or says that only the service and systemd can read it.
    fn add(&mut self, is_examined: bool, what: &str, problems: impl FnOnce() -> Vec<Problem>) {
        if is_examined {
            self.problems.extend(problems());
        } else {
            self.notes.push(format!("{what}: not examined, since only the service and systemd can read it"));
        }
    }
}

fn print(problems: &[Problem], notes: &[String]) -> std::io::Result<()> {
    notes.iter().try_for_each(|note| output::line(&format!("note: {note}")))?;
    if problems.is_empty() {
        output::line("The configuration is fit to start with.")
    } else {
        output::lines(&Problems(problems.to_vec()).to_string())
    }
}
