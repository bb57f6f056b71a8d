//! `idv serve`: the service, from its configuration to its end.

use std::process::ExitCode;

use super::exit::{BAD_CONFIGURATION, BAD_STORE};
use crate::config::{Config, Problem, Problems};
use crate::ops::log::{self, Format};
use crate::ops::report::Report;
use crate::service;
use crate::store::file::OpenError;

/// Runs the service to its end. What keeps it from starting is told where everything else is: in the log.
pub(super) fn run(load: impl Fn() -> Result<Config, Problems>) -> ExitCode {
    let config = load();
    let log = log::start(config.as_ref().map_or(Format::Auto, |config| config.log_format));
    match config.map_err(anyhow::Error::from).and_then(|config| service::serve(config, load, &log)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => give_up(&error),
    }
}

pub(super) fn give_up(error: &anyhow::Error) -> ExitCode {
    let Some(Problems(problems)) = error.downcast_ref() else {
        Report::Ends(&format!("{error:#}")).tell();
        let needs_a_person = error.downcast_ref().is_some_and(OpenError::needs_a_person);
        return if needs_a_person { ExitCode::from(BAD_STORE) } else { ExitCode::FAILURE };
    };
    for Problem { place, key, problem, remedy } in problems {
        Report::Unfit { place, key, problem, remedy }.tell();
    }
    ExitCode::from(BAD_CONFIGURATION)
}
