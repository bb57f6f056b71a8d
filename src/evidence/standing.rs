//! How pictures and their records stand, as they were last looked through.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::{EvidenceError, Keeper};
use crate::store::StoreError;
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::time::Timestamp;

/// How many records are read at once, and changed in one commit.
pub(super) const BATCH: usize = 500;

/// How the records stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// How many pictures each epoch has, by its number.
    pub(super) epochs: BTreeMap<u32, Count>,
    /// When the first was deleted of those that are not shredded.
    pub(super) oldest_deleted_at: Option<Timestamp>,
}

/// Pictures of an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) living: u64,
    pub(super) deleted: u64,
}

/// What is told of evidence.
#[derive(Clone, Debug)]
pub struct Figures {
    /// How many pictures somebody may look at.
    pub living: u64,
    /// How many are deleted and not shredded.
    pub deleted: u64,
    /// How many epochs have a key.
    pub epochs: usize,
    /// When the first was deleted of those that are not shredded.
    pub oldest_deleted_at: Option<Timestamp>,
}

impl Keeper {
    /// How it stands with evidence, as it was last looked through.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.told(self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// How it stands with evidence now.
    ///
    /// # Errors
    /// When the store does not tell.
    pub fn count(&self) -> Result<Figures, EvidenceError> {
        Ok(self.told(self.survey()?))
    }

    fn told(&self, Standing { epochs, oldest_deleted_at }: Standing) -> Figures {
        let sum = |which: fn(&Count) -> u64| epochs.values().map(which).sum();
        Figures {
            living: sum(|count| count.living),
            deleted: sum(|count| count.deleted),
            epochs: self.lock().as_ref().map_or(0, |keys| keys.epochs().len()),
            oldest_deleted_at,
        }
    }

    /// Looks through all records.
    pub(super) fn survey(&self) -> Result<Standing, EvidenceError> {
        let mut standing = Standing::default();
        self.each(|_, record| {
            let count = standing.epochs.entry(record.epoch).or_default();
            match record.deleted_at {
                None => count.living += 1,
                Some(at) => {
                    count.deleted += 1;
                    standing.oldest_deleted_at = Some(standing.oldest_deleted_at.map_or(at, |oldest| oldest.min(at)));
                }
            }
        })?;
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing.clone();
        Ok(standing)
    }

    fn each(&self, mut look: impl FnMut(ObjectId, &ObjectRecord)) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.store.objects(after, BATCH)?;
            for (object, record) in &page {
                look(*object, record);
            }
            after = page.last().map(|(object, _)| *object);
            if page.len() < BATCH {
                return Ok(());
            }
        }
    }
}
