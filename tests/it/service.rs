//! The systemd units, and what the service tells its manager.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::process::{BINARY, Installation, Killed};
use crate::support::wire;

const UNITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/systemd");

#[test]
fn the_unit_is_rated_at_two_tenths_or_less() {
    let mut command = Command::new("systemd-analyze");
    command.args(["security", "--offline=true", "--no-pager", "--threshold=2"]).arg(format!("{UNITS}/idv.service"));
    let output = command.output().unwrap();
    let rating = String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned();
    println!("{rating}");
    assert!(output.status.success(), "{rating}");
}

#[test]
fn the_service_takes_the_socket_that_it_is_handed() {
    let installation = Installation::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut command = Command::new("systemd-socket-activate");
    command.args(["--listen", &address, BINARY, "--config"]).arg(installation.path("idv.toml")).arg("serve");
    let _activated = Killed(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let tls = wire::client_config(&installation.certificate, &[b"http/1.1"]);
    // The first connection starts the service, and is served by it.
    let answered = (0..100).any(|_| {
        let answer = wire::exchange(address.parse().unwrap(), &tls, &wire::get("/health", ""));
        let is_served = answer.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"));
        std::thread::sleep(Duration::from_millis(if is_served { 0 } else { 50 }));
        is_served
    });
    assert!(answered);
}

#[test]
fn the_service_manager_hears_ready_alive_and_stopping() {
    let installation = Installation::new();
    let path = installation.path("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut command = Command::new(BINARY);
    command.arg("--config").arg(installation.path("idv.toml")).arg("serve");
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "400000");
    let mut service = installation.serve_by(command);
    let hear = || {
        let mut message = [0; 256];
        let length = manager.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).trim().to_owned()
    };
    // As soon as it is at the store, however long that takes.
    assert_eq!(hear(), "EXTEND_TIMEOUT_USEC=30000000");
    assert_eq!(hear(), "READY=1");
    // Twice, so that it goes on.
    assert_eq!([hear(), hear()], ["WATCHDOG=1", "WATCHDOG=1"]);
    service.signal("TERM");
    let mut last = hear();
    while last == "WATCHDOG=1" {
        last = hear();
    }
    assert_eq!(last, "STOPPING=1");
    assert!(service.child.wait().unwrap().success());
}

#[test]
fn a_service_whose_store_does_not_answer_is_not_called_alive() {
    // A stopped process tells nothing; that is what the watchdog is for. What must not happen is a heartbeat of its own
    // thread while the rest hangs: the heartbeat goes through every core's router and the store's writer.
    let installation = Installation::new();
    let path = installation.path("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(Duration::from_millis(1500))).unwrap();
    let mut command = Command::new(BINARY);
    command.arg("--config").arg(installation.path("idv.toml")).arg("serve");
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "400000");
    let service = installation.serve_by(command);
    let writer = thread_named(service.child.id(), "idv-writer");
    let _hanging = hang(writer);
    let mut message = [0; 256];
    // Those that were on their way before; then silence.
    let silent = (0..20).any(|_| manager.recv(&mut message).is_err());
    assert!(silent, "no heartbeat without the writer");
}

/// The id of the thread of `process` with that name, once it has given itself the name.
fn thread_named(process: u32, name: &str) -> u32 {
    let find = || {
        let threads = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
        let mut ids = threads.map(|entry| entry.unwrap().file_name().to_string_lossy().parse().unwrap());
        ids.find(|id: &u32| {
            std::fs::read_to_string(format!("/proc/{process}/task/{id}/comm")).is_ok_and(|comm| comm.trim() == name)
        })
    };
    let found = (0..500).find_map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        find()
    });
    found.expect("a thread of that name")
}

/// Keeps one thread from running, as a disk that never answers would, until the guard is dropped.
fn hang(thread: u32) -> Killed {
    // PTRACE_SEIZE, then PTRACE_INTERRUPT: the thread stops, its process goes on.
    let script = format!(
        "import ctypes, time\nlibc = ctypes.CDLL(None)\nassert libc.ptrace(0x4206, {thread}, 0, 0) == 0\n\
         assert libc.ptrace(0x4207, {thread}, 0, 0) == 0\nprint('hung', flush=True)\ntime.sleep(60)"
    );
    let mut tracer = Command::new("python3").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(tracer.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "hung\n");
    Killed(tracer)
}
