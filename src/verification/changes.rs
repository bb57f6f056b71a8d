//! What a decision changes of what is kept.

use super::audit::pseudonym::PersonKey;
use super::case::Case;
use super::check::{CheckRecord, SubjectRecord};
use super::decision::Known;
use super::identity::Identity;
use super::method::{Glimpse, Kept, Progress, Slot};
use super::object::{ObjectId, ObjectRecord};
use super::operator::{OperatorName, OperatorRecord};
use super::spent::SpentRecord;
use super::subject::Subject;

/// What becomes of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Nothing.
    #[default]
    None,
    /// This is kept in its place.
    Keep(T),
    /// It is forgotten.
    Forget,
}

/// What is to be kept from now on. Where a check is added, its number is for whoever keeps it to give, and the subject's
/// record is kept as [checked](SubjectRecord::checked) by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What has become of the session's request token.
    pub spent: Option<SpentRecord>,
    /// The subject. It is there where a check is.
    pub subject: Option<SubjectRecord>,
    /// The key of the subject, where something is kept of them before idv has met them.
    pub stranger: Option<PersonKey>,
    /// A check that is added.
    pub check: Option<CheckRecord>,
    /// What the method keeps of the subject.
    pub kept: Option<Kept>,
    /// What the session remembers between its pages.
    pub progress: Change<Progress>,
    /// The subject's case.
    pub case: Change<Case>,
    /// What has become of the other session's request token.
    pub other: Option<SpentRecord>,
    /// Whose identities are. None is taken from another subject.
    pub holders: Vec<(Identity, Change<Subject>)>,
    /// What opens sealed pictures that are new, and which nothing names any more.
    pub objects: Vec<(ObjectId, Change<ObjectRecord>)>,
    /// By which number operators find the subject, and by which no more.
    pub numbers: Vec<(u64, Change<()>)>,
    /// By what pictures that are sent are found again, and of an attempt that came to no check none is any more.
    pub seen: Vec<(u64, Slot, Change<Glimpse>)>,
    /// The operator whose verdict on a decoy is counted.
    pub operator: Option<(OperatorName, OperatorRecord)>,
}

impl Changes {
    /// Whether nothing changes.
    #[must_use]
    pub fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// Gives the subject a key, where they have none and anything is kept of them: theirs from before, or else `new_key`.
    pub(super) fn tie(&mut self, known: &Known, new_key: PersonKey) {
        if self.are_none() {
            return;
        }
        let key = known.stranger.unwrap_or(new_key);
        if let Some(record) = &mut self.subject {
            record.key.get_or_insert(key);
        } else if let Some(record) = known.subject.as_ref().filter(|record| record.key.is_none()) {
            self.subject = Some(SubjectRecord { key: Some(key), ..record.clone() });
        } else if known.key().is_none() && self.kept.is_some() {
            self.stranger = Some(key);
        }
    }

    /// What ties the entries of the audit log to the subject, where `known` was known before.
    #[must_use]
    pub fn key(&self, known: &Known) -> Option<PersonKey> {
        self.subject.as_ref().and_then(|record| record.key).or(self.stranger).or(known.key())
    }

    /// Has the method keep `kept` of `subject`, and whose identities are follows, which pictures live, of which those `brought`
    /// are new, and by which number the subject is found. Where several may have an identity, it stays that of the first.
    pub(super) fn keep(
        &mut self,
        subject: &Subject,
        known: &Known,
        kept: Kept,
        brought: impl IntoIterator<Item = (ObjectId, ObjectRecord)>,
    ) {
        let released = known.kept.identities().filter(|identity| kept.identities().all(|other| other != *identity));
        for identity in released.filter(|identity| known.holders.get(identity) == Some(subject)) {
            self.holders.push((identity, Change::Forget));
        }
        for identity in kept.identities().filter(|identity| !known.holders.contains_key(identity)) {
            self.holders.push((identity, Change::Keep(subject.clone())));
        }
        let unnamed = known.kept.objects().filter(|object| kept.objects().all(|other| other != *object));
        self.objects.extend(unnamed.map(|object| (object, Change::Forget)));
        let named = brought.into_iter().filter(|(brought, _)| kept.objects().any(|object| object == *brought));
        self.objects.extend(named.map(|(object, record)| (object, Change::Keep(record))));
        let forgotten = known.kept.forgets_at(&kept).into_iter();
        self.seen.extend(forgotten.flat_map(|number| Slot::ALL.map(|slot| (number, slot, Change::Forget))));
        if known.kept.number() != kept.number() {
            self.numbers.extend(known.kept.number().map(|number| (number, Change::Forget)));
            self.numbers.extend(kept.number().map(|number| (number, Change::Keep(()))));
        }
        let before: Vec<_> = known.kept.glimpses().collect();
        let sent = kept.glimpses().filter(|sent| !before.contains(sent));
        self.seen.extend(sent.map(|sent| (sent.number, sent.slot, Change::Keep(sent))));
        self.kept = Some(kept).filter(|kept| *kept != known.kept);
    }
}
