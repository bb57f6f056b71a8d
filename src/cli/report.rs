//! `idv report`: what the audit log says of a range of time.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use serde_json::json;

use super::{audit, output};
use crate::config::{Config, Problems};
use crate::control::audit::{Head, Purpose};
use crate::ops::clock::Clock;
use crate::ops::file;
use crate::report::{Heading, Log, Proof, Range, Report, Tally};
use crate::verification::audit::checkpoint::UnverifiedNote;
use crate::verification::audit::key::PublicKey;
use crate::verification::audit::tree::{Edge, leaf};
use crate::verification::time::Timestamp;

mod export;

#[derive(Args)]
pub(super) struct Arguments {
    /// From when: a day, such as 2026-07-01, or an instant by RFC 3339; UTC. By default the last whole month.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until when: a day, which is in it as a whole, or an instant, which ends it. By default now.
    #[arg(long, value_name = "TIME", requires = "from")]
    to: Option<String>,
    /// Only what is of this tenant.
    #[arg(long, value_name = "DOMAIN")]
    tenant: Option<String>,
    /// Write one page with charts into this new file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Read an export of the audit log instead of asking the service: on any machine, without a configuration.
    #[arg(long, value_name = "EXPORT.jsonl")]
    file: Option<PathBuf>,
    /// With --file: the key by which that is verified, as idv audit key prints it; by default the one that stands in it.
    #[arg(long, value_name = "KEY", requires = "file")]
    key: Option<PathBuf>,
}

pub(super) fn run(
    load: impl Fn() -> Result<Config, Problems>,
    arguments: &Arguments,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let now = Clock::system().now();
    let range = Range::new(arguments.from.as_deref(), arguments.to.as_deref(), now)?;
    let report = match &arguments.file {
        Some(file) => of_file(file, range, arguments, now)?,
        None => of_service(&load()?, range, arguments.tenant.as_deref(), now)?,
    };
    if let Some(path) = &arguments.html {
        write_page(path, &report)?;
    }
    match (&arguments.html, json) {
        (_, true) => output::json(&json!(report))?,
        (Some(path), false) => output::line(&format!("Made {}.", path.display()))?,
        (None, false) => output::lines(&report.text())?,
    }
    Ok(match report.heading.log.proof {
        Proof::NotVerified { .. } => ExitCode::FAILURE,
        Proof::Verified { .. } => ExitCode::SUCCESS,
    })
}

fn of_service(config: &Config, range: Range, tenant: Option<&str>, now: Timestamp) -> anyhow::Result<Report> {
    let log = audit::Log::open(config, Purpose::Report, tenant.map(str::to_owned))?;
    let tenant = tenant.and_then(|tenant| config.tenant(tenant)).map(|tenant| tenant.domain.to_string());
    let (mut tally, mut tree) = (Tally::new(range, tenant.clone()), Edge::default());
    for line in log.lines() {
        let line = line?;
        tree.push(leaf(&line));
        tally.add(&line);
    }
    let organization = config.branding.name.clone();
    Ok(tally.report(heading(organization, range, tenant, now, examined(log.head(), &tree))))
}

/// Whether the entries of `tree` are those that the service signs.
fn examined(head: &Head, tree: &Edge) -> Log {
    let note = UnverifiedNote::parse(&head.checkpoint).ok();
    let signed = note.as_ref().zip(PublicKey::parse(&head.public_key)).and_then(|(note, key)| note.verified(&[key]));
    let proof = match signed {
        Some(checkpoint) if (checkpoint.size, checkpoint.root) == (tree.size(), tree.root()) => {
            Proof::Verified { by: "the service’s own key".into() }
        }
        Some(_) => Proof::NotVerified { why: "the log is not what its checkpoint says".into() },
        None => Proof::NotVerified { why: "the checkpoint is not signed by the service’s own key".into() },
    };
    let checkpoint = note.map(|note| export::told(note.claim()));
    Log { source: "the log of this installation".into(), checkpoint, proof }
}

fn of_file(path: &Path, range: Range, arguments: &Arguments, now: Timestamp) -> anyhow::Result<Report> {
    let tenant = arguments.tenant.as_ref().map(|tenant| tenant.to_ascii_lowercase());
    let key = arguments.key.as_deref().map(audit::public_key).transpose()?;
    let mut tally = Tally::new(range, tenant.clone());
    let log = export::read(path, key, &mut tally)?;
    Ok(tally.report(heading(None, range, tenant, now, log)))
}

fn heading(
    organization: Option<String>,
    range: Range,
    tenant: Option<String>,
    made_at: Timestamp,
    log: Log,
) -> Heading {
    Heading { organization, range, tenant, made_at, version: env!("CARGO_PKG_VERSION"), log }
}

/// A report tells of who did what: it is for whoever makes it to hand on.
fn write_page(path: &Path, report: &Report) -> anyhow::Result<()> {
    file::make(path, report.page().as_bytes(), 0o600).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow!("{} exists and is left as it is; name a new file", path.display()),
        _ => anyhow::Error::new(error).context(format!("cannot make {}", path.display())),
    })
}
