//! What one thread counts.

use std::sync::{Arc, Mutex, PoisonError};

use super::counter::{Counter, Histogram};
use super::label::{Class, Decision, Handshake, OUTCOMES, Reason, Reload, Route, Start, TurnedAway, Upload};
use crate::verification::method::Method;
use crate::verification::tenant::Host;

/// All that a thread counts. On cache lines of its own, with those that processors fetch beside them.
#[derive(Default)]
#[repr(align(128))]
pub(crate) struct Block {
    pub(crate) responses: [[Counter; Class::COUNT]; Route::COUNT],
    pub(crate) requests: [Histogram<14>; Route::COUNT],
    pub(crate) refusals: [Counter; Reason::COUNT],
    /// Of starts whose tenant is not known.
    pub(crate) refused_starts: Counter,
    pub(crate) handshakes: [Counter; Handshake::COUNT],
    pub(crate) turned_away: [Counter; TurnedAway::COUNT],
    pub(crate) commits: Histogram<14>,
    pub(crate) batches: Histogram<11>,
    pub(crate) reloads: [Counter; Reload::COUNT],
    pub(crate) uploads: [Counter; Upload::COUNT],
    pub(crate) developed: Histogram<14>,
    pub(crate) decisions: [Counter; Decision::COUNT],
    /// What the thread has met of these. It has a list of its own of the same ones, and takes this only to add to it.
    pub(crate) met: Mutex<Met>,
}

/// What is counted by what the configuration names.
#[derive(Clone, Default)]
pub(crate) struct Met {
    pub(crate) tenants: Vec<(Host, Arc<Starts>)>,
    pub(crate) endings: Vec<(Ending, Arc<Endings>)>,
}

/// At which tenant a session ended, and by which method, where one decided it.
pub(crate) type Ending = (Host, Option<Method>);

/// The starts of a tenant.
#[derive(Default)]
pub(crate) struct Starts(pub(crate) [Counter; Start::COUNT]);

/// How sessions ended.
#[derive(Default)]
pub(crate) struct Endings {
    pub(crate) outcomes: [Counter; OUTCOMES.len()],
    pub(crate) took: Histogram<11>,
}

fn add_all<const N: usize>(ours: &[Counter; N], theirs: &[Counter; N]) {
    ours.iter().zip(theirs).for_each(|(ours, theirs)| ours.add(theirs.value()));
}

impl Block {
    /// Adds what `other` has counted, but what it has met.
    pub(crate) fn add(&self, other: &Self) {
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
    pub(crate) fn met(&self) -> Met {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Starts {
    pub(crate) fn add(&self, other: &Self) {
        add_all(&self.0, &other.0);
    }
}

impl Endings {
    pub(crate) fn add(&self, other: &Self) {
        add_all(&self.outcomes, &other.outcomes);
        self.took.add(&other.took);
    }
}
