//! The sockets that a service has, and over which of them it may speak in the clear.

use serde::{Deserialize, Serialize};

use super::listen::Listen;
use super::meant::Config;
use super::problem::Problem;

/// The sockets that a service has, or would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sockets {
    /// Where they are.
    pub places: Vec<Listen>,
    /// Whether the service manager made them; then `server.listen` counts for nothing.
    pub is_handed_over: bool,
}

impl Sockets {
    /// Those that `config` asks for where nobody hands any over.
    #[must_use]
    pub fn configured(config: &Config) -> Self {
        Self { places: config.listen.clone(), is_handed_over: false }
    }

    /// What keeps the service from serving `config` on them: plain HTTP that others could read.
    #[must_use]
    pub fn problems(&self, config: &Config) -> Vec<Problem> {
        let exposed = self.places.iter().filter(|place| config.tls.is_none() && !place.is_local());
        let remedy = if self.is_handed_over {
            "set server.tls.certificate and server.tls.private_key, or let ListenStream= of idv.socket name 127.0.0.1:PORT or a path, for a proxy"
        } else {
            "set server.tls.certificate and server.tls.private_key, or listen on 127.0.0.1 or a unix socket behind a proxy"
        };
        let problem = |place: &Listen| Problem {
            place: if self.is_handed_over { "the service manager's socket".into() } else { config.place.clone() },
            key: if self.is_handed_over { String::new() } else { "server.listen".into() },
            problem: format!("{place} would carry people's data over the network in plain HTTP"),
            remedy: remedy.into(),
        };
        exposed.map(problem).collect()
    }

    /// What keeps the service from answering who watches it on these, which the service manager made: others than this
    /// machine could ask.
    #[must_use]
    pub fn problems_of_ops(&self) -> Vec<Problem> {
        let problem = |place: &Listen| Problem {
            place: "the service manager's socket for ops".into(),
            key: String::new(),
            problem: format!("{place} would tell everybody how the service is"),
            remedy: "let ListenStream= of idv-ops.socket name 127.0.0.1:PORT, [::1]:PORT or a path".into(),
        };
        self.places.iter().filter(|place| !place.is_local()).map(problem).collect()
    }

    /// What keeps the service from serving the console of `config` on them: plain HTTP that others could read.
    #[must_use]
    pub fn problems_of_review(&self, config: &Config) -> Vec<Problem> {
        let exposed = self.places.iter().filter(|place| config.tls.is_none() && !place.is_local());
        let [place, key, remedy] = if self.is_handed_over {
            let remedy = "set server.tls.certificate and server.tls.private_key, or let ListenStream= of idv-review.socket name \
                          127.0.0.1:PORT or a path, for a proxy";
            ["the service manager's socket for the console", "", remedy]
        } else {
            let remedy = "set server.tls.certificate and server.tls.private_key, or listen on 127.0.0.1 or a unix socket \
                          behind a proxy";
            [config.place.as_str(), "review.listen", remedy]
        };
        let problem = |exposed: &Listen| Problem {
            place: place.into(),
            key: key.into(),
            problem: format!("{exposed} would carry what operators see over the network in plain HTTP"),
            remedy: remedy.into(),
        };
        exposed.map(problem).collect()
    }

    /// What `server.listen` names, and nobody listens on, since these were handed over.
    pub fn overridden<'c>(&self, config: &'c Config) -> impl Iterator<Item = &'c Listen> {
        let is_overridden =
            |wanted: &&Listen| self.is_handed_over && !self.places.iter().any(|place| place.covers(wanted));
        config.listen.iter().filter(is_overridden).collect::<Vec<_>>().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load::parse;

    fn listen(text: &str) -> Listen {
        text.to_owned().try_into().unwrap()
    }

    fn sockets(places: &[&str], is_handed_over: bool) -> Sockets {
        Sockets { places: places.iter().map(|place| listen(place)).collect(), is_handed_over }
    }

    fn config(listen: &str, has_tls: bool) -> Config {
        let tls = "[server.tls]\ncertificate = \"c\"\nprivate_key = \"k\"\n";
        let text = format!(
            "public_url = \"https://idv.example.com\"\n[server]\nlisten = [{listen}]\n{}[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{{ env = \"X\" }}]\n",
            if has_tls { tls } else { "" }
        );
        parse(&text).0.unwrap()
    }

    #[test]
    fn plain_http_goes_by_the_sockets_that_are_really_there() {
        let loopback = config("\"127.0.0.1:8080\"", false);
        for public in [
            "0.0.0.0:443",
            "[::]:443",
            "192.0.2.1:80",
            "[2001:db8::1]:80",
            "[::ffff:192.0.2.1]:80",
            "[::ffff:0.0.0.0]:80",
        ] {
            let problems = sockets(&["127.0.0.1:80", public], true).problems(&loopback);
            assert_eq!(problems.len(), 1, "{public}");
            assert!(problems[0].problem.contains(public) && problems[0].problem.contains("plain HTTP"));
            assert!(problems[0].remedy.contains("ListenStream="));
            assert!(sockets(&[public], true).problems(&config("\"127.0.0.1:8080\"", true)).is_empty());
        }
        let public = config("\"0.0.0.0:443\"", false);
        let own = Sockets::configured(&public).problems(&public);
        assert_eq!((own[0].place.as_str(), own[0].key.as_str()), ("idv.toml", "server.listen"));
        for local in [
            "127.0.0.1:80",
            "127.9.9.9:80",
            "[::1]:80",
            "[::ffff:127.0.0.1]:80",
            "unix:/run/idv/http.sock",
            "unix:@idv",
        ] {
            assert!(sockets(&[local], true).problems(&public).is_empty(), "{local}");
        }
    }

    #[test]
    fn what_listen_names_beside_the_sockets_that_are_there_is_told() {
        let config = config("\"0.0.0.0:443\", \"[::1]:443\", \"unix:/run/idv/http.sock\"", true);
        let told = |places: &[&str], is_handed_over| {
            sockets(places, is_handed_over).overridden(&config).map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(told(&["[::]:443"], true), ["unix:/run/idv/http.sock"]);
        assert_eq!(told(&["0.0.0.0:443", "unix:/run/idv/http.sock"], true), ["[::1]:443"]);
        assert_eq!(told(&["[::]:8443"], true).len(), 3);
        assert!(told(&["[::]:8443"], false).is_empty());
    }
}
