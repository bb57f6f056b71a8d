//! What must not be lost: who was verified, when, how, which request tokens are used up, and the [`audit`] log of it.
//!
//! The store is asked in the words of the domain. Reads go to the handle that the writer publishes after each commit;
//! every change is one closure that the writer runs with others in one durable transaction (group commit), and its
//! answer exists only once that transaction is on disk.

use std::convert::identity;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ring::hmac;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

pub use self::error::StoreError;
use self::file::OpenError;
use self::master_key::MasterKey;
use self::opened::{Reply, Work};
use self::progress::Progress;
use self::snapshot::{Examined, Published, Unanswered};
use self::tables::{Fault, Snapshot, Writing};
use self::writer::Writer;
use crate::ops::report::Report;
use crate::verification::time::Timestamp;

mod ahead;
pub mod audit;
pub mod backup;
pub mod codec;
pub mod compact;
mod contained;
mod decide;
mod draft;
mod engine;
pub mod erase;
pub mod erased;
mod error;
pub mod file;
mod leftovers;
pub mod master_key;
pub mod medium;
mod migrate;
mod noted;
pub mod objects;
mod opened;
pub mod opening;
pub mod operators;
mod overlay;
mod place;
mod progress;
mod record;
mod renew;
pub mod restore;
pub mod seen;
pub mod signing;
mod snapshot;
pub mod space;
pub mod stats;
pub mod subjects;
pub mod sweep;
mod tables;
mod theirs;
mod threads;
mod told;
mod writer;
mod writing;

/// How long who would have something decided waits for the store to be looked through: shorter than anybody waits for an
/// answer, a browser or a command.
const PATIENCE: Duration = Duration::from_secs(8);
/// How often to see whether the check of a store goes on.
const GLANCE: Duration = Duration::from_millis(500);

/// A handle to the one store of this process. Clones share it.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Writer>,
    published: Arc<Published>,
    progress: Arc<Progress>,
    /// Held while a copy is made: there is room for one at a time.
    copying: Arc<Mutex<()>>,
    /// What the keys of methods derive from.
    key: Arc<MasterKey>,
    path: Arc<Path>,
}

impl Store {
    /// Runs `work` in the next transaction and returns what `stands` makes of what it returned, once that is durable. Of what
    /// is not, `stands` does not hear.
    async fn transact<T: Send + 'static, U: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, Fault> + Send + 'static,
        stands: fn(T) -> U,
    ) -> Result<U, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.writer.submit(package(work, stands, answer))?;
        answered.await.unwrap_or(Err(StoreError::Unavailable))
    }

    /// Looks something up that an operator goes by.
    fn ask_examined<T>(&self, question: impl FnOnce(&Snapshot) -> Result<T, Fault>) -> Result<T, StoreError> {
        match self.published.examined() {
            Examined::NotYet => Err(StoreError::Unexamined),
            Examined::Whole | Examined::Damaged => self.ask(question),
        }
    }

    /// Whether every page was looked at.
    #[must_use]
    pub fn is_examined(&self) -> bool {
        self.published.examined() != Examined::NotYet
    }

    /// Waits until every page was looked at: what is decided, how a session ended and
    /// what operators are told is of that alone.
    ///
    /// # Errors
    /// [`StoreError::Unexamined`], where that takes long.
    pub async fn examined(&self) -> Result<(), StoreError> {
        if self.is_examined() {
            return Ok(());
        }
        let examined = self.published.until(|examined| examined != Examined::NotYet);
        timeout(PATIENCE, examined).await.map_err(|_| StoreError::Unexamined)
    }

    /// Waits until what was [served before it was looked at](opening::Opening) is found damaged. Returns never where it is
    /// whole.
    pub async fn damage(&self) -> OpenError {
        self.published.until(|examined| examined == Examined::Damaged).await;
        let source = Box::new(redb::Error::Corrupted("it was found so while it was served".into()));
        OpenError::Damaged { path: self.path.to_path_buf(), source }
    }

    /// Looks something up in what was last committed, be it [examined](Self::examined) or not.
    fn ask<T>(&self, question: impl FnOnce(&Snapshot) -> Result<T, Fault>) -> Result<T, StoreError> {
        self.published.ask(question).map_err(|unanswered| match unanswered {
            Unanswered::Refused(error) => error,
            Unanswered::Doubtful(error) => {
                Report::LookUpFailed(&error).tell();
                self.writer.wake();
                StoreError::Unavailable
            }
        })
    }

    /// The key for `purpose`, which no store with another key has.
    #[must_use]
    pub fn key(&self, purpose: &'static str) -> hmac::Key {
        self.key.derive(purpose)
    }

    /// Notes that a backup was whole at `instant`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn note_backup(&self, instant: Timestamp) -> Result<(), StoreError> {
        self.transact(move |tables| tables.save_backed_up_at(instant), identity).await
    }

    /// When the last backup was whole; none if that was never noted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn backed_up_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.ask(Snapshot::backed_up_at)
    }

    /// Whether the store can do everything, be it after every page was [looked at](Self::examined). Where it is false,
    /// look-ups may still be answered.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.published.is_sound()
    }

    /// Whether it was [given up](file::OpenError::GaveWay) to the service. Then nothing can be looked up any more.
    #[must_use]
    pub fn gave_way(&self) -> bool {
        self.progress.gave_way()
    }

    /// What the changes that wait to be made take, in time of the writer's own.
    #[must_use]
    pub fn waiting(&self) -> Duration {
        self.writer.waiting()
    }

    /// Commits an empty transaction, as proof that the disk takes writes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prove_writable(&self) -> Result<(), StoreError> {
        self.transact(|tables| tables.touch(), identity).await
    }

    /// Returns once the writer answers, or what keeps it has come further: after a fault it looks through the whole store,
    /// which takes as long as the disk does. Where neither happens, it hangs.
    pub async fn prove_alive(&self) {
        let steps = self.progress.steps();
        let goes_on = async {
            while self.progress.steps() == steps {
                sleep(GLANCE).await;
            }
        };
        tokio::select! {
            _ = self.prove_writable() => {}
            () = goes_on => {}
        }
    }
}

/// Splits `work` into what happens inside the transaction and what happens after it.
fn package<T: Send + 'static, U: Send + 'static>(
    work: impl FnOnce(&mut Writing<'_>) -> Result<T, Fault> + Send + 'static,
    stands: fn(T) -> U,
    answer: oneshot::Sender<Result<U, StoreError>>,
) -> Work {
    Box::new(move |tables| {
        let result = match work(tables).map_err(Fault::of_one) {
            Ok(value) => Ok(value),
            Err(Ok(refused)) => Err(refused),
            Err(Err(error)) => return Err(error),
        };
        let reply: Reply = Box::new(move |committed| {
            // Who asked may have gone; the change stands all the same.
            let _ = answer.send(if committed { result.map(stands) } else { Err(StoreError::Unavailable) });
        });
        Ok(reply)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use redb::backends::InMemoryBackend;

    use super::codec::Codec;
    use super::noted::Note;
    use super::*;

    /// A commit failed, and the log said that a session had ended with a success.
    #[test]
    fn what_was_not_committed_did_not_happen_and_what_was_did_whoever_listens() {
        let codec = Codec::of(&MasterKey::new([7; 32]));
        let store = opened::open(InMemoryBackend::new(), &codec, 1 << 20, &Arc::default()).unwrap();
        let heard = Arc::new(AtomicUsize::new(0));
        let reply = || {
            let (work, stands) = (heard.clone(), |heard: Arc<AtomicUsize>| heard.fetch_add(1, Ordering::SeqCst));
            let (answer, answered) = oneshot::channel();
            drop(answered);
            let work = package(move |_| Ok(work), stands, answer);
            store.transact(vec![work], &Note::default()).unwrap().replies.remove(0)
        };
        drop(reply());
        reply()(false);
        assert_eq!(heard.load(Ordering::SeqCst), 0);
        reply()(true);
        assert_eq!(heard.load(Ordering::SeqCst), 1);
    }
}
