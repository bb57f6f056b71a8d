//! A backup of yesterday brings back nobody who was erased today.

use std::fs;
use std::path::{Path, PathBuf};

use idv::store::Store;
use idv::store::backup::take_key;
use idv::store::erase::Traces;
use idv::store::erased::{self, take_over};
use idv::store::restore::{Restored, restore};
use idv::verification::audit::entry::Entry;
use idv::verification::erasure::Erasure;
use idv::verification::outcome::Status;
use idv::verification::session::Session;
use idv::verification::subject::IdvId;
use idv::verification::time::Timestamp;
use tempfile::TempDir;

use crate::support::acts::{Acts, wish};
use crate::support::ledger::{Logins, subject_of};
use crate::support::world::{BEGINNING, block_on};

/// An installation and its backups.
struct Machine {
    directory: TempDir,
    logins: Logins,
}

impl Machine {
    fn new() -> Self {
        Self { directory: TempDir::new().unwrap(), logins: Logins::mixed() }
    }

    fn store(&self) -> PathBuf {
        self.directory.path().join("store/idv.redb")
    }

    fn file(&self) -> PathBuf {
        self.store().with_file_name(erased::FILE)
    }

    fn open(&self) -> Store {
        Store::open(&self.store(), [7; 32]).unwrap().0
    }

    fn complete(&self, people: &[usize]) {
        let store = self.open();
        for n in people {
            assert!(block_on(self.logins.complete(&store, *n)), "{n}");
        }
    }

    fn erase(&self, n: usize, at: u64) {
        let store = self.open();
        let wish = wish(subject_of(n), Timestamp::from_unix(BEGINNING + at));
        assert!(matches!(block_on(store.erase(wish)).unwrap().0, Erasure::Done(_)));
        store.note_erased().unwrap();
    }

    fn back_up(&self, name: &str) -> PathBuf {
        let copy = self.directory.path().join(name).join("idv.redb");
        fs::create_dir(copy.parent().unwrap()).unwrap();
        self.open().copy_to(&copy).unwrap();
        take_key(&self.store(), &copy).unwrap();
        copy
    }

    fn restore(&self, copy: &Path) -> Restored {
        restore(copy, &self.store(), Timestamp::from_unix(BEGINNING + 1000)).unwrap()
    }

    fn knows(&self, people: &[usize]) -> Vec<bool> {
        let store = self.open();
        people.iter().map(|n| store.subject(&subject_of(*n)).unwrap().is_some()).collect()
    }
}

#[test]
fn a_backup_of_yesterday_brings_back_nobody_who_was_erased() {
    let machine = Machine::new();
    machine.complete(&[0, 1, 2, 3]);
    machine.erase(0, 10);
    let yesterday = machine.back_up("yesterday");
    machine.erase(1, 20);
    machine.erase(3, 20);
    let restored = machine.restore(&yesterday);
    assert_eq!((restored.erased, restored.is_blind, restored.contents.subjects), (2, false, 1));
    // Nobody has opened it yet: not even the service's first request finds them.
    assert_eq!(machine.knows(&[0, 1, 2, 3]), [false, false, true, false]);
    let store = machine.open();
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    let bytes = fs::read(machine.store()).unwrap();
    let id = subject_of(1).user_id.as_str().to_owned();
    assert!(!bytes.windows(id.len()).any(|window| window == id.as_bytes()), "nor any page of it");
    let entries = store.entries(0, 100).unwrap();
    let entries: Vec<_> = entries.iter().map(|(_, line)| Entry::parse(line).unwrap()).collect();
    let last = entries.last().unwrap();
    let told = (last.action.as_str(), last.reason.as_deref(), last.subjects);
    assert_eq!(told, ("subject-erased", Some("restore"), Some(2)));
    store.look_through().unwrap();
}

/// They were erased, came again, and are in the backup as who they are now.
#[test]
fn who_came_again_before_the_backup_stays() {
    let machine = Machine::new();
    machine.complete(&[0]);
    machine.erase(0, 10);
    {
        let store = machine.open();
        let began = Timestamp::from_unix(BEGINNING + 50);
        let session = Session { issued_at: began, ..machine.logins.session(0, 1) };
        let again = store.simulate(&session, Status::Success, IdvId::from_random([5; 16]), began);
        let _ = block_on(again).unwrap();
    }
    let backup = machine.back_up("backup");
    assert_eq!(machine.restore(&backup).erased, 0);
    assert_eq!(machine.knows(&[0]), [true]);
    machine.erase(0, 60);
    assert_eq!(machine.restore(&backup).erased, 1, "and who was erased once more does not");
    assert_eq!(machine.knows(&[0]), [false]);
}

#[test]
fn on_an_empty_machine_it_is_told_that_nobody_can_tell_and_the_lost_ones_file_helps() {
    let lost = Machine::new();
    lost.complete(&[0, 1]);
    let yesterday = lost.back_up("yesterday");
    lost.erase(1, 10);
    let empty = Machine::new();
    assert!(empty.restore(&yesterday).is_blind);
    assert_eq!(empty.knows(&[0, 1]), [true, true]);
    take_over(&lost.file(), &empty.store()).unwrap();
    let restored = empty.restore(&yesterday);
    assert_eq!((restored.erased, restored.is_blind), (1, false));
    assert_eq!(empty.knows(&[0, 1]), [true, false]);
    assert_eq!(fs::read(empty.file()).unwrap(), fs::read(lost.file()).unwrap());
}

/// The log was restored from elsewhere, or the process ended between the commit and the file.
#[test]
fn the_file_is_written_again_from_what_the_store_knows_and_loses_nothing_that_it_had() {
    let machine = Machine::new();
    machine.complete(&[0, 1]);
    machine.erase(0, 10);
    let first = fs::read_to_string(machine.file()).unwrap();
    fs::remove_file(machine.file()).unwrap();
    machine.open().note_erased().unwrap();
    assert_eq!(fs::read_to_string(machine.file()).unwrap(), first);
    let foreign = format!("{} 2026-01-02T03:04:05Z\n", "00".repeat(16));
    fs::write(machine.file(), &foreign).unwrap();
    machine.open().note_erased().unwrap();
    assert_eq!(fs::read_to_string(machine.file()).unwrap(), format!("{foreign}{first}"));
    assert!(!first.contains("auth0") && first.lines().count() == 1, "it names nobody: {first}");
}

/// The process ended before the file was written, or the disk took none, and the next thing that happened was a restore.
#[test]
fn where_there_is_no_file_the_store_that_is_replaced_tells_who_was_erased() {
    let machine = Machine::new();
    machine.complete(&[0, 1]);
    let yesterday = machine.back_up("yesterday");
    machine.erase(1, 10);
    fs::remove_file(machine.file()).unwrap();
    let before = fs::read(machine.store()).unwrap();
    let restored = machine.restore(&yesterday);
    assert_eq!((restored.erased, restored.is_blind), (1, false));
    assert_eq!(fs::read(&restored.kept[1]).unwrap(), before, "it was only read");
    assert_eq!(machine.knows(&[0, 1]), [true, false]);
    // Nobody can tell by one that cannot be read.
    fs::remove_file(machine.file()).unwrap_or_default();
    fs::write(machine.store(), b"nothing of ours").unwrap();
    let restored = machine.restore(&yesterday);
    assert_eq!((restored.erased, restored.is_blind), (0, true));
}

/// What cannot be read is not taken for nobody.
#[test]
fn a_damaged_file_is_told_by_its_line_and_nothing_is_restored() {
    let machine = Machine::new();
    machine.complete(&[0]);
    let backup = machine.back_up("backup");
    machine.erase(0, 10);
    let whole = fs::read_to_string(machine.file()).unwrap();
    for (text, line) in [(format!("{whole}half"), 2), (whole.replace(' ', "\t"), 1), (format!("\n{whole}"), 1)] {
        fs::write(machine.file(), text).unwrap();
        let error = restore(&backup, &machine.store(), Timestamp::from_unix(BEGINNING + 1000)).unwrap_err();
        let told = std::error::Error::source(&error).unwrap().to_string();
        assert!(told.contains(&format!("line {line} of ")), "{told}");
        assert_eq!(machine.knows(&[0]), [false], "the store is as it was");
    }
}
