//! What one thread counts.

use std::sync::{Arc, Mutex, PoisonError};

use super::counter::{Counter, Histogram};
use super::label::{Class, Decision, Handshake, OUTCOMES, Reason, Reload, Route, Start, TurnedAway, Upload};
use crate::verification::method::Method;
use crate::verification::tenant::Host;

/// All that a thread counts. On cache lines of its own, with those that processors fetch beside them.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Block {
    pub(super) responses: [[Counter; Class::COUNT]; Route::COUNT],
    pub(super) requests: [Histogram<14>; Route::COUNT],
    pub(super) refusals: [Counter; Reason::COUNT],
    /// Of starts whose tenant is not known.
    pub(super) refused_starts: Counter,
    pub(super) handshakes: [Counter; Handshake::COUNT],
    pub(super) turned_away: [Counter; TurnedAway::COUNT],
    pub(super) commits: Histogram<14>,
    pub(super) batches: Histogram<11>,
    pub(super) reloads: [Counter; Reload::COUNT],
    pub(super) uploads: [Counter; Upload::COUNT],
    pub(super) developed: Histogram<14>,
    pub(super) decisions: [Counter; Decision::COUNT],
    /// What the thread has met of these. It has a list of its own of the same ones, and takes this only to add to it.
    pub(super) met: Mutex<Met>,
}

/// What is counted by what the configuration names.
#[derive(Clone, Default)]
pub(super) struct Met {
    pub(super) tenants: Vec<(Host, Arc<Starts>)>,
    pub(super) endings: Vec<(Ending, Arc<Endings>)>,
}

/// At which tenant a session ended, and by which method, where one decided it.
pub(super) type Ending = (Host, Option<Method>);

/// The starts of a tenant.
#[derive(Default)]
pub(super) struct Starts(pub(super) [Counter; Start::COUNT]);

/// How sessions ended.
#[derive(Default)]
pub(super) struct Endings {
    pub(super) outcomes: [Counter; OUTCOMES.len()],
    pub(super) took: Histogram<11>,
}

fn add_all<const N: usize>(ours: &[Counter; N], theirs: &[Counter; N]) {
    ours.iter().zip(theirs).for_each(|(ours, theirs)| ours.add(theirs.value()));
}

impl Block {
    /// Adds what `other` has counted, but what it has met.
    pub(super) fn add(&self, other: &Self) {
        self.responses.iter().zip(&other.responses).for_each(|(ours, theirs)| add_all(ours, theirs));
        self.requests.iter().zip(&other.requests).for_each(|(ours, theirs)| ours.add(theirs));
        add_all(&self.refusals, &other.refusals);
        self.refused_starts.add(other.refused_starts.value());
        add_all(&self.handshakes, &other.handshakes);
        add_all(&self.turned_away, &other.turned_away);
        self.commits.add(&other.commits);
        self.batches.add(&other.batches);
        add_all(&self.reloads, &other.reloads);
        add_all(&self.uploads, &other.uploads);
        self.developed.add(&other.developed);
        add_all(&self.decisions, &other.decisions);
    }

    /// What the thread has met by now.
    pub(super) fn met(&self) -> Met {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Starts {
    pub(super) fn add(&self, other: &Self) {
        add_all(&self.0, &other.0);
    }
}

impl Endings {
    pub(super) fn add(&self, other: &Self) {
        add_all(&self.outcomes, &other.outcomes);
        self.took.add(&other.took);
    }
}
