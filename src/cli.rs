//! The command line: one file per subcommand.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::{self, Config, Problems};
use crate::doctor::handover::Handover;

mod action;
mod audit;
mod backup;
mod check;
mod doctor;
mod egress;
mod evidence;
mod exit;
mod generate;
mod health;
mod link;
mod method;
mod operate;
mod operator;
mod ops;
mod output;
mod private_file;
mod reload;
mod report;
mod restore;
mod secret;
mod serve;
mod store;
mod subject;
mod tenant;
mod trial;

/// Verifies who people are when they log in with Auth0, on a machine of your own.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    /// The configuration; by default /etc/idv/idv.toml, then ./idv.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print JSON, for scripts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// See it work: a complete model world on this machine, with one address to open.
    Trial(trial::Arguments),
    /// Run the service.
    Serve,
    /// Run the way out: a proxy on a unix socket that leads to the hosts that the configuration names, and nowhere else.
    Egress,
    /// Check the configuration, secrets and certificate, and say what to do.
    Check,
    /// Have the running service take the configuration, secrets and certificate as they are now, whole or not at all: exit
    /// code 0 if it did or nothing changed, 1 if it goes on with what it had.
    Reload,
    /// Examine the whole installation, from the configuration to Auth0: exit code 0 if all is well, 1 for warnings, 2 for
    /// problems.
    Doctor(doctor::Arguments),
    /// Say in a line whether the running service is ready: exit code 0 if it is, 1 if not.
    Health,
    #[command(flatten)]
    Method(method::Command),
    /// Copy the store and its key to a new directory, or into one file or stream, while logins go on.
    Backup(backup::Arguments),
    /// Put a backup in the store's place, with the service stopped; or with --check, try whether that would do.
    Restore(restore::Arguments),
    /// Look through the store, make it small, or tell what is in it.
    #[command(subcommand)]
    Store(store::Command),
    /// Tell how it stands with the photos that people sent, shred what was deleted, or open each.
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Show what is known of subjects, and release who they are at a provider.
    #[command(subcommand)]
    Subject(subject::Command),
    /// Add, list and revoke the operators of the console, and make the links by which they sign in.
    #[command(subcommand)]
    Operator(operator::Command),
    /// Hand out the audit log, and verify what was handed out.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Tell what the audit log says of a range of time: as text, as JSON, or as a page with charts.
    Report(report::Arguments),
    /// Print a start URL with a freshly signed request token, to test an installation without Auth0.
    Link(link::Arguments),
    /// Print the Auth0 Action, or what deploys it.
    Action(action::Arguments),
    /// Print what watches the service: alert rules and a dashboard.
    #[command(subcommand)]
    Ops(ops::Command),
    /// Make the secret that Auth0 and idv share, show it, and replace it without a failed login.
    #[command(subcommand)]
    Secret(secret::Command),
    /// Write what a package has beside the binary: manual pages and completions.
    #[command(subcommand, hide = true)]
    Generate(generate::Command),
}

/// Does what the arguments say. What it prints is for people, on stdout; what went wrong is on stderr.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
    match execute(arguments) {
        Ok(code) => code,
        Err(error) if error.is::<Problems>() => {
            output::complain(&error.to_string());
            ExitCode::from(exit::BAD_CONFIGURATION)
        }
        Err(error) => {
            output::complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// What was asked for about the command line, or what is wrong with it: that repeats arguments, which may be from elsewhere.
fn explain(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        output::aside(error.render().to_string().trim_end());
    } else {
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn execute(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { config, json, command } = arguments;
    let load = || -> Result<Config, Problems> { config::load(config.as_deref()) };
    let handover = || Handover::installed(&config::load::place(config.as_deref()));
    match command {
        Command::Trial(arguments) => trial::run(&arguments),
        Command::Serve => Ok(serve::run(load)),
        Command::Egress => Ok(egress::run(load)),
        Command::Check => Ok(check::run(load(), handover().as_ref(), json)),
        Command::Reload => {
            let place = config::load::place(config.as_deref());
            reload::run(&place, load(), Handover::of_unit(&place).as_ref(), json)
        }
        Command::Doctor(arguments) => doctor::run(load(), handover().as_ref(), arguments, json),
        Command::Health => health::run(&load()?, json),
        Command::Method(command) => method::run(load, handover, command, json),
        Command::Backup(arguments) => backup::run(&load()?, &arguments, json),
        Command::Restore(arguments) => restore::run(&load()?, &arguments, json),
        Command::Store(command) => store::run(&load()?, &command, json),
        Command::Operator(command) => operator::run(&load()?, command, json),
        Command::Evidence(command) => evidence::run(&load()?, &command, json),
        Command::Subject(command) => subject::run(&load()?, command, json),
        Command::Audit(command) => audit::run(load, command, json),
        Command::Report(arguments) => report::run(load, &arguments, json),
        Command::Link(arguments) => link::run(&load()?, arguments, json),
        Command::Action(arguments) => action::run(load, arguments, json),
        Command::Ops(command) => ops::run(command, json),
        Command::Secret(command) => secret::run(load, handover, command, json),
        Command::Generate(command) => generate::run(Arguments::command(), &command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTS: [&str; 3] =
        [include_str!("../README.md"), include_str!("../systemd/README.md"), include_str!("../idv.toml")];

    /// What stands in backticks or by itself in a block for a shell, and where commands are left out, `…`.
    fn written(document: &'static str) -> impl Iterator<Item = &'static str> {
        let mut is_code = false;
        document.lines().flat_map(move |line| {
            is_code ^= line.trim_start().starts_with("```");
            let parts: Vec<_> = if is_code { vec![line] } else { line.split('`').skip(1).step_by(2).collect() };
            parts.into_iter().flat_map(|part| part.split(" && ").flat_map(|part| part.split(" | "))).map(str::trim)
        })
    }

    /// The subcommand that `words` name from `command` on, with what they name beside it, and the subcommand that it is of.
    fn named<'c, 'w>(
        command: &'c clap::Command,
        words: &[&'w str],
    ) -> (&'c clap::Command, &'c clap::Command, Vec<&'w str>) {
        let (mut parent, mut command, mut rest) = (command, command, words);
        while let Some((first, more)) = rest.split_first() {
            let Some(next) = command.find_subcommand(first) else { break };
            (parent, command, rest) = (command, next, more);
        }
        (command, parent, rest.to_vec())
    }

    #[test]
    fn each_command_that_is_written_down_is_there_with_its_options() {
        let mut whole = Arguments::command();
        whole.build();
        let mut count = 0;
        for document in DOCUMENTS {
            // What `…` stands for: the command before, without its last word.
            let mut left_out = &whole;
            for text in written(document) {
                let words: Vec<_> = text.split([' ', '[', ']', '(', ')']).filter(|word| !word.is_empty()).collect();
                let (from, words) = match words.as_slice() {
                    // An application of that name.
                    ["idv", "test"] => continue,
                    ["sudo", "idv", rest @ ..] | ["idv", rest @ ..] if !rest.is_empty() => (&whole, rest),
                    ["…", rest @ ..] if !rest.is_empty() => (left_out, rest),
                    _ => continue,
                };
                let (command, parent, rest) = named(from, words);
                assert!(rest.is_empty() || !command.has_subcommands(), "{text}");
                for option in rest.iter().filter_map(|word| word.strip_prefix("--")).filter(|option| !option.is_empty())
                {
                    let option = option.split(['=', '…']).next();
                    let is_there = command.get_arguments().any(|argument| argument.get_long() == option);
                    assert!(is_there, "{option:?} of {text}");
                }
                (left_out, count) = (parent, count + 1);
            }
        }
        assert!(count > 60, "{count}");
    }
}
