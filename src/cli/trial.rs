//! `idv trial`: a complete world on loopback, to see idv work. No configuration, no Auth0 account, nothing left behind.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use data_encoding::BASE64URL_NOPAD;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

use self::eid::Registered;
use super::output;
use crate::auth0::trial::model::{DOMAIN, Model};
use crate::auth0::trial::operator;
use crate::auth0::trial::world::World;
use crate::config::branding::Branding;
use crate::config::listen::Listen;
use crate::config::{Config, load};
use crate::control::Office;
use crate::egress::Trust;
use crate::evidence::{Keeper, Place};
use crate::ops::allowance::Allowances;
use crate::ops::clock::Clock;
use crate::ops::noise::Noise;
use crate::ops::{descriptors, log, random};
use crate::picture::Pool;
use crate::review::Console;
use crate::server::bind::Listeners;
use crate::server::{Room, Server, tls};
use crate::store::Store;
use crate::verification::method::Methods;
use crate::verification::session::Sealer;
use crate::verification::tenant::{ResultSubject, ReturnMethod, Tenant, Tenants, TokenKey, Whereabouts};
use crate::web::{App, Assets, HandOffs, Parties, Tries, Uploads, Waits};

mod eid;

/// Where the world and idv are.
const LOGINS: &str = "localhost";
/// Where idv's console is: cookies do not know ports, and every browser knows this name for the same machine.
const CONSOLE: &str = "127.0.0.1";

#[derive(Args)]
pub(super) struct Arguments {
    /// The port of the model world; idv itself takes the next one, and its console the one after. 0 takes any that are free.
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Keep the store in this directory, instead of throwing it away.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Serve by HTTPS, with a certificate made for this trial; the browser will warn of it.
    #[arg(long)]
    tls: bool,
    /// Return to the model tenant by a form instead of a redirect.
    #[arg(long)]
    form_post: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    // Before anything is made that would stay behind.
    let end = End::watch()?;
    let _log = log::start(log::Format::Auto);
    let (world_listeners, world_address) = listen(arguments.port)?;
    let (idv_listeners, idv_address) = listen(after(arguments.port, 1))?;
    let (console_listeners, console_address) = listen(after(arguments.port, 2))?;
    let thrown_away = tempfile::tempdir().context("cannot make a directory for the trial's store")?;
    let directory = arguments.keep.clone().unwrap_or_else(|| thrown_away.path().to_owned());
    let (store, key) = Store::open(&directory.join("idv.redb"), random::bytes())?;
    let certified = tls::self_signed("localhost")?;
    let world_origin = origin(arguments, LOGINS, world_address);
    let (eid, Registered { provider, credentials, egress }) =
        eid::sample(&world_origin, &origin(arguments, LOGINS, idv_address), Trust::of(certified.cert.clone())?)?;
    let tls = arguments.tls.then(|| tls::server_config(tls::Certificate::new(certified)));
    let secret = BASE64URL_NOPAD.encode(&random::bytes::<32>());
    let config = config(arguments, idv_address, console_address)?;
    let clock = Clock::system();
    let branding = Branding { name: Some("Acme".into()), ..Branding::default() };
    let evidence = evidence(&store, &directory, &config)?;
    let app = Arc::new(App {
        authority: config.public_url.authority().to_owned(),
        is_https: config.public_url.is_https(),
        tenants: Tenants::new(vec![tenant(arguments, &secret, world_origin.clone())?]),
        methods: Methods { oidc: [provider.clone()].into(), simulated: true, ..config.methods.clone() },
        assets: Assets::new(&branding, None),
        branding,
        parties: Parties::new(&store).with(provider, credentials, egress),
        presence: Arc::default(),
        store: store.clone(),
        sealer: Sealer::new(key.derive("session")),
        starts: Allowances::new(None, []),
        submissions: Allowances::new(None, []),
        evidence: evidence.clone(),
        pictures: Some(Arc::new(Pool::start(1).context("cannot start a thread")?)),
        hand_offs: HandOffs::default(),
        waits: Waits::default(),
        tries: Tries::default(),
        uploads: Uploads::default(),
        noise: Arc::default(),
        hand_over: config.hand_over,
        clock: clock.clone(),
    });
    let model = Model::new(&secret, app.authority.clone(), config.public_url.to_string());
    let tenants = Err("not in a trial".into());
    let office = Arc::new(Office { config, tenants, store, evidence, clock: clock.clone(), running: None });
    let console = Console::new(office.clone(), app.noise.clone(), None, None)
        .map(|console| Arc::new(console.taking(app.uploads.clone(), app.pictures.clone())))
        .context("the trial has no console")?;
    let world = Arc::new(World { model: Mutex::new(model), eid: Mutex::new(eid), idv: app.clone(), office, clock });
    // Three share the descriptors.
    let room = Room::for_anybody(descriptors::raise() / 3);
    let servers = [
        Server::start(&app, idv_listeners, tls.as_ref(), 1, room)?,
        Server::start(&world, world_listeners, tls.as_ref(), 1, room)?,
        Server::start(&console, console_listeners, tls.as_ref(), 1, room)?,
    ];
    let (staff, ending) = (operator::staff(), ending(arguments));
    output::lines(&format!("Open {world_origin}\nAt its console: {staff}.\nCtrl-C ends the trial{ending}."))?;
    end.wait(&app.noise);
    servers.into_iter().for_each(Server::stop);
    Ok(ExitCode::SUCCESS)
}

fn ending(arguments: &Arguments) -> String {
    match &arguments.keep {
        Some(directory) => format!("; its store stays in {}", directory.display()),
        None => " and leaves nothing behind".into(),
    }
}

/// The port that comes so many after `port`; any, where that is any or there is none.
fn after(port: u16, next: u16) -> u16 {
    if port == 0 { 0 } else { port.checked_add(next).unwrap_or(0) }
}

/// Keeps photos beside the store. Nothing that a trial keeps has to last.
fn evidence(store: &Store, directory: &Path, config: &Config) -> anyhow::Result<Arc<Keeper>> {
    let (directory, beside) = (directory.join("evidence"), directory.join("idv.redb"));
    let place = Place { directory, store: beside, may_be_in_memory: true };
    let keeper = Keeper::new(store.clone(), place, config.evidence.space);
    keeper.begin()?;
    Ok(Arc::new(keeper))
}

fn listen(port: u16) -> anyhow::Result<(Listeners, SocketAddr)> {
    let place = Listen::Address(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let listeners = Listeners::bind(&[place]).context("choose another port with --port")?;
    let address = listeners.local_addresses().next().context("no address to listen on")?;
    Ok((listeners, address))
}

fn origin(arguments: &Arguments, host: &str, address: SocketAddr) -> String {
    let scheme = if arguments.tls { "https" } else { "http" };
    format!("{scheme}://{host}:{}", address.port())
}

/// The configuration that the trial stands for, as far as operators' commands need one.
fn config(arguments: &Arguments, idv: SocketAddr, console: SocketAddr) -> anyhow::Result<Config> {
    let (public_url, review_url) = (origin(arguments, LOGINS, idv), origin(arguments, CONSOLE, console));
    let text = format!(
        r#"
        public_url = "{public_url}"
        server.listen = ["{idv}"]
        [methods.document]
        enabled = true
        policy = "https://acme.example/identity-policy"
        kinds = ["passport", "identity_card"]
        second = "doubt"
        [review]
        url = "{review_url}"
        listen = ["{console}"]
        [[tenants]]
        domain = "{DOMAIN}"
        token_secrets = [{{ env = "NONE" }}]
        "#
    );
    Ok(load::parse(&text).0?)
}

fn tenant(arguments: &Arguments, secret: &str, origin: String) -> anyhow::Result<Tenant> {
    Ok(Tenant {
        domain: DOMAIN.to_owned().try_into()?,
        custom_domains: vec![],
        whereabouts: Whereabouts::Loopback(origin),
        keys: vec![TokenKey::new(secret.as_bytes())],
        token_parameter: "token".into(),
        return_method: if arguments.form_post { ReturnMethod::FormPost } else { ReturnMethod::Redirect },
        result_subject: ResultSubject::UserId,
        clock_leeway: Duration::from_mins(1),
    })
}

/// Ctrl-C, or a terminal that is gone, from when it is watched for.
struct End {
    runtime: Runtime,
    signals: [Signal; 3],
}

impl End {
    fn watch() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?]
        };
        Ok(Self { runtime, signals })
    }

    /// Meanwhile what people meet gets its lines and references, as under `idv serve`.
    fn wait(self, noise: &Noise) {
        let [mut terminate, mut interrupt, mut hangup] = self.signals;
        self.runtime.block_on(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hangup.recv() => {}
                () = noise.report() => {}
            }
        });
    }
}
