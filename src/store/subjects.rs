//! What is known of subjects: idv's own id, the last check and all before it, what methods keep, and what is undecided.

use super::tables::{CHECKS, Fault, Listed, Tables};
use super::{Store, StoreError};
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::case::Case;
use crate::verification::check::{CheckRecord, SubjectRecord};
use crate::verification::identity::Identity;
use crate::verification::method::{Kept, Kind};
use crate::verification::object::{ObjectId, ObjectRecord};
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;

impl Store {
    /// What is known of `subject`, if anything is.
    pub fn subject(&self, subject: &Subject) -> Result<Option<SubjectRecord>, StoreError> {
        self.ask_examined(|snapshot| snapshot.subject(subject))
    }

    /// The checks of the subject that `record` is of, newest first, at most `limit`.
    pub fn checks(&self, record: &SubjectRecord, limit: usize) -> Result<Vec<CheckRecord>, StoreError> {
        self.ask_examined(|snapshot| {
            let mut checks = Vec::new();
            let mut next = record.last_check.map(|check| check.number);
            while let Some(number) = next.filter(|_| checks.len() < limit) {
                let check = snapshot.check(number)?.ok_or(Fault::Damaged(CHECKS))?;
                // A chain only ever leads back in time; one that does not would never end.
                next = check.previous.filter(|previous| *previous < number);
                checks.push(check);
            }
            Ok(checks)
        })
    }

    /// The last checks of all, the newest first, at most `limit`.
    pub fn last_checks(&self, limit: usize) -> Result<Vec<CheckRecord>, StoreError> {
        self.ask_examined(|snapshot| snapshot.last_checks(limit))
    }

    /// The subjects of `tenant` after `after`, in the order of their user ids, at most `limit`.
    pub fn subjects(
        &self,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<SubjectRecord>, StoreError> {
        self.ask_examined(|snapshot| snapshot.subjects(tenant, after, limit))
    }

    /// What methods of `kind` keep of the subjects of `tenant`, likewise.
    pub fn kept(
        &self,
        kind: Kind,
        tenant: &Host,
        after: Option<&Subject>,
        limit: usize,
    ) -> Result<Listed<Kept>, StoreError> {
        self.ask_examined(|snapshot| snapshot.all_kept(kind, tenant, after, limit))
    }

    /// Of how many subjects methods of `kind` keep something that `is_counted`, among the first `limit` of all tenants.
    pub fn count_kept(
        &self,
        kind: Kind,
        limit: usize,
        is_counted: impl Fn(&Kept) -> bool,
    ) -> Result<usize, StoreError> {
        self.ask(|snapshot| snapshot.count_kept(kind, limit, is_counted))
    }

    /// The number that the next attempt has.
    pub fn next_number(&self) -> Result<u64, StoreError> {
        self.ask_examined(Tables::next_number)
    }

    /// Whose attempt has `number`.
    pub fn numbered(&self, number: u64) -> Result<Option<Subject>, StoreError> {
        self.ask_examined(|snapshot| snapshot.numbered(number))
    }

    /// The numbers of attempts after `after`, in their order, at most `limit`, each with whose it is.
    pub fn numbers(&self, after: u64, limit: usize) -> Result<Vec<(u64, Subject)>, StoreError> {
        self.ask_examined(|snapshot| snapshot.numbers(after, limit))
    }

    /// What opens the picture `object`, be it deleted or not.
    pub fn object(&self, object: &ObjectId) -> Result<Option<ObjectRecord>, StoreError> {
        self.ask_examined(|snapshot| snapshot.object(object))
    }

    /// Whose `identity` is, if it is anybody's.
    pub fn holder(&self, identity: &Identity) -> Result<Option<Subject>, StoreError> {
        self.ask_examined(|snapshot| snapshot.holder(identity))
    }

    /// What methods of `kind` keep of `subject`.
    pub fn kept_of(&self, kind: Kind, subject: &Subject) -> Result<Kept, StoreError> {
        self.ask_examined(|snapshot| snapshot.kept(kind, subject))
    }

    /// What ties entries of the audit log to `subject`, if anything does.
    pub fn person_key(&self, subject: &Subject) -> Result<Option<PersonKey>, StoreError> {
        self.ask_examined(|snapshot| match snapshot.subject(subject)? {
            Some(record) => Ok(record.key),
            None => snapshot.stranger(subject),
        })
    }

    /// When `subject` was last erased, if they ever were.
    pub fn erased_at(&self, subject: &Subject) -> Result<Option<Timestamp>, StoreError> {
        self.ask_examined(|snapshot| snapshot.erased_at(subject))
    }

    /// The case of `subject`, if there is one.
    pub fn case(&self, subject: &Subject) -> Result<Option<Case>, StoreError> {
        self.ask_examined(|snapshot| snapshot.case(subject))
    }

    /// No instant of which a record says that it was is later: of the last check, in this machine's own time, and of the
    /// newest request token that is spent, in a tenant's. None where there is neither.
    pub fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        self.ask(|snapshot| Ok(snapshot.newest_check()?.max(snapshot.newest_spent()?)))
    }
}
