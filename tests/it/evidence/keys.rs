//! The file of the epochs' keys, damaged.

use std::fs;

use idv::evidence::{EvidenceError, Off};

use crate::oidc::scene::{lines, logged};
use crate::support::album::{Album, Taken, day};

const SLOT: usize = 16 * 1024;
const HALF: &str = "one half of the keys of evidence was damaged, and was written anew";

/// An album of two epochs, and its photos.
fn filled() -> (Album, [Taken; 2]) {
    let album = Album::new();
    let taken = [(1, 0), (2, 1)].map(|(applicant, today)| album.take(applicant, day(today)).unwrap());
    (album, taken)
}

fn damage(album: &Album, places: &[usize]) {
    let path = album.evidence().join("keys");
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 2 * SLOT);
    for place in places {
        bytes[*place] ^= 1;
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn one_slot_is_enough_and_the_other_is_written_anew() {
    for slot in [0, 1] {
        for place in [0, 5, 13, 100, SLOT - 400] {
            let (album, taken) = filled();
            damage(&album, &[slot * SLOT + place]);
            let (album, log) = logged(|| album.reopened());
            let [line] = &lines(&log).collect::<Vec<_>>()[..] else { panic!("one line: {log}") };
            assert_eq!((&line["level"], &line["message"]), (&"WARN".into(), &HALF.into()));
            assert!(album.keeper.off().is_none());
            assert!(taken.iter().all(|taken| album.opens(*taken)), "slot {slot}, byte {place}");
            damage(&album, &[(1 - slot) * SLOT + place]);
            let album = album.reopened();
            assert!(taken.iter().all(|taken| album.opens(*taken)), "the other was mended");
        }
    }
}

/// A machine that fails between the two slots leaves the older one as it was.
#[test]
fn of_two_slots_that_differ_the_later_one_counts_and_the_other_is_written_anew() {
    for later in [0, 1] {
        let album = Album::new();
        album.take(1, day(0)).unwrap();
        let path = album.evidence().join("keys");
        let mut bytes = fs::read(&path).unwrap();
        let taken = album.take(2, day(1)).unwrap();
        let slot = later * SLOT..(later + 1) * SLOT;
        bytes[slot.clone()].copy_from_slice(&fs::read(&path).unwrap()[slot]);
        fs::write(&path, bytes).unwrap();
        let album = album.reopened();
        assert!(album.opens(taken), "slot {later} is the later one");
        damage(&album, &[later * SLOT + 100]);
        assert!(album.reopened().opens(taken), "slot {later} was all that had it");
    }
}

#[test]
fn both_slots_are_there_before_the_first_photo() {
    let album = Album::new();
    damage(&album, &[100]);
    let (album, log) = logged(|| album.reopened());
    assert!(album.keeper.off().is_none() && log.contains(HALF), "{log}");
}

#[test]
fn without_any_keys_evidence_is_off_and_all_else_goes_on() {
    let (album, taken) = filled();
    damage(&album, &[100, SLOT + 100]);
    let (album, log) = logged(|| album.reopened());
    let [line] = &lines(&log).collect::<Vec<_>>()[..] else { panic!("one line: {log}") };
    assert_eq!((&line["level"], &line["message"]), (&"ERROR".into(), &"no photos are taken in".into()));
    assert_eq!(album.keeper.off(), Some(Off::Damaged));
    assert!(!album.keeper.has_room());
    assert!(matches!(album.take(3, day(2)), Err(EvidenceError::Off(Off::Damaged))));
    assert!(
        matches!(album.sweep(), Err(EvidenceError::Off(_)))
            && matches!(album.rotate(day(2)), Err(EvidenceError::Off(_)))
    );
    assert!(!album.opens(taken[0]));
    assert_eq!(album.files().len(), 2, "nothing was taken for nobody's");
    album.withdraw(1, day(0));
    // As the remedy says.
    fs::remove_file(album.evidence().join("keys")).unwrap();
    let album = album.reopened();
    assert_eq!(album.keeper.off(), None);
    assert!(!album.opens(taken[1]), "its key is gone for ever");
    let new = album.take(3, day(2)).unwrap();
    assert!(album.opens(new));
    let epochs: Vec<_> = album.store.objects(None, 10).unwrap().iter().map(|(_, record)| record.epoch).collect();
    let of_the_new = album.store.object(&new.object).unwrap().unwrap().epoch;
    assert_eq!(epochs.iter().filter(|epoch| **epoch == of_the_new).count(), 1, "no number comes twice: {epochs:?}");
    assert_eq!(album.rotate(day(3)).unwrap().shredded, 1, "what was deleted cannot be opened: it is shredded");
    assert!(album.opens(new));
}

#[test]
fn a_file_of_keys_of_another_installation_is_none() {
    let (album, _) = filled();
    let other = Album::on_disk();
    other.take(1, day(0)).unwrap();
    fs::copy(other.evidence().join("keys"), album.evidence().join("keys")).unwrap();
    assert_eq!(album.reopened().keeper.off(), Some(Off::Damaged));
}
