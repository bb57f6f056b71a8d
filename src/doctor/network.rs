//! Asking others by HTTP, one after another, by the way out that the service has: here as whoever runs the doctor, wherever
//! they are, and through `HTTPS_PROXY` where there is one.

use super::finding::Finding;
use super::inquiry::{Between, Inquiry};
use crate::config::Config;
use crate::config::meant::TenantConfig;
use crate::egress::{self, Ask, Destinations, Door, Egress, Trust, Unreached, Url, Way};
use crate::ops::clock::Clock;
use crate::verification::time::Timestamp;

const CHECK: &str = "network";

/// What is needed to ask others.
pub(super) struct Network {
    inquiry: Inquiry,
    door: Door,
}

/// What another side answered.
pub(super) struct Reply {
    pub(super) status: u16,
    /// Its body; nothing of one that is longer than the way out reads.
    pub(super) body: String,
    /// Its clock (RFC 9110 §6.6.1), if it told.
    pub(super) date: Option<Timestamp>,
    /// Our clock, just before and just after.
    pub(super) between: Between,
}

impl Network {
    /// Leads to `public_url`, to the console and to every host of the tenants. Trusts the authorities that this machine trusts: those in the
    /// file `SSL_CERT_FILE`, else the system's.
    pub(super) fn open(config: &Config, clock: Clock) -> Result<Self, Finding> {
        let trust = Trust::of_system().map_err(|error| {
            let remedy = "install ca-certificates, or name a file of authorities in SSL_CERT_FILE";
            Finding::problem(CHECK, error.to_string(), remedy)
        })?;
        let hosts = config.tenants.iter().flat_map(TenantConfig::hosts).map(|host| format!("https://{host}"));
        let ours = [&config.public_url].into_iter().chain(config.review.as_ref().map(|review| &review.url));
        let urls = hosts.chain(ours.map(ToString::to_string)).filter_map(|url| Url::parse_with_loopback(&url));
        let door = Door::open(Destinations::anywhere(&urls.collect::<Vec<_>>())).map_err(|error| {
            Finding::problem(
                CHECK,
                format!("others cannot be asked: {error}"),
                "mend /etc/resolv.conf, or the variable",
            )
        })?;
        let inquiry = Inquiry::open(CHECK, Egress::new(Way::Direct(door.clone()), trust), clock)?;
        Ok(Self { inquiry, door })
    }

    /// Which proxy is asked for `url`, in place of its host. Plain HTTP is of this machine alone, and needs none.
    pub(super) fn proxy(&self, url: &str) -> Option<String> {
        let url = Url::parse(url)?;
        self.door.proxy(url.host()).map(|(host, port)| format!("{host}:{port}"))
    }

    /// What `GET url` is answered, whatever the status. Redirects are not followed.
    pub(super) fn fetch(&self, url: &str) -> Result<Reply, Unreached> {
        self.ask(url, Ask::get)
    }

    /// What `POST url` with `body` is answered.
    pub(super) fn send(&self, url: &str, body: Vec<u8>) -> Result<Reply, Unreached> {
        self.ask(url, |url| Ask::post(url, "application/octet-stream", body))
    }

    fn ask(&self, url: &str, ask: impl FnOnce(Url) -> Ask) -> Result<Reply, Unreached> {
        let url = Url::parse_with_loopback(url).ok_or(Unreached::NotListed)?;
        let (answered, between) = self.inquiry.ask(ask(url));
        match answered {
            Ok(egress::Reply { status, date, body, .. }) => {
                Ok(Reply { status, body: String::from_utf8_lossy(&body).into_owned(), date, between })
            }
            // That it is there is all that is asked of many a page.
            Err(Unreached::TooLong { status }) => Ok(Reply { status, body: String::new(), date: None, between }),
            Err(unreached) => Err(unreached),
        }
    }
}
