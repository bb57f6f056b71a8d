//! Whether the way out is there, where the configuration names hosts that are asked.

use std::fs;
use std::os::unix::fs::FileTypeExt;

use super::finding::{Finding, Warning};
use super::handover::Handover;
use super::systemd::Unit;
use crate::config::egress::{Egress, Via};
use crate::config::{Config, Problem};

const CHECK: &str = "egress";

/// What keeps the service from asking the hosts that `config` names, if it names any: logins go on, but not by them.
#[must_use]
pub fn missing(config: &Config) -> Option<Warning> {
    let installed = || Unit::installed("idv-egress.socket");
    closed(&config.egress, installed).filter(|_| !config.destinations().is_empty())
}

/// That the service of the unit is to ask the hosts that `config` names by itself, and is left no network.
#[must_use]
pub fn cut_off(config: &Config, handover: &Handover) -> Option<Problem> {
    let is_direct = config.egress.via == Via::Direct && !config.destinations().is_empty();
    (is_direct && !handover.has_network).then(|| Problem {
        place: handover.unit.display().to_string(),
        key: "PrivateNetwork".into(),
        problem: "leaves the service no network, by which egress.via = \"direct\" has it ask others".into(),
        remedy: "leave egress.via out, and install the way out (systemd/README.md, The way out)".into(),
    })
}

/// Both as findings.
pub(super) fn examine(config: &Config, handover: Option<&Handover>) -> Vec<Finding> {
    let cut_off = handover.and_then(|handover| cut_off(config, handover));
    let cut_off = cut_off.map(|problem| Finding::of_configuration(CHECK, &problem));
    let missing = missing(config).map(|Warning { text, remedy }| Finding::problem(CHECK, text, remedy));
    cut_off.into_iter().chain(missing).collect()
}

fn closed(egress: &Egress, installed: impl FnOnce() -> Option<Unit>) -> Option<Warning> {
    let is_there = fs::metadata(&egress.socket).is_ok_and(|metadata| metadata.file_type().is_socket());
    if egress.via == Via::Direct || is_there {
        return None;
    }
    let text = format!("nothing listens on {}, through which the service asks others", egress.socket.display());
    Some(Warning::new(text, remedy(egress, installed())))
}

fn remedy(egress: &Egress, installed: Option<Unit>) -> String {
    let listens = installed.map(|unit| unit.values("Socket", "ListenStream").last().unwrap_or_default().to_owned());
    match listens {
        None => "install idv-egress.service and idv-egress.socket (systemd/README.md, The way out) and restart idv; without \
                 systemd, write egress.via = \"direct\""
            .into(),
        Some(path) if egress.socket.as_os_str() == path.as_str() => {
            "restart idv, which starts idv-egress.socket; if that fails: systemctl status idv-egress.socket".into()
        }
        Some(path) => format!("write egress.socket = {path:?}, where idv-egress.socket listens"),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_way_out_that_is_not_there_is_told_where_it_is_gone_by() {
        let directory = tempfile::TempDir::new().unwrap();
        let socket = directory.path().join("proxy.sock");
        let egress = |via| Egress { via, socket: socket.clone(), private: Vec::new(), authorities: None };
        let closed = |egress: &Egress| closed(egress, || None);
        let told = closed(&egress(Via::Socket)).unwrap();
        assert!(told.text.contains("proxy.sock") && told.remedy.contains("install idv-egress.service"));
        assert!(closed(&egress(Via::Direct)).is_none());
        fs::write(&socket, "no socket").unwrap();
        assert!(closed(&egress(Via::Socket)).is_some());
        fs::remove_file(&socket).unwrap();
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(closed(&egress(Via::Socket)).is_none());
    }

    #[test]
    fn where_it_is_installed_and_does_not_listen_what_starts_it_is_told() {
        let unit = || Some(Unit::of("idv-egress.socket", &[include_str!("../../systemd/idv-egress.socket")]));
        let remedy = |socket: &str| {
            let socket = socket.into();
            remedy(&Egress { via: Via::Socket, socket, private: Vec::new(), authorities: None }, unit())
        };
        assert!(remedy("/run/idv-egress/proxy.sock").contains("restart idv, which starts idv-egress.socket"));
        assert_eq!(
            remedy("/run/idv-egress.sock"),
            "write egress.socket = \"/run/idv-egress/proxy.sock\", where idv-egress.socket listens"
        );
    }

    #[test]
    fn who_asks_nobody_needs_none() {
        let text = "public_url = \"https://idv.example.com\"\n[egress]\nsocket = \"/nonexistent\"\n[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{ env = \"X\" }]\n";
        assert!(missing(&crate::config::load::parse(text).0.unwrap()).is_none());
    }
}
