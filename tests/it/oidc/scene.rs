//! A login by the lying provider, through the real router.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::StatusCode;
use idv::egress::{Destinations, Door, Egress, Names, Onward, Trust, Way};
use idv::ops::random;
use idv::verification::method::oidc::credentials::{ClientSecret, Credentials};
use idv::verification::method::oidc::jose::{Algorithm, ClientKey, SigningAlgorithm};
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::provider::{
    Accept, Audience, Authentication, IdentityRules, Provider, Shape, VerifiedClaims,
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::browser::{Browser, Page};
use crate::support::liar::keys::RSA_3072;
use crate::support::liar::lies::{LEEWAY, MAX_AGE};
use crate::support::liar::{self, Liar, Par, Registration};
use crate::support::token::{self, TENANT};
use crate::support::world::World;

const CLIENT: &str = "https://idv.example.test/client";
const SITE: &str = "https://idv.example.test";
const SECRET: &str = "the-client's+secret:100%=&/odd,and:long";

/// How the two know each other.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    /// How we prove who we are: `basic`, `post`, or the algorithm of an assertion.
    pub(super) way: &'static str,
    /// By which ID tokens are signed.
    pub(super) algorithm: &'static str,
    pub(super) par: Par,
}

impl Setting {
    pub(super) const USUAL: Self = Self { way: "basic", algorithm: "RS256", par: Par::Required };
}

/// An installation, and the one provider that it knows. Every rule is set, so that each check has something to check.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) liar: Liar,
}

/// What a login came to.
pub(super) struct Came {
    /// The answer to the callback; to the click, where the browser was not sent to the provider.
    pub(super) page: Page,
    /// The query with which the browser came back.
    pub(super) brought: String,
    /// What the log says.
    pub(super) log: String,
    pub(super) browser: Browser,
    /// The address of the session.
    pub(super) session: String,
}

impl Scene {
    pub(super) fn new(setting: Setting) -> Self {
        Self::with(setting, |_| {})
    }

    /// One where the provider is configured otherwise.
    pub(super) fn with(setting: Setting, change: impl FnOnce(&mut Provider)) -> Self {
        let world = World::new();
        let (credentials, ours, theirs) = credentials(setting.way);
        let registration = Registration {
            client_id: CLIENT.into(),
            redirect_uri: format!("{SITE}/oidc/liar/callback"),
            authentication: theirs,
            algorithm: setting.algorithm,
            par: setting.par,
        };
        let liar = Liar::start(registration, world.clock());
        let authority = liar.issuer.strip_prefix("https://").unwrap();
        let mut provider = provider(&liar.issuer, authority, ours, setting.algorithm);
        change(&mut provider);
        let port = authority.strip_prefix("localhost:").unwrap().parse().unwrap();
        let destinations = Destinations::new([("localhost".to_owned(), port)], ["localhost"]);
        let door = Door::of(destinations, Names::of_machine().unwrap(), Onward::default());
        let egress = Egress::new(Way::Direct(door), Trust::of_pem(liar.authority.as_bytes()).unwrap());
        Self { world: world.with_provider(provider, credentials, egress), liar }
    }

    /// A login of the usual subject by a request token of its own, to its end or to where it stops.
    pub(super) fn log_in(&self, jti: &str) -> Came {
        self.log_in_by(&self.world.token(jti))
    }

    /// As [`log_in`](Self::log_in), by this request token.
    pub(super) fn log_in_by(&self, token: &str) -> Came {
        let mut browser = self.world.browser();
        let session = browser.begin(token);
        let session = session.trim_end_matches("/oidc/liar").to_owned();
        self.go(browser, session, || {})
    }

    /// The way to the provider and back from a session that is open. `meanwhile` the person is there.
    pub(super) fn go(&self, mut browser: Browser, session: String, meanwhile: impl FnOnce()) -> Came {
        let mut brought = String::new();
        let (page, log) = logged(|| {
            let page = browser.post(&format!("{session}/oidc/liar"), "continue=");
            if page.header("location").is_none_or(|location| !location.starts_with(&self.liar.issuer)) {
                return page;
            }
            let back = self.liar.visit(page.location());
            meanwhile();
            let (_, query) = back.split_once('?').unwrap();
            brought.push_str(query);
            browser.get(back.strip_prefix(SITE).unwrap())
        });
        Came { page, brought, log, browser, session }
    }

    /// A login after which the person is verified.
    pub(super) fn succeed(&self, jti: &str) {
        self.log_in(jti).assert_success(&self.liar);
    }
}

impl Came {
    /// The browser goes back to Auth0, with a success.
    pub(super) fn assert_success(&self, liar: &Liar) {
        assert_eq!(self.failure(liar), None);
    }

    /// What came instead of the browser's going back to Auth0 with a success, after requests that the provider had nothing
    /// against.
    pub(super) fn failure(&self, liar: &Liar) -> Option<String> {
        let home = format!("https://{TENANT}/continue?");
        if !liar.complaints().is_empty()
            || !self.page.header("location").is_some_and(|location| location.starts_with(&home))
        {
            return Some(format!("{}\n{:?}\n{}", self.log, liar.complaints(), self.page.body));
        }
        let result = token::open(&self.page.parameter("token"), token::SECRET);
        let is_success = result["status"] == "success" && result["method"] == "oidc:liar";
        (!is_success).then(|| Value::Object(result).to_string())
    }

    /// What is wrong with how a lie was refused: it must be by this cause, the person stays here, and nothing of the answer
    /// is seen again.
    pub(super) fn complaints(&mut self, cause: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        let causes: Vec<_> = lines(&self.log)
            .filter_map(|line| Some(line["cause"].as_str()?.trim_start_matches("answer of a provider: ").to_owned()))
            .collect();
        if causes != [cause] {
            complaints.push(format!("{causes:?} in the log, not {cause}: {}", self.log));
        }
        let mut bodies = self.page.body.clone();
        match self.page.header("location").map(str::to_owned) {
            Some(location) if location.starts_with(&format!("{}/oidc/liar?notice=", self.session)) => {
                let page = self.browser.get(&location);
                if page.status != StatusCode::OK {
                    complaints.push(format!("the page of the notice is {}", page.status));
                }
                bodies.push_str(&location);
                bodies.push_str(&page.body);
            }
            Some(location) => complaints.push(format!("the browser is sent to {location}")),
            None if self.page.status.is_client_error() => {}
            None => complaints.push(format!("the answer is {}", self.page.status)),
        }
        for (name, value) in form_urlencoded::parse(self.brought.as_bytes()) {
            let told = name == "error" || name == "error_description";
            let is_word = value.len() < 4 || value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if !is_word && (bodies.contains(&*value) || !told && self.log.contains(&*value)) {
                complaints.push(format!("{name} is seen again"));
            }
        }
        for person in ["Ada", "Lovelace", "the-one-and-only", "eid-4711", "<script>alert", "<b>no</b>"] {
            if bodies.contains(person) || self.log.contains(person) && !person.starts_with('<') {
                complaints.push(format!("{person} is seen again"));
            }
        }
        complaints
    }
}

fn lines(log: &str) -> impl Iterator<Item = Value> {
    log.lines().map(|line| serde_json::from_str(line).unwrap())
}

/// What we show, what is configured of it, and what the provider knows of it.
fn credentials(way: &'static str) -> (Credentials, Authentication, liar::Authentication) {
    let secret = || Credentials::Secret(ClientSecret::new(Zeroizing::new(SECRET.into())).unwrap());
    match way {
        "basic" => (secret(), Authentication::SecretBasic, liar::Authentication::Basic(SECRET.into())),
        "post" => (secret(), Authentication::SecretPost, liar::Authentication::Post(SECRET.into())),
        algorithm => {
            let random = random::generator();
            let key = match algorithm {
                "ES256" => ClientKey::from_pkcs8(&ClientKey::generate_p256(&random), &random),
                _ => ClientKey::from_pkcs8(RSA_3072.as_bytes(), &random),
            };
            let key = key.unwrap();
            let signing = SigningAlgorithm::ALL.into_iter().find(|known| known.as_str() == algorithm);
            let ours = Authentication::PrivateKey { audience: Audience::Issuer, algorithm: signing };
            let theirs = liar::Authentication::Assertion { jwk: key.public_jwk(), algorithm };
            (Credentials::Keys(vec![key]), ours, theirs)
        }
    }
}

fn provider(issuer: &str, authority: &str, authentication: Authentication, algorithm: &str) -> Provider {
    Provider {
        name: ProviderName::parse("liar").unwrap(),
        label: "Liar".into(),
        issuer: issuer.into(),
        metadata: None,
        authorities: vec![authority.into()],
        client_id: CLIENT.into(),
        authentication,
        request: None,
        scopes: vec!["openid".into(), "profile".into()],
        acr_values: vec!["urn:liar:high".into()],
        claims: Some(json!({ "userinfo": { "level": null } }).to_string()),
        verified_claims_as: Shape::Object,
        parameters: vec![],
        login_hint: true,
        max_age: Some(Duration::from_secs(MAX_AGE)),
        userinfo: true,
        algorithms: vec![Algorithm::parse(algorithm).unwrap()],
        clock_leeway: Duration::from_secs(LEEWAY),
        accept: Accept {
            acr: vec!["urn:liar:high".into()],
            verified_claims: Some(VerifiedClaims {
                trust_framework: vec!["liar_tf".into()],
                assurance_level: vec!["high".into()],
                max_age: Some(Duration::from_hours(24)),
            }),
            values: vec![("/level/proofed".into(), vec![true.into()])],
            login_alone: false,
        },
        identity: IdentityRules {
            pointer: "/eid".into(),
            one_account: true,
            same_person: true,
            matched: vec![],
            expected: vec![],
        },
        is_of_trial: false,
    }
}

/// What `act` comes to, and what it has the log say.
fn logged<T>(act: impl FnOnce() -> T) -> (T, String) {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || writer.clone()).finish();
    let done = tracing::subscriber::with_default(subscriber, act);
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    (done, log)
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
