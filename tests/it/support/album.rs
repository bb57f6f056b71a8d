//! Applicants who send photos: the real store, and the real keeper on files that fail as told.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use idv::evidence::{EvidenceError, Keeper, Place, Rotated, Swept, Whose, medium};
use idv::ops::random;
use idv::store::Store;
use idv::store::medium::Medium;
use idv::store::restore::restore;
use idv::verification::decision::{Answered, Step};
use idv::verification::erasure::Erasure;
use idv::verification::method::document::applicant::{Act, Applied, Told, Via};
use idv::verification::method::document::kind::{Cue, DocumentKind, Slot};
use idv::verification::method::document::picture::{Brought, Picture};
use idv::verification::method::document::policy::Policy;
use idv::verification::method::{Answer, Kind, Reply};
use idv::verification::object::{ObjectId, ObjectRecord};
use idv::verification::subject::IdvId;
use idv::verification::tenant::Tenant;
use idv::verification::time::Timestamp;
use redb::Builder;
use ring::digest::{SHA256, digest};
use tempfile::TempDir;

use super::acts::{act, wish};
use super::disk::Disk;
use super::faulty::Faulty;
use super::ledger::{self, Logins, subject_of};
use super::world::{BEGINNING, block_on, tenant};

/// What every photo of these tests has in it, and nothing else.
pub(crate) const MARKER: &[u8] = b"this is in a photo and nowhere else";
/// Room for all that a test takes in.
pub(crate) const SPACE: u64 = 1 << 40;

/// The store and its photos, as long as their process runs.
pub(crate) struct Album {
    /// Where all of it is, but for a store in memory.
    pub(crate) directory: PathBuf,
    kept: Option<Arc<TempDir>>,
    /// The store's bytes, where they are in memory.
    disk: Option<Disk>,
    pub(crate) store: Store,
    pub(crate) keeper: Arc<Keeper>,
    pub(crate) faulty: Faulty,
    logins: Logins,
    tenant: Tenant,
    rules: Arc<Policy>,
}

/// A photo that a case names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) applicant: usize,
    pub(crate) object: ObjectId,
}

impl Album {
    /// One in memory, as far as this machine has files there.
    pub(crate) fn new() -> Self {
        Self::with_space(SPACE)
    }

    /// One in memory, in which photos have so much room.
    pub(crate) fn with_space(space: u64) -> Self {
        let directory = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).map(Arc::new).unwrap();
        Self { kept: Some(directory.clone()), ..Self::in_memory(directory.path(), Disk::default(), space) }
    }

    /// One whose store is a file too.
    pub(crate) fn on_disk() -> Self {
        let directory = Arc::new(TempDir::new().unwrap());
        Self { kept: Some(directory.clone()), ..Self::open(directory.path()) }
    }

    /// That of a process which begins, whose store is `idv.redb` in `directory`.
    pub(crate) fn open(directory: &Path) -> Self {
        let path = directory.join("idv.redb");
        let (store, _) = Store::open(&path, random::bytes()).unwrap();
        Self::begun(directory, &path, store, None, SPACE)
    }

    fn in_memory(directory: &Path, disk: Disk, space: u64) -> Self {
        let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
        Self::begun(directory, directory, store, Some(disk), space)
    }

    fn begun(directory: &Path, beside: &Path, store: Store, disk: Option<Disk>, space: u64) -> Self {
        let place = Place { directory: directory.join("evidence"), store: beside.to_owned(), may_be_in_memory: true };
        let faulty = Faulty::new(medium::Disk::new(place));
        let keeper = Arc::new(Keeper::over(store.clone(), Arc::new(faulty.clone()), space));
        keeper.begin().unwrap();
        let (logins, tenant, rules) = (Logins::new(), tenant(), Arc::new(rules()));
        Self { directory: directory.to_owned(), kept: None, disk, store, keeper, faulty, logins, tenant, rules }
    }

    /// The process ends, as it stands, and another begins.
    pub(crate) fn reopened(self) -> Self {
        let (directory, kept) = (self.directory.clone(), self.kept.clone());
        let image = self.disk.as_ref().map(Disk::image);
        drop(self);
        let begun = match image {
            Some(image) => Self::in_memory(&directory, Disk::with(image), SPACE),
            None => Self::open(&directory),
        };
        Self { kept, ..begun }
    }

    /// The process ends, the backup at `copy` is put in the store's place, and another process begins.
    pub(crate) fn restored_from(self, copy: &Path, now: Timestamp) -> Self {
        let (directory, kept) = (self.directory.clone(), self.kept.clone());
        drop(self);
        restore(copy, &directory.join("idv.redb"), now).unwrap();
        Self { kept, ..Self::open(&directory) }
    }

    /// How many bytes the store's pages in use have, where it is in memory. Its file grows by steps, of which some are left.
    pub(crate) fn pages(&self) -> usize {
        let image = self.disk.as_ref().expect("it is in memory").image();
        let copy = Builder::new().create_with_backend(Disk::with(image).open().unwrap()).unwrap();
        let writing = copy.begin_write().unwrap();
        let stats = writing.stats().unwrap();
        usize::try_from(stats.allocated_pages()).unwrap() * stats.page_size()
    }

    pub(crate) fn evidence(&self) -> PathBuf {
        self.directory.join("evidence")
    }

    pub(crate) fn whose(&self, applicant: usize) -> Whose<'_> {
        Whose { tenant: &self.tenant.domain, number: applicant as u64, round: 1, slot: Slot::Front.as_str() }
    }

    /// Applicant `n` begins and sends a photo, which is named by their case from then on.
    pub(crate) fn take(&self, applicant: usize, now: Timestamp) -> Result<Taken, EvidenceError> {
        let stored = self.keeper.put(&photo(applicant), &self.whose(applicant), now)?;
        self.name(applicant, stored.object, stored.record, now);
        drop(stored.held);
        Ok(Taken { applicant, object: stored.object })
    }

    /// The case of `applicant` names `object` from now on.
    pub(crate) fn name(&self, applicant: usize, object: ObjectId, record: ObjectRecord, now: Timestamp) {
        let begin = Act::Begin {
            document: DocumentKind::Passport,
            notice: [0; 32],
            cue: Cue::from_random([0; 4]),
            draw: 0,
            is_anew: false,
        };
        assert_eq!(self.apply(applicant, begin, now), Told::Begun);
        let picture = Picture {
            object,
            round: 1,
            digest: digest(&SHA256, &photo(applicant)).as_ref().try_into().unwrap(),
            upload: [0; 32],
            difference_hash: 0,
            width: 1,
            height: 1,
            turns: 0,
        };
        let number = self.store.kept_of(Kind::Document, &subject_of(applicant)).unwrap().number().unwrap();
        let put = Act::Put { slot: Slot::Front, brought: Box::new(Brought { number, picture, record }) };
        assert_eq!(self.apply(applicant, put, now), Told::Shown(Slot::Front));
    }

    /// The applicant wants nothing of it kept.
    pub(crate) fn withdraw(&self, applicant: usize, now: Timestamp) {
        assert_eq!(self.apply(applicant, Act::Withdraw, now), Told::Withdrawn);
    }

    /// Has applicant `n` erased.
    pub(crate) fn erase(&self, applicant: usize, now: Timestamp) -> Erasure {
        block_on(self.store.erase(wish(subject_of(applicant), now))).unwrap().0
    }

    fn apply(&self, applicant: usize, act_: Act, now: Timestamp) -> Told {
        let session = self.logins.session(applicant, 0);
        let applied = Applied { act: act_, rules: self.rules.clone(), via: Via::Browser };
        let id = IdvId::from_random((applicant as u128).to_be_bytes());
        let act = act(&session, Step::Answer(Answer::Document(applied)), id, now);
        match block_on(self.store.act(act)).unwrap().0 {
            Answered::Told(Reply::Document(told)) => told,
            other => panic!("{other:?}"),
        }
    }

    /// Whether the photo opens, and is what was sent.
    pub(crate) fn opens(&self, taken: Taken) -> bool {
        let Some(record) = self.store.object(&taken.object).unwrap() else { return false };
        match self.keeper.open(taken.object, &record, &self.whose(taken.applicant)) {
            Ok(opened) => {
                assert_eq!(*opened, photo(taken.applicant));
                true
            }
            Err(_) => false,
        }
    }

    /// The photos that the case of `applicant` names.
    pub(crate) fn named(&self, applicant: usize) -> Vec<ObjectId> {
        self.store.kept_of(Kind::Document, &subject_of(applicant)).unwrap().objects().collect()
    }

    pub(crate) fn sweep(&self) -> Result<Swept, EvidenceError> {
        block_on(self.keeper.sweep())
    }

    pub(crate) fn rotate(&self, now: Timestamp) -> Result<Rotated, EvidenceError> {
        block_on(self.keeper.rotate(now))
    }

    /// All sealed photos, by their names.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = everything_below(&self.evidence().join("objects"));
        files.extend(everything_below(&self.evidence().join("new")));
        files.sort();
        files
    }
}

/// What applicant `n` sends.
pub(crate) fn photo(applicant: usize) -> Vec<u8> {
    [b"\xff\xd8\xff\xe0".as_slice(), MARKER, &applicant.to_le_bytes(), &[7; 200]].concat()
}

/// Day `day` of these tests.
pub(crate) const fn day(day: u64) -> Timestamp {
    Timestamp::from_unix(BEGINNING + day * 24 * 60 * 60)
}

/// Every file below `directory`.
pub(crate) fn everything_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(everything_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// The rules of a tenant that asks for all.
pub(crate) fn rules() -> Policy {
    let day = Duration::from_hours(24);
    Policy {
        framework: "https://acme.test/policy".into(),
        answer_within: day,
        deliver_within: day,
        keep_approved: day,
        keep_rejected: day,
        ..Policy::default()
    }
}
