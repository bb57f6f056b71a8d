//! The running service, as it tells about itself through the control socket.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use super::finding::Finding;
use super::handover::{self, Handover};
use crate::config::listen::Listen;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problem};
use crate::control::examination::Examination;
use crate::control::reload::Refused;
use crate::control::{Answer, Request, client};

const CHECK: &str = "service";
const SOCKET: &str = "control socket";
const PORTS: &str = "ports";

/// Whether only the service and its group may give orders.
pub(super) fn control_socket(path: &Path) -> Option<Finding> {
    let metadata = fs::symlink_metadata(path).ok()?;
    let place = path.display();
    Some(if !metadata.file_type().is_socket() {
        Finding::problem(SOCKET, format!("{place} is no socket"), "remove it, or name another place in control.socket")
    } else if metadata.permissions().mode() & 0o007 == 0 {
        Finding::ok(SOCKET, format!("{place} is open to the service and its group alone"))
    } else {
        let remedy = "restart the service; find out who changed it";
        Finding::problem(SOCKET, format!("{place} is open to everyone on this machine"), remedy)
    })
}

/// What the running service tells, and what there is to say where it tells nothing.
pub(super) fn ask(config: &Config) -> (Option<Examination>, Option<Finding>) {
    let socket = config.control_socket.display();
    let answer = match client::ask(&config.control_socket, &Request::Examine, None) {
        Ok(Some(Answer::Done(answer))) => serde_json::from_value(answer).ok(),
        Ok(Some(Answer::Refused { .. })) => None,
        Ok(None) => {
            let remedy = "start it: systemctl start idv, or idv serve; its log says what keeps it from starting";
            return (None, Some(Finding::problem(CHECK, format!("no service listens on {socket}"), remedy)));
        }
        Err(error) => {
            let remedy = "run the doctor as root or as a member of the socket's group";
            return (None, Some(Finding::problem(CHECK, format!("{socket} does not answer: {error}"), remedy)));
        }
    };
    match answer {
        None => (None, Some(Finding::problem(CHECK, "the service is of another version", "restart it"))),
        running => (running, None),
    }
}

/// Whether the service was started with this binary and this configuration.
pub(super) fn agrees(config: &Config, running: &Examination) -> Finding {
    let version = env!("CARGO_PKG_VERSION");
    if running.version != version {
        Finding::warning(CHECK, format!("it is version {}, this is {version}", running.version), "restart it")
    } else if running.public_url != config.public_url.to_string() {
        let text = format!("it was started with another public_url, {}", running.public_url);
        Finding::warning(CHECK, text, "restart it, or name its configuration with --config")
    } else {
        Finding::ok(CHECK, format!("it runs, version {version}"))
    }
}

/// That its last reload was refused, if it was.
pub(super) fn refusal(running: &Examination) -> Option<Finding> {
    let Refused { at, problems } = running.reload_refused.as_ref()?;
    let causes: Vec<_> = problems.iter().map(|Problem { key, problem, .. }| format!("{key}: {problem}")).collect();
    let text = format!("its reload at {at} was refused, and it goes on with what it had: {}", causes.join("; "));
    Some(Finding::warning(CHECK, text, "mend that, and run: systemctl reload idv"))
}

/// Whether it listens where the configuration says, and may go on with it.
pub(super) fn listening(config: &Config, running: &Sockets) -> Vec<Finding> {
    let mut findings: Vec<_> =
        running.problems(config).iter().map(|problem| Finding::of_configuration(PORTS, problem)).collect();
    if running.is_handed_over {
        if findings.is_empty() {
            let places: Vec<_> = running.places.iter().map(ToString::to_string).collect();
            findings.push(Finding::ok(PORTS, format!("the service manager's sockets: {}", places.join(", "))));
        }
        let told = |place| {
            Finding::note(
                PORTS,
                format!("server.listen names {place}, where the service manager's sockets take its place"),
            )
        };
        findings.extend(running.overridden(config).map(told));
    } else {
        findings.extend(config.listen.iter().map(|place| listens(place, &running.places)));
    }
    findings
}

/// What keeps a service from listening that does not run.
pub(super) fn will_listen(config: &Config, handover: Option<&Handover>) -> Vec<Finding> {
    let unheard = handover.map(|handover| handover.unheard(config)).unwrap_or_default();
    let problems = handover::socket_problems(config, handover).into_iter().chain(unheard);
    problems.map(|problem| Finding::of_configuration(PORTS, &problem)).collect()
}

fn listens(place: &Listen, listening: &[Listen]) -> Finding {
    // Port 0 is whichever the system gave.
    let is_at = |actual: &Listen| match (place, actual) {
        (Listen::Address(wanted), Listen::Address(actual)) if wanted.port() == 0 => wanted.ip() == actual.ip(),
        _ => place == actual,
    };
    if listening.iter().any(is_at) {
        Finding::ok(PORTS, format!("it listens on {place}"))
    } else {
        let text = format!("the service does not listen on {place}");
        Finding::problem(PORTS, text, "restart it, so that it takes the configuration as it is now")
    }
}
