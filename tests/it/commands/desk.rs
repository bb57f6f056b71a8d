//! `idv desk`: with the service running through its socket, otherwise on the store itself.

use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, Write, pipe};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::{Value, json};

use crate::support::process::{BINARY, Installation};
use crate::support::token::{SUBJECT, TENANT};

const PERSON: [&str; 4] = ["--tenant", TENANT, "--subject", SUBJECT];

fn desk(installation: &Installation, command: &str, more: &[&str]) -> Value {
    installation.json(&[&["desk", command], more].concat())
}

fn round(installation: &Installation) {
    let issued = desk(installation, "issue", &[&PERSON[..], &["--note", "passport", "--by", "Ada"]].concat());
    let code = issued["code"].as_str().unwrap();
    assert_eq!(code.len(), 14);
    let listed = desk(installation, "list", &PERSON[..2]);
    assert_eq!(
        (listed[0]["subject"].as_str(), listed[0]["by"].as_str(), listed[0]["note"].as_str()),
        (Some(SUBJECT), Some("Ada"), Some("passport"))
    );
    assert!(!listed.to_string().contains(code), "a code is shown once");
    assert_eq!(desk(installation, "revoke", &PERSON)["revoked"], true);
    assert_eq!(desk(installation, "list", &PERSON[..2]), json!([]));
    let again = installation.command(&[&["desk", "revoke"][..], &PERSON].concat());
    assert!(!again.status.success());
}

#[test]
fn codes_are_issued_listed_and_revoked_without_the_service() {
    round(&Installation::new());
}

#[test]
fn codes_are_issued_listed_and_revoked_through_the_service() {
    let installation = Installation::new();
    let service = installation.serve();
    round(&installation);
    let log = service.log_once("a desk code was revoked");
    let account = own_account().0;
    let account = if account == 0 { "root".to_owned() } else { format!("uid {account}") };
    for what in ["a desk code was issued", "a desk code was revoked"] {
        let line = log.lines().find(|line| line.contains(what)).unwrap();
        let line: Value = serde_json::from_str(line).unwrap();
        let told = ["account", "tenant", "method"].map(|field| line[field].as_str().unwrap().to_owned());
        assert_eq!(told, [account.as_str(), TENANT, "desk"]);
    }
    assert!(!log.contains(SUBJECT), "no user id in the log");
}

#[test]
fn a_code_is_stored_only_as_a_keyed_hash() {
    let installation = Installation::new();
    let issued = desk(&installation, "issue", &PERSON);
    let code = issued["code"].as_str().unwrap().replace('-', "");
    let file = fs::read(&installation.store).unwrap();
    assert!(!file.windows(code.len()).any(|window| window == code.as_bytes()));
}

#[test]
fn a_revoked_code_verifies_nobody() {
    let installation = Installation::new();
    let service = installation.serve();
    let code = desk(&installation, "issue", &PERSON)["code"].as_str().unwrap().to_owned();
    desk(&installation, "revoke", &PERSON);
    let login = service.begin(SUBJECT, "revoked");
    assert!(service.submit(&login, "desk", &format!("code={code}")).unwrap().starts_with("HTTP/1.1 422"));
}

#[test]
fn an_unknown_tenant_and_a_bad_subject_are_told() {
    let installation = Installation::new();
    for (tenant, subject, told) in
        [("nobody.example", SUBJECT, "no tenant's host"), (TENANT, "", "not an Auth0 user_id")]
    {
        let output = installation.command(&["desk", "issue", "--tenant", tenant, "--subject", subject]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains(told));
    }
}

#[test]
fn only_the_service_and_its_group_may_use_the_socket() {
    let installation = Installation::new();
    let _service = installation.serve();
    let mode = fs::metadata(installation.path("control.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
}

#[test]
fn the_socket_answers_nonsense_with_an_error() {
    use std::io::Read;
    let installation = Installation::new();
    let _service = installation.serve();
    for nonsense in ["\n", "{}\n", "{\"operation\":\"x\"}\n", "[[[[\n", &format!("{}\n", "x".repeat(70_000))] {
        let mut stream = UnixStream::connect(installation.path("control.sock")).unwrap();
        let _ = stream.write_all(nonsense.as_bytes());
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.is_empty() || answer.contains("\"error\""), "{answer}");
    }
    assert_eq!(desk(&installation, "list", &PERSON[..2]), json!([]));
}

/// Who runs the tests, as the listing says it.
fn own_account() -> (u32, Value) {
    let uid = fs::metadata("/proc/self").unwrap().uid();
    (uid, if uid == 0 { json!("root") } else { json!(uid) })
}

/// The account of the first code that waits: its uid, or its kind.
fn account(installation: &Installation) -> Value {
    let listed = desk(installation, "list", &PERSON[..2]);
    let account = &listed[0]["account"];
    account["user"].get("uid").unwrap_or(account).clone()
}

#[test]
fn whoever_issues_a_code_names_themselves_and_the_system_their_account() {
    let installation = Installation::new();
    let by = |name: &'static str| [&PERSON[..], &["--note", "passport", "--by", name]].concat();
    let proven = own_account().1;
    for is_running in [false, true] {
        let _service = is_running.then(|| installation.serve());
        for name in ["root", "Ada", "mallory; says: Ada"] {
            desk(&installation, "issue", &by(name));
            let listed = desk(&installation, "list", &PERSON[..2]);
            assert_eq!((account(&installation), &listed[0]["by"]), (proven.clone(), &json!(name)));
            let output = installation.command(&["desk", "list", "--tenant", TENANT]);
            let told = String::from_utf8(output.stdout).unwrap();
            assert!(told.trim_end().ends_with(&format!("; says: {name}  (passport)")), "{told}");
            assert!(told.contains("vouched by root;") || told.contains("(uid ") || told.contains("vouched by uid "));
        }
    }
}

/// Another account, where the tests may become one; else their own.
#[test]
fn a_member_of_the_group_is_not_root_whatever_they_say() {
    let installation = Installation::new();
    let _service = installation.serve();
    let (own, _) = own_account();
    let uid = if own == 0 { 1 } else { own };
    let mut command = Command::new(BINARY);
    if own == 0 {
        let binary = installation.path("idv");
        fs::copy(BINARY, &binary).unwrap();
        fs::set_permissions(installation.directory.path(), Permissions::from_mode(0o755)).unwrap();
        chown(installation.path("control.sock"), None, Some(uid)).unwrap();
        command = Command::new(binary);
        command.uid(uid).gid(uid);
    }
    command.arg("--config").arg(installation.path("idv.toml")).args(["desk", "issue", "--by", "root"]).args(PERSON);
    command.env("SUDO_USER", "root").env("LOGNAME", "root").env("USER", "root");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(account(&installation), json!(uid));
    let told = installation.command(&["desk", "list", "--tenant", TENANT]).stdout;
    assert!(!String::from_utf8(told).unwrap().contains("vouched by root"));
}

/// Runs `desk issue` with its output going to `stdout`.
fn issue_into(installation: &Installation, stdout: Stdio, more: &[&str]) -> Output {
    let mut command = installation.idv(&[&["desk", "issue"], &PERSON[..], more].concat());
    command.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn a_code_that_could_not_be_printed_is_not_left_alive() {
    let installation = Installation::new();
    for is_running in [false, true] {
        let _service = is_running.then(|| installation.serve());
        for json in [&[][..], &["--json"]] {
            let write = |name: &str| Stdio::from(File::options().write(true).open(name).unwrap());
            let broken = Stdio::from(pipe().unwrap().1);
            for (stdout, told) in [
                (write("/dev/full"), "is worthless now: No space left"),
                (broken, "is worthless now: Broken pipe"),
                (write("/dev/null"), "none was issued"),
            ] {
                let output = issue_into(&installation, stdout, json);
                let error = String::from_utf8(output.stderr).unwrap();
                assert_eq!(output.status.code(), Some(1), "{error}");
                assert!(error.contains(told), "{error}");
                assert_eq!(desk(&installation, "list", &PERSON[..2]), json!([]), "{told}");
            }
        }
    }
}

#[test]
fn a_code_is_not_left_alive_where_whoever_asked_went_away_meanwhile() {
    let installation = Installation::new();
    let service = installation.serve();
    let mut stream = UnixStream::connect(installation.path("control.sock")).unwrap();
    let request = json!({ "operation": "desk_issue", "tenant": TENANT, "subject": SUBJECT, "by": "Ada" });
    stream.write_all(format!("{request}\n").as_bytes()).unwrap();
    drop(stream);
    let log = service.log_once("a control connection failed");
    assert!(log.contains("a desk code was issued"), "{log}");
    assert_eq!(desk(&installation, "list", &PERSON[..2]), json!([]));
}

/// A full disk behind the redirection, or a log collector that is gone.
#[test]
fn that_nobody_reads_its_remarks_makes_no_command_fail() {
    let installation = Installation::new();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    let run = |arguments: &[&str]| {
        let mut command = Command::new(BINARY);
        command.arg("--config").arg(installation.path("idv.toml")).args(arguments);
        command.stderr(full()).output().unwrap()
    };
    let issued = run(&[&["desk", "issue"][..], &PERSON].concat());
    assert!(issued.status.success() && issued.stdout.len() == 15, "{issued:?}");
    assert_eq!(run(&["desk", "list", "--tenant", "nobody.example"]).status.code(), Some(1));
    assert_eq!(run(&["desk", "nonsense"]).status.code(), Some(2));
    fs::write(installation.path("idv.toml"), "public_url = 1").unwrap();
    assert_eq!(run(&["desk", "list", "--tenant", TENANT]).status.code(), Some(78));
}

#[test]
fn with_its_output_closed_no_code_is_issued() {
    let installation = Installation::new();
    // There is a store from the first change on.
    desk(&installation, "issue", &PERSON);
    desk(&installation, "revoke", &PERSON);
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec \"$0\" \"$@\" >&-", BINARY, "--config"]).arg(installation.path("idv.toml"));
    let output = shell.args(["desk", "issue"]).args(PERSON).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(desk(&installation, "list", &PERSON[..2]), json!([]));
}

#[test]
fn what_was_waiting_stays_where_nobody_would_see_the_new_code() {
    let installation = Installation::new();
    desk(&installation, "issue", &PERSON);
    issue_into(&installation, Stdio::null(), &[]);
    assert_eq!(desk(&installation, "list", &PERSON[..2]).as_array().unwrap().len(), 1);
}

#[test]
fn a_subject_that_cannot_exist_gets_no_code_and_no_link() {
    let installation = Installation::new();
    let _service = installation.serve();
    for (subject, told) in [
        ("auth0", "in quotes"),
        ("77e1c0ffee", "in quotes"),
        ("auth0|", "in quotes"),
        ("|77e1c0ffee", "in quotes"),
        (" auth0|77e1c0ffee", "a space"),
        ("auth0|77e1c0ffee ", "a space"),
        ("auth0 |77e1c0ffee", "a space"),
        ("auth0| 77e1c0ffee", "a space"),
        ("auth0|77e1c0ffee\u{a0}", "a space"),
        ("auth0|77e1c0ffee\u{200b}", "nobody sees, \\u{200b}"),
        ("auth0|77e1\u{200d}c0ffee", "nobody sees, \\u{200d}"),
        ("\u{feff}auth0|77e1c0ffee", "nobody sees, \\u{feff}"),
        ("auth0|\u{202e}eeff0c1e77", "nobody sees, \\u{202e}"),
        ("auth0|77e1c0ffee\n", "not an Auth0 user_id"),
        ("auth0|\u{e0041}77e1c0ffee", "nobody sees, \\u{e0041}"),
    ] {
        for command in [&["desk", "issue"][..], &["link"]] {
            let output = installation.command(&[command, &["--tenant", TENANT, "--subject", subject]].concat());
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{subject:?}: {error}");
            assert!(error.contains(told), "{subject:?}: {error}");
            assert!(!error.contains("77e1"), "no user id in an error");
        }
    }
    assert_eq!(desk(&installation, "list", &PERSON[..2]), json!([]));
}

#[test]
fn a_subject_of_any_connection_gets_a_code() {
    let installation = Installation::new();
    let _service = installation.serve();
    for subject in [
        "google-oauth2|108234",
        "samlp|corp|j.doe@acme.example",
        "ad|corp|DOMAIN\\Jane Doe",
        "oidc|corp|a||b|",
        "waad|山田太郎",
        "auth0|علی\u{200c}رضا",
        "email|zoë@acme.example",
    ] {
        assert!(desk(&installation, "issue", &["--tenant", TENANT, "--subject", subject])["code"].is_string());
    }
}

#[test]
fn what_an_older_login_brought_can_still_be_revoked_and_shown() {
    let installation = Installation::new();
    let _service = installation.serve();
    for subject in ["auth0", "auth0|65f\u{200b}", " "] {
        let output = installation.command(&["desk", "revoke", "--tenant", TENANT, "--subject", subject]);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "No code was waiting.\n");
        let output = installation.command(&["subject", "show", "--tenant", TENANT, "--subject", subject]);
        assert!(String::from_utf8(output.stderr).unwrap().contains("nothing is known"));
    }
}

/// A service that answers everything with `answer`.
fn impostor(installation: &Installation, answer: &Value) {
    let path = installation.path("control.sock");
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(path).unwrap();
    let answer = format!("{answer}\n");
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = BufReader::new(&stream).read_line(&mut String::new());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
}

#[test]
fn nothing_that_the_socket_answers_is_obeyed_by_the_terminal() {
    const TRICKS: &str = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}";
    let installation = Installation::new();
    let code = json!({
        "subject": TRICKS, "issued_at": 1, "expires_at": 1, "is_expired": false, "attempts_left": 1,
        "by": TRICKS, "account": { "user": { "uid": 1, "login": TRICKS } }, "note": TRICKS,
    });
    let check = json!({
        "at": 1, "method": TRICKS, "status": TRICKS, "evidence": { "vouch": { "by": TRICKS, "note": TRICKS } },
    });
    let delegation = json!({
        "provider": "acme", "identity": "ab".repeat(16), "verified_at": 1, "reference": TRICKS, "conflict": "other_person",
        "basis": { "acr": TRICKS, "trust_framework": TRICKS, "assurance_level": TRICKS },
    });
    let delegated = json!({
        "at": 1, "method": "oidc:acme", "status": "failed", "evidence": { "delegated": delegation },
        "holder": { "subject": TRICKS, "is_seen": false },
    });
    let subject = json!({ "subject": TRICKS, "idv_id": TRICKS, "last_check": 1, "method": TRICKS, "status": TRICKS });
    let person: Vec<_> = ["desk", "issue"].into_iter().chain(PERSON).collect();
    let list = ["desk", "list", "--tenant", TENANT];
    let show: Vec<_> = ["subject", "show"].into_iter().chain(PERSON).collect();
    for (command, answer) in [
        (&person[..], json!({ "code": TRICKS, "expires_at": 1 })),
        (&person[..], json!({ "error": TRICKS })),
        (&list[..], json!({ "codes": [code], "next": null })),
        (&show[..], json!({ "subject": subject, "bindings": [], "checks": [check, delegated] })),
        (&["link", "--tenant", TENANT, "--subject", SUBJECT][..], json!({ "url": TRICKS })),
    ] {
        impostor(&installation, &answer);
        for json in [&[][..], &["--json"]] {
            let output = installation.command(&[command, json].concat());
            let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(told.contains("202e"), "{command:?}: {told:?}");
            for line in told.lines() {
                assert_eq!(idv::ops::text::unseen(line), None, "{command:?}: {line:?}");
            }
        }
    }
}

#[test]
fn nothing_that_an_argument_holds_is_obeyed_by_the_terminal() {
    const TRICKS: &str = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}";
    let installation = Installation::new();
    let directory = installation.path(TRICKS);
    let directory = directory.to_str().unwrap();
    for old in ["1", "2"] {
        fs::create_dir_all(format!("{directory}/idv-2026-01-0{old}T02-30-00Z")).unwrap();
    }
    desk(&installation, "issue", &PERSON);
    for arguments in [
        &[TRICKS][..],
        &[&format!("--{TRICKS}")],
        &["desk", TRICKS],
        &["desk", "list", "--tenant", TENANT, TRICKS],
        &["desk", "list", "--tenant", TRICKS],
        &["trial", "--port", TRICKS],
        &["action", "--format", TRICKS],
        &["action", "--format", "terraform", "--out", directory],
        &["secret", "generate", "--out", directory],
        &["backup", directory],
        &["backup", directory, "--keep", "1"],
        &["restore", directory],
        &["doctor", "--offline", "--tenant", TRICKS],
    ] {
        let output = installation.command(arguments);
        let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(told.contains("\\u{202e}"), "{arguments:?}: {told:?}");
        for line in told.lines() {
            assert_eq!(idv::ops::text::unseen(line), None, "{arguments:?}: {line:?}");
        }
    }
}
