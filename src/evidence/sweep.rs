//! Sweeping: files that no record names, or one that was deleted, go. And looking: whether each that is named is there, and
//! opens.
//!
//! Which file is somebody's is told without a clock. A picture that is being taken in is [held](super::Held) until the
//! commit that names it was handed to the store; so once a commit is durable that was handed in after it was let go, its
//! record is there, or never will be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::medium::NEW;
use super::{EvidenceError, Keeper, path, shelf};
use crate::verification::object::{ObjectId, ObjectRecord};

/// What was swept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that were removed.
    pub removed: u64,
    /// Pictures that are named and not there.
    pub missing: u64,
}

/// What became of each picture that is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// They open.
    pub whole: u64,
    /// They do not.
    pub damaged: u64,
    /// They are deleted, and not shredded yet.
    pub deleted: u64,
}

impl Keeper {
    /// Removes files of which nobody knows, or is to know any more, and counts pictures that are missing.
    ///
    /// # Errors
    /// [`EvidenceError`]; some may be swept.
    pub async fn sweep(&self) -> Result<Swept, EvidenceError> {
        let _turn = self.turn.lock().await;
        if let Some(off) = self.off() {
            return Err(EvidenceError::Off(off));
        }
        self.store.examined().await?;
        self.sweep_drafts()?;
        let (mut nobodys, mut absent) = (Vec::new(), Vec::new());
        for first in 0..=u8::MAX {
            // The records first: what is deleted meanwhile is looked up once more.
            let records = self.records_on(first)?;
            let files = self.files_on(first)?;
            nobodys.extend(files.iter().filter(|file| !records.contains_key(file)));
            absent.extend(records.keys().filter(|object| !files.contains(object)));
        }
        nobodys.retain(|object| !self.holding.has(*object));
        if !nobodys.is_empty() {
            self.store.prove_writable().await?;
        }
        let mut swept = Swept::default();
        for object in nobodys {
            if self.living(object)?.is_none() && self.unlink(object)? {
                swept.removed += 1;
            }
        }
        for object in absent {
            if self.living(object)?.is_some() && self.medium.read(&path(object))?.is_none() {
                swept.missing += 1;
            }
        }
        self.survey()?;
        Ok(swept)
    }

    /// Opens every picture.
    ///
    /// # Errors
    /// [`EvidenceError`], where none can be, or the store does not name them.
    pub fn check(&self) -> Result<Checked, EvidenceError> {
        let mut checked = Checked::default();
        for first in 0..=u8::MAX {
            for (object, record) in self.store.objects_on(first)? {
                match self.unseal(object, &record) {
                    Ok(_) => checked.whole += 1,
                    Err(EvidenceError::Deleted) => checked.deleted += 1,
                    Err(EvidenceError::Off(off)) => return Err(EvidenceError::Off(off)),
                    // It may have been deleted, or sealed anew, since its record was read.
                    Err(_) => match self.living(object)? {
                        None => checked.deleted += 1,
                        Some(now) if now != record && self.unseal(object, &now).is_ok() => checked.whole += 1,
                        Some(_) => checked.damaged += 1,
                    },
                }
            }
        }
        Ok(checked)
    }

    /// What was being written when the process ended.
    fn sweep_drafts(&self) -> Result<(), EvidenceError> {
        for (name, _) in self.medium.list(Path::new(NEW))? {
            let is_held = name.to_str().and_then(ObjectId::parse).is_some_and(|object| self.holding.has(object));
            if !is_held {
                self.medium.remove(&Path::new(NEW).join(name))?;
            }
        }
        Ok(())
    }

    /// The record of `object`, if somebody may look at it.
    fn living(&self, object: ObjectId) -> Result<Option<ObjectRecord>, EvidenceError> {
        Ok(self.store.object(&object)?.filter(|record| record.deleted_at.is_none()))
    }

    /// Those whose names begin with `first`, and that somebody may look at.
    fn records_on(&self, first: u8) -> Result<BTreeMap<ObjectId, ObjectRecord>, EvidenceError> {
        let records = self.store.objects_on(first)?.into_iter();
        Ok(records.filter(|(_, record)| record.deleted_at.is_none()).collect())
    }

    /// The files whose names begin with `first`. What is called otherwise than ours is not ours.
    fn files_on(&self, first: u8) -> Result<BTreeSet<ObjectId>, EvidenceError> {
        let files = self.medium.list(&shelf(first))?.into_iter();
        let objects = files.filter_map(|(name, _)| name.to_str().and_then(ObjectId::parse));
        Ok(objects.filter(|object| object.as_bytes()[0] == first).collect())
    }
}
