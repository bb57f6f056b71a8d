//! `idv serve`, configured and started as an operator would.

use crate::arguments::Arguments;
use crate::process::Process;
use crate::tls::{Identity, write_private};
use crate::token::{Signer, TENANT};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The service's public host.
pub(crate) const HOST: &str = "idv.example.test";
/// In a minute. What is limited is counted, and never reached.
const LIMIT: u32 = 60_000_000;
/// A store of gigabytes is looked at page by page first.
const START_LIMIT: Duration = Duration::from_mins(10);

/// The program to measure: the one named, or the one next to this program.
pub(crate) fn locate(arguments: &Arguments) -> Result<PathBuf> {
    if let Some(named) = &arguments.idv {
        return Ok(named.clone());
    }
    let program = neighbour("idv")?;
    ensure!(program.exists(), "there is no {}: build it, or name another with --idv", program.display());
    Ok(program)
}

/// Where the program of `package` is, next to this one, brought up to date where cargo runs this.
pub(crate) fn neighbour(package: &str) -> Result<PathBuf> {
    // cargo names itself to the program that it runs.
    if let Some(cargo) = env::var_os("CARGO") {
        build(Path::new(&cargo), package)?;
    }
    Ok(env::current_exe()?.with_file_name(package))
}

fn build(cargo: &Path, package: &str) -> Result<()> {
    let mut command = Command::new(cargo);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["build", "--package", package, "--bin", package]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    // What cargo said of this package would count as a change where a build script watches it: all would be built anew.
    for (name, _) in env::vars_os() {
        let said = |prefix: &str| name.as_encoded_bytes().starts_with(prefix.as_bytes());
        if said("CARGO_PKG_") || said("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    let status = command.status().context("cargo does not run")?;
    ensure!(status.success(), "cargo could not build {package}");
    Ok(())
}

/// A configured installation, not running.
pub(crate) struct Installation {
    program: PathBuf,
    config: PathBuf,
    pub(crate) store: PathBuf,
    pub(crate) control: PathBuf,
}

impl Installation {
    /// Writes configuration and secret into `directory`; the store will lie there too. The control socket lies in
    /// `sockets`, whose path is to be short (108 bytes, unix(7)).
    pub(crate) fn create(
        program: &Path,
        identity: &Identity,
        signer: &Signer,
        directory: &Path,
        sockets: &Path,
    ) -> Result<Self> {
        let secret = directory.join("acme.secret");
        write_private(&secret, signer.secret.as_bytes())?;
        let store = directory.join("idv.redb");
        let control = sockets.join("control");
        let config = directory.join("idv.toml");
        let text = format!(
            "public_url = 'https://{HOST}'\n\n\
             [server]\nlisten = ['127.0.0.1:0']\n\n\
             [server.tls]\ncertificate = '{}'\nprivate_key = '{}'\n\n\
             [store]\npath = '{}'\n\n\
             [control]\nsocket = '{}'\n\n\
             [limits]\nconnections_per_address = {LIMIT}\nstarts_per_subject = {LIMIT}\n\n\
             [[tenants]]\ndomain = '{TENANT}'\ntoken_secrets = [{{ file = '{}' }}]\n",
            identity.certificate.display(),
            identity.private_key.display(),
            store.display(),
            control.display(),
            secret.display(),
        );
        fs::write(&config, text)?;
        Ok(Self { program: program.to_owned(), config, store, control })
    }

    /// From its next start on, people may be verified by document.
    pub(crate) fn verify_by_document(&self) -> Result<()> {
        let method = "\n[methods.document]\nenabled = true\npolicy = 'https://acme.example/identity-policy'\n";
        Ok(fs::write(&self.config, fs::read_to_string(&self.config)? + method)?)
    }

    /// Backs the store up to the new directory `to`, by the command for it.
    pub(crate) fn back_up(&self, to: &Path) -> Result<()> {
        let output = Command::new(&self.program).arg("--config").arg(&self.config).arg("backup").arg(to).output()?;
        ensure!(output.status.success(), "idv backup: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Starts the service and waits until it says that it is ready.
    pub(crate) fn start(&self) -> Result<Service> {
        let started = Instant::now();
        let mut child = Command::new(&self.program)
            .args(["serve", "--config"])
            .arg(&self.config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        let log = child.stderr.take().context("idv has no log")?;
        let process = Process::new(child);
        let (address, ready_at) = await_ready(&drain(log))?;
        Ok(Service { process, address, started, ready_after: ready_at - started })
    }
}

/// A running service.
pub(crate) struct Service {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    pub(crate) started: Instant,
    /// From its start to the log line that says so.
    pub(crate) ready_after: Duration,
}

/// Reads the log to its end, so that the service never waits for its reader.
fn drain(log: ChildStderr) -> Receiver<(Instant, String)> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            // Once ready, nobody listens any more.
            let _ = sender.send((Instant::now(), line));
        }
    });
    lines
}

fn await_ready(lines: &Receiver<(Instant, String)>) -> Result<(SocketAddr, Instant)> {
    let deadline = Instant::now() + START_LIMIT;
    let mut address = None;
    let mut seen = String::new();
    loop {
        let wait = deadline.saturating_duration_since(Instant::now());
        let line = lines.recv_timeout(wait);
        let (at, line) = line.with_context(|| format!("idv did not become ready; it said:\n{seen}"))?;
        let entry = serde_json::from_str(&line).unwrap_or(Value::Null);
        match field(&entry, "message") {
            Some("listening") if address.is_none() => {
                address = field(&entry, "address").and_then(|text| text.parse().ok());
            }
            Some("ready") => {
                return Ok((address.context("idv is ready and named no address")?, at));
            }
            _ => {}
        }
        seen.push_str(&line);
        seen.push('\n');
    }
}

/// A field of a log line, at the top or under `fields`.
fn field<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    entry.get(name).or_else(|| entry.get("fields")?.get(name))?.as_str()
}
