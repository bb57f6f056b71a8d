//! What is known of sealed pictures: what opens each, until nothing can any more. They are named, and deleted, by what
//! [methods keep](crate::verification::method::Kept).

use std::convert::identity;
use std::ops::Bound;

use redb::ReadableTable;

use super::codec::Damaged;
use super::tables::{Fault, OBJECTS, Reads, Tables, Writing};
use super::{Store, StoreError};
use crate::verification::audit::entry::Entry;
use crate::verification::object::{ObjectId, ObjectRecord};

/// A picture with its record, in a listing.
type Listed = Vec<(ObjectId, ObjectRecord)>;

/// A picture whose key is sealed anew.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    /// Which.
    pub object: ObjectId,
    /// Its record, as it was read.
    pub before: ObjectRecord,
    /// What it is to be.
    pub after: ObjectRecord,
}

impl Store {
    /// The pictures after `after`, in the order of their names, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn objects(&self, after: Option<ObjectId>, limit: usize) -> Result<Listed, StoreError> {
        let after = after.as_ref().map_or(Bound::Unbounded, |after| Bound::Excluded(after.as_bytes().as_slice()));
        self.ask(|snapshot| snapshot.objects_in((after, Bound::Unbounded), limit))
    }

    /// The pictures whose names begin with the byte `first`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn objects_on(&self, first: u8) -> Result<Listed, StoreError> {
        let (from, next) = ([first], first.checked_add(1).map(|next| [next]));
        let end = next.as_ref().map_or(Bound::Unbounded, |next| Bound::Excluded(next.as_slice()));
        self.ask(|snapshot| snapshot.objects_in((Bound::Included(&from), end), usize::MAX))
    }

    /// The highest number of an epoch that any record names; 0 where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn newest_epoch(&self) -> Result<u32, StoreError> {
        let all = self.objects(None, usize::MAX)?;
        Ok(all.iter().map(|(_, record)| record.epoch).max().unwrap_or_default())
    }

    /// Gives pictures their new records, but for those whose record is another one meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rewrap(&self, moved: Vec<Moved>) -> Result<(), StoreError> {
        let work = move |tables: &mut Writing<'_>| {
            moved.iter().try_for_each(|Moved { object, before, after }| match tables.object(object)? {
                Some(record) if record == *before => tables.put(OBJECTS, object.as_bytes(), after),
                _ => Ok(()),
            })
        };
        self.transact(work, identity).await
    }

    /// Forgets `objects`, which nothing can open any more, and writes `entry` of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn shredded(&self, objects: Vec<ObjectId>, entry: Option<Entry>) -> Result<(), StoreError> {
        let work = move |tables: &mut Writing<'_>| {
            objects.iter().try_for_each(|object| tables.objects.remove(object.as_bytes()))?;
            entry.iter().try_for_each(|entry| tables.append(entry))
        };
        self.transact(work, identity).await
    }
}

impl<T: Reads> Tables<T> {
    /// Those whose names are in `range`, at most `limit`.
    fn objects_in(&self, range: (Bound<&[u8]>, Bound<&[u8]>), limit: usize) -> Result<Listed, Fault> {
        let mut listed = Vec::new();
        for entry in self.objects.reads().range::<&[u8]>(range)?.take(limit) {
            let (key, bytes) = entry?;
            let object = ObjectId::from_bytes(key.value()).ok_or(Fault::Damaged(OBJECTS))?;
            let record = self.codec.open(OBJECTS, key.value(), bytes.value());
            listed.push((object, record.map_err(|Damaged| Fault::Damaged(OBJECTS))?));
        }
        Ok(listed)
    }
}
