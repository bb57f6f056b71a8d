//! Where the service listens.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::reader::Findings;

/// A place to listen on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Listen {
    /// An address.
    Address(SocketAddr),
    /// A unix socket, for a proxy in front.
    Unix(PathBuf),
    /// A unix socket without a file (unix(7)), which only the service manager makes for us.
    Abstract(String),
}

/// Why a text is not a [`Listen`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("neither IP:PORT, nor [IPv6]:PORT, nor unix:/PATH")]
pub struct InvalidListen;

impl Listen {
    /// Whether only this machine can reach it. A wildcard is everybody's, in either family.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Address(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix(_) | Self::Abstract(_) => true,
        }
    }

    /// Whether whoever connects to `other` comes to this one. A port that the system is to choose is nobody else's.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Address(ours), Self::Address(theirs)) => {
                ours.port() == theirs.port() && ours.port() != 0 && covers(ours.ip(), theirs.ip())
            }
            _ => self == other,
        }
    }
}

/// `[::]` takes IPv4 too.
fn covers(ours: IpAddr, theirs: IpAddr) -> bool {
    match ours {
        IpAddr::V6(ours) if ours.is_unspecified() => true,
        _ if ours.to_canonical().is_unspecified() => theirs.to_canonical().is_ipv4(),
        _ => ours.to_canonical() == theirs.to_canonical(),
    }
}

impl TryFrom<String> for Listen {
    type Error = InvalidListen;

    fn try_from(text: String) -> Result<Self, InvalidListen> {
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(name) => name.strip_prefix('@').map(|name| Self::Abstract(name.to_owned())).ok_or(InvalidListen),
            None => text.parse().map(Self::Address).map_err(|_| InvalidListen),
        }
    }
}

impl From<Listen> for String {
    fn from(listen: Listen) -> Self {
        listen.to_string()
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Abstract(name) => write!(f, "unix:@{name}"),
        }
    }
}

/// Whether plain HTTP may be spoken there is judged by the sockets that are there in the end: see [`super::sockets`].
pub(super) fn convert(typed: &[String], key: &str, findings: &Findings<'_>) -> Vec<Listen> {
    let mut listen = Vec::new();
    for text in typed {
        match Listen::try_from(text.clone()) {
            Ok(Listen::Abstract(_)) => {
                let problem = format!("{text:?} has no file that says who may connect");
                findings.add(key, problem, "name a path: \"unix:/PATH\"");
            }
            Ok(place) => listen.push(place),
            Err(error) => {
                let remedy = "write \"IP:PORT\", \"[IPv6]:PORT\" or \"unix:/PATH\"";
                findings.add(key, format!("{text:?} is no address: {error}"), remedy);
            }
        }
    }
    listen
}

/// Who watches the service is on this machine, and does not come by the way of the logins.
pub(super) fn check_ops(ops: &[Listen], listen: &[Listen], findings: &Findings<'_>) {
    for place in ops {
        if !place.is_local() {
            let remedy = "name 127.0.0.1:9464, [::1]:9464 or unix:/PATH, and let an agent on this machine, or a proxy that \
                          asks who comes, pass it on";
            findings.add("ops.listen", format!("{place} would tell everybody how the service is"), remedy);
        } else if listen.iter().any(|other| other.covers(place) || place.covers(other)) {
            findings.add(
                "ops.listen",
                format!("{place} is where logins come to"),
                "name another port, such as 127.0.0.1:9464",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(text: &str) -> Listen {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["127.0.0.1:8443", "[::1]:443", "[::ffff:127.0.0.1]:80", "unix:/run/idv/http.sock", "unix:@idv"] {
            assert_eq!(listen(text).to_string(), text);
        }
        for text in ["443", "localhost:80", "unix:run/idv", "unix:", "vsock:2:443", "[::1]", ""] {
            assert_eq!(Listen::try_from(text.to_owned()), Err(InvalidListen), "{text}");
        }
    }

    #[test]
    fn a_wildcard_covers_its_family_and_that_of_ipv6_both() {
        for (ours, theirs, is_covered) in [
            ("[::]:443", "0.0.0.0:443", true),
            ("[::]:443", "[::1]:443", true),
            ("[::]:443", "127.0.0.1:443", true),
            ("0.0.0.0:443", "127.0.0.1:443", true),
            ("0.0.0.0:443", "[::ffff:127.0.0.1]:443", true),
            ("0.0.0.0:443", "[::1]:443", false),
            ("0.0.0.0:443", "[::]:443", false),
            ("127.0.0.1:443", "[::ffff:127.0.0.1]:443", true),
            ("127.0.0.1:443", "0.0.0.0:443", false),
            ("127.0.0.1:443", "127.0.0.1:444", false),
            ("127.0.0.1:0", "127.0.0.1:0", false),
            ("unix:/run/idv", "unix:/run/idv", true),
        ] {
            assert_eq!(listen(ours).covers(&listen(theirs)), is_covered, "{ours} {theirs}");
        }
    }
}
