//! An OpenID Provider of the tests' own: strict in what it takes, and in what it answers honest, or with one defect.

pub(crate) mod keys;
pub(crate) mod lies;
mod line;
mod provider;
mod strict;
pub(crate) mod tells;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use hyper::HeaderMap;
use serde_json::Value;
use tokio::sync::oneshot;

use keys::Key;
use lies::Lie;
use provider::{Provider, Reply};

/// Who may ask, and how.
#[derive(Clone)]
pub(crate) struct Registration {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) authentication: Authentication,
    /// By which its ID tokens are signed.
    pub(crate) algorithm: &'static str,
    pub(crate) par: Par,
}

/// How the client proves who it is.
#[derive(Clone)]
pub(crate) enum Authentication {
    Basic(String),
    Post(String),
    /// By assertions that the key signs by the algorithm.
    Assertion {
        jwk: Value,
        algorithm: &'static str,
    },
}

/// Whether requests are pushed (RFC 9126).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Par {
    Absent,
    Offered,
    Required,
}

/// How it answers, where that is not at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    /// After so long.
    Late(Duration),
    /// A byte of the body after each such time.
    Drip(Duration),
    /// Never.
    Never,
    /// It ends the connection instead.
    Gone,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    /// Of the query, or of the form in the body.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Asked {
    /// The parameter `name`, if there is one.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A running provider on loopback. It ends with this.
pub(crate) struct Liar {
    /// `https://localhost:PORT`.
    pub(crate) issuer: String,
    /// The certificate, in PEM, of the authority that vouches for it.
    pub(crate) authority: String,
    provider: Arc<Mutex<Provider>>,
    _stop: oneshot::Sender<()>,
}

impl Liar {
    /// One that is honest until it is told otherwise, and whose time is `now`, in UNIX seconds.
    pub(crate) fn start(registration: Registration, now: impl Fn() -> u64 + Send + 'static) -> Self {
        line::open(|issuer| Provider::new(issuer.to_owned(), registration, Box::new(now)))
    }

    /// From now on it tells `lie`.
    pub(crate) fn tell(&self, lie: &'static Lie) {
        self.provider().lie = Some(lie);
    }

    /// From now on it is honest.
    pub(crate) fn be_honest(&self) {
        self.provider().lie = None;
    }

    /// From now on it answers at `path` in this `manner`.
    pub(crate) fn be(&self, path: &'static str, manner: Manner) {
        self.provider().manners.push((path, manner));
    }

    /// From now on it answers at once.
    pub(crate) fn be_prompt(&self) {
        self.provider().manners.clear();
    }

    /// From now on it signs by a new key, and publishes this alone.
    pub(crate) fn rotate(&self) {
        let mut provider = self.provider();
        let generation = provider.kid.trim_start_matches("key-").parse::<u32>().unwrap() + 1;
        provider.kid = format!("key-{generation}");
        provider.key = match provider.registration.algorithm {
            "RS256" | "PS256" => Key::rsa(keys::RSA_3072),
            algorithm => Key::for_algorithm(algorithm),
        };
    }

    /// From now on it signs by a new key of the same name.
    pub(crate) fn rotate_in_place(&self) {
        let mut provider = self.provider();
        provider.key = Key::for_algorithm(provider.registration.algorithm);
    }

    /// Changes what is known of the person who logs in: claims of ID token and userinfo.
    pub(crate) fn change_person(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.provider().person);
    }

    /// Where a browser is sent that follows a redirect to `url`.
    pub(crate) fn visit(&self, url: &str) -> String {
        let path = url.strip_prefix(&self.issuer).unwrap_or_else(|| panic!("an address of the provider, not {url}"));
        let reply = self.answer("GET", path, &HeaderMap::new(), b"");
        let location = reply.headers.iter().find(|(name, _)| *name == "location");
        location.unwrap_or_else(|| panic!("a redirect, not {reply:?}")).1.clone()
    }

    /// What it answers to a request for `target`, a path with its query.
    pub(crate) fn answer(&self, method: &str, target: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
        self.provider().answer(method, target, headers, body)
    }

    /// What arrived at `path`, in order.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        self.provider().asked.iter().filter(|asked| asked.path == path).cloned().collect()
    }

    /// Waits until so many requests have arrived at `path`.
    pub(crate) fn wait_for(&self, path: &str, count: usize) {
        let mut looks = 0..20_000;
        while self.asked(path).len() < count {
            looks.next().unwrap_or_else(|| panic!("{count} requests at {path}, not {}", self.asked(path).len()));
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// What it refused as wrong.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.provider().complaints.clone()
    }

    fn provider(&self) -> MutexGuard<'_, Provider> {
        self.provider.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
