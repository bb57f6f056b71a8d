//! Tables of a write transaction that note whether anything was changed: every way to change one leads past the note.

use std::cell::Cell;
use std::ops::Deref;
use std::rc::Rc;

use redb::{StorageError, Table, TableDefinition, TableError, WriteTransaction};

/// All keys and values are bytes that [`super::codec`] makes.
pub(super) type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Whether a transaction changed anything, and whether it erased somebody. Its tables share it.
#[derive(Clone, Default)]
pub(super) struct Note(Rc<Noticed>);

#[derive(Default)]
struct Noticed {
    is_changed: Cell<bool>,
    leaves_traces: Cell<bool>,
}

impl Note {
    fn is_changed(&self) -> bool {
        self.0.is_changed.get()
    }

    fn changed(&self) {
        self.0.is_changed.set(true);
    }
}

/// A table that is read as the engine's own, and changed here.
pub(super) struct Noted<'txn> {
    table: Table<'txn, &'static [u8], &'static [u8]>,
    note: Note,
}

impl<'txn> Noted<'txn> {
    pub(super) fn open(
        transaction: &'txn WriteTransaction,
        definition: Definition,
        note: &Note,
    ) -> Result<Self, TableError> {
        Ok(Self { table: transaction.open_table(definition)?, note: note.clone() })
    }

    /// Whether the transaction changed anything, in this table or another.
    pub(super) fn is_changed(&self) -> bool {
        self.note.is_changed()
    }

    /// Whether it [leaves traces](Self::note_traces).
    pub(super) fn leaves_traces(&self) -> bool {
        self.note.0.leaves_traces.get()
    }

    /// What the transaction removes is to stand nowhere any more, not even where nothing is looked for.
    pub(super) fn note_traces(&self) {
        self.note.0.leaves_traces.set(true);
    }

    /// Writes `value`, which counts as a change whatever was there.
    pub(super) fn insert(&mut self, key: &[u8], value: &[u8]) -> Result<(), StorageError> {
        self.note.changed();
        self.table.insert(key, value).map(drop)
    }

    pub(super) fn remove(&mut self, key: &[u8]) -> Result<(), StorageError> {
        if self.table.remove(key)?.is_some() {
            self.note.changed();
        }
        Ok(())
    }

    /// Removes what stands before `end`, at most `limit` of it, and returns how much.
    pub(super) fn remove_before(&mut self, end: &[u8], limit: usize) -> Result<usize, StorageError> {
        let mut removed = 0;
        for entry in self.table.extract_from_if(..end, |_, _| true)?.take(limit) {
            entry?;
            self.note.changed();
            removed += 1;
        }
        Ok(removed)
    }
}

impl<'txn> Deref for Noted<'txn> {
    type Target = Table<'txn, &'static [u8], &'static [u8]>;

    fn deref(&self) -> &Self::Target {
        &self.table
    }
}

#[cfg(test)]
mod tests {
    use redb::Database;
    use redb::backends::InMemoryBackend;

    use super::*;

    const TABLE: Definition = TableDefinition::new("table");
    const OTHER: Definition = TableDefinition::new("other");

    /// Whether `act` changes a table that holds `a` to `c`.
    fn changes(act: impl FnOnce(&mut Noted<'_>)) -> bool {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let transaction = database.begin_write().unwrap();
        let mut filled = Noted::open(&transaction, TABLE, &Note::default()).unwrap();
        for key in [b"a", b"b", b"c"] {
            filled.insert(key, b"here").unwrap();
        }
        drop(filled);
        let note = Note::default();
        let mut table = Noted::open(&transaction, TABLE, &note).unwrap();
        assert!(!note.is_changed(), "opening is none");
        act(&mut table);
        note.is_changed()
    }

    #[test]
    fn only_what_changes_a_table_is_noted() {
        assert!(changes(|table| table.insert(b"d", b"new").unwrap()));
        assert!(changes(|table| table.insert(b"a", b"here").unwrap()), "the same once more");
        assert!(changes(|table| table.remove(b"a").unwrap()));
        assert!(!changes(|table| table.remove(b"d").unwrap()), "it was not there");
        assert!(changes(|table| assert_eq!(table.remove_before(b"c", 9).unwrap(), 2)));
        assert!(changes(|table| assert_eq!(table.remove_before(b"c", 1).unwrap(), 1)));
        assert!(!changes(|table| assert_eq!(table.remove_before(b"a", 9).unwrap(), 0)));
        assert!(!changes(|table| assert_eq!(table.remove_before(b"c", 0).unwrap(), 0)));
        assert!(!changes(|table| assert!(redb::ReadableTable::get(&**table, b"a".as_slice()).unwrap().is_some())));
    }

    #[test]
    fn a_change_in_one_table_is_one_of_the_transaction() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let transaction = database.begin_write().unwrap();
        let note = Note::default();
        let mut changed = Noted::open(&transaction, OTHER, &note).unwrap();
        let _read = Noted::open(&transaction, TABLE, &note).unwrap();
        changed.insert(b"a", b"here").unwrap();
        assert!(note.is_changed());
    }
}
