//! `idv subject export` and `idv subject erase`, with the service and without.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;

use idv::store::backup::Turn;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::album::{Album, MARKER, day, everything_below};
use crate::support::ledger::Logins;
use crate::support::process::{BINARY, Installation};
use crate::support::token::TENANT;
use crate::support::world::block_on;

const WHO: [&str; 4] = ["--tenant", TENANT, "--subject", "auth0|000001"];

/// An installation that knows three people, of whom the first sent a photo and was verified by a provider.
fn installation() -> Installation {
    let directory = TempDir::new().unwrap();
    let store = directory.path().join("store/idv.redb");
    fs::create_dir(store.parent().unwrap()).unwrap();
    let album = Album::open(store.parent().unwrap());
    let logins = Logins::mixed();
    for n in [0, 1, 2] {
        assert!(block_on(logins.complete(&album.store, n)));
    }
    drop(album);
    Installation::with_store(directory, store)
}

fn with_photo() -> Installation {
    let directory = TempDir::new().unwrap();
    let store = directory.path().join("store/idv.redb");
    fs::create_dir(store.parent().unwrap()).unwrap();
    let album = Album::open(store.parent().unwrap());
    album.take(1, day(0)).unwrap();
    album.take(2, day(0)).unwrap();
    drop(album);
    Installation::with_store(directory, store)
}

fn told(output: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn erase(installation: &Installation) -> Value {
    installation.json(&[&["subject", "erase"], &WHO[..], &["--reason", "request"]].concat())
}

#[test]
fn whoever_was_erased_is_nowhere_in_the_state_directory_whether_the_service_runs_or_not() {
    for runs in [false, true] {
        let installation = installation();
        let issue = [&["desk", "issue"], &WHO[..], &["--note", "zq7note"]].concat();
        installation.json(&issue);
        let service = runs.then(|| installation.serve());
        let state = installation.store.parent().unwrap();
        let holds = |text: &str| {
            let holds =
                |path: &PathBuf| fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes());
            everything_below(state).iter().any(holds)
        };
        assert!(holds("auth0|000001") && holds("zq7note"), "this test can fail");
        let done = erase(&installation);
        assert_eq!((&done["erased"], &done["checks"], &done["left"]), (&true.into(), &1.into(), &Value::Array(vec![])));
        assert!(!holds("auth0|000001") && !holds("zq7note") && holds("auth0|000002"));
        assert_eq!(erase(&installation)["erased"], false, "twice is harmless");
        for command in ["show", "export"] {
            let to = installation.path("unknown").display().to_string();
            let more: &[&str] = if command == "export" { &["--to", &to] } else { &[] };
            let output = installation.command(&[&["subject", command], &WHO[..], more].concat());
            assert_eq!(output.status.code(), Some(1));
            assert!(told(&output).contains("nothing is known"), "{}", told(&output));
            assert!(!installation.path("unknown").exists());
        }
        assert!(state.join("erased.log").exists());
        if let Some(service) = service {
            assert!(!service.log().contains("000001"), "{}", service.log());
        }
    }
}

/// A backup that was killed before it took the copy away which the service had made for it left that beside the store, and
/// so did a compaction and a restore: whoever was erased was told to be gone, and stood there until the next one.
#[test]
fn whole_copies_that_interrupted_commands_left_go_with_the_next_start_and_with_the_next_erasure() {
    let installation = installation();
    let state = installation.store.parent().unwrap();
    let named = ["idv.compacted", "idv.redb.restored", "idv.key.restored", "idv.copy"].map(|name| state.join(name));
    let are_there = || named.each_ref().map(|path| path.exists());
    for path in &named {
        fs::copy(&installation.store, path).unwrap();
    }
    assert!(installation.command(&["store", "stats"]).status.success());
    assert_eq!(are_there(), [true; 4], "who only looks removes nothing");
    let taken = Turn::begin(&installation.store).unwrap();
    let service = installation.serve();
    assert_eq!(are_there(), [false, false, false, true], "somebody just takes it away");
    drop(taken);
    fs::remove_file(&named[3]).unwrap();
    let mut control = UnixStream::connect(installation.path("control.sock")).unwrap();
    control.write_all(b"{\"operation\":\"copy\"}\n").unwrap();
    let mut answer = String::new();
    control.read_to_string(&mut answer).unwrap();
    let holds = |path: &PathBuf| fs::read(path).unwrap().windows(12).any(|window| window == b"auth0|000001");
    assert!(answer.contains("subjects") && holds(&named[3]), "{answer}");
    assert_eq!(erase(&installation)["left"], Value::Array(vec![]));
    assert_eq!(are_there(), [false; 4]);
    assert!(!everything_below(state).iter().any(holds));
    fs::create_dir(&named[0]).unwrap();
    let left = erase(&installation)["left"].to_string();
    assert!(left.contains("interrupted command") && left.contains("idv.compacted"), "{left}");
    drop(service);
}

#[test]
fn photos_go_with_their_person_and_what_opens_them_too() {
    for runs in [false, true] {
        let installation = with_photo();
        let service = runs.then(|| installation.serve());
        let done = erase(&installation);
        assert_eq!((&done["erased"], &done["photos"], &done["left"]), (&true.into(), &1.into(), &Value::Array(vec![])));
        let stats = installation.json(&["evidence", "stats"]);
        assert_eq!((&stats["photos"], &stats["deleted"]), (&1.into(), &0.into()), "{stats}");
        drop(service);
    }
}

#[test]
fn all_that_is_known_of_somebody_is_handed_out_with_their_photos_for_root_alone() {
    let installation = with_photo();
    let to = installation.path("export");
    let export = [&["subject", "export"], &WHO[..], &["--to", to.to_str().unwrap()]].concat();
    let output = installation.command(&export);
    assert!(output.status.success() && told(&output).contains("in clear"), "{}", told(&output));
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&to), 0o700);
    let photo = to.join("case-1-front.jpg");
    assert!(everything_below(&to).len() == 2 && everything_below(&to).iter().all(|file| mode(file) == 0o600));
    assert!(fs::read(photo).unwrap().windows(MARKER.len()).any(|window| window == MARKER));
    let exported: Value = serde_json::from_str(&fs::read_to_string(to.join("subject.json")).unwrap()).unwrap();
    assert_eq!((exported["subject"].as_str(), exported["tenant"].as_str()), (Some("auth0|000001"), Some(TENANT)));
    assert_eq!(exported["methods"]["document"]["case"]["number"], 1);
    assert_eq!(exported["photos"][0]["file"], "case-1-front.jpg");
    assert!(
        exported["audit"].as_array().unwrap().iter().any(|entry| entry["event.action"] == "case-begun"),
        "{exported}"
    );
    let again = installation.command(&export);
    assert!(again.status.code() == Some(1) && told(&again).contains("is left as it is"), "{}", told(&again));
    let stdout = installation.json(&[&["subject", "export"], &WHO[..], &["--to", "-"]].concat());
    assert!(stdout["photos"][0]["jpeg"].as_str().is_some_and(|jpeg| jpeg.len() > 100), "{stdout}");
    let log = String::from_utf8(installation.command(&["audit", "export"]).stdout).unwrap();
    assert_eq!(log.matches("subject-exported").count(), 2);
    assert_eq!(log.matches("case-viewed").count(), 2, "each photo is an entry");
    assert!(!log.contains("000001"));
}

/// One photo that the disk had lost kept all else of a person from them.
#[test]
fn of_a_photo_that_does_not_open_its_person_is_told_and_has_all_else() {
    let installation = with_photo();
    let objects = installation.store.with_file_name("evidence").join("objects");
    let photos = everything_below(&objects);
    assert_eq!(photos.len(), 2);
    for photo in photos {
        fs::remove_file(photo).unwrap();
    }
    for runs in [false, true] {
        let service = runs.then(|| installation.serve());
        let to = installation.path(if runs { "served" } else { "alone" });
        let output =
            installation.command(&[&["subject", "export"], &WHO[..], &["--to", to.to_str().unwrap()]].concat());
        assert!(output.status.success(), "{}", told(&output));
        assert!(told(&output).contains("case-1-front.jpg is missing: the picture is damaged"), "{}", told(&output));
        let exported: Value = serde_json::from_str(&fs::read_to_string(to.join("subject.json")).unwrap()).unwrap();
        assert_eq!(exported["photos"][0]["missing"], "the picture is damaged");
        assert_eq!((everything_below(&to).len(), &exported["methods"]["document"]["case"]["number"]), (1, &1.into()));
        drop(service);
    }
}

/// Others' exports told one person whom another account belongs to.
#[test]
fn an_export_names_nobody_else() {
    let installation = installation();
    installation.json(&[&["desk", "issue"], &WHO[..], &["--note", "zq7note"]].concat());
    let exported = installation.json(&[&["subject", "export"], &WHO[..], &["--to", "-"]].concat());
    assert_eq!(exported["known"]["checks"].as_array().unwrap().len(), 1);
    assert_eq!(exported["methods"]["desk"]["code"]["vouch"]["note"], "zq7note", "and a code that waits for them");
    let text = exported.to_string();
    assert!(
        text.contains("auth0|000001") && !text.contains("auth0|000000") && !text.contains("auth0|000002"),
        "{text}"
    );
}

#[test]
fn why_somebody_is_erased_is_of_a_closed_list() {
    let installation = installation();
    let output = installation.command(&[&["subject", "erase"], &WHO[..], &["--reason", "Ada asked by mail"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("request, left, mistake, ordered"), "{}", told(&output));
    installation.json(&[&["subject", "show"], &WHO[..]].concat());
}

#[test]
fn a_backup_that_is_restored_by_command_tells_how_many_stay_erased() {
    let installation = installation();
    let backup = installation.path("backup");
    assert!(installation.command(&["backup", backup.to_str().unwrap()]).status.success());
    erase(&installation);
    let output = installation.command(&["restore", backup.to_str().unwrap()]);
    assert!(output.status.success() && told(&output).contains("1 people in it were erased since"), "{}", told(&output));
    let output = installation.command(&[&["subject", "show"], &WHO[..]].concat());
    assert!(told(&output).contains("nothing is known"), "{}", told(&output));
    let listed = erase(&installation);
    let copy = listed["copies"][0].as_str().unwrap();
    assert!(copy.contains("idv.redb.before-"), "what was replaced may have them: {listed}");
    // Another machine.
    let lost = installation.path("erased.log");
    fs::copy(installation.store.with_file_name("erased.log"), &lost).unwrap();
    fs::remove_dir_all(installation.store.parent().unwrap()).unwrap();
    let output = installation.command(&["restore", backup.to_str().unwrap()]);
    assert!(told(&output).contains("--erased FILE"), "{}", told(&output));
    let restore = ["restore", backup.to_str().unwrap(), "--erased", lost.to_str().unwrap()];
    let output = installation.command(&restore);
    assert!(output.status.success() && told(&output).contains("1 people in it were erased since"), "{}", told(&output));
}

/// A volume that is a single file: nothing else gets its name. That was not said, and every page of the store was looked at
/// after each erasure.
#[test]
fn where_the_store_s_file_is_a_mount_of_its_own_the_traces_stand_and_everybody_is_told() {
    let installation = installation();
    let script = format!(
        "mount --bind {store} {store} && exec {BINARY} --config {config} serve",
        store = installation.store.display(),
        config = installation.path("idv.toml").display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &script]);
    installation.be_watched();
    let service = installation.serve_by(command);
    assert_eq!(installation.scrape().value("idv_store_traces"), 0);
    let done = erase(&installation);
    assert_eq!(installation.scrape().value("idv_store_traces"), 1);
    assert_eq!(done["erased"], true);
    assert!(done["left"][0].as_str().is_some_and(|left| left.contains("unused pages")), "{done}");
    let log = service.log_once("unused pages of the store may hold traces");
    assert!(log.contains("busy"), "{log}");
    assert!(!log.contains("takes changes again"), "it was opened anew: {log}");
    assert!(told(&installation.command(&["doctor"])).contains("idv store compact removes them"));
    drop(service);
    let compacted = installation.command(&["store", "compact"]);
    assert!(compacted.status.success(), "{}", told(&compacted));
    assert!(!fs::read(&installation.store).unwrap().windows(12).any(|window| window == b"auth0|000001"));
}
