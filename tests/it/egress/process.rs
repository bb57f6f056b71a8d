//! `idv egress` as a process: who may ask it, how it ends, and what becomes of who asks once it has.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use idv::egress::{Egress, Patience, Trust, Unreached, Way};

use super::{ID, get};
use crate::support::internet;
use crate::support::process::{Installation, Killed};

/// An installation whose `idv egress` runs.
struct Scene {
    installation: Installation,
    helper: Killed,
}

impl Scene {
    fn new() -> Self {
        let installation = Installation::new();
        let socket = installation.path("egress/proxy.sock");
        let text = installation.configuration() + &format!("[egress]\nsocket = \"{}\"\n", socket.display());
        fs::write(installation.path("idv.toml"), text).unwrap();
        // It needs neither the secret nor the certificate.
        for secret in ["secret", "key.pem", "certificate.pem"] {
            fs::remove_file(installation.path(secret)).unwrap();
        }
        let mut command = installation.idv(&["egress"]);
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            command.env_remove(name);
        }
        let helper = begun(command);
        Self { installation, helper }
    }

    fn socket(&self) -> PathBuf {
        self.installation.path("egress/proxy.sock")
    }

    fn ask(&self, url: &str) -> Result<(), Unreached> {
        get(&asking(self.socket()), url).map(drop)
    }

    fn signal(&self, name: &str) {
        let id = self.helper.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }
}

/// The process that `command` makes, once it listens.
fn begun(mut command: Command) -> Killed {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut child = Killed(child);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("\"listening\"")), "it listens");
    std::thread::spawn(move || lines.for_each(drop));
    child
}

fn asking(socket: PathBuf) -> Egress {
    let trust = Trust::of_pem(internet::certificate(&[ID], 2020, 2090).cert.pem().as_bytes()).unwrap();
    let patience = Patience { connect: Duration::from_millis(700), total: Duration::from_secs(2) };
    Egress::with_patience(Way::Socket(socket), trust, patience)
}

#[test]
fn what_the_configuration_does_not_name_is_refused() {
    let scene = Scene::new();
    for host in [
        ID,
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "10.0.0.1",
        "[fc00::1]",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "localhost",
    ] {
        assert_eq!(scene.ask(&format!("https://{host}/")), Err(Unreached::NotListed), "{host}");
    }
}

#[test]
fn its_socket_is_for_its_account_and_its_group() {
    let mode = fs::metadata(Scene::new().socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
}

#[test]
fn once_it_is_killed_who_asks_is_told_at_once_and_a_new_one_takes_its_place() {
    let mut scene = Scene::new();
    scene.signal("KILL");
    scene.helper.wait().unwrap();
    assert_eq!(scene.ask("https://id.example.test/"), Err(Unreached::NoWayOut(ErrorKind::ConnectionRefused)));
    scene.helper = begun(scene.installation.idv(&["egress"]));
    assert_eq!(scene.ask("https://id.example.test/"), Err(Unreached::NotListed));
}

#[test]
fn where_it_was_never_there_who_asks_is_told_so() {
    let nowhere = get(&asking("/nonexistent/proxy.sock".into()), "https://id.example.test/");
    assert_eq!(nowhere, Err(Unreached::NoWayOut(ErrorKind::NotFound)));
}

#[test]
fn while_it_hangs_who_asks_waits_no_longer_than_for_any_connection() {
    let scene = Scene::new();
    scene.signal("STOP");
    #[expect(clippy::disallowed_methods, reason = "the time limit is of the real clock")]
    let before = Instant::now();
    assert_eq!(scene.ask("https://id.example.test/"), Err(Unreached::NoWayOut(ErrorKind::TimedOut)));
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    scene.signal("CONT");
    assert_eq!(scene.ask("https://id.example.test/"), Err(Unreached::NotListed));
}

#[test]
fn something_else_on_its_socket_is_not_taken_for_it() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("proxy.sock");
    let listener = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n");
        }
    });
    let asked = get(&asking(path), "https://id.example.test/");
    assert_eq!(asked, Err(Unreached::NoWayOut(ErrorKind::InvalidData)));
}

#[test]
fn it_ends_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let mut scene = Scene::new();
        scene.signal(signal);
        assert_eq!(scene.helper.wait().unwrap().code(), Some(0), "{signal}");
    }
}

/// After a reload: whoever is in a tunnel has what is under way, and the next start knows the hosts that are named by then.
#[test]
fn told_to_leave_it_lets_what_is_under_way_end_and_takes_nobody_more() {
    let mut scene = Scene::new();
    let mut under_way = UnixStream::connect(scene.socket()).unwrap();
    under_way.write_all(b"CONNECT ").unwrap();
    // It is with the process once another, who came later, has been answered.
    assert_eq!(scene.ask("https://id.example.test/"), Err(Unreached::NotListed));
    scene.signal("HUP");
    std::thread::sleep(Duration::from_millis(300));
    assert!(scene.helper.try_wait().unwrap().is_none(), "somebody is under way");
    under_way.write_all(b"id.example.test:443 HTTP/1.1\r\nHost: id.example.test\r\n\r\n").unwrap();
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert_eq!(scene.helper.wait().unwrap().code(), Some(0));
}

#[test]
fn a_configuration_that_is_not_fit_keeps_it_from_starting() {
    let installation = Installation::new();
    fs::write(installation.path("idv.toml"), installation.configuration() + "[egress]\nsockt = \"\"\n").unwrap();
    let output = installation.command(&["egress"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(String::from_utf8(output.stderr).unwrap().contains("egress.sockt"));
}

#[test]
fn a_proxy_that_it_cannot_ask_keeps_it_from_starting() {
    let installation = Installation::new();
    let output = installation.idv(&["egress"]).env("HTTPS_PROXY", "socks5://127.0.0.1:1080").output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(String::from_utf8(output.stderr).unwrap().contains("HTTPS_PROXY is not of the form"));
}

#[test]
fn it_takes_the_socket_that_it_is_handed() {
    let installation = Installation::new();
    let path = installation.path("handed.sock");
    let mut command = Command::new("systemd-socket-activate");
    command.arg("--listen").arg(&path).arg(crate::support::process::BINARY).arg("--config");
    command.arg(installation.path("idv.toml")).arg("egress");
    let _activated = Killed(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let is_answered = (0..100).any(|_| {
        let is_answered = get(&asking(path.clone()), "https://id.example.test/") == Err(Unreached::NotListed);
        std::thread::sleep(Duration::from_millis(if is_answered { 0 } else { 50 }));
        is_answered
    });
    assert!(is_answered);
    assert!(!installation.path("egress").exists(), "its own place is not used");
}
