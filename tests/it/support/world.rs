//! A whole application in this process: real router, real store on disk, a clock that tests set.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use idv::config::branding::Branding;
use idv::egress::Egress;
use idv::evidence::{Keeper, Place};
use idv::ops::allowance::Allowances;
use idv::ops::clock::Clock;
use idv::ops::random;
use idv::picture::Pool;
use idv::store::Store;
use idv::store::backup::take_key;
use idv::store::restore::restore;
use idv::verification::account::Account;
use idv::verification::method::desk::{Code, Policy, Vouch};
use idv::verification::method::oidc::credentials::Credentials;
use idv::verification::method::oidc::provider::Provider;
use idv::verification::method::{Methods, document};
use idv::verification::session::Sealer;
use idv::verification::subject::Subject;
use idv::verification::tenant::{ResultSubject, ReturnMethod, Tenant, Tenants, TokenKey, Whereabouts};
use idv::verification::time::Timestamp;
use idv::web::{App, Assets, HandOffs, Parties, Tries, Uploads, Waits};
use tempfile::TempDir;

use super::acts::{Acts, HAND_OVER};
use super::browser::Browser;
use super::token::{self, CUSTOM_DOMAIN, SECRET, SUBJECT, TENANT};

/// The instant at which every test begins.
pub(crate) const BEGINNING: u64 = 1_800_000_000;
pub(crate) const POLICY: Policy = Policy { code_lifetime: Duration::from_hours(24), attempts: 5 };
/// What pictures may take, in bytes.
const SPACE: u64 = 1 << 30;
/// A code that is well-formed, and that nobody issued.
pub(crate) const WRONG_CODE: &str = "AAAA-AAAA-AAAA";

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    clock: Arc<AtomicU64>,
    pub(crate) directory: Arc<TempDir>,
}

pub(crate) fn tenant() -> Tenant {
    Tenant {
        domain: TENANT.to_owned().try_into().unwrap(),
        custom_domains: vec![CUSTOM_DOMAIN.to_owned().try_into().unwrap()],
        whereabouts: Whereabouts::Internet,
        keys: vec![TokenKey::new(SECRET)],
        token_parameter: "token".into(),
        return_method: ReturnMethod::Redirect,
        result_subject: ResultSubject::UserId,
        clock_leeway: Duration::from_mins(1),
    }
}

/// Another organisation at the same installation.
pub(crate) const OTHER_TENANT: &str = "other.eu.auth0.test";
pub(crate) const OTHER_SECRET: &[u8] = b"the other tenant's secret, 32 bytes";

pub(crate) fn other_tenant() -> Tenant {
    Tenant {
        domain: OTHER_TENANT.to_owned().try_into().unwrap(),
        custom_domains: vec![],
        keys: vec![TokenKey::new(OTHER_SECRET)],
        ..tenant()
    }
}

pub(crate) fn subject(user_id: &str) -> Subject {
    Subject { tenant: TENANT.to_owned().try_into().unwrap(), user_id: user_id.to_owned().try_into().unwrap() }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_tenant(tenant())
    }

    pub(crate) fn with_tenant(tenant: Tenant) -> Self {
        Self::with_tenants(vec![tenant])
    }

    pub(crate) fn with_tenants(tenants: Vec<Tenant>) -> Self {
        Self::open(Arc::new(TempDir::new().unwrap()), tenants, Arc::new(AtomicU64::new(BEGINNING)))
    }

    /// The same store and time in a new process, as it were. The old world must be gone.
    pub(crate) fn restarted(self) -> Self {
        self.restarted_with(tenant())
    }

    /// As [`restarted`](Self::restarted), with the tenant configured anew.
    pub(crate) fn restarted_with(self, tenant: Tenant) -> Self {
        let Self { app, clock, directory } = self;
        drop(app);
        Self::open(directory, vec![tenant], clock)
    }

    /// The same installation, its store restored from a backup of this moment. The old world must be gone.
    pub(crate) fn restored(self) -> Self {
        let Self { app, clock, directory } = self;
        let (store, backup) = (directory.path().join("idv.redb"), TempDir::new().unwrap());
        let copy = backup.path().join("idv.redb");
        app.store.copy_to(&copy).unwrap();
        take_key(&store, &copy).unwrap();
        drop(app);
        restore(&copy, &store, Timestamp::from_unix(clock.load(Ordering::SeqCst))).unwrap();
        Self::open(directory, vec![tenant()], clock)
    }

    /// An installation that looks like `branding`, and reads its logo as the service does.
    pub(crate) fn branded(branding: Branding) -> Self {
        let Self { app, clock, directory } = Self::new();
        let logo = branding.read_logo().unwrap();
        let app = Arc::into_inner(app).unwrap();
        let app = App { assets: Assets::new(&branding, logo), branding, ..app };
        Self { app: Arc::new(app), clock, directory }
    }

    /// An installation where a subject may start so many times a minute.
    pub(crate) fn with_starts_per_subject(limit: u32) -> Self {
        let Self { app, clock, directory } = Self::with_tenants(vec![tenant(), other_tenant()]);
        let starts = Allowances::new(NonZeroU32::new(limit), [TENANT, OTHER_TENANT].map(str::to_owned));
        let app = App { starts, ..Arc::into_inner(app).unwrap() };
        Self { app: Arc::new(app), clock, directory }
    }

    /// An installation where a subject may submit so many forms a minute.
    pub(crate) fn with_submissions_per_subject(limit: u32) -> Self {
        let Self { app, clock, directory } = Self::new();
        let submissions = Allowances::new(NonZeroU32::new(limit), [TENANT.to_owned()]);
        let app = App { submissions, ..Arc::into_inner(app).unwrap() };
        Self { app: Arc::new(app), clock, directory }
    }

    /// An installation with these methods.
    pub(crate) fn with_methods(methods: Methods) -> Self {
        let Self { app, clock, directory } = Self::new();
        let app = App { methods, ..Arc::into_inner(app).unwrap() };
        Self { app: Arc::new(app), clock, directory }
    }

    /// The same installation with another `app`.
    pub(crate) fn with(self, app: impl FnOnce(App) -> App) -> Self {
        let Self { app: before, clock, directory } = self;
        Self { app: Arc::new(app(Arc::into_inner(before).unwrap())), clock, directory }
    }

    /// An installation where people may be verified by document under `policy`, and by the desk.
    pub(crate) fn with_document(policy: document::Policy) -> Self {
        let Self { app, clock, directory } = Self::new();
        let app = Arc::into_inner(app).unwrap();
        let policies = document::Policies { usual: Arc::new(policy), of_tenants: BTreeMap::new() };
        let methods = Methods { document: Some(Arc::new(policies)), ..app.methods };
        app.evidence.begin().unwrap();
        let app = App { methods, pictures: Some(Arc::new(Pool::start(1).unwrap())), ..app };
        Self { app: Arc::new(app), clock, directory }
    }

    /// The same installation with `provider`, of which it shows by `credentials` that it is the client.
    pub(crate) fn with_provider(self, provider: Provider, credentials: Credentials, egress: Egress) -> Self {
        let Self { app, clock, directory } = self;
        let app = Arc::into_inner(app).unwrap();
        let oidc = app.methods.oidc.iter().cloned().chain([provider.clone()]).collect();
        let methods = Methods { oidc, ..app.methods };
        let app = App { methods, parties: app.parties.with(provider, credentials, egress), ..app };
        Self { app: Arc::new(app), clock, directory }
    }

    /// The same installation where a result may be handed over for so long.
    pub(crate) fn with_hand_over(self, hand_over: Duration) -> Self {
        let Self { app, clock, directory } = self;
        let app = App { hand_over, ..Arc::into_inner(app).unwrap() };
        Self { app: Arc::new(app), clock, directory }
    }

    fn open(directory: Arc<TempDir>, tenants: Vec<Tenant>, clock: Arc<AtomicU64>) -> Self {
        let (store, key) = Store::open(&directory.path().join("idv.redb"), random::bytes()).unwrap();
        let time = clock.clone();
        let (evidence, beside) = (directory.path().join("evidence"), directory.path().join("idv.redb"));
        let place = Place { directory: evidence, store: beside, may_be_in_memory: true };
        let app = App {
            authority: "idv.example.test".into(),
            parties: Parties::new(&store),
            is_https: true,
            tenants: Tenants::new(tenants),
            methods: Methods { desk: Some(POLICY), simulated: false, oidc: Arc::default(), document: None },
            store: store.clone(),
            sealer: Sealer::new(key.derive("session")),
            branding: Branding::default(),
            assets: Assets::new(&Branding::default(), None),
            presence: Arc::default(),
            starts: Allowances::new(None, []),
            submissions: Allowances::new(None, []),
            evidence: Arc::new(Keeper::new(store.clone(), place, SPACE)),
            pictures: None,
            hand_offs: HandOffs::default(),
            waits: Waits::default(),
            tries: Tries::default(),
            uploads: Uploads::default(),
            noise: Arc::default(),
            hand_over: HAND_OVER,
            clock: Clock::new(move || Timestamp::from_unix(time.load(Ordering::SeqCst))),
        };
        Self { app: Arc::new(app), clock, directory }
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Its clock, to be read by others.
    pub(crate) fn clock(&self) -> impl Fn() -> u64 + Send + 'static {
        let clock = self.clock.clone();
        move || clock.load(Ordering::SeqCst)
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    /// Sets the clock, forward or back.
    pub(crate) fn set_clock(&self, now: u64) {
        self.clock.store(now, Ordering::SeqCst);
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.app.clone())
    }

    /// A request token that is good now, and unlike any other of its `jti`.
    pub(crate) fn token(&self, jti: &str) -> String {
        token::sign(&token::with(token::claims(self.now()), &serde_json::json!({ "jti": jti })))
    }

    /// Issues a code for the usual subject.
    pub(crate) fn issue(&self) -> String {
        self.issue_for(SUBJECT)
    }

    pub(crate) fn issue_for(&self, user_id: &str) -> String {
        self.issue_to(subject(user_id))
    }

    pub(crate) fn issue_to(&self, subject: Subject) -> String {
        let code = Code::from_random(random::bytes());
        let vouch = Vouch { by: "desk".into(), account: Account::Root, issued_at: self.app.clock.now(), note: None };
        let shown = code.display();
        block_on(self.app.store.issue_code(subject, code, vouch, POLICY)).unwrap();
        shown
    }
}

/// Waits for `future` on a runtime of its own.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Waits for all of `futures`, begun together.
pub(crate) async fn together(futures: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut futures: Vec<_> = futures.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        futures.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if futures.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}
