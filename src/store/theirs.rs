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

#[cfg(test)]
mod tests {
    use redb::backends::InMemoryBackend;

    use super::super::codec::Codec;
    use super::super::noted::Note;
    use super::super::opened::{self, Opened, unasked};
    use super::super::tables::Writing;
    use super::*;
    use crate::verification::audit::entry::EventOutcome;
    use crate::verification::audit::pseudonym::PersonKey;
    use crate::verification::outcome::{Outcome, Status};
    use crate::verification::session::id::SessionId;
    use crate::verification::time::Timestamp;
    use crate::verification::token::TokenId;

    const AT: Timestamp = Timestamp::from_unix(1_784_000_000);

    fn keys() -> MasterKey {
        MasterKey::new([7; 32])
    }

    fn subject(who: &str) -> Subject {
        let tenant = "acme.eu.auth0.com".to_owned().try_into().unwrap();
        Subject { tenant, user_id: who.to_owned().try_into().unwrap() }
    }

    fn record(who: u8, key: Option<PersonKey>) -> SubjectRecord {
        SubjectRecord { idv_id: IdvId::from_random([who; 16]), created_at: AT, last_check: None, key }
    }

    fn key(who: u8) -> PersonKey {
        PersonKey::from_random([who; 16])
    }

    /// A store that knows `ada` and `bea`, each with a session that ended.
    fn store() -> Opened {
        let codec = Codec::of(&keys());
        let store = opened::open(InMemoryBackend::new(), &codec, 1 << 20, &std::sync::Arc::default()).unwrap();
        does(&store, |tables| {
            tables.save_subject(&subject("ada"), &record(1, Some(key(1))))?;
            tables.save_subject(&subject("bea"), &record(2, Some(key(2))))?;
            end(tables, 1)?;
            end(tables, 2)
        });
        store
    }

    /// A session of `who` ends, with a token of their own.
    fn end(tables: &mut Writing<'_>, who: u8) -> Result<(), Fault> {
        let outcome = Outcome {
            status: Status::Success,
            concluded_at: AT,
            idv_id: IdvId::from_random([who; 16]),
            last_check_at: None,
            verified: None,
            ticket: None,
        };
        let session = SessionId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let spent = SpentRecord { session, concluded: Some(outcome), is_passed_on: false };
        tables.save_spent(AT, TokenId([who; 16]), &spent)
    }

    fn enter(tables: &mut Writing<'_>, who: &str, key: PersonKey) -> Result<(), Fault> {
        let entry = Entry::new(AT, "check-concluded", EventOutcome::Success);
        tables.append(&Entry { user: Some(key.pseudonym(&subject(who))), ..entry })
    }

    fn does(store: &Opened, work: impl FnOnce(&mut Writing<'_>) -> Result<(), Fault> + Send + 'static) {
        drop(store.transact(vec![unasked(work)], &Note::default()).unwrap());
    }

    /// Whether what was found of `ada` is all after `work`, in its own transaction too.
    fn are_all_after(work: impl FnOnce(&mut Writing<'_>) -> Result<(), Fault> + Send + 'static) -> bool {
        let store = store();
        let theirs = store.hold().unwrap().theirs(&subject("ada"), &keys()).unwrap();
        assert_eq!((theirs.spent.len(), theirs.seen.len()), (1, 0));
        let (told, hears) = std::sync::mpsc::channel();
        does(&store, move |tables| {
            work(tables)?;
            told.send((tables.are_all(&theirs, &subject("ada"))?, theirs)).unwrap();
            Ok(())
        });
        let (are_all, theirs) = hears.recv().unwrap();
        assert_eq!(store.hold().unwrap().are_all(&theirs, &subject("ada")).unwrap(), are_all);
        are_all
    }

    #[test]
    fn what_was_found_of_somebody_is_all_unless_something_of_them_came_since() {
        assert!(are_all_after(|_| Ok(())));
        assert!(are_all_after(|tables| {
            end(tables, 2)?;
            enter(tables, "bea", key(2))
        }));
        assert!(!are_all_after(|tables| enter(tables, "ada", key(1))), "a session of theirs ended");
        assert!(!are_all_after(|tables| {
            enter(tables, "ada", key(1))?;
            enter(tables, "bea", key(2))
        }));
        assert!(!are_all_after(|tables| tables.save_subject(&subject("ada"), &record(3, Some(key(1))))));
        assert!(!are_all_after(|tables| tables.save_subject(&subject("ada"), &record(1, None))));
    }

    /// No entry says that it is of them.
    #[test]
    fn of_somebody_without_a_key_it_is_not_known_what_came_since() {
        let store = store();
        does(&store, |tables| tables.save_subject(&subject("ada"), &record(1, None)));
        let held = store.hold().unwrap();
        let theirs = held.theirs(&subject("ada"), &keys()).unwrap();
        assert!(!held.are_all(&theirs, &subject("ada")).unwrap());
        let nobody = held.theirs(&subject("eve"), &keys()).unwrap();
        assert!(nobody.spent.is_empty() && held.are_all(&nobody, &subject("eve")).unwrap());
    }
}
