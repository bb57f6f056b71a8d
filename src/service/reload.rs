//! Another configuration, or others of what it names, in the place of those in force: whole, or not at all.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::sign::CertifiedKey;
use tokio::signal::unix::Signal;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::evidence;
use super::parts::{Lasting, Made, Parts, Prints};
use super::watch::{LOOK, Watch};
use crate::config::meant::{Limits, TlsSource};
use crate::config::public_url::PublicUrl;
use crate::config::review::Review;
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

/// What differs between two configurations and cannot change while the service runs. Each part of them is named here, so
/// that none comes in without its place.
fn fixed(before: &Config, after: &Config) -> Vec<Problem> {
    let Config {
        public_url,
        listen,
        tls,
        store_path,
        cache_mib,
        control_socket,
        ops_listen,
        review,
        log_format,
        // Whoever needs these reads them anew.
        backup_recipients: _,
        tenants: _,
        egress: _,
        evidence,
        methods: _,
        providers: _,
        lasting: _,
        hand_over: _,
        limits: Limits { connections_per_address: _, open_connections_per_address: _, starts_per_subject: _ },
        branding: _,
        // And these are not what it says.
        place,
        written: _,
        strangers: _,
    } = after;
    let of_review = |review: &Option<Review>| {
        let Review { url, listen, specimens: _, pairs: _, idle: _, sign_in: _ } = review.clone()?;
        Some((url, listen))
    };
    let ((url_before, listen_before), (url, review_listen)) =
        (of_review(&before.review).unzip(), of_review(review).unzip());
    let differs = [
        ("public_url", before.public_url != *public_url),
        ("server.listen", before.listen != *listen),
        ("server.tls", before.tls.is_some() != tls.is_some()),
        ("store.path", before.store_path != *store_path),
        ("store.cache_mib", before.cache_mib != *cache_mib),
        ("control.socket", before.control_socket != *control_socket),
        ("ops.listen", before.ops_listen != *ops_listen),
        ("review.url", url_before != url),
        ("review.listen", url.is_some() && listen_before.is_some_and(|before| Some(before) != review_listen)),
        ("log.format", before.log_format != *log_format),
        // Where it is not named it lies beside the store, and the key of that was told.
        ("evidence.directory", before.evidence.directory != evidence.directory && before.store_path == *store_path),
    ];
    let problem = |key: &str| Problem {
        place: place.clone(),
        key: key.into(),
        problem: "needs a restart: it does not change while the service runs".into(),
        remedy: "put back what stood there, or run: systemctl restart idv".into(),
    };
    differs.iter().filter(|(_, differs)| *differs).map(|(key, _)| problem(key)).collect()
}

#[cfg(test)]
mod tests {
    use toml::{Table, Value};

    use super::*;

    const BEFORE: &str = r#"
public_url = "https://idv.example.test"
server.tls.certificate = "/certificate"
server.tls.private_key = "/key"
branding.name = "Acme"
review.url = "https://review.example.test"
review.oidc.issuer = "https://op.example.test"
review.oidc.client_id = "c"
review.oidc.client_secret = { env = "REVIEW" }
review.oidc.claim = "idv"
review.oidc.reviewer = ["r"]
tenants = [{ domain = "acme.eu.auth0.test", token_secrets = [{ env = "ONE" }] }]
"#;

    /// Each key, something else that may stand there, and whether that needs a restart.
    const KEYS: [(&str, &str, bool); 76] = [
        ("public_url", r#""https://other.example.test""#, true),
        ("server.listen", r#"["127.0.0.1:8443"]"#, true),
        ("server.tls.certificate", r#""/other""#, false),
        ("server.tls.private_key", r#""/other""#, false),
        ("store.path", r#""/other.redb""#, true),
        ("store.cache_mib", "65", true),
        ("control.socket", r#""/other.sock""#, true),
        ("ops.listen", r#"["127.0.0.1:9464"]"#, true),
        ("backup.recipients", r#"["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"]"#, false),
        ("tenants.domain", r#""other.eu.auth0.test""#, false),
        ("tenants.custom_domains", r#"["login.acme.test"]"#, false),
        ("tenants.token_secrets", r#"[{ env = "TWO" }]"#, false),
        ("tenants.token_parameter", r#""other""#, false),
        ("tenants.return_method", r#""form_post""#, false),
        ("tenants.result_subject", r#""idv_id""#, false),
        ("tenants.clock_leeway_secs", "61", false),
        ("tenants.document.kinds", r#"["passport"]"#, false),
        ("tenants.document.selfie", r#""plain""#, false),
        ("tenants.document.second", r#""always""#, false),
        ("tenants.document.answer_within_days", "8", false),
        ("tenants.document.deliver_within_days", "29", false),
        ("tenants.document.keep_approved_days", "8", false),
        ("tenants.document.keep_rejected_days", "29", false),
        ("methods.desk.enabled", "true", false),
        ("methods.desk.code_lifetime_secs", "86401", false),
        ("methods.desk.attempts", "4", false),
        ("methods.document.enabled", "false", false),
        ("methods.document.policy", r#""urn:acme:policy""#, false),
        ("methods.document.issuers", r#"["NL"]"#, false),
        ("methods.document.may_cover", "false", false),
        ("methods.document.choose_photo", "false", false),
        ("methods.document.handoff", "false", false),
        ("methods.document.submissions", "4", false),
        ("methods.document.submissions_window_secs", "3600", false),
        ("methods.document.rounds", "2", false),
        ("methods.document.sample_per_hundred", "20", false),
        ("methods.document.contact", r#""privacy@acme.test""#, false),
        ("methods.document.kinds", r#"["passport"]"#, false),
        ("methods.document.selfie", r#""plain""#, false),
        ("methods.document.second", r#""always""#, false),
        ("methods.document.answer_within_days", "8", false),
        ("methods.document.deliver_within_days", "29", false),
        ("methods.document.keep_approved_days", "8", false),
        ("methods.document.keep_rejected_days", "29", false),
        (
            "methods.oidc",
            r#"[{ name = "a", label = "A", issuer = "https://a.test", client_id = "a", client_secret = { env = "A" }, accept = { login_alone = true } }]"#,
            false,
        ),
        ("egress.via", r#""direct""#, false),
        ("egress.socket", r#""/other.sock""#, false),
        ("egress.private", r#"["idp.example.test"]"#, false),
        ("egress.authorities", r#"{ file = "/authorities" }"#, false),
        ("review.url", r#""https://other.example.test""#, true),
        ("review.listen", r#"["127.0.0.1:8445"]"#, true),
        ("review.specimens", r#""/specimens""#, false),
        ("review.pairs", r#""/pairs""#, false),
        ("review.idle_minutes", "29", false),
        ("review.oidc.issuer", r#""https://other.example.test""#, false),
        ("review.oidc.client_id", r#""other""#, false),
        ("review.oidc.client_secret", r#"{ env = "OTHER" }"#, false),
        ("review.oidc.claim", r#""other""#, false),
        ("review.oidc.desk", r#"["d"]"#, false),
        ("review.oidc.reviewer", r#"["other"]"#, false),
        ("review.oidc.supervisor", r#"["s"]"#, false),
        ("review.oidc.accept.acr", r#"["a"]"#, false),
        ("review.oidc.accept.amr", r#"["mfa"]"#, false),
        ("evidence.directory", r#""/other""#, true),
        ("evidence.space", r#""21 GiB""#, false),
        ("session.hand_over_secs", "899", false),
        ("limits.connections_per_address", "1", false),
        ("limits.open_connections_per_address", "1", false),
        ("limits.starts_per_subject", "1", false),
        ("log.format", r#""json""#, true),
        ("branding.name", r#""Other""#, false),
        ("branding.accent", r##""#123456""##, false),
        ("branding.logo", r#""/logo.svg""#, false),
        ("branding.support", r#""https://acme.test/help""#, false),
        ("branding.privacy", r#""https://acme.test/privacy""#, false),
        ("branding.terms", r#""https://acme.test/terms""#, false),
    ];

    /// What `text` comes to with `value` at `key`.
    fn with(key: &str, value: &str) -> Config {
        let mut root: Table = BEFORE.parse().unwrap();
        let value = format!("it = {value}").parse::<Table>().unwrap().remove("it").unwrap();
        let (tables, name) = key.rsplit_once('.').map_or((None, key), |(tables, name)| (Some(tables), name));
        let mut table = &mut root;
        for name in tables.into_iter().flat_map(|tables| tables.split('.')) {
            let inner = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
            table = match inner {
                Value::Array(tables) => tables[0].as_table_mut().unwrap(),
                inner => inner.as_table_mut().unwrap(),
            };
        }
        table.insert(name.to_owned(), value);
        load::parse(&root.to_string()).0.unwrap_or_else(|Problems(problems)| panic!("{key}: {problems:?}"))
    }

    #[test]
    fn every_key_changes_in_flight_or_needs_a_restart() {
        let (before, all) = load::parse(BEFORE);
        let before = before.unwrap();
        let is_section = |key: &str| all.iter().any(|other| other.starts_with(&format!("{key}.")));
        let keys: Vec<_> = all.iter().filter(|key| !is_section(key)).map(String::as_str).collect();
        let mut placed: Vec<_> = KEYS.iter().map(|(key, ..)| *key).collect();
        placed.sort_unstable();
        assert_eq!(placed, keys);
        for (key, value, needs_restart) in KEYS {
            let after = with(key, value);
            let told: Vec<_> = fixed(&before, &after).into_iter().map(|problem| problem.key).collect();
            assert_eq!(told, if needs_restart { vec![key] } else { vec![] }, "{key}");
            let changed: Vec<_> = before.written.changed(&after.written).into_iter().collect();
            assert!(changed.iter().all(|changed| changed.replace(".0.", ".").starts_with(key)), "{key}: {changed:?}");
            assert!(!changed.is_empty(), "{key}");
        }
        let without = BEFORE.lines().filter(|line| !line.starts_with("server.tls")).collect::<Vec<_>>().join("\n");
        let without = load::parse(&format!("{without}\nserver.listen = [\"127.0.0.1:8443\"]")).0.unwrap();
        let told: Vec<_> = fixed(&before, &without).into_iter().map(|problem| problem.key).collect();
        assert_eq!(told, ["server.listen", "server.tls"]);
        let without = BEFORE.lines().filter(|line| !line.starts_with("review")).collect::<Vec<_>>().join("\n");
        let without = load::parse(&without).0.unwrap();
        for (before, after) in [(&before, &without), (&without, &before)] {
            let told: Vec<_> = fixed(before, after).into_iter().map(|problem| problem.key).collect();
            assert_eq!(told, ["review.url"], "a console comes and goes with a restart");
        }
    }
}
