//! The real binary, as a service and as a command.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{CertifiedKey, KeyPair};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use serde_json::Value;
use tempfile::TempDir;

use super::token::{self, SECRET, STATE, TENANT};
use super::wire;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_idv");

/// An installation: a directory with everything that `idv` needs.
pub(crate) struct Installation {
    pub(crate) directory: TempDir,
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) store: PathBuf,
}

impl Installation {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let store = directory.path().join("store/idv.redb");
        Self::with_store(directory, store)
    }

    pub(crate) fn with_store(directory: TempDir, store: PathBuf) -> Self {
        let CertifiedKey { cert, signing_key } = certificate();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("certificate.pem"), cert.pem()).unwrap();
        write_secret(&path("key.pem"), signing_key.serialize_pem().as_bytes());
        write_secret(&path("secret"), SECRET);
        let installation = Self { certificate: cert.der().clone(), store, directory };
        fs::write(installation.path("idv.toml"), installation.configuration()).unwrap();
        installation
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn configuration(&self) -> String {
        let path = |name: &str| self.path(name).display().to_string();
        format!(
            "public_url = \"https://{}\"\n[server]\nlisten = [\"127.0.0.1:0\"]\n[server.tls]\ncertificate = \"{}\"\nprivate_key = \"{}\"\n\
             [store]\npath = \"{}\"\n[control]\nsocket = \"{}\"\n[limits]\nconnections_per_address = 0\nstarts_per_subject = 0\n[[tenants]]\ndomain = \"{TENANT}\"\ntoken_secrets = [{{ file = \"{}\" }}]\n",
            wire::HOST,
            path("certificate.pem"),
            path("key.pem"),
            self.store.display(),
            path("control.sock"),
            path("secret"),
        )
    }

    /// A command on this installation, to be run.
    pub(crate) fn idv(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.arg("--config").arg(self.path("idv.toml")).args(arguments);
        command
    }

    /// Runs a command to its end.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        self.idv(arguments).output().unwrap()
    }

    /// Runs a command that must succeed with `--json`, and returns what it prints.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub(crate) fn serve(&self) -> Service {
        self.serve_by(self.idv(&["serve"]))
    }

    /// Serves by a shell that limits descriptors, softly and at all.
    pub(crate) fn serve_with_descriptors(&self, soft: usize, hard: usize) -> Service {
        let mut command = Command::new("sh");
        let script = format!("ulimit -Sn {soft} && ulimit -Hn {hard} && exec \"$@\"");
        command.args(["-c", &script, "sh", BINARY, "--config"]).arg(self.path("idv.toml")).arg("serve");
        self.serve_by(command)
    }

    /// Serves with the journal as stderr, as far as the variable says so that systemd sets: `named` is an expression of the
    /// shell for its value, where `$stderr` is what stderr really is.
    pub(crate) fn serve_with_journal(&self, named: &str) -> Service {
        self.serve_by(self.with_journal(named, "serve"))
    }

    /// A command with the journal as stderr, likewise.
    pub(crate) fn with_journal(&self, named: &str, argument: &str) -> Command {
        let mut command = Command::new("sh");
        let script = format!("stderr=$(stat -Lc %d:%i /dev/fd/2); JOURNAL_STREAM={named} exec \"$@\"");
        command.args(["-c", &script, "sh", BINARY, "--config"]).arg(self.path("idv.toml")).arg(argument);
        command
    }

    /// Serves by `command`, and returns once it is ready.
    pub(crate) fn serve_by(&self, mut command: Command) -> Service {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut child = Killed(child);
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let (mut address, mut log) = (None, String::new());
        loop {
            let mut line = String::new();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "the service ended:\n{log}");
            log.push_str(&line);
            // Behind its priority, where the log takes this for the journal.
            let entry: Value = serde_json::from_str(line.trim_start_matches(|c| c != '{')).unwrap_or_default();
            match entry["message"].as_str() {
                Some("listening") => {
                    address = entry["address"].as_str().map(|address| address.parse().unwrap()).or(address);
                }
                Some("ready") => break,
                _ => {}
            }
        }
        let log = Arc::new(Mutex::new(log));
        keep_reading(lines, log.clone());
        let tls = wire::client_config(&self.certificate, &[b"http/1.1"]);
        Service { child, address: address.expect("it listens on an address"), tls, log }
    }
}

fn keep_reading(mut lines: BufReader<ChildStderr>, log: Arc<Mutex<String>>) {
    thread::spawn(move || {
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
            log.lock().unwrap().push_str(&line);
            line.clear();
        }
    });
}

fn certificate() -> CertifiedKey<KeyPair> {
    rcgen::generate_simple_self_signed([wire::HOST.to_owned()]).unwrap()
}

pub(crate) fn write_secret(path: &Path, secret: &[u8]) {
    fs::write(path, secret).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

pub(crate) fn now() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "the service under test reads the system's clock")]
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Whether a login is not begun since the service has too much to do for another at this moment.
pub(crate) fn is_turned_away(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 503") && answer.contains("Very many people are logging in just now")
}

/// A running `idv serve`.
pub(crate) struct Service {
    pub(crate) child: Killed,
    pub(crate) address: SocketAddr,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) log: Arc<Mutex<String>>,
}

/// A session in a browser: its address and its cookie.
pub(crate) struct Login {
    pub(crate) path: String,
    pub(crate) cookie: String,
}

impl Service {
    pub(crate) fn exchange(&self, request: &(impl AsRef<[u8]> + ?Sized)) -> std::io::Result<String> {
        wire::exchange(self.address, &self.tls, request)
    }

    /// Starts a login of `subject`.
    pub(crate) fn begin(&self, subject: &str, jti: &str) -> Login {
        self.try_begin(subject, jti).unwrap_or_else(|answer| panic!("a start, not {answer}"))
    }

    /// Starts a login of `subject`; the answer if that is no redirect.
    pub(crate) fn try_begin(&self, subject: &str, jti: &str) -> Result<Login, String> {
        self.try_begin_at(now(), subject, jti)
    }

    /// Starts a login of `subject` by a request token that is made `issued_at`.
    pub(crate) fn try_begin_at(&self, issued_at: u64, subject: &str, jti: &str) -> Result<Login, String> {
        let answer = self.start(issued_at, subject, jti).unwrap();
        login(&answer).ok_or(answer)
    }

    /// Starts a login of `subject`, if the service lives.
    pub(crate) fn try_begin_now(&self, subject: &str, jti: &str) -> Option<Login> {
        login(&self.start(now(), subject, jti).ok()?)
    }

    /// On a machine that is busy with other tests too it tries again, as the page says.
    fn start(&self, issued_at: u64, subject: &str, jti: &str) -> std::io::Result<String> {
        let claims = token::with(token::claims(issued_at), &serde_json::json!({ "sub": subject, "jti": jti }));
        let request = wire::get(&format!("/id-verification?token={}&state={STATE}", token::sign(&claims)), "");
        let mut tries = 0..100;
        loop {
            let answer = self.exchange(&request)?;
            if !is_turned_away(&answer) || tries.next().is_none() {
                return Ok(answer);
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn submit(&self, login: &Login, act: &str, body: &str) -> std::io::Result<String> {
        self.exchange(&wire::post(&format!("{}/{act}", login.path), &login.cookie, body))
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// `kill -9`.
    pub(crate) fn child_kill(&self) {
        self.signal("KILL");
    }

    /// What was read of its log so far. What it writes is read a moment later.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Its log, once that has `told`.
    pub(crate) fn log_once(&self, told: &str) -> String {
        let mut looks = 0..2_000;
        loop {
            let log = self.log();
            if log.contains(told) {
                return log;
            }
            assert!(looks.next().is_some(), "{told} is not in {log}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The login that begins with `answer`, if it is a redirect.
fn login(answer: &str) -> Option<Login> {
    let (path, cookie) = (wire::header(answer, "location")?, wire::header(answer, "set-cookie")?);
    Some(Login { path: path.to_owned(), cookie: cookie.split_once(';')?.0.to_owned() })
}

/// A process that does not outlive its test.
pub(crate) struct Killed(pub(crate) Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Deref for Killed {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Killed {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}
