//! `idv backup` and `idv restore`.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use idv::ops::random;
use idv::store::Store;
use serde_json::Value;

use crate::support::process::{Installation, Killed, Service, now};
use crate::support::token::TENANT;
use crate::support::wire;

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

/// It was a directory, which was called an archive of another kind.
#[test]
fn a_name_of_another_kind_of_file_is_refused_and_nothing_is_made() {
    let installation = Installation::new();
    let store = Store::open(&installation.store, random::bytes()).unwrap();
    drop(store);
    for name in ["x.zip", "x.tar", "x.TAR.GZ", "x.gz", "x.Age", "x.tar.xz", "x.tar.gz.zip"] {
        let told = error(&backup(&installation, name));
        assert!(told.contains("no file of that kind") && told.contains(".tar.gz, or in .age"), "{name}: {told}");
        let path = installation.path(name);
        error(&installation.command(&["backup", "--keep", "3", path.to_str().unwrap()]));
        assert!(!path.exists(), "{name}");
    }
    for name in ["2026.11.26", "zip", "of.zip.d"] {
        assert!(backup(&installation, name).status.success(), "{name}");
        assert!(installation.path(name).is_dir(), "{name}");
    }
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
    leave_later(&service, "auth0|again");
}

/// As [`leave`], with a token of the seconds after now, as a tenant whose clock is ahead makes them.
fn leave_later(service: &Service, subject: &str) {
    let login = service.try_begin_at(now() + 5, subject, subject).unwrap();
    let answer = service.submit(&login, "cancel", "").unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}

/// A restore made used codes, revoked codes and used request tokens good again.
#[test]
fn what_was_used_or_revoked_stays_so_after_a_restore() {
    let installation = Installation::new();
    let service = installation.serve();
    let desk = |arguments: &[&str]| installation.json(&[&["desk"], arguments, &["--tenant", TENANT]].concat());
    let issue = |subject| desk(&["issue", "--subject", subject])["code"].as_str().unwrap().to_owned();
    let codes = ["auth0|used", "auth0|revoked", "auth0|waiting"].map(|subject| (subject, issue(subject)));
    assert!(backup(&installation, "backup").status.success());
    let used = service.begin("auth0|used", "used");
    let answer = service.submit(&used, "desk", &format!("code={}", codes[0].1)).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert_eq!(desk(&["revoke", "--subject", "auth0|revoked"])["revoked"], true);
    let begun = service.begin("auth0|begun", "begun");
    stop(service);
    let restored = restore(&installation, "backup");
    let told = String::from_utf8(restored.stderr).unwrap();
    // So that a wrong clock is seen.
    assert!(restored.status.success() && told.contains("by this machine's clock begins anew"), "{told}");

    let service = installation.serve();
    assert_eq!(desk(&["list"]).as_array().unwrap().len(), 0);
    for login in [&used, &begun] {
        let page = service.exchange(&wire::get(&login.path, &login.cookie)).unwrap();
        assert!(page.starts_with("HTTP/1.1 410") && page.contains("log in again"), "{page}");
        let answer = service.submit(login, "cancel", "").unwrap();
        assert!(answer.starts_with("HTTP/1.1 410") && answer.contains("log in again"), "{answer}");
    }
    let Err(refused) = service.try_begin_at(now() - 60, "auth0|used", "used") else { panic!("a start") };
    assert!(refused.starts_with("HTTP/1.1 410") && refused.contains("log in again"), "{refused}");
    service.log_once("made before the store was restored");
    for (subject, code) in &codes {
        let login = service.try_begin_at(now() + 5, subject, "again").unwrap();
        let answer = service.submit(&login, "desk", &format!("code={code}")).unwrap();
        assert!(answer.contains("This code is not right"), "{subject}: {answer}");
    }
}

#[test]
fn a_nightly_backup_keeps_the_last_ones_and_any_of_them_is_restored() {
    let installation = Installation::new();
    let service = installation.serve();
    leave(&service, "auth0|one");
    let directory = installation.path("nightly");
    for old in ["idv-2026-01-01T02-30-00Z", "idv-2026-01-02T02-30-00Z", "mine"] {
        assert!(backup(&installation, &format!("nightly/{old}")).status.success());
    }
    let keep = |count: &str| installation.command(&["backup", directory.to_str().unwrap(), "--keep", count, "--json"]);
    assert!(!keep("0").status.success());
    let made = keep("2");
    assert!(made.status.success(), "{}", error(&made));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!((&made["subjects"], made["removed"].as_array().unwrap().len()), (&1.into(), 1));
    let made = Path::new(made["directory"].as_str().unwrap());
    let mut names: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort_unstable();
    assert_eq!(names, [directory.join("idv-2026-01-02T02-30-00Z"), made.to_owned(), directory.join("mine")]);
    assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700);
    stop(service);
    let restored = installation.command(&["restore", made.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", error(&restored));
    assert_eq!(subjects(&installation), ["auth0|one"]);
}

#[test]
fn a_backup_that_fails_removes_no_other() {
    let installation = Installation::new();
    stop(installation.serve());
    let old = "nightly/idv-2026-01-01T02-30-00Z";
    assert!(backup(&installation, old).status.success());
    let mut bytes = fs::read(&installation.store).unwrap();
    bytes[4096..].fill(0);
    fs::write(&installation.store, bytes).unwrap();
    let directory = installation.path("nightly");
    let refused = error(&installation.command(&["backup", directory.to_str().unwrap(), "--keep", "1"]));
    assert!(refused.contains("is damaged"), "{refused}");
    assert!(installation.path(old).join("idv.redb").exists());
    assert!(restore(&installation, old).status.success());
}

/// The command line used to say that another process has the store open, and to end.
#[test]
fn a_command_waits_for_a_service_that_starts_or_stops() {
    let installation = Installation::new();
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    let read_and_change = [&["desk", "list"][..], &["desk", "revoke", "--subject", "auth0|one"]];
    thread::scope(|scope| {
        let commands = read_and_change.map(|command| {
            let arguments = [command, &["--tenant", TENANT]].concat();
            let installation = &installation;
            scope.spawn(move || installation.command(&arguments))
        });
        thread::sleep(Duration::from_millis(1500));
        assert!(commands.iter().all(|command| !command.is_finished()));
        drop(store);
        for command in commands {
            let output = command.join().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(told.contains("Waiting for another process") && !told.contains("idv:"), "{told}");
        }
    });
}

#[test]
fn a_service_waits_for_a_command_and_a_command_says_what_it_waited_for() {
    let installation = Installation::new();
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    thread::scope(|scope| {
        let service = scope.spawn(|| installation.serve());
        thread::sleep(Duration::from_millis(500));
        assert!(!service.is_finished());
        drop(store);
        stop(service.join().unwrap());
    });
    let _store = Store::open(&installation.store, random::bytes()).unwrap();
    let refused = error(&installation.command(&["desk", "list", "--tenant", TENANT]));
    assert!(refused.contains("no service answers") && refused.contains("try again in a minute"), "{refused}");
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
    assert!(error(&restore(&installation, "backup")).contains("cannot be used"));
    fs::write(&copy, whole).unwrap();
    fs::write(&key, [9; 32]).unwrap();
    assert!(error(&restore(&installation, "backup")).contains("cannot be used"));
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

/// On a full disk, what was left of it kept the service from going on.
#[test]
fn a_backup_that_fails_takes_away_what_it_made() {
    let installation = Installation::new();
    let _service = installation.serve();
    fs::remove_file(installation.store.with_extension("key")).unwrap();
    assert!(error(&backup(&installation, "backup")).contains("cannot copy the store's key"));
    assert_eq!(fs::read_dir(installation.path("backup")).unwrap().count(), 0);
}

/// A file server's lease on a file was an error: "Resource temporarily unavailable".
#[test]
fn a_lease_on_the_store_is_waited_for() {
    let installation = Installation::new();
    drop(Store::open(&installation.store, random::bytes()).unwrap());
    let lease = "import fcntl, os, signal, sys, time; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGIO])\n\
                 store = os.open(sys.argv[1], os.O_RDWR); fcntl.fcntl(store, fcntl.F_SETLEASE, fcntl.F_WRLCK)\n\
                 print('held', flush=True); signal.sigwait([signal.SIGIO]); time.sleep(0.3)";
    let mut holder = Command::new("python3");
    let holder = holder.args(["-c", lease]).arg(&installation.store).stdout(Stdio::piped()).spawn();
    let mut holder = Killed(holder.unwrap());
    let mut told = [0; 5];
    holder.stdout.take().unwrap().read_exact(&mut told).unwrap();
    assert_eq!(&told, b"held\n");
    assert!(installation.command(&["desk", "list", "--tenant", TENANT]).status.success());
    assert!(holder.wait().unwrap().success(), "the lease was over before");
}

#[test]
fn a_service_that_answers_without_end_is_not_listened_to_for_ever() {
    let installation = Installation::new();
    let listener = UnixListener::bind(installation.path("control.sock")).unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        while stream.write_all(&[b'7'; 8192]).is_ok() {}
    });
    assert!(
        error(&installation.command(&["desk", "list", "--tenant", TENANT])).contains("the service was not reached")
    );
}
