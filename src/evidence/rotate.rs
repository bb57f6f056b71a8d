//! Rotation: an epoch that lost a picture loses its key.
//!
//! Those that stay are sealed under another epoch, by commits of some hundred records; then the key leaves both slots of its
//! file; and only then the records of those that were deleted go: nothing opens them any more, whatever copies there are.
//! Each step goes by what the records and the file of keys say, so that after a crash the next rotation goes on where this
//! one was.

use std::collections::BTreeSet;

use super::epochs::{Epoch, Key};
use super::keys::Keys;
use super::standing::{BATCH, Standing};
use super::{EvidenceError, Keeper};
use crate::ops::{journal, random};
use crate::store::objects::Moved;
use crate::verification::audit::entry::Entry;
use crate::verification::event::Event;
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::time::Timestamp;

/// What came of a rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Pictures that nothing opens any more.
    pub shredded: u64,
    /// Pictures that are deleted, and have to wait: others of their epoch are just being taken in.
    pub left: u64,
}

/// The epochs that are to lose their keys, and the one that takes over what stays.
struct Leaving {
    epochs: Vec<Epoch>,
    heir: Epoch,
}

impl Keeper {
    /// Has a rotation made soon: somebody is to be forgotten.
    pub fn hasten(&self) {
        self.hastened.notify_one();
    }

    /// Returns once somebody [wants](Self::hasten) a rotation.
    pub async fn hastened(&self) {
        self.hastened.notified().await;
    }

    /// Shreds what was deleted, `now`.
    ///
    /// # Errors
    /// [`EvidenceError`]; the next rotation goes on where this one failed.
    pub async fn rotate(&self, now: Timestamp) -> Result<Rotated, EvidenceError> {
        let _turn = self.turn.lock().await;
        if let Some(off) = self.off() {
            return Err(EvidenceError::Off(off));
        }
        self.store.examined().await?;
        let leaving = self.leaving(&self.survey()?, now)?;
        if let Some(leaving) = leaving {
            // Whatever was sealed under them, and was let go, is named by a record now, or never will be.
            self.store.prove_writable().await?;
            self.move_on(&leaving).await?;
            self.forget(&leaving)?;
        }
        let shredded = self.shred(now).await?;
        let left = self.survey()?.epochs.values().map(|count| count.deleted).sum();
        Ok(Rotated { shredded, left })
    }

    /// The epochs of which a picture was deleted, or that have none left, or that there is no room for: none of them takes
    /// another picture from now on, or has one that is being taken in.
    fn leaving(&self, standing: &Standing, now: Timestamp) -> Result<Option<Leaving>, EvidenceError> {
        let mut keys = self.lock();
        let keys = keys.as_mut().map_err(|off| EvidenceError::Off(*off))?;
        keys.settle()?;
        let current = keys.epochs().current(now).map(|current| current.number);
        let leaves =
            |number: &u32| standing.epochs.get(number).map_or(current != Some(*number), |count| count.deleted > 0);
        let mut leaving: BTreeSet<_> = keys.epochs().numbers().filter(leaves).collect();
        leaving.extend(keys.epochs().crowded_out());
        let last = keys.epochs().last().map(|last| last.number).filter(|last| leaving.contains(last));
        if let Some(last) = last
            && !begin_another(keys, now)?
        {
            // The others make room for the next time.
            leaving.remove(&last);
        }
        let epochs: Vec<_> = leaving
            .into_iter()
            .filter(|number| !self.holding.has_epoch(*number))
            .filter_map(|number| keys.epochs().get(number).cloned())
            .collect();
        let heir = keys.epochs().last().cloned();
        Ok(heir.filter(|_| !epochs.is_empty()).map(|heir| Leaving { epochs, heir }))
    }

    /// Has what stays of the epochs that are `leaving` sealed under their heir.
    async fn move_on(&self, leaving: &Leaving) -> Result<(), EvidenceError> {
        let mut after = None;
        loop {
            let page = self.store.objects(after, BATCH)?;
            let moved: Vec<_> = page.iter().filter_map(|(object, record)| leaving.moved(*object, *record)).collect();
            if !moved.is_empty() {
                self.store.rewrap(moved).await?;
            }
            if page.len() < BATCH {
                return Ok(());
            }
            after = page.last().map(|(object, _)| *object);
        }
    }

    /// Takes the keys of the epochs that are `leaving` out of both slots.
    fn forget(&self, leaving: &Leaving) -> Result<(), EvidenceError> {
        let mut keys = self.lock();
        let keys = keys.as_mut().map_err(|off| EvidenceError::Off(*off))?;
        let staying = keys.epochs().without(|number| leaving.has(number));
        Ok(keys.replace(staying)?)
    }

    /// Lets go of the records of deleted pictures whose epoch has no key any more, and says so. Their files go where they are
    /// there yet; one that cannot is nobody's from then on.
    async fn shred(&self, now: Timestamp) -> Result<u64, EvidenceError> {
        let numbers: BTreeSet<_> = match &mut *self.lock() {
            Ok(keys) => {
                keys.settle()?;
                keys.epochs().numbers().collect()
            }
            Err(off) => return Err(EvidenceError::Off(*off)),
        };
        let (mut after, mut shredded) = (None, 0);
        loop {
            let page = self.store.objects(after, BATCH)?;
            let is_shredded = |record: &ObjectRecord| record.deleted_at.is_some() && !numbers.contains(&record.epoch);
            let gone: Vec<_> =
                page.iter().filter(|(_, record)| is_shredded(record)).map(|(object, _)| *object).collect();
            for object in &gone {
                let _ = self.unlink(*object);
            }
            if !gone.is_empty() {
                let pictures = gone.len() as u64;
                let event = Event::Shredded { pictures };
                self.store.shredded(gone, Entry::of(&event, now)).await?;
                journal::tell(&event);
                shredded += pictures;
            }
            if page.len() < BATCH {
                return Ok(shredded);
            }
            after = page.last().map(|(object, _)| *object);
        }
    }
}

impl Leaving {
    fn has(&self, number: u32) -> bool {
        self.epochs.iter().any(|epoch| epoch.number == number)
    }

    /// What becomes of the record of `object`; none if it stays as it is. What its epoch does not open is damaged already.
    fn moved(&self, object: ObjectId, before: ObjectRecord) -> Option<Moved> {
        let epoch = self.epochs.iter().find(|epoch| epoch.number == before.epoch && before.deleted_at.is_none())?;
        let key = epoch.unwrap(object, &before)?;
        Some(Moved { object, before, after: self.heir.wrap(object, &key, random::bytes()) })
    }
}

/// Begins another epoch, if there is room for one.
fn begin_another(keys: &mut Keys, now: Timestamp) -> Result<bool, EvidenceError> {
    let Some(epochs) = keys.epochs().with_another(now, Key::new(random::bytes())) else { return Ok(false) };
    keys.replace(epochs)?;
    Ok(true)
}
