//! `idv evidence`, backups, and what watches the service.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::album::{Album, day, everything_below};
use crate::support::process::{BINARY, Installation};

/// An installation whose cases name three photos, of which one was deleted.
fn installation() -> Installation {
    let directory = TempDir::new().unwrap();
    let store = directory.path().join("store/idv.redb");
    fs::create_dir(store.parent().unwrap()).unwrap();
    let album = Album::open(store.parent().unwrap());
    for applicant in [1, 2, 3] {
        album.take(applicant, day(0)).unwrap();
    }
    album.withdraw(2, day(0));
    drop(album);
    Installation::with_store(directory, store)
}

#[test]
fn photos_are_counted_opened_and_shredded_while_the_service_runs_and_without() {
    for runs in [false, true] {
        let installation = installation();
        let service = runs.then(|| installation.serve());
        let checked = installation.json(&["evidence", "check"]);
        assert_eq!((&checked["whole"], &checked["damaged"]), (&2.into(), &0.into()));
        installation.json(&["evidence", "rotate"]);
        let stats = installation.json(&["evidence", "stats"]);
        assert_eq!(
            (&stats["photos"], &stats["deleted"], &stats["off"]),
            (&2.into(), &0.into(), &Value::Null),
            "{stats}"
        );
        assert!(stats["oldest_deleted_at"].is_null());
        assert_eq!(stats["limit_bytes"], 20_u64 << 30);
        assert!(stats["bytes"].as_u64() > Some(0) && stats["free_bytes"].as_u64() > Some(0), "{stats}");
        let output = installation.command(&["evidence", "stats"]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("photos: 2, in 1 epochs\ndeleted, and to be shredded: 0\n"), "{text}");
        drop(service);
    }
}

/// On a file system of layers, as containers have it, a file is told to lie on another than its directory.
#[test]
fn photos_are_taken_on_a_file_system_of_layers() {
    let installation = installation();
    let script = format!(
        "cd {} && mkdir layers && mount -t tmpfs tmpfs layers && mkdir layers/upper layers/work && \
         mount -t overlay overlay -o lowerdir=store,upperdir=layers/upper,workdir=layers/work store && exec {BINARY} --config idv.toml serve",
        installation.path("").display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &script]);
    let _service = installation.serve_by(command);
    let stats = installation.json(&["evidence", "stats"]);
    assert_eq!((&stats["photos"], &stats["off"]), (&2.into(), &Value::Null), "{stats}");
}

#[test]
fn the_service_shreds_by_itself_what_was_deleted() {
    let installation = installation();
    let objects = installation.store.with_file_name("evidence/objects");
    let _service = installation.serve();
    let is_done = || {
        let stats = installation.json(&["evidence", "stats"]);
        stats["deleted"] == 0 && stats["photos"] == 2 && everything_below(&objects).len() == 2
    };
    assert!((0..200).any(|_| is_done()));
    let log = installation.command(&["audit", "export"]);
    assert!(String::from_utf8_lossy(&log.stdout).contains("evidence-shredded"));
}

/// The sweep went first, and what it could not do kept everything from being shredded.
#[test]
fn a_file_that_cannot_be_swept_keeps_none_from_being_shredded() {
    let installation = installation();
    // No file, which cannot be removed as one.
    fs::create_dir(installation.store.with_file_name("evidence/new/stuck")).unwrap();
    let service = installation.serve();
    let is_shredded = || installation.json(&["evidence", "stats"])["deleted"] == 0;
    let is_told = || service.log().contains("photos could not be looked after");
    assert!((0..200).any(|_| is_shredded() && is_told()), "{}", service.log());
}

#[test]
fn a_damaged_photo_is_told_by_the_exit_code() {
    let installation = installation();
    let objects = installation.store.with_file_name("evidence/objects");
    let files = everything_below(&objects);
    assert_eq!(files.len(), 3);
    for file in files {
        fs::remove_file(file).unwrap();
    }
    let output = installation.command(&["evidence", "check"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text, "0 photos are whole, 2 damaged or missing; 1 wait to be shredded.\n");
}

/// E4: one that a case names and that is not there is ours to mend; one that nothing names goes.
#[test]
fn e4_a_photo_that_is_missing_is_an_error_in_the_log_and_a_file_of_nobodys_goes() {
    let installation = installation();
    let objects = installation.store.with_file_name("evidence/objects");
    for (number, file) in everything_below(&objects).into_iter().enumerate() {
        let shelf = file.parent().unwrap();
        let nobodys = format!("{}{number:030}", shelf.file_name().unwrap().to_str().unwrap());
        fs::rename(&file, shelf.join(nobodys)).unwrap();
    }
    let service = installation.serve();
    let is_done = || {
        installation.json(&["evidence", "stats"]);
        everything_below(&objects).is_empty() && service.log().contains("photos are missing that cases name")
    };
    assert!((0..200).any(|_| is_done()), "{}", service.log());
}

#[test]
fn without_photos_there_is_nothing_to_tell_and_nothing_is_made() {
    let installation = Installation::new();
    let service = installation.serve();
    let stats = installation.json(&["evidence", "stats"]);
    assert_eq!((&stats["photos"], &stats["bytes"]), (&0.into(), &Value::Null), "{stats}");
    assert!(stats["off"].as_str().is_some_and(|off| off.contains("never begun")), "{stats}");
    assert!(!installation.store.with_file_name("evidence").exists());
    drop(service);
}

/// E3: no start, with the remedy; and the same at a terminal.
#[test]
fn a_place_that_others_can_look_into_is_no_place_and_the_service_does_not_start() {
    use std::os::unix::fs::PermissionsExt;
    let installation = installation();
    let evidence = installation.store.with_file_name("evidence");
    fs::set_permissions(&evidence, fs::Permissions::from_mode(0o750)).unwrap();
    for arguments in [&["serve"][..], &["evidence", "stats"]] {
        let output = installation.command(arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success());
        assert!(told.contains("is open to others") && told.contains("chmod 700"), "{told}");
    }
}

#[test]
fn without_the_keys_the_service_goes_on_and_says_so() {
    let installation = installation();
    fs::write(installation.store.with_file_name("evidence").join("keys"), "no keys").unwrap();
    let service = installation.serve();
    let stats = installation.json(&["evidence", "stats"]);
    assert!(stats["off"].as_str().is_some_and(|off| off.contains("remove the file keys")), "{stats}");
    let health = installation.command(&["health", "--json"]);
    let health: Value = serde_json::from_slice(&health.stdout).unwrap();
    let check = health["checks"].as_array().unwrap().iter().find(|check| check["name"] == "evidence").unwrap();
    assert_eq!(check["state"], "warning", "logins by other methods go on: {health}");
    drop(service);
}

#[test]
fn no_backup_has_photos_or_their_keys_and_a_restore_leaves_them_alone() {
    let installation = installation();
    let evidence = installation.store.with_file_name("evidence");
    let before: Vec<_> = everything_below(&evidence).into_iter().map(|file| (fs::read(&file).unwrap(), file)).collect();
    let backup = installation.path("backup");
    let output = installation.command(&["backup", backup.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<_> = fs::read_dir(&backup).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["idv.key", "idv.redb"]);
    let archive = installation.path("backup.tar.gz");
    let output = installation.command(&["backup", archive.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = Command::new("tar").arg("tzf").arg(&archive).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("idv.redb") && !listed.contains("evidence") && !listed.contains("keys"), "{listed}");
    let output = installation.command(&["restore", backup.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(before.iter().all(|(bytes, file)| fs::read(file).unwrap() == *bytes));
    let stats = installation.json(&["evidence", "stats"]);
    assert_eq!((&stats["photos"], &stats["deleted"]), (&0.into(), &0.into()), "what was restored names none: {stats}");
}
