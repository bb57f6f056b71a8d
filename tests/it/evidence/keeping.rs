//! Taking in, looking at, deleting; and where it is done.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use idv::evidence::{EvidenceError, Keeper, LIMIT, Place, PlaceError, Space, Whose};
use idv::ops::random;
use idv::store::Store;
use tempfile::TempDir;

use crate::support::album::{Album, MARKER, SPACE, day, everything_below, photo};

#[test]
fn a_photo_opens_for_its_own_case_until_it_is_deleted() {
    let album = Album::new();
    let taken = album.take(1, day(0)).unwrap();
    assert!(album.opens(taken));
    let record = album.store.object(&taken.object).unwrap().unwrap();
    let whose = album.whose(1);
    for elsewhere in [Whose { number: 2, ..whose }, Whose { round: 2, ..whose }, Whose { slot: "selfie", ..whose }] {
        let opened = album.keeper.open(taken.object, &record, &elsewhere);
        assert!(matches!(opened, Err(EvidenceError::Damaged)), "{elsewhere:?}");
    }
    let album = album.reopened();
    assert!(album.opens(taken), "after a restart too");
    album.withdraw(1, day(0));
    let record = album.store.object(&taken.object).unwrap().unwrap();
    assert_eq!(record.deleted_at, Some(day(0)));
    assert!(matches!(album.keeper.open(taken.object, &record, &album.whose(1)), Err(EvidenceError::Deleted)));
}

#[test]
fn nothing_of_a_photo_is_on_disk_in_clear() {
    let album = Album::on_disk();
    for applicant in 0..20 {
        album.take(applicant, day(0)).unwrap();
    }
    for path in everything_below(&album.directory) {
        let bytes = fs::read(&path).unwrap();
        let has = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
        assert!(!has(MARKER), "{}", path.display());
        for kind in [0xe0, 0xe1, 0xdb, 0xee] {
            assert!(!has(&[0xff, 0xd8, 0xff, kind]), "{}", path.display());
        }
    }
    assert_eq!(album.files().len(), 20);
}

#[test]
fn files_are_their_owners_alone() {
    let album = Album::new();
    album.take(1, day(0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for directory in ["", "new", "objects", "objects/00", "objects/ff"] {
        assert_eq!(mode(&album.evidence().join(directory)), 0o700, "{directory}");
    }
    for file in everything_below(&album.evidence()) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_thousand_photos_in_and_out_leave_nothing() {
    const PHOTOS: usize = 1_000;
    let album = Album::new();
    for applicant in 0..PHOTOS {
        album.take(applicant, day(0)).unwrap();
    }
    let space = album.keeper.space().unwrap();
    assert_eq!((space.files, album.files().len()), (PHOTOS as u64, PHOTOS));
    for applicant in 0..PHOTOS {
        album.withdraw(applicant, day(0));
    }
    assert_eq!(album.sweep().unwrap().removed, PHOTOS as u64);
    let rotated = album.rotate(day(1)).unwrap();
    assert_eq!((rotated.shredded, rotated.left), (PHOTOS as u64, 0));
    let space = album.keeper.space().unwrap();
    assert_eq!((space.files, space.bytes, album.files().len()), (0, 0, 0));
    assert!(album.store.objects(None, 1).unwrap().is_empty());
    let figures = album.keeper.count().unwrap();
    assert_eq!((figures.living, figures.deleted, figures.oldest_deleted_at), (0, 0, None));
    assert!(figures.epochs <= 1, "{figures:?}");
}

/// What is left of each is what the log says of it, in pages that are half full, as those are which only grow at their end.
#[test]
fn a_store_is_as_large_after_a_thousand_cases_as_before_but_for_the_log() {
    const CASES: usize = 1_000;
    let album = Album::new();
    let come_and_go = || {
        for applicant in 0..CASES {
            album.take(applicant, day(0)).unwrap();
        }
        for applicant in 0..CASES {
            album.withdraw(applicant, day(0));
        }
        album.rotate(day(1)).unwrap();
        let lines = (0..album.store.audit_edge().unwrap().size()).step_by(CASES);
        let lines = lines.flat_map(|from| album.store.entries(from, CASES).unwrap());
        let mut records = album.store.stats().unwrap().records;
        records.retain(|(name, _)| *name != "audit");
        (album.pages(), lines.map(|(_, line)| line.len()).sum::<usize>(), records)
    };
    let (before, log_before, records_before) = come_and_go();
    let (after, log_after, records) = come_and_go();
    assert_eq!(records, records_before);
    assert!(
        after <= before + before / 20 + 9 * (log_after - log_before) / 4,
        "{before} {after} {log_before} {log_after}"
    );
}

#[test]
fn room_ends_exactly_where_another_photo_of_any_length_would_not_fit() {
    let album = Album::with_space(LIMIT as u64);
    let first = album.take(1, day(0)).unwrap();
    assert!(!album.keeper.has_room());
    assert!(matches!(album.take(2, day(0)), Err(EvidenceError::NoRoom)));
    album.keeper.limit_to(LIMIT as u64 + fs::metadata(&album.files()[0]).unwrap().len());
    assert!(album.keeper.has_room());
    album.take(2, day(0)).unwrap();
    album.keeper.limit_to(LIMIT as u64);
    assert!(!album.keeper.has_room());
    album.withdraw(1, day(0));
    album.withdraw(2, day(0));
    album.sweep().unwrap();
    assert!(album.keeper.has_room() && !album.opens(first));
}

#[test]
fn a_gibibyte_of_the_file_system_is_left_to_all_else() {
    let has_room = |free| Space { files: 0, bytes: 0, limit: u64::MAX, free }.has_room();
    assert_eq!([0, (1 << 30) - 1, 1 << 30, u64::MAX].map(has_room), [false, false, true, true]);
}

#[test]
fn a_photo_has_a_longest_length() {
    let album = Album::new();
    let put = |length: usize| album.keeper.put(&vec![7; length], &album.whose(1), day(0));
    assert!(matches!(put(LIMIT + 1), Err(EvidenceError::TooLong)));
    let stored = put(LIMIT).unwrap();
    assert_eq!(album.keeper.open(stored.object, &stored.record, &album.whose(1)).unwrap().len(), LIMIT);
}

#[test]
fn each_day_has_an_epoch_and_no_day_without_photos() {
    let album = Album::new();
    for (applicant, today) in [(1, 0), (2, 0), (3, 5)] {
        album.take(applicant, day(today)).unwrap();
    }
    assert_eq!(album.keeper.count().unwrap().epochs, 2);
}

#[test]
fn what_nobody_names_is_swept_and_what_is_being_taken_in_is_not() {
    let album = Album::new();
    let named = album.take(1, day(0)).unwrap();
    let stored = album.keeper.put(&photo(2), &album.whose(2), day(0)).unwrap();
    fs::write(album.evidence().join("new/half"), "").unwrap();
    assert_eq!(album.sweep().unwrap().removed, 0);
    assert_eq!(album.files().len(), 2, "but for what is no photo");
    drop(stored);
    assert_eq!(album.sweep().unwrap().removed, 1);
    assert!(album.opens(named));
}

#[test]
fn a_photo_that_is_missing_or_bent_is_told_and_the_others_are_whole() {
    let album = Album::new();
    let taken = [1, 2, 3].map(|applicant| album.take(applicant, day(0)).unwrap());
    let checked = album.keeper.check().unwrap();
    assert_eq!((checked.whole, checked.damaged, checked.deleted), (3, 0, 0));
    let file = |which: usize| {
        let name = taken[which].object.to_string();
        album.evidence().join("objects").join(&name[..2]).join(name)
    };
    fs::remove_file(file(0)).unwrap();
    let mut bent = fs::read(file(1)).unwrap();
    bent[40] ^= 1;
    fs::write(file(1), bent).unwrap();
    assert_eq!(taken.map(|taken| album.opens(taken)), [false, false, true]);
    assert_eq!(album.sweep().unwrap().missing, 1);
    let checked = album.keeper.check().unwrap();
    assert_eq!((checked.whole, checked.damaged, checked.deleted), (1, 2, 0));
}

/// A keeper at `directory` of a store at `store`.
fn begin(directory: &Path, store: &Path, may_be_in_memory: bool) -> Result<(), PlaceError> {
    let (opened, _) = Store::open(store, random::bytes()).unwrap();
    let place = Place { directory: directory.to_owned(), store: store.to_owned(), may_be_in_memory };
    Keeper::new(opened, place, SPACE).begin()
}

#[test]
fn a_directory_that_is_open_to_others_is_refused_with_what_to_do() {
    let directory = TempDir::new().unwrap();
    let (evidence, store) = (directory.path().join("evidence"), directory.path().join("idv.redb"));
    fs::create_dir(&evidence).unwrap();
    for (mode, is_fit) in [(0o710, false), (0o704, false), (0o700, true)] {
        fs::set_permissions(&evidence, Permissions::from_mode(mode)).unwrap();
        match begin(&evidence, &store, true) {
            Ok(()) => assert!(is_fit, "{mode:o}"),
            Err(error) => {
                assert!(matches!(error, PlaceError::Exposed(_)) && !is_fit, "{mode:o}: {error}");
                assert!(error.remedy().contains("chmod 700"), "{}", error.remedy());
            }
        }
    }
}

/// Where there is a file system in memory, and the others are on none.
#[test]
fn another_file_system_and_memory_are_refused() {
    let (Ok(memory), disk) = (TempDir::new_in("/dev/shm"), TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
    else {
        return;
    };
    let (in_memory, on_disk) = (memory.path().join("evidence"), disk.path().join("evidence"));
    let elsewhere = begin(&in_memory, &disk.path().join("idv.redb"), true).unwrap_err();
    assert!(matches!(elsewhere, PlaceError::Elsewhere { .. }), "{elsewhere}");
    let beside = on_disk.display().to_string();
    assert!(elsewhere.remedy().contains(&beside), "{}", elsewhere.remedy());
    let lost = begin(&in_memory, &memory.path().join("idv.redb"), false).unwrap_err();
    assert!(matches!(lost, PlaceError::InMemory(_)), "{lost}");
    begin(&in_memory, &memory.path().join("idv.redb"), true).unwrap();
    begin(&on_disk, &disk.path().join("idv.redb"), false).unwrap();
    // Where a link leads is where the store is.
    let linked = memory.path().join("linked");
    symlink(disk.path(), &linked).unwrap();
    begin(&on_disk, &linked.join("idv.redb"), false).unwrap();
    let elsewhere = begin(&in_memory, &linked.join("idv.redb"), true).unwrap_err();
    assert!(matches!(elsewhere, PlaceError::Elsewhere { .. }), "{elsewhere}");
}

#[test]
fn a_link_in_the_directory_is_not_followed() {
    let directory = TempDir::new().unwrap();
    let (evidence, elsewhere) = (directory.path().join("evidence"), directory.path().join("elsewhere"));
    for path in [&evidence, &elsewhere] {
        fs::create_dir(path).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
    }
    symlink(&elsewhere, evidence.join("objects")).unwrap();
    let error = begin(&evidence, &directory.path().join("idv.redb"), true).unwrap_err();
    assert!(matches!(error, PlaceError::Io { .. }), "{error}");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn nothing_is_made_where_nobody_wants_photos() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("idv.redb");
    let (store, _) = Store::open(&path, random::bytes()).unwrap();
    let place = Place { directory: directory.path().join("evidence"), store: path, may_be_in_memory: true };
    let keeper = Keeper::new(store, place, SPACE);
    assert!(!keeper.is_there() && keeper.off().is_some() && !keeper.has_room());
    assert!(!directory.path().join("evidence").exists());
    keeper.begin().unwrap();
    assert!(keeper.is_there() && keeper.off().is_none());
}

/// The count went below zero, which is more than any limit: no photo was taken in before a restart.
#[test]
fn a_file_that_nobody_counted_is_swept_and_leaves_room() {
    let album = Album::new();
    let foreign = album.evidence().join("objects/ab").join("ab".repeat(16));
    fs::write(&foreign, [7; 4096]).unwrap();
    assert_eq!(album.keeper.space().unwrap().files, 0);
    assert_eq!(album.sweep().unwrap().removed, 1);
    let space = album.keeper.space().unwrap();
    assert_eq!((space.files, space.bytes, album.keeper.has_room()), (0, 0, true));
    assert!(album.opens(album.take(1, day(0)).unwrap()));
}

/// It was counted where it lay already, and again by who had written it: room ended before it was used up.
#[test]
fn a_photo_that_is_taken_in_while_it_begins_once_more_is_counted_once() {
    let album = Album::new();
    let keeper = album.keeper.clone();
    album.faulty.before_a_name_is_durable(move || keeper.begin().unwrap());
    album.take(1, day(0)).unwrap();
    let [file] = &album.files()[..] else { panic!("one") };
    let space = album.keeper.space().unwrap();
    assert_eq!((space.files, space.bytes), (1, fs::metadata(file).unwrap().len()));
}

#[test]
fn what_is_there_is_counted_once_however_often_it_begins() {
    let album = Album::new();
    album.take(1, day(0)).unwrap();
    let before = album.keeper.space().unwrap();
    assert_eq!(before.files, 1);
    album.keeper.begin().unwrap();
    let album = album.reopened();
    let after = album.keeper.space().unwrap();
    assert_eq!((after.files, after.bytes), (before.files, before.bytes));
}
