//! `idv backup FILE`, `idv restore FILE` and the drill: one stream, encrypted or not.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::archive::age::Holder;
use crate::support::process::{Installation, Killed, Service, now};
use crate::support::token::TENANT;

const NAMES: &str = "manifest.json\nidv.key\nidv.redb\n";
const SUBJECT: &str = "auth0|one";

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn done(output: Output) -> Output {
    assert!(output.status.success(), "{}", said(&output));
    output
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", said(output));
    said(output)
}

/// Has a person verified by a code.
fn verify(installation: &Installation, service: &Service, subject: &str, issued_at: u64) {
    let issued = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", subject]);
    let login = service.try_begin_at(issued_at, subject, &format!("{subject}{issued_at}")).unwrap();
    let code = format!("code={}", issued["code"].as_str().unwrap());
    let answer = service.submit(&login, "desk", &code).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}

fn stop(mut service: Service) {
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
}

fn shown(installation: &Installation) -> Value {
    installation.json(&["subject", "show", "--tenant", TENANT, "--subject", SUBJECT])
}

/// Every file below `directory` with its bytes.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// What a shell makes of `script`, with `$IDV` for a command on the installation.
fn shell(installation: &Installation, script: &str) -> Output {
    let idv = format!("{} --config {}", crate::support::process::BINARY, installation.path("idv.toml").display());
    let mut shell = Command::new("bash");
    shell.args(["-o", "pipefail", "-c", script]).env("IDV", idv).current_dir(installation.directory.path());
    shell.output().unwrap()
}

/// Encrypts every backup of the installation to somebody.
fn encrypt(installation: &Installation) -> Holder {
    let holder = Holder::new(installation.directory.path(), "holder");
    let configuration = installation.configuration();
    let recipients = format!("{configuration}\n[backup]\nrecipients = [\"{}\"]\n", holder.recipient);
    fs::write(installation.path("idv.toml"), recipients).unwrap();
    holder
}

#[test]
fn a_file_made_while_serving_is_restored_on_a_fresh_place_and_the_last_check_counts() {
    let installation = Installation::new();
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    let waiting = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT]);
    let before = shown(&installation);
    let made = done(installation.command(&["backup", installation.path("one.tar.gz").to_str().unwrap()]));
    assert!(said(&made).contains("1 people and 1 checks") && said(&made).contains("holds the key"), "{}", said(&made));
    let metadata = fs::metadata(installation.path("one.tar.gz")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(said(&done(shell(&installation, "gunzip < one.tar.gz | tar t"))), NAMES);
    assert!(!installation.store.with_extension("copy").exists(), "the copy was taken away");
    stop(service);

    fs::remove_dir_all(installation.store.parent().unwrap()).unwrap();
    let restored = done(installation.command(&["restore", installation.path("one.tar.gz").to_str().unwrap()]));
    assert!(said(&restored).contains("1 people and 1 checks are restored"), "{}", said(&restored));
    let service = installation.serve();
    assert_eq!(shown(&installation), before);
    let login = service.try_begin_at(now() + 5, SUBJECT, "again").unwrap();
    let code = format!("code={}", waiting["code"].as_str().unwrap());
    assert!(service.submit(&login, "desk", &code).unwrap().contains("This code is not right"), "codes are dead");
    assert!(service.try_begin_at(now() - 60, SUBJECT, "before").is_err(), "and so are tokens from before");
    verify(&installation, &service, SUBJECT, now() + 5);
}

#[test]
fn with_recipients_every_backup_is_encrypted_and_only_age_opens_it() {
    let installation = Installation::new();
    let holder = encrypt(&installation);
    let other = Holder::new(installation.directory.path(), "other");
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    for plain in ["one.tar.gz", "one.tgz", "one"] {
        let told = refused(&installation.command(&["backup", installation.path(plain).to_str().unwrap()]));
        assert!(told.contains("ends in .age") && !installation.path(plain).exists(), "{told}");
    }
    let path = installation.path("one.age");
    let made = done(installation.command(&["backup", path.to_str().unwrap(), "--to", &other.recipient]));
    assert!(said(&made).contains("2 recipients open it: age -d -i KEY.txt"), "{}", said(&made));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for key in [&holder.key, &other.key] {
        let list = format!("age -d -i {} one.age | gunzip | tar t", key.display());
        assert_eq!(said(&done(shell(&installation, &list))), NAMES);
    }
    stop(service);
    let before = files(installation.store.parent().unwrap());
    for check in [&["--check"][..], &[]] {
        let told = refused(&installation.command(&[&["restore", path.to_str().unwrap()], check].concat()));
        assert!(told.contains("age -d -i KEY.txt BACKUP.age | sudo idv restore -"), "{told}");
    }
    let wrong = format!(
        "age -d -i {} one.age | $IDV restore -",
        Holder::new(installation.directory.path(), "eve").key.display()
    );
    assert!(said(&shell(&installation, &wrong)).contains("it is empty"));
    assert_eq!(files(installation.store.parent().unwrap()), before, "nothing was touched");
    done(shell(&installation, &format!("age -d -i {} one.age | $IDV restore -", holder.key.display())));
    assert_eq!(shown(&installation)["checks"].as_array().unwrap().len(), 1);
}

#[test]
fn a_stream_on_stdout_is_the_backup_and_nothing_else() {
    let installation = Installation::new();
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    let listed = done(shell(&installation, "$IDV backup - --json 2> told | tee whole | gunzip | tar t"));
    assert_eq!(String::from_utf8_lossy(&listed.stdout), NAMES);
    let told: Value = serde_json::from_slice(&fs::read(installation.path("told")).unwrap()).unwrap();
    assert_eq!((&told["subjects"], &told["file"], &told["recipients"]), (&1.into(), &Value::Null, &0.into()));
    let checked = done(shell(&installation, "$IDV restore --check - --json < whole"));
    let checked: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!((&checked["subjects"], &checked["manifest"]["checks"]), (&1.into(), &1.into()));
    assert!(said(&shell(&installation, "$IDV backup - > /dev/full")).contains("not taken to its end"));
}

#[test]
fn the_drill_says_what_would_be_restored_and_touches_nothing_while_the_service_runs() {
    let installation = Installation::new();
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    let path = |name: &str| installation.path(name).to_str().unwrap().to_owned();
    done(installation.command(&["backup", &path("one.tar.gz")]));
    done(installation.command(&["backup", &path("directory")]));
    let before = files(installation.store.parent().unwrap());
    for backup in ["one.tar.gz", "directory"] {
        let told = said(&done(installation.command(&["restore", "--check", &path(backup)])));
        assert!(told.contains("1 people and 1 checks would be restored"), "{told}");
        assert_eq!(told.contains("by idv 0.1.0, of https://"), backup == "one.tar.gz", "{told}");
    }
    assert_eq!(files(installation.store.parent().unwrap()), before);
    let elsewhere = installation.configuration().replace("public_url = \"https://", "public_url = \"https://other.");
    fs::write(installation.path("idv.toml"), elsewhere).unwrap();
    assert!(said(&installation.command(&["restore", "--check", &path("one.tar.gz")])).contains("is another: see that"));
    let told = refused(&installation.command(&["restore", &path("one.tar.gz")]));
    assert!(told.contains("the service is running"), "{told}");
}

#[test]
fn a_damaged_stream_is_refused_before_anything_is_touched() {
    let installation = Installation::new();
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    let path = installation.path("one.tar.gz");
    done(installation.command(&["backup", path.to_str().unwrap()]));
    stop(service);
    let whole = fs::read(&path).unwrap();
    let before = files(installation.store.parent().unwrap());
    let middle = whole.len() / 2;
    let mut flipped = whole.clone();
    // Of what a bit is padding, the whole byte is not.
    flipped[middle] ^= 0xff;
    for damaged in
        [&whole[..0], &whole[..10], &whole[..middle], &whole[..whole.len() - 1], &flipped, &[&whole[..], b"x"].concat()]
    {
        fs::write(&path, damaged).unwrap();
        for check in [&[][..], &["--check"]] {
            let told = refused(&installation.command(&[&["restore", path.to_str().unwrap()], check].concat()));
            assert!(told.contains("cannot be used; nothing was changed"), "{told}");
        }
        assert_eq!(files(installation.store.parent().unwrap()), before);
    }
    // What was packed as announced, and is no store of that key.
    for store in [&b""[..], &vec![7; 100_000], &fs::read(&installation.store).unwrap()[..8192]] {
        fs::write(installation.path("manifest.json"), forged(store)).unwrap();
        fs::write(installation.path("idv.key"), [7; 32]).unwrap();
        fs::write(installation.path("idv.redb"), store).unwrap();
        let pack = "tar --format=ustar -cz manifest.json idv.key idv.redb | $IDV restore -";
        let told = refused(&shell(&installation, pack));
        assert!(told.contains("cannot be used; nothing was changed"), "{told}");
        assert_eq!(files(installation.store.parent().unwrap()), before);
    }
}

fn forged(store: &[u8]) -> String {
    use idv::archive::{Manifest, Part};
    let part = |bytes: &[u8]| Part::of(bytes).unwrap();
    let manifest = Manifest {
        format: 1,
        idv: "0.1.0".into(),
        schema: 4,
        made_at: idv::verification::time::Timestamp::from_unix(1),
        public_url: "https://idv.example.com".into(),
        subjects: 1,
        checks: 1,
        key: part(&[7; 32]),
        store: part(store),
    };
    serde_json::to_string(&manifest).unwrap()
}

#[test]
fn a_file_is_never_replaced_and_what_was_broken_off_is_cleared_away() {
    let installation = Installation::new();
    stop(installation.serve());
    let (path, draft) = (installation.path("one.tar.gz"), installation.path("one.tar.gz.unfinished"));
    fs::write(&path, "mine").unwrap();
    let told = refused(&installation.command(&["backup", path.to_str().unwrap()]));
    assert!(told.contains("never replaces another") && fs::read(&path).unwrap() == b"mine", "{told}");
    fs::remove_file(&path).unwrap();
    fs::write(&draft, "half").unwrap();
    done(installation.command(&["backup", path.to_str().unwrap()]));
    assert!(path.exists() && !draft.exists());
    for arguments in [["--keep", "3", "x.tar.gz"], ["--keep", "3", "x.age"], ["--keep", "3", "-"]] {
        assert!(refused(&installation.command(&[&["backup"], &arguments[..]].concat())).contains("in a directory"));
    }
    let told = refused(&installation.command(&["backup", installation.path("x.age").to_str().unwrap()]));
    assert!(told.contains("not encrypted: name a file that ends in .tar.gz"), "{told}");
}

#[test]
fn encrypted_backups_have_the_date_and_the_oldest_of_either_kind_go() {
    let installation = Installation::new();
    stop(installation.serve());
    let nightly = installation.path("nightly");
    let directory = nightly.to_str().unwrap();
    done(installation.command(&["backup", &format!("{directory}/idv-2026-01-01T02-30-00Z")]));
    encrypt(&installation);
    for name in
        ["idv-2026-01-02T02-30-00Z.tar.gz.age", "idv-2026-01-03T02-30-00Z.tar.gz.age.unfinished", "idv-mine.tar.gz.age"]
    {
        fs::write(nightly.join(name), "").unwrap();
    }
    let made = installation.json(&["backup", "--keep", "2", directory]);
    let made = Path::new(made["file"].as_str().unwrap());
    let left = names_of(&nightly);
    let expected =
        ["idv-2026-01-02T02-30-00Z.tar.gz.age", made.file_name().unwrap().to_str().unwrap(), "idv-mine.tar.gz.age"];
    assert_eq!(left, expected);
    assert!(made.to_str().unwrap().ends_with("Z.tar.gz.age"));
    assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o600);
}

fn names_of(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_recipient_that_is_no_recipient_is_refused_before_anything_is_made() {
    let installation = Installation::new();
    let holder = Holder::new(installation.directory.path(), "holder");
    let misspelt = holder.recipient.replacen(&holder.recipient[20..22], "qq", 1);
    let secret = fs::read_to_string(&holder.key).unwrap().lines().last().unwrap().to_owned();
    for (text, told) in [(misspelt.as_str(), "is misspelt"), (&secret, "is an identity"), ("age", "is not a recipient")]
    {
        let configuration = installation.configuration();
        let recipients = format!("{configuration}\n[backup]\nrecipients = [\"{}\", \"{text}\"]\n", holder.recipient);
        fs::write(installation.path("idv.toml"), recipients).unwrap();
        let check = installation.command(&["check"]);
        assert_eq!(check.status.code(), Some(78));
        let said = said(&check);
        assert!(said.contains("backup.recipients: number 2") && said.contains(told), "{said}");
        assert!(!said.contains(&secret), "it is not repeated");
        fs::write(installation.path("idv.toml"), configuration).unwrap();
        let to = installation.command(&["backup", installation.path("x.age").to_str().unwrap(), "--to", text]);
        assert!(refused(&to).contains(told) && !installation.path("x.age").exists());
    }
}

/// Each of them would have taken the other's copy away.
#[test]
fn of_several_backups_at_once_each_is_whole_or_says_that_another_is_made() {
    let installation = Installation::new();
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    let mut made = 0;
    thread::scope(|scope| {
        let backups: Vec<_> = (0..4)
            .map(|number| {
                let path =
                    installation.path(&if number % 2 == 0 { format!("{number}.tar.gz") } else { number.to_string() });
                let installation = &installation;
                scope.spawn(move || (installation.command(&["backup", path.to_str().unwrap()]), path))
            })
            .collect();
        for backup in backups {
            let (output, path) = backup.join().unwrap();
            if output.status.success() {
                done(installation.command(&["restore", "--check", path.to_str().unwrap()]));
                made += 1;
            } else {
                assert!(refused(&output).contains("another backup is being made"), "{}", said(&output));
                assert!(!path.is_file());
            }
        }
    });
    assert!(made > 0);
}

#[test]
fn a_backup_that_is_killed_leaves_no_half_of_one_and_the_next_is_whole() {
    let installation = Installation::new();
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    let nightly = installation.path("nightly");
    encrypt(&installation);
    let mut whole = 0;
    for step in 0..12 {
        let mut backup = installation.idv(&["backup", "--keep", "20", nightly.to_str().unwrap()]);
        let mut backup = Killed(backup.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        thread::sleep(Duration::from_millis(step * 12));
        let _ = backup.kill();
        whole += usize::from(backup.wait().unwrap().success());
    }
    // Two of the same second have one name.
    let made = loop {
        let last = installation.command(&["backup", "--keep", "20", nightly.to_str().unwrap()]);
        if last.status.success() {
            break names_of(&nightly);
        }
        assert!(said(&last).contains("in this very second"), "{}", said(&last));
        thread::sleep(Duration::from_millis(200));
    };
    assert!(made.len() > whole && made.iter().all(|name| name.ends_with("Z.tar.gz.age")), "{made:?} after {whole}");
    for name in &made {
        let check = format!("age -d -i holder nightly/{name} | $IDV restore --check -");
        assert!(said(&done(shell(&installation, &check))).contains("1 people"));
    }
    assert!(!installation.store.with_extension("copy").exists());
}

#[test]
fn a_full_disk_leaves_no_half_of_a_backup_and_every_old_one() {
    let installation = Installation::new();
    let service = installation.serve();
    verify(&installation, &service, SUBJECT, now());
    encrypt(&installation);
    let old = "idv-2026-01-01T02-30-00Z.tar.gz.age";
    fs::create_dir(installation.path("disk")).unwrap();
    // Room for a part of it, and then for all.
    let script = format!(
        "mount -t tmpfs -o size=1m,mode=0700 tmpfs disk && cd disk && echo old > {old} && cd .. \
         && head -c 1044480 /dev/zero > disk/ballast; $IDV backup disk --keep 1 && exit 9; ls disk; \
         $IDV backup disk/x.age && exit 9; ls disk; rm disk/ballast; $IDV backup disk --keep 1 2>/dev/null && ls disk"
    );
    let mut unshare = Command::new("unshare");
    let idv = format!("{} --config {}", crate::support::process::BINARY, installation.path("idv.toml").display());
    unshare.args(["--map-root-user", "--mount", "bash", "-c", &script]).env("IDV", idv);
    let output = done(unshare.current_dir(installation.directory.path()).output().unwrap());
    let (told, listed) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    assert_eq!(told.matches("No space left on device").count(), 2, "{told}");
    let left = format!("ballast\n{old}\n");
    let rest = listed.strip_prefix(&format!("{left}{left}")).unwrap_or_else(|| panic!("{listed}"));
    let [_, made] = rest.lines().collect::<Vec<_>>()[..] else { panic!("{rest}") };
    assert!(made.ends_with("Z.tar.gz.age") && made != old);
    assert!(!installation.store.with_extension("copy").exists());
}

#[test]
fn the_service_remembers_when_a_backup_was_whole_over_a_restart() {
    let installation = Installation::new();
    let service = installation.serve();
    let backed_up_at = || installation.json(&["store", "stats"])["backed_up_at"].as_u64();
    assert_eq!(backed_up_at(), None);
    let before = now();
    refused(&installation.command(&["backup", "/dev/full/x.tar.gz"]));
    assert_eq!(backed_up_at(), None, "one that fails is none");
    done(installation.command(&["backup", installation.path("one.tar.gz").to_str().unwrap()]));
    let at = backed_up_at().unwrap();
    assert!((before..=now()).contains(&at));
    service.log_once("a backup is whole");
    stop(service);
    assert_eq!(backed_up_at(), Some(at), "without it");
    let _service = installation.serve();
    assert_eq!(backed_up_at(), Some(at));
}
