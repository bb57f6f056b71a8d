//! Every table, and what is read from them: inside one write transaction, or as of the last commit.

use redb::{ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable, WriteTransaction};

use super::codec::{Codec, Damaged, check_key, spent_issued_at, spent_key, subject_key, subject_of_key};
use super::error::StoreError;
use super::noted::{Definition, Note, Noted};
use super::record::Number;
use super::signing::SealedSeed;
use super::told::CommitNumber;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::audit::tree::Edge;
use crate::verification::case::Case;
use crate::verification::check::{CheckRecord, SubjectRecord};
use crate::verification::identity::Identity;
use crate::verification::method::{Kept, Kind, Progress};
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::record::Record;
use crate::verification::spent::SpentRecord;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;
use crate::verification::token::TokenId;

type Bytes = &'static [u8];

/// `"schema"` → the version, sealed: it tells a foreign key file and a newer version at once. `"tokens from"` → in a
/// restored store, the instant before which no request token counts. `"commit"` → the last commit's number. `"idv"` → the
/// version of idv that last opened it. `"backed up at"` → when a backup was whole. `"erased"` and the
/// mark of somebody → when they were [erased](super::erased). `"traces"` → since when pages that nothing uses may hold
/// something of them. `"audit"` → the right edge of the tree
/// over the audit log. `"number"` → the last number that was given. `"audit key"` → the seed of the key that signs it, sealed.
pub(super) const META: &str = "meta";
/// subject → [`SubjectRecord`].
pub(super) const SUBJECTS: &str = "subjects";
/// number → [`CheckRecord`].
pub(super) const CHECKS: &str = "checks";
/// (issued at, token) → [`SpentRecord`].
pub(super) const SPENT: &str = "spent";
/// (issued at, token) → [`Progress`], of a session that has acted and has not ended.
pub(super) const SESSIONS: &str = "sessions";
/// subject → [`Case`].
pub(super) const CASES: &str = "cases";
/// identity → the [`Subject`] whose it is.
pub(super) const IDENTITIES: &str = "identities";
/// subject → [`PersonKey`], of those of whom something was kept before idv met them. Their record takes it over, and it stays
/// here until they are forgotten.
pub(super) const STRANGERS: &str = "strangers";
/// number → [`Line`](super::audit::Line): the audit log. It stands in [`META`], before everything else there, so that its last
/// lines share a page with what every commit writes.
pub(super) const AUDIT: &str = "audit";
/// object → [`ObjectRecord`], until nothing can open it any more.
pub(super) const OBJECTS: &str = "objects";
/// number → the [`Subject`] of whom an attempt has it.
pub(super) const NUMBERS: &str = "numbers";
/// (number, slot) → by what a picture that was sent is found again.
pub(super) const SEEN: &str = "seen";
/// name → who works here.
pub(super) const OPERATORS: &str = "operators";
/// id → an operator's session.
pub(super) const OPERATOR_SESSIONS: &str = "operator sessions";
/// How many kinds of methods keep something of a subject. Each has a table by its own name: subject → [`Kept`].
pub(super) const KEEPING: usize = Kind::KEEPING.len();

pub(super) const SCHEMA_KEY: &[u8] = b"schema";
pub(super) const TOKENS_FROM_KEY: &[u8] = b"tokens from";
pub(super) const COMMIT_KEY: &[u8] = b"commit";
pub(super) const IDV_KEY: &[u8] = b"idv";
pub(super) const BACKED_UP_KEY: &[u8] = b"backed up at";
pub(super) const TRACES_KEY: &[u8] = b"traces";
pub(super) const EDGE_KEY: &[u8] = b"audit";
pub(super) const SIGNING_KEY: &[u8] = b"audit key";
pub(super) const NUMBER_KEY: &[u8] = b"number";

/// Why a piece of work stopped.
#[derive(Debug)]
pub(super) enum Fault {
    /// One record is bad. The rest of the transaction is not touched by it.
    Damaged(&'static str),
    /// What became of a request token is not known: it was made before the store was restored.
    BeforeRestore,
    /// A record would be longer than it may be. The rest of the transaction is not touched by it.
    TooLong(&'static str),
    /// The engine failed; the transaction is void.
    Engine(redb::Error),
}

impl Fault {
    /// What whoever asked is told, where the fault is of their work alone.
    ///
    /// # Errors
    /// That of the engine, which is everybody's.
    pub(super) fn of_one(self) -> Result<StoreError, redb::Error> {
        match self {
            Self::Damaged(table) => Ok(StoreError::Damaged(table)),
            Self::BeforeRestore => Ok(StoreError::BeforeRestore),
            Self::TooLong(table) => Ok(StoreError::TooLong(table)),
            Self::Engine(error) => Err(error),
        }
    }

    /// It, where no record and no token excuses it: the whole store is not what it should be.
    pub(super) fn of_the_store(self) -> redb::Error {
        match self {
            Self::Damaged(table) => redb::Error::Corrupted(format!("a record of table {table} is damaged")),
            Self::BeforeRestore => redb::Error::Corrupted("a token is older than the store".into()),
            Self::TooLong(table) => redb::Error::Corrupted(format!("a record of table {table} is too long")),
            Self::Engine(error) => error,
        }
    }
}

impl<E: Into<redb::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Engine(error.into())
    }
}

/// The tables, by their names.
pub(super) struct Tables<T> {
    pub(super) codec: Codec,
    /// The instant before which no request token counts.
    pub(super) tokens_from: Timestamp,
    /// The right edge of the tree over the audit log.
    pub(super) edge: Edge,
    pub(super) meta: T,
    pub(super) subjects: T,
    pub(super) checks: T,
    pub(super) spent: T,
    pub(super) sessions: T,
    pub(super) cases: T,
    pub(super) identities: T,
    pub(super) strangers: T,
    pub(super) objects: T,
    pub(super) numbers: T,
    pub(super) seen: T,
    pub(super) operators: T,
    pub(super) operator_sessions: T,
    pub(super) kept: [T; KEEPING],
}

/// Everything as of one commit.
pub(super) type Snapshot = Tables<ReadOnlyTable<Bytes, Bytes>>;
/// Everything inside one write transaction.
pub(super) type Writing<'txn> = Tables<Noted<'txn>>;

/// A table that can be read.
pub(super) trait Reads {
    fn reads(&self) -> &impl ReadableTable<Bytes, Bytes>;
}

impl Reads for ReadOnlyTable<Bytes, Bytes> {
    fn reads(&self) -> &impl ReadableTable<Bytes, Bytes> {
        self
    }
}

impl Reads for Noted<'_> {
    fn reads(&self) -> &impl ReadableTable<Bytes, Bytes> {
        &**self
    }
}

/// A subject with what is kept of it, in a listing.
pub(super) type Listed<T> = Vec<(Subject, T)>;

impl Snapshot {
    pub(super) fn take(database: &impl ReadableDatabase, codec: &Codec) -> Result<Self, redb::Error> {
        let transaction: ReadTransaction = database.begin_read()?;
        Self::open(codec, |name| Ok(transaction.open_table(definition(name))?))
    }
}

impl<'txn> Writing<'txn> {
    /// What is changed is to be found in `note`.
    pub(super) fn begin(transaction: &'txn WriteTransaction, codec: &Codec, note: &Note) -> Result<Self, redb::Error> {
        Self::open(codec, |name| Ok(Noted::open(transaction, name, note)?))
    }
}

pub(super) const fn definition(name: &'static str) -> Definition {
    Definition::new(name)
}

/// The number of the last commit, as the table `meta` has it.
pub(super) fn commit_number(codec: &Codec, meta: &impl ReadableTable<Bytes, Bytes>) -> Result<CommitNumber, Fault> {
    Ok(load(codec, META, meta, COMMIT_KEY)?.unwrap_or_default())
}

impl<T: Reads> Tables<T> {
    fn open(codec: &Codec, open: impl Fn(&'static str) -> Result<T, redb::Error>) -> Result<Self, redb::Error> {
        let [first, second, third] = Kind::KEEPING;
        let mut tables = Self {
            codec: codec.clone(),
            tokens_from: Timestamp::from_unix(0),
            edge: Edge::default(),
            meta: open(META)?,
            subjects: open(SUBJECTS)?,
            checks: open(CHECKS)?,
            spent: open(SPENT)?,
            sessions: open(SESSIONS)?,
            cases: open(CASES)?,
            identities: open(IDENTITIES)?,
            strangers: open(STRANGERS)?,
            objects: open(OBJECTS)?,
            numbers: open(NUMBERS)?,
            seen: open(SEEN)?,
            operators: open(OPERATORS)?,
            operator_sessions: open(OPERATOR_SESSIONS)?,
            kept: [open(first.as_str())?, open(second.as_str())?, open(third.as_str())?],
        };
        let tokens_from = tables.load(META, &tables.meta, TOKENS_FROM_KEY).map_err(Fault::of_the_store)?;
        tables.tokens_from = tokens_from.unwrap_or(tables.tokens_from);
        tables.edge = tables.load(META, &tables.meta, EDGE_KEY).map_err(Fault::of_the_store)?.unwrap_or_default();
        Ok(tables)
    }

    pub(super) fn schema(&self) -> Result<Option<u8>, Fault> {
        self.load(META, &self.meta, SCHEMA_KEY)
    }

    /// The version of idv that last opened the store; none if that was before this was noted.
    pub(super) fn idv(&self) -> Result<Option<String>, Fault> {
        self.load(META, &self.meta, IDV_KEY)
    }

    pub(super) fn backed_up_at(&self) -> Result<Option<Timestamp>, Fault> {
        self.load(META, &self.meta, BACKED_UP_KEY)
    }

    pub(super) fn subject(&self, subject: &Subject) -> Result<Option<SubjectRecord>, Fault> {
        self.load(SUBJECTS, &self.subjects, &subject_key(subject))
    }

    pub(super) fn check(&self, number: u64) -> Result<Option<CheckRecord>, Fault> {
        self.load(CHECKS, &self.checks, &check_key(number))
    }

    pub(super) fn spent(&self, issued_at: Timestamp, token: TokenId) -> Result<Option<SpentRecord>, Fault> {
        if issued_at < self.tokens_from {
            return Err(Fault::BeforeRestore);
        }
        self.load(SPENT, &self.spent, &spent_key(issued_at, token))
    }

    /// When the newest of the spent tokens was made: it is that late at the tenants, whatever this machine's clock says.
    pub(super) fn newest_spent(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.spent.reads().last()?.and_then(|(key, _)| spent_issued_at(key.value())))
    }

    /// When the newest check was made: it was that late by this machine's clock.
    pub(super) fn newest_check(&self) -> Result<Option<Timestamp>, Fault> {
        let Some((key, bytes)) = self.checks.reads().last()? else { return Ok(None) };
        let check: CheckRecord =
            self.codec.open(CHECKS, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(CHECKS))?;
        Ok(Some(check.at))
    }

    /// The last checks, the newest first, at most `limit`.
    pub(super) fn last_checks(&self, limit: usize) -> Result<Vec<CheckRecord>, Fault> {
        let mut checks = Vec::new();
        for entry in self.checks.reads().iter()?.rev().take(limit) {
            let (key, bytes) = entry?;
            let check = self.codec.open(CHECKS, key.value(), bytes.value());
            checks.push(check.map_err(|Damaged| Fault::Damaged(CHECKS))?);
        }
        Ok(checks)
    }

    pub(super) fn progress(&self, issued_at: Timestamp, token: TokenId) -> Result<Option<Progress>, Fault> {
        self.load(SESSIONS, &self.sessions, &spent_key(issued_at, token))
    }

    pub(super) fn case(&self, subject: &Subject) -> Result<Option<Case>, Fault> {
        self.load(CASES, &self.cases, &subject_key(subject))
    }

    /// The key of `subject`, if something was kept of them before idv met them.
    pub(super) fn stranger(&self, subject: &Subject) -> Result<Option<PersonKey>, Fault> {
        self.load(STRANGERS, &self.strangers, &subject_key(subject))
    }

    pub(super) fn sealed_seed(&self) -> Result<Option<SealedSeed>, Fault> {
        self.load(META, &self.meta, SIGNING_KEY)
    }

    pub(super) fn object(&self, object: &ObjectId) -> Result<Option<ObjectRecord>, Fault> {
        self.load(OBJECTS, &self.objects, object.as_bytes())
    }

    /// The number after the last one that was given.
    pub(super) fn next_number(&self) -> Result<u64, Fault> {
        Ok(self.load::<Number>(META, &self.meta, NUMBER_KEY)?.map_or(1, |Number(last)| last + 1))
    }

    /// Of whom an attempt has `number`.
    pub(super) fn numbered(&self, number: u64) -> Result<Option<Subject>, Fault> {
        self.load(NUMBERS, &self.numbers, &number.to_be_bytes())
    }

    /// The numbers after `after`, in their order, at most `limit`, each with whose attempt it is.
    pub(super) fn numbers(&self, after: u64, limit: usize) -> Result<Vec<(u64, Subject)>, Fault> {
        let first = after.saturating_add(1).to_be_bytes();
        let mut numbers = Vec::new();
        for entry in self.numbers.reads().range(first.as_slice()..)? {
            let (key, bytes) = entry?;
            let number = key.value().try_into().map(u64::from_be_bytes).map_err(|_| Fault::Damaged(NUMBERS))?;
            // One that is damaged is found by whoever looks at every record, and holds up no other.
            let Ok(subject) = self.codec.open(NUMBERS, key.value(), bytes.value()) else { continue };
            numbers.push((number, subject));
            if numbers.len() == limit {
                break;
            }
        }
        Ok(numbers)
    }

    pub(super) fn holder(&self, identity: &Identity) -> Result<Option<Subject>, Fault> {
        self.load(IDENTITIES, &self.identities, identity.as_bytes())
    }

    /// What methods of `kind` keep of `subject`.
    pub(super) fn kept(&self, kind: Kind, subject: &Subject) -> Result<Kept, Fault> {
        let Some((name, table)) = self.of_kind(kind) else { return Ok(Kept::Nothing) };
        Ok(self.load(name, table, &subject_key(subject))?.unwrap_or_default())
    }

    /// The table of `kind` and its name, if such methods keep anything of a subject.
    pub(super) fn of_kind(&self, kind: Kind) -> Option<(&'static str, &T)> {
        let place = Kind::KEEPING.into_iter().position(|keeping| keeping == kind)?;
        Some((kind.as_str(), &self.kept[place]))
    }

    /// The subjects of `tenant` after `after`, in key order, at most `limit`.
    pub(super) fn subjects(
        &self,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<SubjectRecord>, Fault> {
        self.list(SUBJECTS, &self.subjects, tenant, after, limit)
    }

    /// What methods of `kind` keep of the subjects of `tenant`, likewise.
    pub(super) fn all_kept(
        &self,
        kind: Kind,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<Kept>, Fault> {
        let Some((name, table)) = self.of_kind(kind) else { return Ok(Vec::new()) };
        self.list(name, table, tenant, after, limit)
    }

    /// How many of the first `limit` records of what methods of `kind` keep are counted. One that is damaged is not.
    pub(super) fn count_kept(
        &self,
        kind: Kind,
        limit: usize,
        is_counted: impl Fn(&Kept) -> bool,
    ) -> Result<usize, Fault> {
        let Some((name, table)) = self.of_kind(kind) else { return Ok(0) };
        let mut count = 0;
        for entry in table.reads().iter()?.take(limit) {
            let (key, bytes) = entry?;
            let Ok(kept) = self.codec.open(name, key.value(), bytes.value()) else { continue };
            count += usize::from(is_counted(&kept));
        }
        Ok(count)
    }

    /// Every table with its name.
    pub(super) fn each_table(&self) -> impl Iterator<Item = (&'static str, &T)> {
        let tables = [
            (META, &self.meta),
            (SUBJECTS, &self.subjects),
            (CHECKS, &self.checks),
            (SPENT, &self.spent),
            (SESSIONS, &self.sessions),
            (CASES, &self.cases),
            (IDENTITIES, &self.identities),
            (STRANGERS, &self.strangers),
            (OBJECTS, &self.objects),
            (NUMBERS, &self.numbers),
            (SEEN, &self.seen),
            (OPERATORS, &self.operators),
            (OPERATOR_SESSIONS, &self.operator_sessions),
        ];
        tables.into_iter().chain(Kind::KEEPING.into_iter().map(Kind::as_str).zip(&self.kept))
    }

    /// Hands over every record of every table, in key order, each with its MAC looked at.
    pub(super) fn each_record(
        &self,
        mut visit: impl FnMut(&'static str, &[u8], &[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        for (name, table) in self.each_table() {
            for entry in table.reads().iter()? {
                let (key, bytes) = entry?;
                let name = if name == META { name_in_meta(key.value()) } else { name };
                self.codec.authenticate(name, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(name))?;
                visit(name, key.value(), bytes.value())?;
            }
        }
        Ok(())
    }

    pub(super) fn load<R: Record>(&self, name: &'static str, table: &T, key: &[u8]) -> Result<Option<R>, Fault> {
        load(&self.codec, name, table.reads(), key)
    }

    fn list<R: Record>(
        &self,
        name: &'static str,
        table: &T,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<R>, Fault> {
        let first = [tenant.as_str().as_bytes(), &[0]].concat();
        let end = [tenant.as_str().as_bytes(), &[1]].concat();
        let after = after.map_or(first, |subject| [subject_key(subject), vec![0]].concat());
        let mut listed = Vec::new();
        for entry in table.reads().range(after.as_slice()..end.as_slice())?.take(limit) {
            let (key, bytes) = entry?;
            let record = self.codec.open(name, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(name))?;
            listed.push((subject_of_key(key.value()).ok_or(Fault::Damaged(name))?, record));
        }
        Ok(listed)
    }
}

/// What the record under `key` of the table `meta` belongs to: the lines of the audit log stand before all else there.
fn name_in_meta(key: &[u8]) -> &'static str {
    if key < EDGE_KEY { AUDIT } else { META }
}

/// The record under `key` in the table `name`.
fn load<R: Record>(
    codec: &Codec,
    name: &'static str,
    table: &impl ReadableTable<Bytes, Bytes>,
    key: &[u8],
) -> Result<Option<R>, Fault> {
    match table.get(key)? {
        None => Ok(None),
        Some(bytes) => codec.open(name, key, bytes.value()).map(Some).map_err(|Damaged| Fault::Damaged(name)),
    }
}
