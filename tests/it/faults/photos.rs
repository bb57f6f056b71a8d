//! `kill -9`, a full disk and a backup of before, while people send photos to a running service and somebody decides of them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use idv::control::method::document::Request;
use idv::control::{self, client};
use idv::evidence::{Keeper, Place};
use idv::ops::random;
use idv::store::Store;
use idv::verification::method::Kind;
use idv::verification::method::document::{Dossier, Slot, Stage};
use memchr::memmem;
use tempfile::TempDir;

use super::disk_full::{health, leave};
use crate::support::album::{SPACE, everything_below};
use crate::support::figure;
use crate::support::photo::{self, with_segment};
use crate::support::process::{BINARY, Installation, Service};
use crate::support::visitor::{METHOD, Visitor, approve, ask, listed};
use crate::support::world::{block_on, subject};

/// What every photo of these tests has in it, as it is sent and nowhere else.
const MARKER: &[u8] = b"this is in a photo that was sent, and nowhere else";
/// What every photo has in it, as it is sent and as it is kept: how often each length of a code comes (ITU-T T.81 §K.3.1).
const CODES: &[u8] = &[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const AT_ONCE: usize = 3;

fn photo() -> Vec<u8> {
    with_segment(&photo::photo(640, 600, |_| {}), 0xfe, MARKER)
}

/// An installation in `directory` that verifies people by document, with its store at `store`.
fn installation_with(directory: TempDir, store: &str) -> Installation {
    let store = directory.path().join(store);
    let installation = Installation::with_store(directory, store);
    fs::write(installation.path("idv.toml"), installation.configuration() + METHOD).unwrap();
    installation
}

fn installation() -> Installation {
    installation_with(TempDir::new().unwrap(), "store/idv.redb")
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    memmem::find(bytes, part).is_some()
}

/// The files below `directory` in which a photo is that can be looked at.
fn in_clear(directory: &Path) -> Vec<String> {
    let mut files = everything_below(directory);
    files.retain(|file| file.extension().is_none_or(|extension| extension != "sock"));
    let shows = |bytes: &[u8]| has(bytes, MARKER) || has(bytes, CODES);
    files.retain(|file| shows(&fs::read(file).unwrap()));
    files.iter().map(|file| file.display().to_string()).collect()
}

/// What somebody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Sent,
    Approved,
    Withdrawn,
}

/// One after the other begin, send and are decided of; of what is acknowledged, `note` hears.
fn visit(
    installation: &Installation,
    service: &Service,
    of: &str,
    file: &[u8],
    note: impl Fn(&str, Done),
) -> Option<()> {
    for round in 0..1000 {
        let subject = format!("auth0|{of}-{round}");
        let visitor = Visitor::begin(service, &subject, &subject)?;
        visitor.send(file)?;
        note(&subject, Done::Sent);
        if round % 3 == 2 {
            visitor.post("/withdraw", "")?;
            note(&subject, Done::Withdrawn);
        } else {
            approve(installation, &subject)?;
            note(&subject, Done::Approved);
        }
    }
    Some(())
}

/// Of an upload, of a verdict, of a rotation, of a sweep: whatever was under way.
#[test]
fn killed_while_photos_come_are_decided_of_and_shredded_it_has_what_was_acknowledged_and_no_photo_in_clear() {
    let kills = if figure::is_long() { 100 } else { 4 };
    let (installation, file) = (installation(), photo());
    let (mut acknowledged, mut photos) = (0, 0);
    for kill in 0..kills {
        let mut service = installation.serve();
        let (known, stop) = (Mutex::new(Vec::new()), AtomicBool::new(false));
        thread::scope(|scope| {
            for worker in 0..AT_ONCE {
                let (installation, service, known, file) = (&installation, &service, &known, &file);
                let note = |subject: &str, done| known.lock().unwrap().push((subject.to_owned(), done));
                scope.spawn(move || visit(installation, service, &format!("{kill}-{worker}"), file, note));
            }
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let _ = client::ask(&installation.path("control.sock"), &control::Request::EvidenceRotate, None);
                }
            });
            while known.lock().unwrap().len() < 2 + kill % 5 {
                thread::yield_now();
            }
            service.child_kill();
            stop.store(true, Ordering::SeqCst);
        });
        service.child.wait().unwrap();
        let log = service.log();
        assert!(!has(log.as_bytes(), MARKER) && !log.contains("panicked"), "{log}");
        drop(service);
        let known = known.into_inner().unwrap();
        acknowledged += known.len();
        photos = verify(&installation, &known);
    }
    figure::report(
        "fault-kill-photos",
        "`kill -9` while photos are sent, decided of and shredded",
        format!("{kills} kills, {acknowledged} acknowledged, {photos} photos kept"),
        "lost 0, half 0, in clear 0",
        String::new(),
    );
}

/// Looks at what a killed service left. Returns how many photos that is.
fn verify(installation: &Installation, known: &[(String, Done)]) -> u64 {
    assert_eq!(in_clear(installation.directory.path()), Vec::<String>::new());
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    let place = Place {
        directory: installation.store.with_file_name("evidence"),
        store: installation.store.clone(),
        may_be_in_memory: true,
    };
    let keeper = Keeper::new(store.clone(), place, SPACE);
    keeper.begin().unwrap();
    let dossier = |user_id: &str| store.kept_of(Kind::Document, &subject(user_id)).unwrap().into_document().dossier;
    for (user_id, done) in known {
        let stage = dossier(user_id).map(|dossier| dossier.stage);
        let is_there = matches!(stage, Some(Stage::Waiting { .. } | Stage::Decided { .. }));
        let is_approved = matches!(stage, Some(Stage::Decided { is_verified: true, .. }));
        let is_left = |later| known.contains(&(user_id.clone(), later));
        match done {
            // The next act may be done and not have been acknowledged.
            Done::Sent => assert!(is_there || stage.is_none() && !is_left(Done::Approved), "{user_id}: {stage:?}"),
            Done::Approved => assert!(is_approved, "{user_id}: {stage:?}"),
            Done::Withdrawn => assert!(stage.is_none(), "{user_id}: {stage:?}"),
        }
    }
    for (_, subject) in store.numbers(0, usize::MAX).unwrap() {
        assert!(dossier(subject.user_id.as_str()).is_none_or(|dossier| is_whole(&dossier)), "{subject:?}");
    }
    let checked = keeper.check().unwrap();
    assert_eq!(checked.damaged, 0);
    block_on(keeper.sweep()).unwrap();
    let files =
        ["objects", "new"].map(|below| everything_below(&installation.store.with_file_name("evidence").join(below)));
    assert_eq!(files.concat().len() as u64, checked.whole, "nothing is left of others");
    checked.whole
}

/// Whether a case that was sent has all its photos.
fn is_whole(dossier: &Dossier) -> bool {
    matches!(dossier.stage, Stage::Draft { .. }) || dossier.next_slot().is_none()
}

/// Or nothing above would be found.
#[test]
fn a_photo_in_clear_is_found_by_what_it_has_in_it() {
    let installation = installation();
    let service = installation.serve();
    let visitor = Visitor::begin(&service, "auth0|found", "found").unwrap();
    visitor.send(&photo()).unwrap();
    let number = listed(&installation, "auth0|found").unwrap()["number"].to_string();
    assert_eq!(in_clear(installation.directory.path()), Vec::<String>::new());
    let out = TempDir::new().unwrap();
    let file = out.path().join("front.jpg").display().to_string();
    let shown = installation.command(&["case", "picture", &number, "front", "--out", &file]);
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    assert_eq!(in_clear(out.path()), std::slice::from_ref(&file), "as it is kept");
    assert!(!has(&fs::read(&file).unwrap(), MARKER), "nothing of what was sent is kept that is no picture");
    fs::write(&file, MARKER).unwrap();
    assert_eq!(in_clear(out.path()), [file], "and as it was sent");
}

/// A disk of its own with a little more than what is never used of one: as `disk_full` has it, below another that is no memory
/// to whoever asks for its kind. None where the system makes no such one for everybody (before Linux 5.11).
fn serve_on_disk_with(installation: &Installation, mebibytes: usize) -> Option<Service> {
    let [disk, below] = ["disk", "below"].map(|name| installation.path(name));
    fs::create_dir(&disk).unwrap();
    fs::create_dir(&below).unwrap();
    let on_disk = |command: &str| {
        let script = format!(
            "mount -t tmpfs -o size={mebibytes}m,mode=0700 tmpfs {below} && cd {below} && mkdir lower upper work && \
             mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay {disk} && {command}",
            below = below.display(),
            disk = disk.display(),
        );
        let mut unshared = Command::new("unshare");
        unshared.args(["--map-root-user", "--mount", "sh", "-c", &script]);
        unshared
    };
    if !on_disk("true").status().unwrap().success() {
        println!("not tried: overlays are not for everybody here");
        return None;
    }
    let config = installation.path("idv.toml");
    Some(installation.serve_by(on_disk(&format!("exec {BINARY} --config {} serve", config.display()))))
}

#[test]
fn a_disk_without_room_for_photos_takes_none_says_so_and_serves_all_else() {
    let installation = installation_with(TempDir::new().unwrap(), "disk/idv.redb");
    let Some(service) = serve_on_disk_with(&installation, 1024 + 6) else { return };
    let ballast = format!("/proc/{}/root{}", service.child.id(), installation.path("disk/ballast").display());
    let file = photo();
    let sent = Visitor::begin(&service, "auth0|sent", "sent").unwrap();
    sent.send(&file).unwrap();
    let half = Visitor::begin(&service, "auth0|half", "half").unwrap();
    half.take("front", &file).unwrap();

    fs::write(&ballast, vec![0; 6 << 20]).unwrap();
    assert!(half.upload("selfie", &file).unwrap().ends_with("/selfie?problem=no-room"));
    for page in [half.get("/selfie"), half.get("/selfie?problem=no-room")] {
        let page = page.unwrap();
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("No photos can be taken in just now."), "{page}");
    }
    let later = service.begin("auth0|later", "later");
    let page =
        service.exchange(&crate::support::wire::get(&format!("{}/document", later.path), &later.cookie)).unwrap();
    assert!(page.contains("No photos can be taken in just now."), "{page}");
    // What is there is looked at, decided of and taken, and who needs none logs in.
    approve(&installation, "auth0|sent").unwrap();
    assert!(sent.get("").unwrap().starts_with("HTTP/1.1 303"));
    assert!(leave(&service, "auth0|other").starts_with("HTTP/1.1 303"));
    assert!(health(&service).starts_with("HTTP/1.1 200"), "{}", health(&service));

    fs::remove_file(&ballast).unwrap();
    half.take("selfie", &file).unwrap();
    half.post("/send", "").unwrap();
    approve(&installation, "auth0|half").unwrap();
    assert_eq!(installation.json(&["evidence", "check"])["whole"], 4);
}

/// Neither photos nor what opens them is in a backup.
#[test]
fn a_backup_of_before_brings_back_no_photo_and_what_was_open_is_asked_for_again() {
    let (installation, file) = (installation(), photo());
    let backup = installation.path("backup");
    let objects = installation.store.with_file_name("evidence/objects");
    let number = |name: &str| {
        let case = listed(&installation, &format!("auth0|{name}"));
        case.unwrap_or_else(|| panic!("{name} has no open case"))["number"].as_u64().unwrap()
    };
    let service = installation.serve();
    let visitors = ["open", "withdrawn", "forgotten", "approved"].map(|name| {
        let visitor = Visitor::begin(&service, &format!("auth0|{name}"), name).unwrap();
        visitor.send(&file).unwrap();
        visitor
    });
    approve(&installation, "auth0|approved").unwrap();
    let sealed = everything_below(&objects).iter().map(|file| fs::read(file).unwrap()).collect::<Vec<_>>();
    assert_eq!(sealed.len(), 8);
    let run = |arguments: &[&str]| {
        let output = installation.command(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["backup", &backup.display().to_string()]);
    visitors[1].post("/withdraw", "").unwrap();
    ask(&installation, Request::Forget { number: number("forgotten") }).unwrap();
    run(&["evidence", "rotate"]);
    assert_eq!(everything_below(&objects).len(), 4);
    drop(service);

    for file in everything_below(&backup) {
        let bytes = fs::read(&file).unwrap();
        assert!(!sealed.iter().any(|sealed| has(&bytes, &sealed[..64])), "{}", file.display());
    }
    run(&["restore", &backup.display().to_string()]);
    let _service = installation.serve();
    let is_swept = || everything_below(&objects).is_empty();
    assert!((0..200).any(|_| is_swept() || {
        thread::sleep(Duration::from_millis(50));
        false
    }));
    let checked = installation.json(&["evidence", "check"]);
    assert_eq!((&checked["whole"], &checked["damaged"]), (&0.into(), &0.into()));
    for name in ["open", "withdrawn", "forgotten"] {
        let shown = ask(&installation, Request::Show { number: number(name) }).unwrap();
        assert_eq!((&shown["state"], shown["photos"].as_array().unwrap().len()), (&"asked_again".into(), 0), "{shown}");
        let asked = shown["asked_for"].to_string();
        assert!(asked.contains("front") && asked.contains("selfie"), "{asked}");
        assert_eq!(ask(&installation, Request::Picture { number: number(name), slot: Slot::Front }), None);
    }
    assert_eq!(listed(&installation, "auth0|approved"), None, "what was decided stays so");
    assert_eq!(in_clear(installation.directory.path()), Vec::<String>::new());
}
