//! What the service is made of: a configuration, and everything that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread;

use ring::digest::{SHA256, digest};
use rustls::sign::CertifiedKey;

use crate::config::branding::Logo;
use crate::config::secret::Source;
use crate::config::sockets::Sockets;
use crate::config::{Config, Problem};
use crate::control::Office;
use crate::control::reload::Reloads;
use crate::control::running::Running;
use crate::egress::Egress;
use crate::evidence::Keeper;
use crate::monitoring::Readiness;
use crate::ops::allowance::Allowances;
use crate::ops::clock::Clock;
use crate::ops::count::Counters;
use crate::ops::noise::Noise;
use crate::ops::presence::Presence;
use crate::ops::report::Report;
use crate::ops::validity::Validity;
use crate::picture::Pool;
use crate::review::{Console, Exhibits};
use crate::server::certified;
use crate::server::tls::Certificate;
use crate::store::Store;
use crate::verification::method::{Credentials, Provider};
use crate::verification::session::Sealer;
use crate::verification::tenant::Tenants;
use crate::web::{App, Assets, Parties, Waits};

/// A configuration with everything that it names, read and understood. Nothing of it is in force yet.
pub(super) struct Parts {
    pub(super) config: Config,
    pub(super) prints: Prints,
    pub(super) certified: Option<CertifiedKey>,
    tenants: Tenants,
    /// The same once more: browsers and operators have their own.
    operators_tenants: Tenants,
    logo: Option<Logo>,
    providers: Vec<(Provider, Credentials, Egress)>,
    sign_in: Option<(Credentials, Egress)>,
    exhibits: Exhibits,
}

/// What is made of a configuration, to be put in force together.
pub(super) struct Made {
    pub(super) app: App,
    pub(super) office: Arc<Office>,
    pub(super) console: Option<Console>,
}

/// What lives on, whatever the configuration.
pub(super) struct Lasting {
    pub(super) store: Store,
    pub(super) evidence: Arc<Keeper>,
    pub(super) sockets: Sockets,
    pub(super) certificate: Option<Arc<Certificate>>,
    pub(super) presence: Arc<Presence>,
    pub(super) noise: Arc<Noise>,
    pub(super) clock: Clock,
    pub(super) reloads: Reloads,
    pub(super) counters: Counters,
    pub(super) readiness: Arc<Readiness>,
}

impl Lasting {
    /// `config` is in force: what watches the service is told.
    pub(super) fn name(&self, config: &Config) {
        self.counters.name(config.tenants.iter().map(|tenant| tenant.domain.clone()), config.methods.iter());
        let served = self.certificate.as_ref().and_then(|certificate| Validity::of(&certificate.current().cert));
        self.readiness.serve_certificate(served);
    }
}

/// What was found at each key that names something: enough to see whether it is another, and no more.
#[derive(Default)]
pub(super) struct Prints(BTreeMap<String, Vec<Option<Vec<u8>>>>);

impl Parts {
    /// Reads everything that `config` names, and lets go of what was held for it.
    pub(super) fn read(mut config: Config) -> Result<Self, Vec<Problem>> {
        // Before all else: what changes meanwhile is seen to have.
        let mut prints = Prints::of(&mut config);
        let mut problems = Vec::new();
        let tenants = keep(config.read_tenants(), &mut problems);
        let operators_tenants = config.read_tenants().ok();
        let logo = keep(config.branding.read_logo().map_err(|problem| vec![problem]), &mut problems);
        let providers = keep(providers(&config), &mut problems);
        let sign_in = keep(sign_in(&config), &mut problems);
        let exhibits = keep(Exhibits::read(config.review.as_ref()), &mut problems);
        exhibits.iter().flat_map(Exhibits::prints).for_each(|(key, found)| prints.add(key, found));
        let certified = keep(config.tls.as_ref().map(certified::read).transpose(), &mut problems);
        config.sources_mut().for_each(|source| *source = source.named().clone());
        let of_console = sign_in.zip(exhibits);
        match (tenants, operators_tenants, logo, providers, of_console, certified) {
            (
                Some(tenants),
                Some(operators_tenants),
                Some(logo),
                Some(providers),
                Some(of_console),
                Some(certified),
            ) => {
                let (sign_in, exhibits) = of_console;
                Ok(Self { config, prints, certified, tenants, operators_tenants, logo, providers, sign_in, exhibits })
            }
            _ => Err(problems),
        }
    }

    /// What browsers and operators are served of them, in the place of what they were served `before` and at
    /// the `console`.
    pub(super) fn make(self, lasting: &Lasting, before: Option<&App>, console: Option<&Console>) -> Made {
        let Self { config, tenants, operators_tenants, logo, providers, sign_in, exhibits, .. } = self;
        let Lasting { store, sockets, certificate, presence, noise, clock, reloads, readiness, .. } = lasting;
        let domains = || config.tenants.iter().map(|tenant| tenant.domain.as_str().to_owned());
        let none = Allowances::new(None, []);
        let (starts, submissions) = before.map_or((&none, &none), |app| (&app.starts, &app.submissions));
        let parties = before.map(|app| &app.parties).into_iter().fold(Parties::new(store), Parties::after);
        let parties = providers
            .into_iter()
            .fold(parties, |parties, (provider, credentials, way_out)| parties.with(provider, credentials, way_out));
        let app = App {
            authority: config.public_url.authority().to_owned(),
            is_https: config.public_url.is_https(),
            tenants,
            methods: config.methods.clone(),
            parties,
            store: store.clone(),
            sealer: Sealer::new(store.key("session")),
            starts: starts.followed_by(config.limits.starts_per_subject, domains()),
            evidence: lasting.evidence.clone(),
            pictures: pictures(&config, before),
            waits: Waits::default(),
            hand_offs: before.map(|app| app.hand_offs.clone()).unwrap_or_default(),
            tries: before.map(|app| app.tries.clone()).unwrap_or_default(),
            uploads: before.map(|app| app.uploads.clone()).unwrap_or_default(),
            submissions: submissions.followed_by(config.limits.submissions_per_subject(), domains()),
            noise: noise.clone(),
            hand_over: config.hand_over,
            presence: presence.clone(),
            clock: clock.clone(),
            assets: Assets::new(&config.branding, logo),
            branding: config.branding.clone(),
        };
        let running = Running {
            presence: presence.clone(),
            sockets: sockets.clone(),
            certificate: certificate.clone(),
            reloads: reloads.clone(),
            readiness: readiness.clone(),
        };
        let (store, evidence, clock) = (store.clone(), lasting.evidence.clone(), clock.clone());
        let (tenants, running) = (Ok(operators_tenants), Some(running));
        let office = Arc::new(Office { config, tenants, store, evidence, clock, running });
        let console = Console::new(office.clone(), noise.clone(), sign_in, console);
        let console =
            console.map(|console| console.showing(exhibits).taking(app.uploads.clone(), app.pictures.clone()));
        Made { app, office, console }
    }
}

/// What makes pictures of photos, where photos are asked for: that of `before`, if there is one.
fn pictures(config: &Config, before: Option<&App>) -> Option<Arc<Pool>> {
    config.methods.iter().find(|method| method.kind().takes_photos())?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let start = || Pool::start(cores).inspect_err(|error| Report::PhotosUnread(error).tell());
    before.and_then(|app| app.pictures.clone()).or_else(|| start().ok().map(Arc::new))
}

/// What there is, if there is; else its problems are `problems` too.
fn keep<T>(read: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    read.map_err(|found| problems.extend(found)).ok()
}

/// The providers, each with what shows that we are its client and the way to it. Without any, nothing leads out.
fn providers(config: &Config) -> Result<Vec<(Provider, Credentials, Egress)>, Vec<Problem>> {
    let credentials = config.read_providers()?;
    if credentials.is_empty() {
        return Ok(vec![]);
    }
    let way_out = Egress::open(config).map_err(|problem| vec![problem])?;
    let party = |(name, credentials)| Some((config.methods.provider(name)?.clone(), credentials, way_out.clone()));
    Ok(credentials.into_iter().filter_map(party).collect())
}

/// What shows the console's provider that we are its client, and the way to it, where operators sign in by one.
fn sign_in(config: &Config) -> Result<Option<(Credentials, Egress)>, Vec<Problem>> {
    let Some(credentials) = config.read_sign_in()? else { return Ok(None) };
    Ok(Some((credentials, Egress::open(config).map_err(|problem| vec![problem])?)))
}

impl Prints {
    /// What is found at what `config` names.
    pub(super) fn of(config: &mut Config) -> Self {
        let print = |source: &Source| {
            let bytes = source.read_public().ok()?;
            Some(digest(&SHA256, &bytes).as_ref().to_vec())
        };
        let prints = config.keyed_sources_mut().map(|(key, sources)| (key, sources.iter().map(print).collect()));
        Self(prints.collect())
    }

    /// What was `found` at `key` beside.
    fn add(&mut self, key: &str, found: Vec<Option<Vec<u8>>>) {
        self.0.insert(key.to_owned(), found);
    }

    /// The keys at which both have something, and not the same.
    pub(super) fn changed<'p>(&'p self, after: &'p Self) -> BTreeSet<String> {
        let changed = self.0.iter().filter(|(key, before)| after.0.get(*key).is_some_and(|after| after != *before));
        changed.map(|(key, _)| key.clone()).collect()
    }

    /// From now on `key` has what it has in `after`.
    pub(super) fn take(&mut self, key: &str, after: &Self) {
        if let Some(prints) = after.0.get(key) {
            self.0.insert(key.to_owned(), prints.clone());
        }
    }
}
