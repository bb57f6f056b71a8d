//! No byte of whoever was erased is left on disk, where the engine keeps what is deleted too.

use std::fs;
use std::path::Path;

use idv::ops::random;
use idv::store::Store;
use idv::store::erase::Traces;
use idv::verification::erasure::Erasure;
use ring::hmac;
use tempfile::TempDir;

use crate::evidence::shredding::Copied;
use crate::support::acts::wish;
use crate::support::album::{Album, day, everything_below};
use crate::support::ledger::{Known, Logins, subject_of};
use crate::support::token::TENANT;
use crate::support::world::block_on;

/// The files below `directory` that have `bytes` in them.
fn holding(directory: &Path, bytes: &[u8]) -> Vec<std::path::PathBuf> {
    let holds = |path: &std::path::PathBuf| fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes);
    everything_below(directory).into_iter().filter(holds).collect()
}

/// Some stand in branches of the engine's trees, by which others are found, after they are gone from its leaves.
#[test]
fn nobody_of_many_is_left_in_any_page() {
    let (logins, directory) = (Logins::mixed(), TempDir::new().unwrap());
    let (store, _) = Store::open(&directory.path().join("idv.redb"), random::bytes()).unwrap();
    block_on(async {
        for n in 0..300 {
            assert!(logins.complete(&store, n).await);
        }
    });
    let id = |n| subject_of(n).user_id.as_str().to_owned();
    assert!(!holding(directory.path(), id(7).as_bytes()).is_empty(), "this test can fail");
    for n in (0..300).step_by(7) {
        assert!(matches!(block_on(store.erase(wish(subject_of(n), day(1)))).unwrap().0, Erasure::Done(_)));
    }
    assert_eq!(block_on(store.traces()), Ok(Traces::Gone));
    for n in 0..300 {
        let left = holding(directory.path(), id(n).as_bytes());
        assert_eq!(left.is_empty(), n % 7 == 0, "{n}: {left:?}");
        if n % 7 != 0 {
            assert_eq!(logins.known(&store, n), Known::Completed);
        }
    }
    store.look_through().unwrap();
    drop(store);
    let (store, _) = Store::open(&directory.path().join("idv.redb"), random::bytes()).unwrap();
    assert_eq!(logins.known(&store, 1), Known::Completed, "and it opens again");
    assert!(block_on(logins.complete(&store, 300)));
}

/// The bytes of every file below `directory`, up to what the engine never wrote, which is zeros.
fn written(directory: &Path) -> Vec<Vec<u8>> {
    let files = everything_below(directory).into_iter().map(|path| fs::read(path).unwrap());
    let end = |bytes: &[u8]| bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| (last + 32).min(bytes.len()));
    files.map(|bytes| bytes[..end(&bytes)].to_vec()).collect()
}

#[test]
fn no_window_of_32_bytes_of_whatever_is_left_opens_a_photo_of_theirs() {
    let album = Album::on_disk();
    let [goes, stays] = [1, 2].map(|applicant| album.take(applicant, day(0)).unwrap());
    let copied = Copied::of(&album, goes);
    assert!(matches!(album.erase(1, day(0)), Erasure::Done(_)));
    assert_eq!(album.rotate(day(0)).unwrap().shredded, 1);
    assert!(!written(&album.directory).iter().any(|bytes| copied.is_opened_by_any_of(bytes)));
    assert!(album.opens(stays));
}

/// They keep their pseudonym, and the key by which it is theirs is nowhere.
#[test]
fn no_window_of_16_bytes_of_whatever_is_left_ties_an_entry_of_the_audit_log_to_them() {
    let album = Album::on_disk();
    album.take(1, day(0)).unwrap();
    let key = album.store.person_key(&subject_of(1)).unwrap().unwrap();
    let pseudonym = key.pseudonym(&subject_of(1));
    let [tag, whose] = [
        data_encoding::HEXLOWER.decode(pseudonym.as_bytes()).unwrap(),
        [TENANT.as_bytes(), &[0], subject_of(1).user_id.as_str().as_bytes()].concat(),
    ];
    let is_tied_by =
        |key: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &whose).as_ref().starts_with(&tag);
    let is_tied = || written(&album.directory).iter().any(|bytes| bytes.windows(16).any(is_tied_by));
    assert!(is_tied(), "this test can fail");
    assert!(matches!(album.erase(1, day(0)), Erasure::Done(_)));
    assert!(!is_tied());
    let lines = album.store.entries(0, 100).unwrap();
    assert!(lines.iter().any(|(_, line)| String::from_utf8_lossy(line).contains(&pseudonym)), "the entries stay");
}
