//! The same by the tool that others use: <https://github.com/shekyan/slowhttptest>.

use std::process::Command;

use crate::support::probe::Probe;
use crate::support::process::Installation;
use crate::support::{branded, figure};

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
        // Each asks for the largest answer thirty times, and reads 32 bytes a second through a window of a few.
        (
            "readers",
            "attack-slowhttptest-readers",
            &["-X", "-k", "30", "-n", "1", "-z", "32", "-w", "10", "-y", "20", "-u", &logo],
        ),
    ];
    for (kind, key, arguments) in kinds {
        let probe = Probe::start(&service);
        let output = Command::new("slowhttptest")
            .args(["-c", "1000", "-r", "500", "-p", "5", "-l", "60"])
            .args(arguments)
            .output()
            .expect("slowhttptest is installed");
        let tally = probe.stop();
        let said = String::from_utf8_lossy(&output.stdout);
        let seconds =
            said.rsplit_once("Test ended on ").and_then(|(_, rest)| rest.split("th ").next()).unwrap_or(&said);
        figure::report(
            key,
            &format!("slowhttptest, slow {kind}"),
            1000,
            tally.all_served(),
            format!("all closed {seconds} s after its start"),
        );
        assert!(said.contains("No open connections left") && !said.contains("NO\x1b"), "{kind}: {said}");
    }
}
