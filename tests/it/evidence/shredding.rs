//! What was shredded opens by nothing that is left, and what stays does.

use std::fs;
use std::time::Duration;

use idv::evidence::{CROWDED, EvidenceError};
use idv::monitoring::Readiness;
use idv::monitoring::readiness::State;
use idv::ops::clock::Clock;
use idv::store::backup::take_key;
use idv::verification::audit::entry::Entry;
use idv::verification::object::{ObjectId, ObjectRecord};
use idv::verification::time::Timestamp;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::support::album::{Album, Taken, day, everything_below, photo};
use crate::support::world::block_on;

/// What somebody may have copied while it was there: a file, and the record that opens it.
pub(crate) struct Copied {
    object: ObjectId,
    record: ObjectRecord,
    file: Vec<u8>,
}

impl Copied {
    pub(crate) fn of(album: &Album, taken: Taken) -> Self {
        let name = taken.object.to_string();
        let file = fs::read(album.evidence().join("objects").join(&name[..2]).join(name)).unwrap();
        Self { object: taken.object, record: album.store.object(&taken.object).unwrap().unwrap(), file }
    }

    /// The photo's key, if `key` is its epoch's.
    fn key(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut owner = self.record.epoch.to_le_bytes().to_vec();
        owner.extend_from_slice(self.object.as_bytes());
        let sealed = [self.record.key.sealed.as_slice(), &self.record.key.tag].concat();
        open(key, self.record.key.nonce, &owner, sealed)
    }

    /// Whether `key` is the photo's own.
    fn is_opened_by(&self, key: &[u8]) -> bool {
        let (head, sealed) = self.file.split_at(5);
        open(key, [0; 12], &[head, self.object.as_bytes()].concat(), sealed.to_vec()).is_some()
    }

    /// Whether any 32 bytes of `bytes` open it, as a photo's key or as an epoch's.
    pub(crate) fn is_opened_by_any_of(&self, bytes: &[u8]) -> bool {
        bytes.windows(32).any(|key| self.is_opened_by(key) || self.key(key).is_some_and(|key| self.is_opened_by(&key)))
    }
}

fn open(key: &[u8], nonce: [u8; 12], owner: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.open_in_place(nonce, Aad::from(owner), &mut sealed).ok().map(|plain| plain.to_vec())
}

/// The two slots of the file of keys, opened by whoever has the store's own key.
fn slots(album: &Album) -> Vec<u8> {
    let bytes = fs::read(album.evidence().join("keys")).unwrap();
    let key = ring::hmac::sign(&album.store.key("evidence"), b"keys of epochs");
    let opened = bytes.chunks(16 * 1024).map(|slot| {
        let nonce = slot[13..25].try_into().unwrap();
        open(key.as_ref(), nonce, &slot[..13], slot[25..25 + 6 + 400 * 40 + 16].to_vec()).expect("it is a slot")
    });
    opened.collect::<Vec<_>>().concat()
}

#[test]
fn no_window_of_32_bytes_of_whatever_is_left_opens_what_was_shredded() {
    let album = Album::on_disk();
    let [stays, goes, other] =
        [(1, 0), (2, 0), (3, 1)].map(|(applicant, today)| album.take(applicant, day(today)).unwrap());
    let copied = [stays, goes, other].map(|taken| Copied::of(&album, taken));
    let opened = |slots: &[u8]| copied.each_ref().map(|copied| copied.is_opened_by_any_of(slots));
    assert_eq!(opened(&slots(&album)), [true; 3], "whoever has all keys opens what they copied: this test can fail");
    album.withdraw(2, day(0));
    album.sweep().unwrap();
    assert_eq!(opened(&slots(&album)), [true; 3], "it is deleted, and not shredded");
    assert_eq!(album.rotate(day(2)).unwrap().shredded, 1);
    assert_eq!(opened(&slots(&album)), [false, false, true], "the copied records of the epoch are noise");
    assert!(album.opens(stays) && album.opens(other));
    assert!(Copied::of(&album, stays).is_opened_by_any_of(&slots(&album)), "it is sealed under another now");
    for path in everything_below(&album.directory) {
        let bytes = fs::read(&path).unwrap();
        // What the engine never wrote is zeros.
        let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| (last + 32).min(bytes.len()));
        assert!(!copied[1].is_opened_by_any_of(&bytes[..end]), "{}", path.display());
    }
}

#[test]
fn a_rotation_touches_the_epochs_alone_that_lost_a_photo() {
    let album = Album::new();
    for (applicant, today) in [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)] {
        album.take(applicant, day(today)).unwrap();
    }
    let epoch_of = |applicant| album.store.object(&album.named(applicant)[0]).unwrap().unwrap().epoch;
    let before = [1, 3, 4, 5].map(epoch_of);
    album.withdraw(2, day(0));
    assert_eq!(album.rotate(day(2)).unwrap().shredded, 1);
    let after = [1, 3, 4, 5].map(epoch_of);
    assert_ne!(after[0], before[0]);
    assert_eq!(after[1..], before[1..]);
    assert_eq!(album.keeper.check().unwrap().whole, 4);
    assert_eq!(album.rotate(day(2)).unwrap().shredded, 0, "and nothing is to be done twice");
    assert_eq!([1, 3, 4, 5].map(epoch_of), after);
}

/// More than one commit takes.
#[test]
fn many_photos_are_sealed_anew_by_several_commits() {
    let album = Album::new();
    for applicant in 0..1_200 {
        album.take(applicant, day(0)).unwrap();
    }
    // Their names are random: some come after the first thousand.
    for applicant in 0..50 {
        album.withdraw(applicant, day(0));
    }
    let commits = || album.store.stats().unwrap().commit;
    let before = commits();
    assert_eq!(album.rotate(day(0)).unwrap().shredded, 50);
    assert!(commits() - before >= 3, "{}", commits() - before);
    let checked = album.keeper.check().unwrap();
    assert_eq!((checked.whole, checked.damaged), (1_150, 0));
}

#[test]
fn whoever_waits_for_a_rotation_to_be_wanted_hears_of_it_once_though_it_was_before() {
    let album = Album::new();
    let is_wanted = || block_on(async { timeout(Duration::from_millis(50), album.keeper.hastened()).await.is_ok() });
    assert!(!is_wanted());
    album.keeper.hasten();
    album.keeper.hasten();
    assert!(is_wanted() && !is_wanted());
}

/// There is room for four hundred epochs.
#[test]
fn photos_may_be_kept_for_longer_than_there_are_epochs_and_are_shredded_all_the_same() {
    let album = Album::new();
    let first = album.take(0, day(0)).unwrap();
    for today in 1..410 {
        album.take(today, day(today as u64)).unwrap();
        assert_eq!(album.rotate(day(today as u64)).unwrap().left, 0, "{today}");
    }
    assert!(album.opens(first));
    let copied = [first, Taken { applicant: 409, object: album.named(409)[0] }].map(|taken| Copied::of(&album, taken));
    // Whoever begins anew leaves what was there.
    for applicant in [0, 409] {
        album.take(applicant, day(411)).unwrap();
    }
    let rotated = album.rotate(day(411)).unwrap();
    assert_eq!((rotated.shredded, rotated.left), (2, 0));
    let slots = slots(&album);
    assert!(copied.iter().all(|copied| !copied.is_opened_by_any_of(&slots)));
    assert_eq!(album.keeper.check().unwrap().whole, 410);
}

/// How the service that `album` is of stands with photos, `now`.
fn standing(album: &Album, now: Timestamp) -> State {
    let readiness = Readiness::new(album.store.clone(), Clock::new(move || now));
    readiness.watch(album.keeper.clone());
    readiness.checks().0.into_iter().find(|check| check.name == "evidence").unwrap().state
}

/// How `state` warns.
fn warned(state: &State) -> &str {
    if let State::Warning(why) = state { why } else { panic!("{state:?}") }
}

#[test]
fn e5_what_is_not_shredded_within_two_days_is_warned_of() {
    let album = Album::new();
    album.take(1, day(0)).unwrap();
    album.withdraw(1, day(0));
    album.keeper.count().unwrap();
    let second = Duration::from_secs(1);
    assert_eq!(standing(&album, day(2)), State::Ok);
    assert!(warned(&standing(&album, day(2).later(second))).contains("deleted 48 hours ago"));
    album.rotate(day(2)).unwrap();
    assert_eq!(standing(&album, day(2).later(second)), State::Ok);
}

#[test]
fn e5_where_no_key_goes_for_weeks_it_is_warned_of_before_there_is_room_for_none() {
    assert!(include_str!("../../../src/monitoring/alerts.yml").contains(&format!("idv_evidence_epochs > {CROWDED}\n")));
    let album = Album::new();
    for today in 0..CROWDED {
        album.take(today, day(today as u64)).unwrap();
    }
    let now = day(CROWDED as u64);
    assert_eq!(standing(&album, now), State::Ok);
    album.take(CROWDED, now).unwrap();
    assert!(warned(&standing(&album, now)).contains("386 keys of photos"));
    assert_eq!(album.rotate(now).unwrap().left, 0);
    assert_eq!(standing(&album, now), State::Ok, "one night that works is enough");
    assert_eq!(album.keeper.count().unwrap().epochs, 370, "what older ones had is sealed under a later one");
}

#[test]
fn an_epoch_with_a_photo_that_is_just_being_taken_in_waits() {
    let album = Album::new();
    album.take(1, day(0)).unwrap();
    let stored = album.keeper.put(&photo(2), &album.whose(2), day(0)).unwrap();
    album.withdraw(1, day(0));
    let rotated = album.rotate(day(0)).unwrap();
    assert_eq!((rotated.shredded, rotated.left), (0, 1));
    album.name(2, stored.object, stored.record, day(0));
    drop(stored.held);
    let rotated = album.rotate(day(0)).unwrap();
    assert_eq!((rotated.shredded, rotated.left), (1, 0));
    assert!(album.opens(Taken { applicant: 2, object: stored.object }));
}

#[test]
fn shredding_is_an_entry_of_the_audit_log_without_anybodys_name() {
    let album = Album::new();
    for applicant in [1, 2, 3] {
        album.take(applicant, day(0)).unwrap();
        album.withdraw(applicant, day(0));
    }
    album.rotate(day(1)).unwrap();
    let entries = album.store.entries(0, 100).unwrap();
    let entries: Vec<_> = entries.iter().map(|(_, line)| Entry::parse(line).unwrap()).collect();
    let shredded: Vec<_> = entries.iter().filter(|entry| entry.action == "evidence-shredded").collect();
    assert_eq!(shredded.len(), 1);
    assert_eq!((shredded[0].pictures, shredded[0].at, &shredded[0].user), (Some(3), day(1), &None));
}

/// Names of photos are random: some come after what all other keys come before.
#[test]
fn a_restored_store_names_no_photo_and_what_was_there_is_swept_and_shredded() {
    let album = Album::on_disk();
    let last = ObjectId::from_random([0xff; 16]);
    let stored = album.keeper.put(&photo(1), &album.whose(1), day(0)).unwrap();
    let copied = Copied { object: stored.object, record: stored.record, file: vec![] };
    album.name(1, last, stored.record, day(0));
    drop(stored.held);
    album.take(2, day(0)).unwrap();
    let (backup, store) = (TempDir::new().unwrap(), album.directory.join("idv.redb"));
    let copy = backup.path().join("idv.redb");
    album.store.copy_to(&copy).unwrap();
    take_key(&store, &copy).unwrap();
    let album = album.restored_from(&copy, day(1));
    assert!(album.store.objects(None, 10).unwrap().is_empty());
    assert!(album.named(1).is_empty());
    assert_eq!((album.files().len(), album.sweep().unwrap().removed, album.files().len()), (2, 2, 0));
    let opens = |slots: &[u8]| slots.windows(32).any(|key| copied.key(key).is_some());
    assert!(opens(&slots(&album)));
    album.rotate(day(1)).unwrap();
    assert!(!opens(&slots(&album)), "what was put aside of the old store opens nothing");
}

/// Whoever has yesterday's backup, what is left today, and the file itself.
#[test]
fn a_photo_that_was_shredded_since_a_backup_opens_by_nothing_of_the_backup_nor_of_today() {
    let album = Album::on_disk();
    let [goes, stays] = [1, 2].map(|applicant| album.take(applicant, day(0)).unwrap());
    let copied = [goes, stays].map(|taken| Copied::of(&album, taken));
    let (backup, store) = (TempDir::new().unwrap(), album.directory.join("idv.redb"));
    let copy = backup.path().join("idv.redb");
    album.store.copy_to(&copy).unwrap();
    take_key(&store, &copy).unwrap();
    let opened = |bytes: &[u8]| copied.each_ref().map(|copied| copied.is_opened_by_any_of(bytes));
    assert_eq!(opened(&slots(&album)), [true; 2], "as long as its key is there: this test can fail");
    album.withdraw(1, day(0));
    assert_eq!(album.rotate(day(1)).unwrap().shredded, 1);
    let album = album.restored_from(&copy, day(1));
    assert_eq!(album.named(1), []);
    assert_eq!(opened(&slots(&album)), [false; 2], "nor has any that went on since what the backup says of it");
    for path in everything_below(backup.path()).into_iter().chain(everything_below(&album.directory)) {
        let bytes = fs::read(&path).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| (last + 32).min(bytes.len()));
        assert!(!copied[0].is_opened_by_any_of(&bytes[..end]), "{}", path.display());
    }
    assert_eq!((album.sweep().unwrap().removed, album.files().len()), (1, 0));
}

#[test]
fn what_was_deleted_is_not_shown_while_it_waits_to_be_shredded() {
    let album = Album::new();
    let taken = album.take(1, day(0)).unwrap();
    album.withdraw(1, day(0));
    let record = album.store.object(&taken.object).unwrap().unwrap();
    assert!(matches!(album.keeper.open(taken.object, &record, &album.whose(1)), Err(EvidenceError::Deleted)));
    let figures = album.keeper.count().unwrap();
    assert_eq!((figures.living, figures.deleted, figures.oldest_deleted_at), (0, 1, Some(day(0))));
}
