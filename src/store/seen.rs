//! By what pictures that were sent are found again, and which of other cases are like those of one.

use redb::ReadableTable;

use super::codec::Damaged;
use super::master_key::MasterKey;
use super::tables::{Fault, Reads, SEEN, Tables, Writing};
use super::{Store, StoreError};
use crate::verification::changes::Change;
use crate::verification::method::document::Dossier;
use crate::verification::method::document::kind::Slot;
use crate::verification::method::document::seen::{Alike, Glimpse, KEY, Seen};
use crate::verification::subject::Subject;

impl Store {
    /// Which pictures of other cases are like those of `dossier`, of `subject`: those of other people first, and of those
    /// the same before the similar. It looks through all that were ever sent.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn alike(&self, subject: &Subject, dossier: &Dossier) -> Result<Vec<Alike>, StoreError> {
        let key = self.key(KEY);
        let mine: Vec<_> = dossier.glimpses().map(|glimpse| (glimpse, glimpse.seen(subject, &key))).collect();
        let mut alike = Vec::new();
        self.ask_examined(|snapshot| {
            snapshot.each_seen(|number, slot, other| {
                alike.extend(mine.iter().filter_map(|(glimpse, seen)| glimpse.is_like(seen, number, slot, other)));
            })
        })?;
        alike.sort_unstable();
        alike.dedup();
        Ok(alike)
    }
}

impl<T: Reads> Tables<T> {
    /// The keys of every picture that `subject` ever sent.
    pub(super) fn seen_of(&self, subject: &Subject, keys: &MasterKey) -> Result<Vec<Vec<u8>>, Fault> {
        let (tags, mut theirs) = (keys.derive(KEY), Vec::new());
        self.each_seen(|number, slot, seen| {
            if seen.is_of(subject, &tags) {
                theirs.push(key(number, slot));
            }
        })?;
        Ok(theirs)
    }

    fn each_seen(&self, mut look: impl FnMut(u64, Slot, &Seen)) -> Result<(), Fault> {
        for entry in self.seen.reads().iter()? {
            let (key, bytes) = entry?;
            let seen = self.codec.open(SEEN, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(SEEN))?;
            let (number, slot) = place(key.value()).ok_or(Fault::Damaged(SEEN))?;
            look(number, slot, &seen);
        }
        Ok(())
    }
}

impl Writing<'_> {
    /// Has pictures of `subject` found again, or no more. Tags are by a key that derives from `keys`.
    pub(super) fn change_seen(
        &mut self,
        subject: &Subject,
        seen: &[(u64, Slot, Change<Glimpse>)],
        keys: &MasterKey,
    ) -> Result<(), Fault> {
        if seen.is_empty() {
            return Ok(());
        }
        let tags = keys.derive(KEY);
        seen.iter().try_for_each(|(number, slot, change)| {
            let change = match change {
                Change::None => Change::None,
                Change::Keep(glimpse) => Change::Keep(glimpse.seen(subject, &tags)),
                Change::Forget => Change::Forget,
            };
            self.change(SEEN, &key(*number, *slot), &change)
        })
    }

    /// Has no picture of the attempt `number` found again.
    pub(super) fn forget_seen(&mut self, number: Option<u64>) -> Result<(), Fault> {
        let mut keys = number.into_iter().flat_map(|number| Slot::ALL.map(|slot| key(number, slot)));
        keys.try_for_each(|key| self.change::<Seen>(SEEN, &key, &Change::Forget))
    }
}

fn key(number: u64, slot: Slot) -> Vec<u8> {
    [&number.to_be_bytes(), slot.as_str().as_bytes()].concat()
}

fn place(key: &[u8]) -> Option<(u64, Slot)> {
    let (number, slot) = key.split_first_chunk()?;
    Some((u64::from_be_bytes(*number), Slot::parse(str::from_utf8(slot).ok()?)?))
}
