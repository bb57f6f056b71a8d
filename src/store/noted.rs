//! Tables of a write transaction that note what was changed: every way to change one leads past the note.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Deref;
use std::rc::Rc;

use redb::{StorageError, Table, TableDefinition, TableError, WriteTransaction};

/// All keys and values are bytes that [`super::codec`] makes.
pub(super) type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// What each key takes in memory beside its bytes, or more.
const KEY_BYTES: usize = 64;

/// Keys under which something was changed, each with its table.
#[derive(Default)]
pub(super) struct Changed {
    keys: BTreeSet<(&'static str, Box<[u8]>)>,
    bytes: usize,
}

impl Changed {
    fn add(&mut self, table: &'static str, key: Box<[u8]>) {
        let bytes = key.len() + KEY_BYTES;
        if self.keys.insert((table, key)) {
            self.bytes += bytes;
        }
    }

    /// Adds those of `later`.
    pub(super) fn extend(&mut self, later: Self) {
        later.keys.into_iter().for_each(|(table, key)| self.add(table, key));
    }

    /// How many they are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// What they take in memory.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.keys.iter().map(|(table, key)| (*table, &**key))
    }
}

/// Whether a transaction changed anything, and what, and whether it erased somebody. Its tables share it.
#[derive(Clone, Default)]
pub(super) struct Note(Rc<Noticed>);

#[derive(Default)]
struct Noticed {
    is_changed: Cell<bool>,
    leaves_traces: Cell<bool>,
    /// None where nobody asks for it.
    changed: Option<RefCell<Changed>>,
}

impl Note {
    /// One that knows under which keys something was changed.
    pub(super) fn with_keys() -> Self {
        Self(Rc::new(Noticed { changed: Some(RefCell::default()), ..Noticed::default() }))
    }

    /// Whether what was removed is to stand nowhere any more, not even where nothing is looked for.
    pub(super) fn leaves_traces(&self) -> bool {
        self.0.leaves_traces.get()
    }

    /// Under which keys something was changed, as far as it knows them.
    pub(super) fn take_changed(&self) -> Changed {
        self.0.changed.as_ref().map(RefCell::take).unwrap_or_default()
    }

    fn is_changed(&self) -> bool {
        self.0.is_changed.get()
    }

    fn changed(&self, table: &'static str, key: &[u8]) {
        self.0.is_changed.set(true);
        if let Some(changed) = &self.0.changed {
            changed.borrow_mut().add(table, key.into());
        }
    }
}

/// A table that is read as the engine's own, and changed here.
pub(super) struct Noted<'txn> {
    name: &'static str,
    table: Table<'txn, &'static [u8], &'static [u8]>,
    note: Note,
}

impl<'txn> Noted<'txn> {
    pub(super) fn open(
        transaction: &'txn WriteTransaction,
        name: &'static str,
        note: &Note,
    ) -> Result<Self, TableError> {
        Ok(Self { name, table: transaction.open_table(Definition::new(name))?, note: note.clone() })
    }

    /// Whether the transaction changed anything, in this table or another.
    pub(super) fn is_changed(&self) -> bool {
        self.note.is_changed()
    }

    /// What the transaction removes [leaves traces](Note::leaves_traces).
    pub(super) fn note_traces(&self) {
        self.note.0.leaves_traces.set(true);
    }

    /// Writes `value`, which counts as a change whatever was there.
    pub(super) fn insert(&mut self, key: &[u8], value: &[u8]) -> Result<(), StorageError> {
        self.note.changed(self.name, key);
        self.table.insert(key, value).map(drop)
    }

    pub(super) fn remove(&mut self, key: &[u8]) -> Result<(), StorageError> {
        if self.table.remove(key)?.is_some() {
            self.note.changed(self.name, key);
        }
        Ok(())
    }

    /// Removes what stands before `end`, at most `limit` of it, and returns how much.
    pub(super) fn remove_before(&mut self, end: &[u8], limit: usize) -> Result<usize, StorageError> {
        let mut removed = 0;
        for entry in self.table.extract_from_if(..end, |_, _| true)?.take(limit) {
            let (key, _) = entry?;
            self.note.changed(self.name, key.value());
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

    const TABLE: &str = "table";
    const OTHER: &str = "other";

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

    /// What a renewed store is to have lacks whatever is not noted.
    #[test]
    fn every_way_to_change_a_table_notes_the_keys_where_they_are_asked_for() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        let transaction = database.begin_write().unwrap();
        let noted = |note: &Note| {
            let (mut table, mut other) =
                [TABLE, OTHER].map(|name| Noted::open(&transaction, name, note).unwrap()).into();
            for key in [b"a", b"b", b"c", b"d"] {
                table.insert(key, b"here").unwrap();
            }
            let before = note.take_changed();
            other.insert(b"a", b"here").unwrap();
            table.insert(b"d", b"again").unwrap();
            table.remove(b"c").unwrap();
            table.remove(b"e").unwrap();
            table.remove_before(b"c", 1).unwrap();
            let keys = |changed: &Changed| {
                changed.iter().map(|(table, key)| format!("{table} {}", key.escape_ascii())).collect::<Vec<_>>()
            };
            let after = note.take_changed();
            assert_eq!((after.len(), after.bytes()), (keys(&after).len(), after.len() * (1 + KEY_BYTES)));
            (keys(&before), keys(&after))
        };
        assert_eq!(noted(&Note::default()), (vec![], vec![]), "nobody asks");
        let before = ["table a", "table b", "table c", "table d"].map(String::from).to_vec();
        assert_eq!(
            noted(&Note::with_keys()),
            (before, ["other a", "table a", "table c", "table d"].map(String::from).to_vec())
        );
    }

    #[test]
    fn a_key_that_is_changed_twice_is_noted_once() {
        let mut changed = Changed::default();
        for key in [b"a", b"b", b"a"] {
            changed.extend(Changed { keys: [(TABLE, key.to_vec().into())].into(), bytes: 1 + KEY_BYTES });
        }
        assert_eq!((changed.len(), changed.bytes()), (2, 2 * (1 + KEY_BYTES)));
    }
}
