//! An export that was changed: what both verifiers find, idv's own and the script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use idv::verification::audit::checkpoint::{Checkpoint, UnverifiedNote, origin};
use idv::verification::audit::entry::{Entry, EventOutcome};
use idv::verification::audit::export::{BLOCK, End, Exporter};
use idv::verification::audit::key::{PublicKey, SigningKey};
use idv::verification::audit::tree::{Edge, leaf};
use idv::verification::audit::verify::{Finding, Verified, Verifier};
use idv::verification::time::Timestamp;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::support::world::BEGINNING;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audit/verify.py");
const ENTRIES: usize = 10_000;
/// The entry that is changed, in the middle of a block.
const CHANGED: usize = 4711;

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&Zeroizing::new([number; 32]))
}

fn name() -> String {
    origin("idv.example.test")
}

/// A log of so many entries.
fn log(entries: usize) -> Vec<Vec<u8>> {
    let at = |number| Timestamp::from_unix(BEGINNING + number);
    let entry = |number: usize| Entry {
        tenant: Some(["acme.eu.auth0.test", "other.eu.auth0.test"][number % 2].into()),
        duration: Some(number as u64),
        ..Entry::new(at(number as u64), "check-concluded", EventOutcome::Success)
    };
    (0..entries).map(|number| entry(number).line()).collect()
}

fn checkpoint(entries: &[Vec<u8>]) -> Checkpoint {
    let mut edge = Edge::default();
    for line in entries {
        edge.push(leaf(line));
    }
    Checkpoint::new(name(), &edge)
}

fn note(entries: &[Vec<u8>], by: u8) -> String {
    checkpoint(entries).sign(&key(by))
}

/// The lines of an export of `entries`, of which those are shown that `shows` says.
fn export(entries: &[Vec<u8>], note: &str, shows: impl Fn(usize) -> bool) -> Vec<Vec<u8>> {
    let (mut exporter, mut file) = (Exporter::default(), Vec::new());
    for (number, line) in entries.iter().enumerate() {
        file.extend(exporter.add(line, shows(number)).unwrap_or_default());
    }
    file.extend(exporter.finish(&End { checkpoint: note.into(), public_key: key(1).public().pem() }));
    file.strip_suffix(b"\n").unwrap().split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// Where entry `number` stands in the file: after the blocks' first lines.
fn place(number: usize) -> usize {
    number + number / BLOCK + 1
}

fn verify(file: &[Vec<u8>], key: PublicKey, earlier: &[&str]) -> Result<Verified, Finding> {
    let earlier = earlier.iter().map(|note| UnverifiedNote::parse(note).unwrap()).collect();
    let mut verifier = Verifier::new(key, earlier);
    for line in file {
        verifier.line(line);
    }
    verifier.end()
}

/// What the script says of it: nothing, if all is well.
fn script(file: &[Vec<u8>], earlier: &[&str]) -> String {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("export");
    fs::write(&path, file.join(&b'\n')).unwrap();
    let earlier = earlier.iter().enumerate().map(|(number, note)| write(&directory, &number.to_string(), note));
    let earlier: Vec<_> = earlier.collect();
    let output = run_script(&path, &earlier);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said.trim_end().to_owned()
}

fn write(directory: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn run_script(export: &Path, earlier: &[PathBuf]) -> Output {
    Command::new("python3").arg(SCRIPT).arg(export).args(earlier).output().unwrap()
}

/// Both find it, in the same words.
fn both_find(file: &[Vec<u8>], earlier: &[&str], finding: &Finding) {
    assert_eq!(verify(file, key(1).public(), earlier).as_ref(), Err(finding));
    assert_eq!(script(file, earlier), finding.to_string());
}

#[test]
fn an_export_that_is_what_was_written_is_verified_by_both() {
    let log = log(ENTRIES);
    let (head, before) = (note(&log, 1), note(&log[..5000], 1));
    for shows in [|_| true, |number| number % 2 == 0, |_| false] {
        let file = export(&log, &head, shows);
        let shown = (0..ENTRIES).filter(|number| shows(*number)).count() as u64;
        let verified = Ok(Verified { checkpoint: checkpoint(&log), shown });
        assert_eq!(verify(&file, key(1).public(), &[&before, &head]), verified);
        assert_eq!(script(&file, &[&before, &head]), "");
    }
}

#[test]
fn an_empty_log_is_one() {
    let file = export(&[], &note(&[], 1), |_| true);
    assert_eq!(verify(&file, key(1).public(), &[&note(&[], 1)]).unwrap().checkpoint.size, 0);
    assert_eq!(script(&file, &[&note(&[], 1)]), "");
}

#[test]
fn whatever_is_changed_is_found_by_both_with_the_number_of_the_entry() {
    let log = log(ENTRIES);
    let file = export(&log, &note(&log, 1), |_| true);
    let (changed, at) = (CHANGED as u64, place(CHANGED));
    let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut file = file.clone();
        change(&mut file);
        file
    };
    let misplaced = |place, stands| Finding::Misplaced { place, stands };
    let one_byte = with(&|file| *file[at].last_mut().unwrap() ^= 1);
    both_find(&one_byte, &[], &Finding::Changed(changed));
    let inside = with(&|file| file[at][30] ^= 1);
    both_find(&inside, &[], &Finding::Changed(changed));
    let dropped = with(&|file| _ = file.remove(at));
    both_find(&dropped, &[], &misplaced(changed, changed + 1));
    let swapped = with(&|file| file.swap(at, at + 1));
    both_find(&swapped, &[], &misplaced(changed, changed + 1));
    let doubled = with(&|file| file.insert(at, file[at].clone()));
    both_find(&doubled, &[], &misplaced(changed + 1, changed));
    let without_tail = with(&|file| _ = file.drain(place(9990)..place(ENTRIES)));
    both_find(&without_tail, &[], &Finding::Missing { from: 9990, to: 9999 });
    let without_blocks = with(&|file| _ = file.drain(place(9984) - 1..place(ENTRIES)));
    both_find(&without_blocks, &[], &Finding::Missing { from: 9984, to: 9999 });
    let cut = with(&|file| file.truncate(place(9984) - 1));
    both_find(&cut, &[], &Finding::Cut(9984));
    let added = with(&|file| file.insert(place(ENTRIES), file[at].clone()));
    both_find(&added, &[], &Finding::Beyond(10_000));
    let after_its_end = with(&|file| file.push(file[at].clone()));
    both_find(&after_its_end, &[], &Finding::Beyond(10_000));
    let older = with(&|file| *file.last_mut().unwrap() = export(&[], &note(&log[..5000], 1), |_| true).remove(0));
    both_find(&older, &[], &Finding::Beyond(5000));
}

/// It was told as changed, and whoever had opened it in an editor looked for who had forged it.
#[test]
fn a_file_that_another_program_saved_as_its_own_kind_of_text_is_told_as_such_by_both() {
    let log = log(10);
    let file = export(&log, &note(&log, 1), |_| true);
    let marked = [b"\xef\xbb\xbf".as_slice(), &file.join(&b'\n')].concat();
    let with_ends = file.join(b"\r\n".as_slice());
    let text = String::from_utf8(file.join(&b'\n')).unwrap();
    let wide: Vec<_> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (saved, how) in
        [(marked, "with a byte order mark"), (with_ends, "with line ends of its own"), (wide, "in UTF-16")]
    {
        let lines: Vec<_> = saved.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        both_find(&lines, &[], &Finding::Saved(how));
    }
    // What was changed before stays the first to be told.
    let mut both = file;
    both[1][30] ^= 1;
    both[2].push(b'\r');
    both_find(&both, &[], &Finding::Changed(0));
}

#[test]
fn what_was_changed_with_its_hash_is_found_and_the_number_is_narrowed_by_earlier_checkpoints() {
    let log = log(ENTRIES);
    let head = note(&log, 1);
    let mut forged = log.clone();
    forged[CHANGED] = forged[CHANGED + 1].clone();
    let file = export(&forged, &head, |_| true);
    let nobody_can_tell = Finding::Tree { since: 0, until: 10_000 };
    both_find(&file, &[], &nobody_can_tell);
    let earlier = [4000, 5000].map(|size| note(&log[..size], 1));
    let earlier: Vec<_> = earlier.iter().map(String::as_str).collect();
    let narrowed = verify(&file, key(1).public(), &earlier).unwrap_err();
    assert_eq!(narrowed, Finding::Tree { since: 4000, until: 5000 });
    assert!(narrowed.to_string().ends_with("among entries 4000 to 4999"), "{narrowed}");
    // Who has the key can sign that too: whoever kept a checkpoint sees it.
    let signed = export(&forged, &note(&forged, 1), |_| true);
    assert!(verify(&signed, key(1).public(), &[]).is_ok());
    let rewritten = Finding::Rewritten { since: 4000, until: 5000 };
    assert_eq!(verify(&signed, key(1).public(), &earlier), Err(rewritten));
    assert!(script(&signed, &earlier).contains("its first 5000 entries are not those"));
    // What is left out is held against it as well.
    let left_out = export(&forged, &note(&forged, 1), |_| false);
    assert!(verify(&left_out, key(1).public(), &earlier).is_err() && !script(&left_out, &earlier).is_empty());
}

#[test]
fn the_checkpoint_of_another_log_is_none_of_this() {
    let log = log(100);
    let other: Vec<_> = log.iter().rev().cloned().collect();
    let foreign = export(&log, &note(&other, 2), |_| true);
    assert_eq!(verify(&foreign, key(1).public(), &[]), Err(Finding::NotSigned(name())));
    assert_eq!(script(&foreign, &[]), "the entries are not what was signed");
    let file = export(&log, &note(&log, 1), |_| true);
    for earlier in
        [note(&other[..50], 2), Checkpoint { origin: origin("idv.example.org"), ..checkpoint(&log) }.sign(&key(1))]
    {
        assert!(matches!(verify(&file, key(1).public(), &[&earlier]), Err(Finding::Foreign(_))));
        assert!(!script(&file, &[&earlier]).is_empty());
    }
    let garbled = export(&log, "no checkpoint", |_| true);
    both_find(&garbled, &[], &Finding::Unreadable);
}

#[test]
fn what_the_script_cannot_read_it_says_in_a_line_and_not_by_where_it_failed() {
    let log = log(10);
    let mut file = export(&log, &note(&log, 1), |_| true);
    let end = file.last_mut().unwrap();
    end.truncate(end.len() / 2);
    both_find(&file, &[], &Finding::Cut(10));
    let head = note(&log, 1);
    let file = export(&log, &head, |_| true);
    let said = script(&file, &[&key(1).public().pem()]);
    assert!(said.ends_with("/0 is not a checkpoint") && said.lines().count() == 1, "{said}");
    let missing = run_script(Path::new("no/such/export"), &[]);
    assert_eq!(String::from_utf8_lossy(&missing.stderr), "cannot read no/such/export: No such file or directory\n");
    let nothing = Command::new("python3").arg(SCRIPT).output().unwrap();
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("verify.py EXPORT [EARLIER_CHECKPOINT...]"));
}

#[test]
fn a_log_that_was_set_back_is_told_from_one_that_was_changed() {
    let log = log(100);
    let today = note(&log, 1);
    let yesterday = export(&log[..90], &note(&log[..90], 1), |_| true);
    both_find(&yesterday, &[&today], &Finding::SetBack { was: 100, is: 90 });
    assert!(script(&yesterday, &[&today]).starts_with("this log was set back"));
    // It went on from yesterday.
    let mut went_on = log[..90].to_vec();
    went_on.extend(self::log(200).drain(150..));
    let went_on = export(&went_on, &note(&went_on, 1), |_| true);
    both_find(&went_on, &[&today], &Finding::Rewritten { since: 0, until: 100 });
}

#[test]
fn hashes_that_were_changed_beside_entries_that_were_not_are_told_as_such() {
    let log = log(10);
    let mut other = log.clone();
    other.swap(3, 4);
    let mut file = export(&log, &note(&log, 1), |_| true);
    file[0] = export(&other, "", |_| true).remove(0);
    assert_eq!(verify(&file, key(1).public(), &[]), Err(Finding::Hashes));
    assert_ne!(script(&file, &[]), "");
}

#[test]
fn who_has_the_key_of_before_goes_on_with_the_one_that_it_names() {
    let mut log = log(10);
    let verifier = |number| key(number).public().verifier(&name());
    let named = |number: u8, by: u8| Entry {
        key: Some(verifier(number)),
        key_signature: Some(data_encoding::BASE64.encode(&key(by).sign(verifier(number).as_bytes()))),
        ..Entry::new(Timestamp::from_unix(BEGINNING), "signing-key-made", EventOutcome::Success)
    };
    let before = note(&log, 1);
    log.push(named(2, 1).line());
    log.push(named(3, 2).line());
    let file = export(&log, &note(&log, 3), |_| true);
    for trusted in [1, 2, 3] {
        assert!(verify(&file, key(trusted).public(), &[]).is_ok(), "{trusted}");
    }
    assert!(verify(&file, key(1).public(), &[&before]).is_ok());
    // A key that names itself is nobody's.
    log.push(named(9, 9).line());
    let forged = export(&log, &note(&log, 9), |_| true);
    assert_eq!(verify(&forged, key(1).public(), &[]), Err(Finding::NotSigned(name())));
}

/// The script took a line that counts what is left out for nothing else, whatever else stood in it: as a check that never was.
#[test]
fn a_line_that_has_more_than_was_written_there_is_refused_by_both() {
    let log = log(300);
    let file = export(&log, &note(&log, 1), |number| number % 2 == 0);
    let (leaves, left_out, end) = (0, 2, file.len() - 1);
    assert_eq!(file[left_out], br#"{"left_out":1}"#);
    let replaced = |at: usize, text: &str, by: &str| {
        let mut file = file.clone();
        let line = String::from_utf8(file[at].clone()).unwrap().replacen(text, by, 1);
        assert_ne!(line.as_bytes(), file[at], "{text}");
        file[at] = line.into();
        file
    };
    let mut of_none = file.clone();
    of_none.insert(left_out, br#"{"left_out":0}"#.to_vec());
    let forged = [
        of_none,
        replaced(left_out, "1}", r#"1,"event.action":"check-concluded"}"#),
        replaced(left_out, "{", r#"{"left_out":2,"#),
        replaced(left_out, "1", "true"),
        replaced(left_out, "1", "-1"),
        replaced(left_out, "1", "1.0"),
        replaced(left_out, ":", ": "),
        replaced(leaves, "\"}", "!\"}"),
        replaced(leaves, "\"}", r#"","event.action":"check-concluded"}"#),
        replaced(leaves, "{", r#"{"leaves":"","#),
        replaced(end, "{", r#"{"checkpoint":"","#),
        replaced(end, "\"}", r#"","event.action":"check-concluded"}"#),
        replaced(end, "\\n300", "\\n 300"),
    ];
    for (number, file) in forged.iter().enumerate() {
        assert!(verify(file, key(1).public(), &[]).is_err(), "{number}");
        assert_ne!(script(file, &[]), "", "{number}");
    }
}
