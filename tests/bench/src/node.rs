//! Node with express, jsonwebtoken and better-sqlite3: what nearly everybody would write in idv's place.
//!
//! The server is `node/server.mjs`, in two forms. *As written* hands jsonwebtoken the secret as text and prepares each
//! statement where it is used; *tuned* keeps all that can be kept. It takes part where Node and npm are installed.

use crate::process::Process;
use crate::report::progress;
use crate::tls::{Identity, write_private};
use crate::token::{Signer, TENANT};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node");
/// What npm writes last: without it, the packages are not whole.
const INSTALLED: &str = "node_modules/.package-lock.json";
/// Seconds for the packages, one of which is compiled.
const INSTALL_LIMIT: &str = "600";
const START_LIMIT: Duration = Duration::from_secs(30);

/// Both forms, running.
pub(crate) struct Node {
    pub(crate) written: (Process, SocketAddr),
    pub(crate) tuned: (Process, SocketAddr),
}

/// Starts both with their databases in `directory`. Where that fails, it says why, and they take no part.
pub(crate) fn spawn(identity: &Identity, signer: &Signer, directory: &Path) -> Option<Node> {
    match start(identity, signer, directory) {
        Ok(node) => Some(node),
        Err(why) => {
            progress(&format!("Node takes no part: {why:#}"));
            None
        }
    }
}

fn start(identity: &Identity, signer: &Signer, directory: &Path) -> Result<Node> {
    install()?;
    let secret = directory.join("node.secret");
    write_private(&secret, signer.secret.as_bytes())?;
    let serve = |form| serve(form, identity, &secret, directory);
    Ok(Node { written: serve("written")?, tuned: serve("tuned")? })
}

/// Brings the packages that the lock file names, once.
fn install() -> Result<()> {
    let node = Command::new("node").args(["-p", "process.execPath"]).output().context("it is not installed")?;
    if Path::new(DIRECTORY).join(INSTALLED).exists() {
        return Ok(());
    }
    progress("npm brings Node's packages and compiles SQLite: it takes minutes, once");
    let mut npm = Command::new("timeout");
    npm.args([INSTALL_LIMIT, "npm", "ci", "--loglevel=error", "--no-fund", "--no-audit"]);
    npm.current_dir(DIRECTORY).stdin(Stdio::null()).stdout(Stdio::null());
    // No ready-made binary from elsewhere: the lock file answers for the source alone.
    npm.env("npm_config_build_from_source", "true");
    // Node's headers are fetched unless they are named; most packages of Node bring them along.
    if let Some(prefix) = prefix(&node.stdout).filter(|prefix| prefix.join("include/node/node.h").exists()) {
        npm.env("npm_config_nodedir", prefix);
    }
    let status = npm.status().context("npm does not run")?;
    ensure!(status.success(), "npm could not install its packages; what it said stands above");
    Ok(())
}

/// The directory that holds `bin/node`.
fn prefix(program: &[u8]) -> Option<PathBuf> {
    let program = Path::new(str::from_utf8(program).ok()?.trim());
    Some(program.parent()?.parent()?.to_owned())
}

fn serve(form: &str, identity: &Identity, secret: &Path, directory: &Path) -> Result<(Process, SocketAddr)> {
    let mut child = Command::new("node")
        .args([&Path::new(DIRECTORY).join("server.mjs"), Path::new(form)])
        .args([&identity.certificate, &identity.private_key])
        .args([secret, &directory.join(format!("node-{form}.sqlite")), Path::new(TENANT)])
        .env("NODE_ENV", "production")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take();
    let process = Process::new(child);
    let said = output.and_then(first_line).unwrap_or_default();
    // Packages that were compiled for another Node, say.
    let address = said.trim().parse().with_context(|| {
        format!("its server named no address; what it said stands above. {DIRECTORY}/node_modules may be deleted")
    })?;
    Ok((process, address))
}

fn first_line(output: ChildStdout) -> Option<String> {
    let (sender, line) = channel();
    thread::spawn(move || {
        let line = BufReader::new(output).lines().next().and_then(Result::ok);
        // After the limit nobody listens any more.
        let _ = sender.send(line);
    });
    line.recv_timeout(START_LIMIT).ok().flatten()
}
