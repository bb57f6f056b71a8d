//! The same by the tool that others use: <https://github.com/shekyan/slowhttptest>.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::probe::Probe;
use crate::support::process::{Installation, Killed, Service};
use crate::support::{branded, figure, usage};

const CLIENTS: usize = 1000;
/// Until all are open, and from then on until all are closed, with some room for a machine under load.
const TO_OPEN: Duration = Duration::from_secs(10);
const TO_CLOSE: Duration = Duration::from_secs(17);
/// Sockets of the service itself and of the probe.
const OTHERS: usize = 20;

#[test]
#[ignore = "slowhttptest, 1,000 connections of each kind; tests/run --long runs it"]
fn a_thousand_slow_clients_of_each_kind_are_closed_and_others_are_served() {
    let installation = Installation::new();
    let service = branded::serve(&installation);
    let login = service.begin("auth0|slow", "slow");
    let site = format!("https://{}", service.address);
    let (form, logo) = (format!("{site}{}/desk", login.path), format!("{site}{}", branded::logo(&service)));
    let kinds: [(&str, &str, &[&str]); 3] = [
        ("headers", "attack-slowhttptest-headers", &["-H", "-i", "2", "-u", &site]),
        ("bodies", "attack-slowhttptest-bodies", &["-B", "-i", "2", "-s", "8000", "-u", &form, "-j", &login.cookie]),
        // Each asks for the largest answer ten times, and reads 32 bytes a second through a window of a few.
        (
            "readers",
            "attack-slowhttptest-readers",
            &["-X", "-k", "10", "-n", "1", "-z", "32", "-w", "10", "-y", "20", "-u", &logo],
        ),
    ];
    for (kind, key, arguments) in kinds {
        let probe = Probe::start(&service);
        let tool = Command::new("slowhttptest")
            .args(["-c", &CLIENTS.to_string(), "-r", "500", "-p", "5", "-l", "60"])
            .args(arguments)
            .stdout(Stdio::null())
            .spawn();
        // Slow readers do not see that they were cut off before they have read what they were sent until then.
        let tool = Killed(tool.expect("slowhttptest is installed"));
        wait(&service, TO_OPEN, |sockets| sockets >= CLIENTS);
        let closed = wait(&service, TO_CLOSE, |sockets| sockets < OTHERS);
        drop(tool);
        figure::report(
            key,
            &format!("slowhttptest, slow {kind}"),
            CLIENTS,
            probe.stop().all_served(),
            format!("all closed {:.0} s after the last was opened", closed.as_secs_f64()),
        );
    }
}

/// How long it takes until the service has as many sockets as it should.
fn wait(service: &Service, limit: Duration, is_enough: impl Fn(usize) -> bool) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "a figure to print")]
    let start = Instant::now();
    loop {
        let sockets = usage::sockets(service.child.id());
        if is_enough(sockets) {
            return start.elapsed();
        }
        assert!(start.elapsed() < limit, "{sockets} sockets after {limit:?}");
        thread::sleep(Duration::from_millis(100));
    }
}
