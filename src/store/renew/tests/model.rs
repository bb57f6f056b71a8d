//! What a store is to hold while it is renewed: a plain map, and what is done to both.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use redb::ReadableTable;

use super::block_on;
use super::stage::{Stage, key};
use crate::store::tables::{CHECKS, Fault, META, Reads, SPENT, SUBJECTS, TRACES_KEY, Tables, Writing};
use crate::store::{Store, StoreError};
use crate::verification::changes::Change;
use crate::verification::time::Timestamp;

const TABLES: [&str; 3] = [SUBJECTS, CHECKS, SPENT];
/// In every text of who is to be erased.
const GOES: &str = "zq7goes";
/// More keys than the writer takes over itself.
pub(super) const MANY: usize = 1200;

pub(super) type Records = BTreeMap<(&'static str, Vec<u8>), String>;

/// What a store is to hold: a plain map, changed in the order of the commits.
#[derive(Clone, Default)]
pub(super) struct Model(pub(super) Arc<Mutex<Records>>);

/// What is done in one transaction.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Put(&'static str, Vec<u8>, String),
    PutMany(&'static str, usize),
    Remove(&'static str, Vec<u8>),
    RemoveBefore(Vec<u8>, usize),
    /// Of whoever is marked so.
    Erase,
}

impl Deed {
    pub(super) fn random(chance: &mut Chance) -> Self {
        let (table, key) = (TABLES[chance.below(3)], vec![b'k', chance.below(64).try_into().unwrap()]);
        match chance.below(48) {
            0 => Self::PutMany(table, MANY / 2 + chance.below(MANY)),
            1..8 => Self::RemoveBefore(key, 1 + chance.below(3)),
            8..20 => Self::Remove(table, key),
            20 | 21 => Self::Put(table, key, format!("{GOES} {}", chance.below(1000))),
            _ => Self::Put(table, key, format!("stays {}", chance.below(1000))),
        }
    }

    fn apply(&self, tables: &mut Writing<'_>) -> Result<(), Fault> {
        match self {
            Self::Put(table, key, text) => tables.put(table, key, text),
            Self::PutMany(table, count) => (0..*count).try_for_each(|n| tables.put(table, &many(n), &n.to_string())),
            Self::Remove(table, key) => tables.change::<String>(table, key, &Change::Forget),
            Self::RemoveBefore(key, limit) => tables.spent.remove_before(key, *limit).map(drop).map_err(Into::into),
            Self::Erase => {
                for ((table, key), _) in dump_of(tables)?.into_iter().filter(|(_, text)| text.contains(GOES)) {
                    tables.change::<String>(table, &key, &Change::Forget)?;
                }
                tables.put(META, TRACES_KEY, &Timestamp::from_unix(1))?;
                tables.meta.note_traces();
                Ok(())
            }
        }
    }

    fn apply_to(&self, records: &mut Records) {
        match self {
            Self::Put(table, key, text) => drop(records.insert((table, key.clone()), text.clone())),
            Self::PutMany(table, count) => records.extend((0..*count).map(|n| ((*table, many(n)), n.to_string()))),
            Self::Remove(table, key) => drop(records.remove(&(*table, key.clone()))),
            Self::RemoveBefore(key, limit) => {
                let is_before = |(table, known): &&(&str, Vec<u8>)| *table == SPENT && known < key;
                let before: Vec<_> = records.keys().filter(is_before).take(*limit).cloned().collect();
                records.retain(|key, _| !before.contains(key));
            }
            Self::Erase => records.retain(|_, text| !text.contains(GOES)),
        }
    }
}

fn many(n: usize) -> Vec<u8> {
    [b"many".as_slice(), &n.to_be_bytes()].concat()
}

impl Model {
    pub(super) async fn does(&self, store: &Store, deed: Deed) -> Result<(), StoreError> {
        let model = self.clone();
        let work = move |tables: &mut Writing<'_>| deed.apply(tables).map(|()| (model, deed));
        store.transact(work, |(Self(records), deed)| deed.apply_to(&mut records.lock().unwrap())).await
    }

    pub(super) fn fill(&self, store: &Store) {
        for n in 0..60 {
            let text = if n % 7 == 0 { format!("{GOES} {n}") } else { format!("stays {n}") };
            let deed = Deed::Put(TABLES[usize::from(n % 3)], vec![b'k', n], text);
            block_on(self.does(store, deed)).unwrap();
        }
    }

    /// Whether `store` holds this, and nothing else; and so does what is found when it is opened again. Of who was erased
    /// no byte is left, if nobody came since.
    pub(super) fn check(&self, stage: &Stage, store: Store) {
        let expected = self.0.lock().unwrap().clone();
        let held = |store: &Store| store.ask(dump_of).unwrap();
        assert!(held(&store) == expected, "the store differs");
        store.look_through().unwrap();
        drop(store);
        let store = Store::open_on(stage.clone(), &key()).unwrap();
        assert!(held(&store) == expected, "what is opened differs");
        store.look_through().unwrap();
        drop(store);
        let is_there = expected.values().any(|text| text.contains(GOES));
        assert!(is_there || !stage.holds(GOES.as_bytes()), "bytes of them are left");
    }
}

/// Every record of the tables that are changed here.
pub(super) fn dump_of<T: Reads>(tables: &Tables<T>) -> Result<Records, Fault> {
    let mut records = Records::new();
    for (name, table) in tables.each_table().filter(|(name, _)| TABLES.contains(name)) {
        for entry in table.reads().iter()? {
            let (key, sealed) = entry?;
            let text = tables.codec.open(name, key.value(), sealed.value()).map_err(|_| Fault::Damaged(name))?;
            records.insert((name, key.value().to_owned()), text);
        }
    }
    Ok(records)
}

/// A small generator, seeded (`SplitMix64`, public domain).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}
