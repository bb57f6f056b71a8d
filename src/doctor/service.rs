//! The running service, as it tells about itself through the control socket.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use super::finding::Finding;
use crate::config::Config;
use crate::config::meant::Listen;
use crate::control::examination::Examination;
use crate::control::{Answer, Request, client};

const CHECK: &str = "service";
const SOCKET: &str = "control socket";

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
    let answer = match client::ask(&config.control_socket, &Request::Examine) {
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

/// Whether it listens where the configuration says.
pub(super) fn listening(config: &Config, running: &Examination) -> Vec<Finding> {
    if running.is_handed_over {
        let places: Vec<_> = running.listening.iter().map(ToString::to_string).collect();
        return vec![Finding::ok("ports", format!("the service manager's sockets: {}", places.join(", ")))];
    }
    config.listen.iter().map(|place| listens(place, &running.listening)).collect()
}

fn listens(place: &Listen, listening: &[SocketAddr]) -> Finding {
    // Port 0 is whichever the system gave.
    let is_at = |wanted: &SocketAddr, actual: &SocketAddr| {
        wanted.ip() == actual.ip() && (wanted.port() == actual.port() || wanted.port() == 0)
    };
    let (name, is_there) = match place {
        Listen::Address(wanted) => (wanted.to_string(), listening.iter().any(|actual| is_at(wanted, actual))),
        Listen::Unix(path) => {
            (path.display().to_string(), fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket()))
        }
    };
    if is_there {
        Finding::ok("ports", format!("it listens on {name}"))
    } else {
        let text = format!("the service does not listen on {name}");
        Finding::problem("ports", text, "restart it, so that it takes the configuration as it is now")
    }
}
