//! Whether the way out is there, where the configuration names hosts that are asked.

use std::fs;
use std::os::unix::fs::FileTypeExt;

use super::finding::{Finding, Warning};
use crate::config::Config;
use crate::config::egress::{Egress, Via};

const CHECK: &str = "egress";

/// What keeps the service from asking the hosts that `config` names, if it names any: logins go on, but not by them.
#[must_use]
pub fn missing(config: &Config) -> Option<Warning> {
    closed(&config.egress).filter(|_| !config.destinations().is_empty())
}

/// The same as a finding.
pub(super) fn examine(config: &Config) -> Option<Finding> {
    missing(config).map(|Warning { text, remedy }| Finding::problem(CHECK, text, remedy))
}

fn closed(egress: &Egress) -> Option<Warning> {
    let is_there = fs::metadata(&egress.socket).is_ok_and(|metadata| metadata.file_type().is_socket());
    if egress.via == Via::Direct || is_there {
        return None;
    }
    let text = format!("nothing listens on {}, through which the service asks others", egress.socket.display());
    let remedy = "install idv-egress.service and idv-egress.socket (systemd/README.md, The way out) and restart idv; without \
                  systemd, write egress.via = \"direct\"";
    Some(Warning::new(text, remedy))
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
        let told = closed(&egress(Via::Socket)).unwrap();
        assert!(told.text.contains("proxy.sock") && told.remedy.contains("idv-egress.socket"));
        assert!(closed(&egress(Via::Direct)).is_none());
        fs::write(&socket, "no socket").unwrap();
        assert!(closed(&egress(Via::Socket)).is_some());
        fs::remove_file(&socket).unwrap();
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(closed(&egress(Via::Socket)).is_none());
    }

    #[test]
    fn who_asks_nobody_needs_none() {
        let text = "public_url = \"https://idv.example.com\"\n[egress]\nsocket = \"/nonexistent\"\n[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{ env = \"X\" }]\n";
        assert!(missing(&crate::config::load::parse(text).0.unwrap()).is_none());
    }
}
