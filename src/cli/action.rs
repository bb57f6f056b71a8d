//! `idv action`: the Action, to paste into Auth0.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::auth0::ACTION;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    io::stdout().lock().write_all(ACTION.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
