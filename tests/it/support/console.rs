//! The operators' console in this process: the real site, a store in memory, a clock that tests set.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use idv::config::load;
use idv::config::review::Review;
use idv::control::evidence::keeper;
use idv::control::{Office, OperationError, Request, operator};
use idv::egress::Egress;
use idv::ops::clock::Clock;
use idv::ops::noise::Noise;
use idv::review::{Console, Exhibits};
use idv::store::Store;
use idv::verification::account::Account;
use idv::verification::audit::entry::Entry;
use idv::verification::identity::Identity;
use idv::verification::method::oidc::credentials::Credentials;
use idv::verification::operator::recognition::Recognized;
use idv::verification::operator::session::OperatorToken;
use idv::verification::operator::{OperatorError, OperatorName, Role, Roles, SignedInBy};
use idv::verification::time::Timestamp;
use serde_json::Value;

use super::browser::{Browser, Page};
use super::disk::Disk;
use super::ledger;
use super::world::{BEGINNING, block_on};

/// The name that the console has.
pub(crate) const HOST: &str = "review.example.test";
pub(crate) const COOKIE: &str = "__Host-idv-operator";
/// How long a session may rest, in seconds.
pub(crate) const IDLE: u64 = 30 * 60;

const CONFIG: &str = r#"
public_url = "https://idv.example.test"
server.listen = ["127.0.0.1:8001"]
review.url = "https://review.example.test"
branding.name = "Acme"
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "NONE" }]
"#;

pub(crate) struct Place {
    pub(crate) office: Arc<Office>,
    console: Arc<Console>,
    clock: Arc<AtomicU64>,
    noise: Arc<Noise>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::with(CONFIG)
    }

    /// One whose organisation has this tenant too.
    pub(crate) fn with_tenant(domain: &str) -> Self {
        Self::with(&format!("{CONFIG}[[tenants]]\ndomain = \"{domain}\"\ntoken_secrets = [{{ env = \"NONE\" }}]\n"))
    }

    /// One that browsers reach by plain HTTP on this machine.
    pub(crate) fn on_loopback() -> Self {
        Self::with(&CONFIG.replace("https://review.example.test", "http://localhost:8444"))
    }

    /// One where the desk's method is off.
    pub(crate) fn without_desk() -> Self {
        let provider = "[[methods.oidc]]\nname = \"a\"\nlabel = \"A\"\nissuer = \"https://op.example.test\"\nclient_id = \"a\"\n\
                        client_secret = { env = \"NONE\" }\naccept = { login_alone = true }\n";
        Self::with(&format!("{CONFIG}[methods.desk]\nenabled = false\n{provider}"))
    }

    fn with(config: &str) -> Self {
        let clock = Arc::new(AtomicU64::new(BEGINNING));
        let time = clock.clone();
        let config = load::parse(config).0.unwrap();
        let store = Store::open_on(Disk::default(), &ledger::key()).unwrap();
        let office = Arc::new(Office {
            evidence: keeper(&config, &store),
            config,
            tenants: Err("none".into()),
            store,
            clock: Clock::new(move || Timestamp::from_unix(time.load(Ordering::SeqCst))),
            running: None,
        });
        let noise = Arc::<Noise>::default();
        let console = Arc::new(Console::new(office.clone(), noise.clone(), None, None).unwrap());
        Self { office, console, clock, noise }
    }

    /// The same, where operators sign in through a provider, `way` there, on which the configuration has more: `section`.
    pub(crate) fn with_provider(self, section: &str, way: (Credentials, Egress)) -> Self {
        let Self { office, clock, console, noise } = self;
        drop(console);
        let Office { tenants, store, evidence, clock: time, running, .. } = Arc::into_inner(office).unwrap();
        let config = load::parse(&format!("{CONFIG}{section}")).0.unwrap();
        let office = Arc::new(Office { config, tenants, store, evidence, clock: time, running });
        let console = Arc::new(Console::new(office.clone(), noise.clone(), Some(way), None).unwrap());
        Self { office, console, clock, noise }
    }

    /// The same, which shows what is in the directory of pairs.
    pub(crate) fn learning_from(self, pairs: &Path) -> Self {
        let review = self.office.config.review.clone().unwrap();
        let exhibits = Exhibits::read(Some(&Review { pairs: Some(pairs.to_owned()), ..review })).unwrap();
        let console = Arc::into_inner(self.console).unwrap().showing(exhibits);
        Self { console: Arc::new(console), ..self }
    }

    /// Its time, in UNIX seconds.
    pub(crate) fn clock(&self) -> impl Fn() -> u64 + Send + 'static {
        let clock = self.clock.clone();
        move || clock.load(Ordering::SeqCst)
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// After this, what anybody can cause has lines in the log again.
    pub(crate) fn pass_a_beat(&self) {
        self.noise.tell();
    }

    pub(crate) fn browser(&self) -> Browser<Console> {
        Browser::of(self.console.clone(), HOST)
    }

    pub(crate) fn ask(&self, request: operator::Request, account: Account) -> Result<Value, OperationError> {
        block_on(self.office.perform(Request::Operator(request), account))
    }

    /// The path of a link for a new operator.
    pub(crate) fn add(&self, name: &str, roles: &[Role]) -> String {
        self.added(name, roles, None)
    }

    /// The same of one who is `user_id` as an applicant.
    pub(crate) fn add_known(&self, name: &str, roles: &[Role], user_id: &str) -> String {
        self.added(name, roles, Some(user_id.into()))
    }

    fn added(&self, name: &str, roles: &[Role], subject: Option<String>) -> String {
        let request = operator::Request::Add { name: name.into(), roles: roles.into(), subject, tenant: None };
        path(&self.ask(request, Account::Root).unwrap())
    }

    /// Another link for one who is known.
    pub(crate) fn link(&self, name: &str) -> String {
        path(&self.ask(operator::Request::Link { name: name.into() }, Account::Root).unwrap())
    }

    /// A browser in which a new operator has signed in by a link.
    pub(crate) fn signed_in(&self, name: &str, roles: &[Role]) -> Browser<Console> {
        let (link, mut browser) = (self.add(name, roles), self.browser());
        assert_eq!(browser.post(&link, "").location(), "/me");
        browser
    }

    /// A browser in which somebody has signed in whom the organisation's provider knows, by a login that they made for it.
    pub(crate) fn signed_in_by_provider(&self, name: &str, roles: &[Role]) -> Browser<Console> {
        let (signed_in, token) = self.comes_by_provider(name, roles);
        signed_in.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert(COOKIE.into(), token.to_string());
        browser
    }

    /// What becomes of a login of somebody who is `name` there: what they are called here, or why they may not in.
    pub(crate) fn comes_by_provider(
        &self,
        name: &str,
        roles: &[Role],
    ) -> (Result<OperatorName, OperatorError>, OperatorToken) {
        let (office, token) = (&self.office, OperatorToken::from_random(idv::ops::random::bytes()));
        let identity = Identity::derive_of_operator(&office.store.key("test"), "https://op.example", name);
        let names = vec![called(name), OperatorName::of_digits(identity)];
        let recognized = Recognized { identity, names, roles: roles.iter().copied().collect::<Roles>(), subject: None };
        let (by, now) = (SignedInBy::Anew, office.clock.now());
        (block_on(office.store.sign_in_by_provider(recognized, by, token.session(), now)).unwrap().0, token)
    }

    /// What the audit log has, by action and by whom.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let lines = self.office.store.entries(0, 500).unwrap();
        lines.iter().map(|(_, line)| Entry::parse(line).unwrap()).collect()
    }
}

pub(crate) fn called(name: &str) -> OperatorName {
    name.to_owned().try_into().unwrap()
}

fn path(answer: &Value) -> String {
    let url = answer["url"].as_str().unwrap();
    url.split_once("//").unwrap().1.split_once('/').map(|(_, path)| format!("/{path}")).unwrap()
}

/// Whether `page` is for who has signed in: it says whom.
pub(crate) fn is_inside(page: &Page) -> bool {
    page.body.contains("action=\"/sign-out\"")
}
