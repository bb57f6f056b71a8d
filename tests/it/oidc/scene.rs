//! A login by the lying provider, through the real router.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Once;
use std::time::Duration;

use hyper::StatusCode;
use idv::egress::{Destinations, Door, Egress, Names, Onward, Patience, Trust, Way};
use idv::ops::random;
use idv::verification::method::oidc::credentials::{ClientSecret, Credentials};
use idv::verification::method::oidc::jose::{Algorithm, ClientKey, SigningAlgorithm};
use idv::verification::method::oidc::name::ProviderName;
use idv::verification::method::oidc::provider::{
    Accept, Audience, Authentication, IdentityRules, Provider, Shape, VerifiedClaims,
};
use idv::verification::outcome::Status;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::browser::{Browser, Page};
use crate::support::liar::keys::RSA_3072;
use crate::support::liar::lies::{LEEWAY, MAX_AGE};
use crate::support::liar::{self, Liar, Par, Registration};
use crate::support::token::{self, SUBJECT, TENANT};
use crate::support::world::{World, subject};

const CLIENT: &str = "https://idv.example.test/client";
pub(super) const SITE: &str = "https://idv.example.test";
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

/// A provider that is known to an installation, and how.
pub(super) struct Known {
    pub(super) provider: Provider,
    credentials: Credentials,
    egress: Egress,
}

impl Known {
    /// One of this `name` in `world`, by `way` from its port, with so much `patience`.
    pub(super) fn new(
        world: &World,
        name: &str,
        setting: Setting,
        patience: Patience,
        way: impl FnOnce(u16) -> Way,
    ) -> (Self, Liar) {
        let (credentials, ours, theirs) = credentials(setting.way);
        let registration = Registration {
            client_id: CLIENT.into(),
            redirect_uri: format!("{SITE}/oidc/{name}/callback"),
            authentication: theirs,
            algorithm: setting.algorithm,
            par: setting.par,
        };
        let liar = Liar::start(registration, world.clock());
        let authority = liar.issuer.strip_prefix("https://").unwrap();
        let provider = provider(name, &liar.issuer, authority, ours, setting.algorithm);
        let port = authority.strip_prefix("localhost:").unwrap().parse().unwrap();
        let trust = Trust::of_pem(liar.authority.as_bytes()).unwrap();
        let egress = Egress::with_patience(way(port), trust, patience);
        (Self { provider, credentials, egress }, liar)
    }

    /// The same, of whose section `change` makes something else. For one to whom we show a secret.
    pub(super) fn changed(&self, change: impl FnOnce(&mut Provider)) -> Self {
        let mut provider = self.provider.clone();
        change(&mut provider);
        Self { provider, credentials: credentials("basic").0, egress: self.egress.clone() }
    }

    /// `world`, to which it is known.
    pub(super) fn to(self, world: World) -> World {
        world.with_provider(self.provider, self.credentials, self.egress)
    }
}

/// The way to the provider at `port` of this machine.
pub(crate) fn directly(port: u16) -> Way {
    let destinations = Destinations::new([("localhost".to_owned(), port)], ["localhost"]);
    Way::Direct(Door::of(destinations, Names::of_machine().unwrap(), Onward::default()))
}

impl Scene {
    pub(super) fn new(setting: Setting) -> Self {
        Self::with(setting, |_| {})
    }

    /// As [`new`](Self::new), with what `change` makes of the provider's section.
    pub(super) fn with(setting: Setting, change: impl FnOnce(&mut Provider)) -> Self {
        let world = World::new();
        let (mut known, liar) = Known::new(&world, "liar", setting, Patience::default(), directly);
        change(&mut known.provider);
        Self { world: known.to(world), liar }
    }

    /// As [`new`](Self::new), by `way`, with so much `patience`.
    pub(super) fn by(setting: Setting, patience: Patience, way: impl FnOnce(u16) -> Way) -> Self {
        let world = World::new();
        let (known, liar) = Known::new(&world, "liar", setting, patience, way);
        Self { world: known.to(world), liar }
    }

    /// The click: where the browser is sent from an open session.
    pub(super) fn click(browser: &mut Browser, session: &str) -> Page {
        browser.post(&format!("{session}/oidc/liar"), "continue=")
    }

    /// With what the browser comes back from the provider to which `page` sends it: an address of ours.
    pub(super) fn back(&self, page: &Page) -> String {
        self.liar.visit(page.location()).strip_prefix(SITE).unwrap().to_owned()
    }

    /// How the usual subject's checks ended, the newest first.
    pub(super) fn checks(&self) -> Vec<Status> {
        self.checks_of(SUBJECT)
    }

    pub(super) fn checks_of(&self, user_id: &str) -> Vec<Status> {
        let store = &self.world.app.store;
        let record = store.subject(&subject(user_id)).unwrap();
        let checks = record.map(|record| store.checks(&record, 100).unwrap()).unwrap_or_default();
        checks.iter().map(|check| check.status).collect()
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
            let page = Self::click(&mut browser, &session);
            if page.header("location").is_none_or(|location| !location.starts_with(&self.liar.issuer)) {
                return page;
            }
            let back = self.liar.visit(page.location());
            meanwhile();
            let (_, query) = back.split_once('?').unwrap();
            brought.push_str(query);
            browser.come_back(back.strip_prefix(SITE).unwrap())
        });
        Came { page, brought, log, browser, session }
    }

    /// A login after which the person is verified.
    pub(super) fn succeed(&self, jti: &str) {
        self.log_in(jti).assert_success(&self.liar);
    }
}

/// A window of a browser that has these `cookies`, before the installation that `world` is.
pub(super) fn window(world: &World, cookies: &BTreeMap<String, String>) -> Browser {
    let mut browser = world.browser();
    browser.cookies.clone_from(cookies);
    browser
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
        // By chance a session's random name has somebody's name in it.
        let bodies = bodies.replace(&self.session, "");
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

pub(crate) fn lines(log: &str) -> impl Iterator<Item = Value> {
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

fn provider(name: &str, issuer: &str, authority: &str, authentication: Authentication, algorithm: &str) -> Provider {
    Provider {
        name: ProviderName::parse(name).unwrap(),
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

/// What `act` comes to, and what it has the log say. One log serves all tests, which write to it at the same time: each keeps
/// what its own thread writes. Logs of their own would hide each other's lines.
pub(crate) fn logged<T>(act: impl FnOnce() -> T) -> (T, String) {
    static LOG: Once = Once::new();
    LOG.call_once(|| {
        let log = tracing_subscriber::fmt().json().flatten_event(true).with_writer(|| OfThread).finish();
        tracing::subscriber::set_global_default(log).unwrap();
    });
    LINES.set(Vec::new());
    let done = act();
    (done, String::from_utf8(LINES.take()).unwrap())
}

thread_local! {
    /// What this thread has written to the log.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the lines of the thread that writes.
struct OfThread;

impl Write for OfThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
