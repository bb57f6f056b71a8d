//! One answer of a provider is dealt with once: a code is good once, and a provider may take back everything on its second
//! use. Whoever repeats the callback, by a double click or because a phone lost its connection, waits for the first or has
//! what came of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::store::StoreError;
use crate::verification::method::oidc::fault::Fault;
use crate::verification::method::oidc::transaction::TransactionId;
use crate::verification::time::{LOGIN_LIFETIME, Timestamp};

/// How many answers are remembered: more than come while a login lasts.
const REMEMBERED: usize = 8192;

/// What came of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Came<D> {
    /// It was as it should be, and this was decided by it.
    Decided(D),
    /// It was not as it should be.
    Fault(Fault),
    /// It was, and the store could not keep it.
    Store(StoreError),
}

/// The answers that are dealt with, and of late were.
pub(crate) struct Answering<D>(Mutex<Remembered<D>>);

impl<D> Default for Answering<D> {
    fn default() -> Self {
        Self(Mutex::new(Remembered { each: HashMap::new(), order: VecDeque::new() }))
    }
}

struct Remembered<D> {
    each: HashMap<TransactionId, watch::Receiver<Option<Came<D>>>>,
    /// In the order in which they came, each with when it did.
    order: VecDeque<(Timestamp, TransactionId)>,
}

impl<D: Clone + Send + Sync + 'static> Answering<D> {
    /// What comes of the answer in transaction `id`, which comes `now`, and with which `deal` deals if nobody has yet. That goes
    /// on, whether or not anybody waits for it.
    pub(crate) async fn once<F>(&self, id: TransactionId, now: Timestamp, deal: impl FnOnce() -> F) -> Came<D>
    where
        F: Future<Output = Came<D>> + Send + 'static,
    {
        let mut came = self.begun(id, now, deal);
        let came = came.wait_for(Option::is_some).await.map(|came| came.clone());
        came.ok().flatten().unwrap_or(Came::Fault(Fault::Interrupted))
    }

    fn begun<F>(&self, id: TransactionId, now: Timestamp, deal: impl FnOnce() -> F) -> watch::Receiver<Option<Came<D>>>
    where
        F: Future<Output = Came<D>> + Send + 'static,
    {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.forget_late(now);
        if let Some(came) = remembered.each.get(&id) {
            // What could not be kept is gone, and its code is used: there is only another way there.
            let is_lost = matches!(*came.borrow(), Some(Came::Store(_)));
            return if is_lost { watch::channel(Some(Came::Fault(Fault::Interrupted))).1 } else { came.clone() };
        }
        let (tell, came) = watch::channel(None);
        let dealt = deal();
        tokio::spawn(async move {
            let came = dealt.await;
            tell.send_replace(Some(came));
        });
        if remembered.order.len() == REMEMBERED
            && let Some((_, oldest)) = remembered.order.pop_front()
        {
            remembered.each.remove(&oldest);
        }
        remembered.order.push_back((now, id));
        remembered.each.insert(id, came.clone());
        came
    }
}

impl<D> Remembered<D> {
    /// Nobody repeats what came so long ago that no way there and back still counts; it may be what opens a session.
    fn forget_late(&mut self, now: Timestamp) {
        while let Some((at, id)) = self.order.front().copied()
            && at.later(LOGIN_LIFETIME) <= now
        {
            self.order.pop_front();
            self.each.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn an_answer_is_dealt_with_once_and_forgotten_after_an_hour() {
        let answering = Answering::default();
        let at = Timestamp::from_unix;
        let [one, other] = [1, 2].map(|byte| TransactionId::from_random([byte; 16]));
        let come = async |id, now, what: u8| match answering.once(id, now, || async move { Came::Decided(what) }).await
        {
            Came::Decided(what) => what,
            came => panic!("{came:?}"),
        };
        let count = || answering.0.lock().unwrap().each.len();
        let end = at(0).later(LOGIN_LIFETIME);
        assert_eq!((come(one, at(0), 1).await, come(one, end.earlier(Duration::from_secs(1)), 2).await), (1, 1));
        assert_eq!((come(other, end.earlier(Duration::from_secs(1)), 3).await, count()), (3, 2));
        assert_eq!((come(other, end, 4).await, count()), (3, 1), "the first is forgotten");
    }
}
