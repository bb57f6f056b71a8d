//! `idv backup` and `idv restore`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use idv::ops::random;
use idv::store::Store;

use crate::support::process::{Installation, Service};
use crate::support::token::TENANT;

/// Logs in as `subject` and leaves again, which the store remembers.
fn leave(service: &Service, subject: &str) {
    let answer = service.submit(&service.begin(subject, subject), "cancel", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}

fn subjects(installation: &Installation) -> Vec<String> {
    let listed = installation.json(&["subject", "list", "--tenant", TENANT]);
    listed.as_array().unwrap().iter().map(|entry| entry["subject"].as_str().unwrap().to_owned()).collect()
}

fn backup(installation: &Installation, name: &str) -> Output {
    installation.command(&["backup", installation.path(name).to_str().unwrap()])
}

fn restore(installation: &Installation, name: &str) -> Output {
    installation.command(&["restore", installation.path(name).to_str().unwrap()])
}

fn error(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stop(mut service: Service) {
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
}

#[test]
fn a_backup_made_while_serving_takes_the_place_of_a_damaged_store() {
    let installation = Installation::new();
    let service = installation.serve();
    leave(&service, "auth0|before");
    let made = backup(&installation, "backup");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(String::from_utf8_lossy(&made.stdout).split(" are in").next(), Some("1 people and 0 checks"));
    for name in ["idv.redb", "idv.key"] {
        let metadata = fs::metadata(installation.path("backup").join(name)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert!(!installation.store.with_extension("copy").exists(), "the copy was taken away");
    leave(&service, "auth0|after");
    assert!(error(&restore(&installation, "backup")).contains("the service is running"));
    stop(service);

    let mut bytes = fs::read(&installation.store).unwrap();
    bytes[4096..].fill(0);
    fs::write(&installation.store, bytes).unwrap();
    let refusal = error(&installation.command(&["serve"]));
    assert!(refusal.contains("is damaged") && refusal.contains("idv restore DIRECTORY"), "{refusal}");

    let restored = restore(&installation, "backup");
    assert!(restored.status.success(), "{}", error(&restored));
    let kept = fs::read_dir(installation.store.parent().unwrap()).unwrap();
    let kept = kept.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains(".before-"));
    assert_eq!(kept.count(), 2, "what was there is kept");
    let service = installation.serve();
    assert_eq!(subjects(&installation), ["auth0|before"]);
    leave(&service, "auth0|again");
}

#[test]
fn a_backup_without_a_service_is_made_by_the_command_itself() {
    let installation = Installation::new();
    let service = installation.serve();
    leave(&service, "auth0|one");
    stop(service);
    assert!(backup(&installation, "backup").status.success());
    fs::remove_dir_all(installation.store.parent().unwrap()).unwrap();
    assert!(restore(&installation, "backup").status.success());
    assert_eq!(subjects(&installation), ["auth0|one"]);
}

#[test]
fn a_backup_replaces_nothing_and_a_bad_one_is_not_restored() {
    let installation = Installation::new();
    drop(installation.serve());
    fs::create_dir(installation.path("full")).unwrap();
    fs::write(installation.path("full/mine"), "").unwrap();
    assert!(error(&backup(&installation, "full")).contains("is not empty"));

    assert!(backup(&installation, "backup").status.success());
    let before = fs::read(&installation.store).unwrap();
    let (copy, key) = (installation.path("backup/idv.redb"), installation.path("backup/idv.key"));
    let (whole, right) = (fs::read(&copy).unwrap(), fs::read(&key).unwrap());
    let mut damaged = whole.clone();
    damaged[whole.len() / 2..].fill(7);
    fs::write(&copy, damaged).unwrap();
    assert!(error(&restore(&installation, "backup")).contains("not to be relied on"));
    fs::write(&copy, whole).unwrap();
    fs::write(&key, [9; 32]).unwrap();
    assert!(error(&restore(&installation, "backup")).contains("not to be relied on"));
    fs::write(&key, right).unwrap();
    assert_eq!(fs::read(&installation.store).unwrap(), before, "nothing was changed");
    assert!(restore(&installation, "backup").status.success());
}

#[test]
fn a_store_that_a_process_has_open_is_not_replaced() {
    let installation = Installation::new();
    stop(installation.serve());
    assert!(backup(&installation, "backup").status.success());
    let before = fs::read_dir(installation.store.parent().unwrap()).unwrap().count();
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    assert!(error(&restore(&installation, "backup")).contains("another process has"));
    assert_eq!(fs::read_dir(installation.store.parent().unwrap()).unwrap().count(), before, "nothing was changed");
    drop(store);
    assert!(restore(&installation, "backup").status.success());
}
