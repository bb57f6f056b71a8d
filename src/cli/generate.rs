//! `idv generate`: what a package has beside the binary, from the same definition as the arguments.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use clap_complete::Shell;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Write a manual page of each command into a directory.
    Man(Man),
    /// Print what completes commands in a shell.
    Completions(Completions),
}

#[derive(Args)]
pub(super) struct Man {
    /// The directory, made where it is missing.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

#[derive(Args)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

/// Writes what `command` asks for about `program`, which is all that can be typed.
pub(super) fn run(mut program: clap::Command, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Man(Man { directory }) => {
            let write = || fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(program, directory));
            write().with_context(|| format!("cannot write manual pages into {}", directory.display()))?;
        }
        Command::Completions(Completions { shell }) => {
            // What cannot be written ends the process there, with a trace.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut program, "idv", &mut script);
            io::stdout().write_all(&script).context("cannot print what completes commands")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
