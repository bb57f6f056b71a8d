//! What idv encrypts, others open: age itself, which everybody has.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use idv::archive::{Encryptor, Recipient, RecipientError};
use tempfile::TempDir;

use super::noise;

/// Somebody who opens backups.
pub(crate) struct Holder {
    pub(crate) key: PathBuf,
    pub(crate) recipient: String,
}

impl Holder {
    /// One whose key lies in `directory` under `name`.
    pub(crate) fn new(directory: &Path, name: &str) -> Self {
        let key = directory.join(name);
        let made = Command::new("age-keygen").arg("-o").arg(&key).output().expect("age: tests/install age:age");
        assert!(made.status.success(), "{made:?}");
        let told = Command::new("age-keygen").arg("-y").arg(&key).output().unwrap();
        Self { key, recipient: String::from_utf8(told.stdout).unwrap().trim().to_owned() }
    }

    pub(crate) fn open(&self, encrypted: &[u8]) -> Output {
        let mut age = Command::new("age");
        age.arg("-d").arg("-i").arg(&self.key).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut age = age.spawn().unwrap();
        let mut stdin = age.stdin.take().unwrap();
        thread::scope(|scope| {
            // It may have heard enough before the end.
            scope.spawn(move || stdin.write_all(encrypted).is_ok());
            age.wait_with_output().unwrap()
        })
    }
}

fn encrypted(text: &[u8], recipients: &[&Holder]) -> Vec<u8> {
    let recipients: Vec<Recipient> = recipients.iter().map(|holder| holder.recipient.parse().unwrap()).collect();
    let mut encryptor = Encryptor::new(Vec::new(), &recipients).unwrap();
    // In pieces that fall across chunks.
    text.chunks(40_000).for_each(|piece| encryptor.write_all(piece).unwrap());
    encryptor.finish().unwrap()
}

#[test]
fn age_opens_what_is_encrypted_to_each_of_two_recipients_and_to_nobody_else() {
    let directory = TempDir::new().unwrap();
    let [ann, ben, eve] = ["ann", "ben", "eve"].map(|name| Holder::new(directory.path(), name));
    for size in [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000] {
        let text = noise(size);
        let both = encrypted(&text, &[&ann, &ben]);
        assert!([&ann, &ben].into_iter().all(|holder| holder.open(&both).stdout == text), "{size}");
        assert!(!eve.open(&both).status.success(), "{size}");
    }
}

#[test]
fn a_file_that_is_cut_or_changed_is_not_opened() {
    let directory = TempDir::new().unwrap();
    let ann = Holder::new(directory.path(), "ann");
    let whole = encrypted(&noise(65_536 + 9), &[&ann]);
    let mut flipped = [whole.clone(), whole.clone(), whole.clone()];
    let payload = whole.len() - (65_536 + 16 + 9 + 16);
    for (flipped, at) in flipped.iter_mut().zip([payload / 2, payload + 100, whole.len() - 1]) {
        flipped[at] ^= 1;
    }
    let cut = [whole.len() - 1, whole.len() - 9 - 16, payload, payload - 16].map(|end| whole[..end].to_vec());
    for (number, damaged) in flipped.iter().chain(&cut).enumerate() {
        assert!(!ann.open(damaged).status.success(), "{number}");
    }
    // Nor was it finished.
    let mut unfinished = Vec::new();
    let recipient = ann.recipient.parse().unwrap();
    Encryptor::new(&mut unfinished, &[recipient]).unwrap().write_all(&noise(70_000)).unwrap();
    assert!(!ann.open(&unfinished).status.success());
}

#[test]
fn no_two_files_are_alike() {
    let directory = TempDir::new().unwrap();
    let ann = Holder::new(directory.path(), "ann");
    let [first, second] = [(); 2].map(|()| encrypted(b"the same", &[&ann]));
    assert!(first[..22] == second[..22] && first[30..60] != second[30..60]);
    assert_ne!(first[first.len() - 24..], second[second.len() - 24..]);
}

/// The specification's own example, and what is not quite it.
#[test]
fn a_recipient_is_read_as_age_writes_it_and_in_no_other_way() {
    const RIGHT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    let read = |text: &str| text.parse::<Recipient>();
    assert_eq!(read(RIGHT).unwrap().to_string(), RIGHT);
    for at in 4..RIGHT.len() {
        let mut wrong = RIGHT.as_bytes().to_vec();
        wrong[at] = if wrong[at] == b'q' { b'p' } else { b'q' };
        assert_eq!(read(&String::from_utf8(wrong).unwrap()), Err(RecipientError::Misspelt), "{at}");
    }
    let upper = RIGHT.to_uppercase();
    let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN";
    for other in ["", "age1", &upper, &RIGHT[..61], &format!(" {RIGHT}"), ssh, "age1pq1zvkyg2lqzraa2", "ändere"] {
        assert!(matches!(read(other), Err(RecipientError::Unknown)), "{other}");
    }
    for secret in ["AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", "age-secret-key-1x"] {
        let error = read(secret).unwrap_err();
        assert_eq!(error, RecipientError::Identity);
        assert!(!format!("{error} {error:?} {}", error.remedy()).contains("GFPYY"), "it is not repeated");
    }
}
