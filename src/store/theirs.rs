//! Where something of somebody stands in tables whose keys do not say whose it is. They are looked through before the
//! transaction that erases them, which holds up everybody: it only sees whether anything came since.

use redb::ReadableTable;

use super::codec::Damaged;
use super::master_key::MasterKey;
use super::tables::{Fault, Reads, SPENT, Tables};
use crate::verification::audit::entry::Entry;
use crate::verification::check::SubjectRecord;
use crate::verification::method::{Kept, Kind};
use crate::verification::spent::SpentRecord;
use crate::verification::subject::{IdvId, Subject};

/// The keys, and what was known of them by then.
pub(super) struct Theirs {
    /// Of request tokens whose sessions ended.
    pub(super) spent: Vec<Vec<u8>>,
    /// Of pictures that they sent.
    pub(super) seen: Vec<Vec<u8>>,
    record: Option<SubjectRecord>,
    kept: Vec<Kept>,
    entries: u64,
}

impl<T: Reads> Tables<T> {
    /// Whatever is of `subject`. Whole tables are looked through.
    pub(super) fn theirs(&self, subject: &Subject, keys: &MasterKey) -> Result<Theirs, Fault> {
        let record = self.subject(subject)?;
        Ok(Theirs {
            spent: record.as_ref().map_or_else(|| Ok(vec![]), |record| self.ended(record.idv_id))?,
            seen: self.seen_of(subject, keys)?,
            kept: self.all_kept_of(subject)?,
            entries: self.edge.size(),
            record,
        })
    }

    /// Whether `theirs` is all that there is of `subject`: nothing was recorded of them since, as is whatever is decided of
    /// anybody, and nothing else was kept.
    pub(super) fn are_all(&self, theirs: &Theirs, subject: &Subject) -> Result<bool, Fault> {
        let record = self.subject(subject)?;
        if record != theirs.record || self.all_kept_of(subject)? != theirs.kept {
            return Ok(false);
        }
        let Some(record) = record else { return Ok(true) };
        // By a version before, somebody was met without a key: then no entry says that it is of them.
        let Some(pseudonym) = record.key.map(|key| key.pseudonym(subject)) else { return Ok(false) };
        let since = self.lines(theirs.entries, usize::MAX)?;
        let mut whose = since.iter().filter_map(|(_, line)| Entry::parse(line)?.user);
        Ok(!whose.any(|user| user == pseudonym))
    }

    /// The keys of the request tokens with which sessions of `idv_id` ended.
    fn ended(&self, idv_id: IdvId) -> Result<Vec<Vec<u8>>, Fault> {
        let mut ended = Vec::new();
        for entry in self.spent.reads().iter()? {
            let (key, bytes) = entry?;
            let spent: SpentRecord =
                self.codec.open(SPENT, key.value(), bytes.value()).map_err(|Damaged| Fault::Damaged(SPENT))?;
            if spent.concluded.is_some_and(|outcome| outcome.idv_id == idv_id) {
                ended.push(key.value().to_owned());
            }
        }
        Ok(ended)
    }

    fn all_kept_of(&self, subject: &Subject) -> Result<Vec<Kept>, Fault> {
        Kind::KEEPING.into_iter().map(|kind| self.kept(kind, subject)).collect()
    }
}
