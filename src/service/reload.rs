//! Another configuration, or others of what it names, in the place of those in force: whole, or not at all.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::sign::CertifiedKey;
use tokio::signal::unix::Signal;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use self::fixed::fixed;
use super::evidence;
use super::parts::{Lasting, Made, Parts, Prints};
use super::watch::{LOOK, Watch};
use crate::config::meant::TlsSource;
use crate::config::public_url::PublicUrl;
use crate::config::secret::{self, Held, Source};
use crate::config::{Config, Problem, Problems, load};
use crate::control::Office;
use crate::control::reload::{Proposal, Proposed, Refused, Reloaded};
use crate::ops::clock::beat;
use crate::ops::count::{self, label};
use crate::ops::report::Report;
use crate::ops::validity::Validity;
use crate::ops::{account, journal};
use crate::review::Console;
use crate::server::{Server, certified};
use crate::verification::account::Account;
use crate::verification::audit::entry::Entry;
use crate::verification::event::Event;
use crate::web::Live;

mod fixed;

/// The keys whose files are looked at from time to time.
const WATCHED: [&str; 2] = ["server.tls.certificate", "server.tls.private_key"];

/// What is in force, each part read anew by whoever needs it.
pub(super) struct InForce {
    pub(super) live: Arc<Live>,
    pub(super) console: Option<Arc<Live<Console>>>,
    pub(super) office: Arc<ArcSwap<Office>>,
    pub(super) prints: Prints,
    pub(super) lasting: Lasting,
}

impl InForce {
    /// Reloads whenever somebody asks: through the control socket; and where the service reads everything itself, by SIGHUP,
    /// or by another certificate in the files of the old one. For ever.
    pub(super) async fn keep(
        mut self,
        server: &Server,
        mut asking: mpsc::Receiver<Proposed>,
        mut hangups: Signal,
        load: impl Fn() -> Result<Config, Problems>,
    ) {
        let reads_itself = secret::credentials_directory().is_none();
        let mut watch = Watch::new(self.office.load().config.tls.as_ref());
        let mut looks = beat(LOOK);
        loop {
            tokio::select! {
                Some(Proposed { proposal, account, answer }) = asking.recv() => {
                    // Whoever asked may be gone.
                    let _ = answer.send(self.answer(proposal, account, server).await);
                }
                Some(()) = hangups.recv() => {
                    if reads_itself {
                        let reloaded = self.replace(load(), server).await;
                        let _ = self.tell(reloaded, Account::Unrecorded).await;
                    } else {
                        Report::HangupIgnored.tell();
                    }
                }
                _ = looks.tick(), if reads_itself => {
                    if watch.sees_another(self.office.load().config.tls.as_ref()) {
                        let reloaded = self.replace_certificate();
                        let _ = self.tell(reloaded, account::own()).await;
                    }
                }
            }
        }
    }

    async fn answer(&mut self, proposal: Proposal, account: Account, server: &Server) -> Result<Reloaded, Problems> {
        let Proposal { configuration, held, problems, is_question } = proposal;
        let place = self.office.load().config.place.clone();
        let config =
            if problems.is_empty() { load::load_text(&configuration, &place) } else { Err(Problems(problems)) };
        let config = config.map(|config| holding(config, &held));
        if is_question {
            let (parts, changed) = self.prepare(config?).await?;
            return Ok(Reloaded { changed, left: left(parts.config) });
        }
        let reloaded = self.replace(config, server).await;
        self.tell(reloaded, account).await
    }

    /// Puts `config` in force, if it was read.
    async fn replace(&mut self, config: Result<Config, Problems>, server: &Server) -> Result<Reloaded, Problems> {
        let config = config?;
        let left = left(config.clone());
        let (parts, changed) = self.prepare(config).await?;
        if !changed.is_empty() {
            // Pictures may be wanted from now on.
            evidence::begin(&parts.config, &self.lasting.evidence).map_err(|problem| Problems(vec![problem]))?;
            self.install(parts, server);
        }
        Ok(Reloaded { changed, left })
    }

    /// Puts another certificate in force, and nothing else.
    fn replace_certificate(&mut self) -> Result<Reloaded, Problems> {
        let mut config = self.office.load().config.clone();
        let prints = Prints::of(&mut config);
        let (Some(source), Some(certificate)) = (&config.tls, &self.lasting.certificate) else {
            return Ok(Reloaded::default());
        };
        let certified = certified::read(source).map_err(Problems)?;
        let problems = self.unfit(&certified, source, &config.urls());
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        certificate.replace(certified);
        self.lasting.name(&config);
        let mut changed = self.prints.changed(&prints);
        changed.retain(|key| WATCHED.contains(&key.as_str()));
        for key in &changed {
            self.prints.take(key, &prints);
        }
        Ok(Reloaded { changed: changed.into_iter().collect(), left: vec![] })
    }

    /// What `config` comes to, and the keys that change by it. Nothing is in force yet. It is read apart: pictures take seconds,
    /// in which the control socket answers others and the watchdog hears of us.
    async fn prepare(&self, config: Config) -> Result<(Parts, Vec<String>), Problems> {
        let office = self.office.load_full();
        let mut problems = fixed(&office.config, &config);
        let read = spawn_blocking(move || Parts::read(config)).await;
        let parts = match read.unwrap_or_else(|failed| resume_unwind(failed.into_panic())) {
            Ok(parts) => parts,
            Err(found) => return Err(Problems([problems, found].concat())),
        };
        if let (Some(source), Some(certified)) = (&parts.config.tls, &parts.certified) {
            problems.extend(self.unfit(certified, source, &parts.config.urls()));
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        let mut changed: BTreeSet<_> = office.config.written.changed(&parts.config.written);
        changed.extend(self.prints.changed(&parts.prints));
        Ok((parts, changed.into_iter().collect()))
    }

    /// Why `certified` may not take the place of what is served. What is served already may stay.
    fn unfit(&self, certified: &CertifiedKey, source: &TlsSource, urls: &[(&str, &PublicUrl)]) -> Vec<Problem> {
        if self.lasting.certificate.as_ref().is_some_and(|served| served.current().cert == certified.cert) {
            return vec![];
        }
        let standing = Validity::of(&certified.cert).map(|validity| validity.standing(self.lasting.clock.now()));
        let unfit = certified::unfit(certified, source, urls, standing);
        unfit.into_iter().chain(certified::authority(certified, source)).collect()
    }

    fn install(&mut self, mut parts: Parts, server: &Server) {
        let (before, after) = (self.office.load().config.limits, parts.config.limits);
        let certified = parts.certified.clone();
        self.prints = std::mem::take(&mut parts.prints);
        let Made { app, office, console } = {
            let console = self.console.as_ref().map(|live| live.app());
            parts.make(&self.lasting, Some(&*self.live.app()), console.as_deref())
        };
        if let (Some(certificate), Some(certified)) = (&self.lasting.certificate, certified) {
            certificate.replace(certified);
        }
        self.lasting.name(&office.config);
        self.live.replace(app);
        if let Some((live, console)) = self.console.as_ref().zip(console) {
            live.replace(console);
        }
        self.office.store(office);
        if before.connections_per_address != after.connections_per_address {
            server.limit_opened(after.connections_per_address);
        }
        if before.open_connections_per_address != after.open_connections_per_address {
            server.limit_open(after.open_connections_per_address);
        }
    }

    /// Tells what came of a reload that `account` asked for: of every one, here alone.
    async fn tell(&self, reloaded: Result<Reloaded, Problems>, account: Account) -> Result<Reloaded, Problems> {
        let refused = match &reloaded {
            Ok(Reloaded { changed, .. }) if changed.is_empty() => {
                count::reload(label::Reload::Unchanged);
                Report::Unchanged.tell();
                None
            }
            Ok(Reloaded { changed, .. }) => {
                count::reload(label::Reload::Taken);
                self.record(&Event::Reloaded { account, changed: changed.clone() }).await;
                None
            }
            Err(Problems(problems)) => {
                count::reload(label::Reload::Refused);
                for Problem { place, key, problem, remedy } in problems {
                    Report::NotTaken { place, key, problem, remedy }.tell();
                }
                self.record(&Event::ReloadRefused { account, causes: problems.iter().map(cause).collect() }).await;
                Some(Refused { at: self.lasting.clock.now(), problems: problems.clone() })
            }
        };
        let why = |refused: &Refused| refused.problems.iter().map(cause).collect::<Vec<_>>().join(", ");
        self.lasting.readiness.note_reload(refused.as_ref().map(why));
        self.lasting.reloads.note(refused);
        reloaded
    }

    /// Writes `event` to both logs. That the store takes no entry is told by the store, and undoes nothing.
    async fn record(&self, event: &Event) {
        if let Some(entry) = Entry::of(event, self.lasting.clock.now()) {
            let _ = self.lasting.store.record(entry).await;
        }
        journal::tell(event);
    }
}

/// What is at fault, by its key, or its file where that has none.
fn cause(Problem { place, key, .. }: &Problem) -> String {
    if key.is_empty() { place.clone() } else { key.clone() }
}

/// `config` with what is `held` in the places where that was found.
fn holding(mut config: Config, held: &[Held]) -> Config {
    for source in config.sources_mut() {
        if let Some(held) = held.iter().find(|held| *held.source == *source) {
            *source = Source::Held(held.clone());
        }
    }
    config
}

/// The credentials that were not handed over anew, and are what they were at the start.
fn left(mut config: Config) -> Vec<String> {
    let frozen = config.sources_mut().filter(|source| matches!(source, Source::Credential(_)));
    frozen.map(|source| source.to_string()).collect::<BTreeSet<_>>().into_iter().collect()
}
