//! Whether logins can be served to their end, check by check.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use serde::{Deserialize, Serialize};

use crate::evidence::{CROWDED, Figures, Keeper, Off};
use crate::ops::clock::Clock;
use crate::ops::validity::{Standing, Validity};
use crate::store::Store;

/// How far behind the newest record the clock may be: records have the tenants' words for the time too, and those may be
/// as far ahead (`clock_leeway_secs`).
const LEEWAY: Duration = Duration::from_mins(5);
/// How long after a photo was deleted it is shredded at the latest: that is done each night.
const SHREDDED_WITHIN: Duration = Duration::from_hours(48);

/// What the running service is asked about, and what it is told of itself.
pub struct Readiness {
    store: Store,
    clock: Clock,
    evidence: OnceLock<Arc<Keeper>>,
    certificate: ArcSwapOption<Validity>,
    is_draining: AtomicBool,
    refused: ArcSwapOption<String>,
}

/// One thing that has to be as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What it is called.
    pub name: String,
    /// How it is.
    #[serde(flatten)]
    pub state: State,
}

/// How a [`Check`] is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "why", rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// Logins are served, and somebody has to do something.
    Warning(String),
    /// Logins are not served, or not to their end.
    Failed(String),
}

/// All of them, at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Checks(pub Vec<Check>);

impl Readiness {
    /// That of a service with `store`, by `clock`.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        let (certificate, refused) = (ArcSwapOption::empty(), ArcSwapOption::empty());
        let (evidence, is_draining) = (OnceLock::new(), AtomicBool::new(false));
        Self { store, clock, evidence, certificate, is_draining, refused }
    }

    /// From now on a certificate is served that is good then; none where the service speaks plain HTTP.
    pub fn serve_certificate(&self, validity: Option<Validity>) {
        self.certificate.store(validity.map(Arc::new));
    }

    /// From now on pictures are looked after too.
    pub fn watch(&self, evidence: Arc<Keeper>) {
        // There is one in a process.
        let _ = self.evidence.set(evidence);
    }

    /// The pictures, where there are any to look after.
    #[must_use]
    pub fn evidence(&self) -> Option<&Keeper> {
        self.evidence.get().map(AsRef::as_ref).filter(|evidence| evidence.off() != Some(Off::Unused))
    }

    /// From now on the service stops.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }

    /// The last reload was refused for `why`; or it was taken.
    pub fn note_reload(&self, refused: Option<String>) {
        self.refused.store(refused.map(Arc::new));
    }

    /// When the certificate is good that is served, if there is one.
    #[must_use]
    pub fn certificate(&self) -> Option<Validity> {
        self.certificate.load().as_deref().copied()
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How everything is.
    #[must_use]
    pub fn checks(&self) -> Checks {
        let checks = [
            ("serving", self.serving()),
            ("store", self.store_state()),
            ("certificate", self.certificate_state()),
            ("clock", self.clock_state()),
            ("reload", self.reload()),
        ];
        let evidence = self.evidence().map(|evidence| ("evidence", self.evidence_state(evidence)));
        let checks = checks.into_iter().chain(evidence);
        Checks(checks.map(|(name, state)| Check { name: name.to_owned(), state }).collect())
    }

    fn serving(&self) -> State {
        if self.is_draining.load(Ordering::Relaxed) { State::Failed("the service stops".into()) } else { State::Ok }
    }

    fn store_state(&self) -> State {
        if self.store.is_available() { State::Ok } else { State::Failed("the store takes no changes".into()) }
    }

    fn certificate_state(&self) -> State {
        let Some(standing) = self.certificate().map(|validity| validity.standing(self.clock.now())) else {
            return State::Ok;
        };
        match (standing, standing.word()) {
            (_, None) => State::Ok,
            (Standing::Ending { .. }, Some(word)) => State::Warning(word),
            (_, Some(word)) => State::Failed(word),
        }
    }

    /// Where the store does not tell, that is the store's check to say.
    fn clock_state(&self) -> State {
        let Ok(Some(newest)) = self.store.newest() else { return State::Ok };
        let behind = self.clock.now().until(newest);
        if behind > LEEWAY {
            let seconds = behind.as_secs();
            State::Failed(format!("this machine's clock is {seconds} s behind the newest record; set it right"))
        } else {
            State::Ok
        }
    }

    /// Logins by other methods go on, whatever it is.
    fn evidence_state(&self, evidence: &Keeper) -> State {
        let Figures { oldest_deleted_at, epochs, .. } = evidence.figures();
        let waits = oldest_deleted_at.map_or(Duration::ZERO, |since| since.until(self.clock.now()));
        if let Some(off) = evidence.off() {
            State::Warning(format!("no photos are taken in: {off}; {}", off.remedy()))
        } else if !evidence.has_room() {
            State::Warning("no photos are taken in: there is no room for more".into())
        } else if waits > SHREDDED_WITHIN {
            let hours = waits.as_secs() / 3600;
            State::Warning(format!("photos that were deleted {hours} hours ago are not shredded; see the log"))
        } else if epochs > CROWDED {
            State::Warning(format!("there are {epochs} keys of photos, and none goes any more; see the log"))
        } else {
            State::Ok
        }
    }

    fn reload(&self) -> State {
        let refused = self.refused.load();
        let why = |why: &Arc<String>| format!("the last was refused, and what was before is in force: {why}");
        refused.as_ref().map_or(State::Ok, |refused| State::Warning(why(refused)))
    }
}

impl Checks {
    /// Whether logins are served to their end.
    #[must_use]
    pub fn are_passed(&self) -> bool {
        !self.0.iter().any(|check| matches!(check.state, State::Failed(_)))
    }

    /// Whether the check `name` is as it should be, or nearly.
    #[must_use]
    pub fn is_passed(&self, name: &str) -> bool {
        !self.0.iter().any(|check| check.name == name && matches!(check.state, State::Failed(_)))
    }

    /// A line for each, and one for all.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        for Check { name, state } in &self.0 {
            let _ = match state {
                State::Ok => writeln!(lines, "[+]{name} ok"),
                State::Warning(why) => writeln!(lines, "[!]{name} warning: {}", in_one_line(why)),
                State::Failed(why) => writeln!(lines, "[-]{name} failed: {}", in_one_line(why)),
            };
        }
        let _ = writeln!(lines, "readyz check {}", if self.are_passed() { "passed" } else { "failed" });
        lines
    }

    /// One line for all.
    #[must_use]
    pub fn line(&self) -> String {
        let told: Vec<_> = self.0.iter().filter_map(Check::told).collect();
        let word = if self.are_passed() { "ready" } else { "not ready" };
        if told.is_empty() { word.to_owned() } else { format!("{word}: {}", told.join("; ")) }
    }
}

impl Check {
    fn told(&self) -> Option<String> {
        match &self.state {
            State::Ok => None,
            State::Warning(why) | State::Failed(why) => Some(format!("{}: {}", self.name, in_one_line(why))),
        }
    }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
