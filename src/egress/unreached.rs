//! Why there was no answer, in words for people and, between `idv egress` and who asks it, in those of RFC 9209.

use std::io::ErrorKind;

use thiserror::Error;

/// Why there was no answer: one variant for each cause.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Unreached {
    /// The host and port are none that the configuration names.
    #[error("it is not among the hosts that the configuration names")]
    NotListed,
    /// It would have been asked without TLS.
    #[error("it would be asked in plain HTTP")]
    Plain,
    /// Its name leads to no address.
    #[error("its name does not resolve")]
    Unresolved,
    /// No name server answered in time.
    #[error("its name did not resolve in time")]
    ResolvedTooLate,
    /// All that its name leads to are addresses that it may not have.
    #[error("its address is not one of the internet")]
    Prohibited,
    /// Nobody takes the connection.
    #[error("no connection was made: {0}")]
    NotConnected(ErrorKind),
    /// The connection, or its TLS, did not stand in time.
    #[error("it did not answer in time: no connection was made")]
    ConnectedTooLate,
    /// Nobody takes the connection at the proxy that `HTTPS_PROXY` names.
    #[error("the proxy is not reached")]
    ProxyNotReached,
    /// That proxy does not connect: the status of its answer, 0 if it was none of HTTP.
    #[error("the proxy refused: status {0}")]
    ProxyRefused(u16),
    /// `idv egress` is not there, or is not `idv egress`.
    #[error("the way out is closed: {0}")]
    NoWayOut(ErrorKind),
    /// So many are asked at once that there was no turn in time.
    #[error("too much is asked at once")]
    Busy,
    /// Its certificate, or its TLS, is not sound.
    #[error("its TLS is not sound: {0}")]
    Tls(rustls::Error),
    /// The whole answer did not come in time.
    #[error("it did not answer in time")]
    AnsweredTooLate,
    /// The connection ended before the answer did.
    #[error("it broke off")]
    BrokenOff,
    /// What came is no answer of HTTP.
    #[error("its answer is not one of HTTP")]
    Malformed,
    /// The answer is longer than is read.
    #[error("its answer, of status {status}, is too long")]
    TooLong {
        /// What the answer began with.
        status: u16,
    },
}

impl Unreached {
    /// What an administrator can do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NotListed => "name the host in the configuration of what asks it, and run: systemctl reload idv",
            Self::Plain => "name an address that begins with https://",
            Self::Unresolved => "mend its DNS record, or this machine's resolver",
            Self::ResolvedTooLate => "mend this machine's resolver",
            Self::Prohibited => "mend its DNS record; a host of your own network goes into egress.private",
            Self::NotConnected(_) | Self::ConnectedTooLate | Self::AnsweredTooLate => {
                "let this machine reach it: firewall, routing, or HTTPS_PROXY"
            }
            Self::ProxyNotReached => "let this machine reach the proxy that HTTPS_PROXY names",
            Self::ProxyRefused(_) => "let the proxy reach it, or name it in NO_PROXY",
            Self::NoWayOut(_) => {
                "restart idv, which starts idv-egress.socket, and look at: journalctl -u idv-egress.socket -u idv-egress; without \
                 systemd: egress.via = \"direct\""
            }
            Self::Busy => "look for what does not answer: its requests hold the others up",
            Self::Tls(_) => {
                "serve a valid certificate with its full chain; a private authority goes into egress.authorities, or SSL_CERT_FILE"
            }
            Self::BrokenOff | Self::Malformed | Self::TooLong { .. } => "look at what answers there",
        }
    }

    /// Whether nothing was asked yet when it failed, so that it can be asked once more.
    #[must_use]
    pub const fn is_of_connection(&self) -> bool {
        matches!(
            self,
            Self::Unresolved
                | Self::ResolvedTooLate
                | Self::NotConnected(_)
                | Self::ConnectedTooLate
                | Self::ProxyNotReached
                | Self::NoWayOut(_)
        )
    }

    /// Status and `Proxy-Status` error (RFC 9209 §2.3) by which `idv egress` tells it. What it cannot meet is an error of its
    /// own.
    pub(super) const fn told(&self) -> (u16, &'static str) {
        match self {
            Self::NotListed => (403, "http_request_denied"),
            Self::Prohibited => (403, "destination_ip_prohibited"),
            Self::Unresolved => (502, "dns_error"),
            Self::ResolvedTooLate => (504, "dns_timeout"),
            Self::NotConnected(ErrorKind::ConnectionRefused) => (502, "connection_refused"),
            Self::NotConnected(_) => (502, "destination_ip_unroutable"),
            Self::ConnectedTooLate => (504, "connection_timeout"),
            Self::ProxyNotReached => (502, "proxy_configuration_error"),
            Self::ProxyRefused(_) => (502, "destination_unavailable"),
            _ => (500, "proxy_internal_error"),
        }
    }

    /// What `idv egress` told so, with the status that a proxy gave to itself, if one did.
    pub(super) fn of_told(error: &str, received: Option<u16>) -> Self {
        match error {
            "http_request_denied" => Self::NotListed,
            "destination_ip_prohibited" => Self::Prohibited,
            "dns_error" => Self::Unresolved,
            "dns_timeout" => Self::ResolvedTooLate,
            "connection_refused" => Self::NotConnected(ErrorKind::ConnectionRefused),
            "destination_ip_unroutable" => Self::NotConnected(ErrorKind::HostUnreachable),
            "connection_timeout" => Self::ConnectedTooLate,
            "proxy_configuration_error" => Self::ProxyNotReached,
            "destination_unavailable" => Self::ProxyRefused(received.unwrap_or_default()),
            _ => Self::NoWayOut(ErrorKind::InvalidData),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_way_out_tells_is_understood_as_it_was_meant() {
        for cause in [
            Unreached::NotListed,
            Unreached::Prohibited,
            Unreached::Unresolved,
            Unreached::ResolvedTooLate,
            Unreached::NotConnected(ErrorKind::ConnectionRefused),
            Unreached::NotConnected(ErrorKind::HostUnreachable),
            Unreached::ConnectedTooLate,
            Unreached::ProxyNotReached,
            Unreached::ProxyRefused(407),
        ] {
            let (status, error) = cause.told();
            assert!((400..600).contains(&status));
            assert_eq!(Unreached::of_told(error, Some(407)), cause);
        }
        let strange = Unreached::NoWayOut(ErrorKind::InvalidData);
        assert_eq!(
            [Unreached::of_told("", None), Unreached::of_told("tls_alert_received", None)],
            [strange.clone(), strange]
        );
        assert_eq!(Unreached::AnsweredTooLate.told(), (500, "proxy_internal_error"));
    }
}
