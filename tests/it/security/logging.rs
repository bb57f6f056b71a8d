//! V16: what the log of the running service has, and what it never has.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use serde_json::{Value, json};

use crate::support::process::{self, Installation, Service};
use crate::support::token::{self, STATE, SUBJECT, TENANT};
use crate::support::wire;

/// The lines of a service that is told to stop, all of them.
fn last_words(service: &mut Service) -> Vec<String> {
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
    service.log_once("\"stopped\"").lines().map(str::to_owned).collect()
}

fn entries(lines: &[String]) -> Vec<Value> {
    lines.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("JSON: {line}"))).collect()
}

/// A login with a wrong code, the right one, a submission by another site and a hostile start, and what operators may look
/// at and ask in vain, by the real service; its log, and what must not be in it.
fn a_login() -> (Vec<String>, Vec<String>) {
    let installation = Installation::new();
    let service = installation.serve();
    a_login_at(&installation, service)
}

fn a_login_at(installation: &Installation, mut service: Service) -> (Vec<String>, Vec<String>) {
    let issued = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", SUBJECT, "--note", "passport"]);
    let code = issued["code"].as_str().unwrap().to_owned();
    let login = service.begin(SUBJECT, "log");
    let wrong = service.submit(&login, "desk", "code=WWWW-WWWW-WWWW").unwrap();
    assert!(wrong.starts_with("HTTP/1.1 422"), "{wrong}");
    let right = service.submit(&login, "desk", &format!("code={code}")).unwrap();
    let location = wire::header(&right, "location").unwrap().to_owned();
    let result = location.rsplit_once("token=").unwrap().1.to_owned();
    let foreign = wire::post(&format!("{}/cancel", login.path), &login.cookie, "")
        .replace("\r\nHost", "\r\nSec-Fetch-Site: cross-site\r\nHost");
    assert!(service.exchange(&foreign).unwrap().starts_with("HTTP/1.1 403"));
    let forged = service.exchange(&wire::get(&format!("/id-verification?token={result}&state={STATE}"), "")).unwrap();
    assert!(forged.starts_with("HTTP/1.1 401"), "{forged}");
    for arguments in [
        &["subject", "show", "--tenant", TENANT, "--subject", SUBJECT][..],
        &["subject", "list", "--tenant", TENANT],
        &["desk", "list", "--tenant", TENANT],
    ] {
        installation.json(arguments);
    }
    for (tenant, subject) in [(TENANT, "auth0|zq7nobody"), ("zq7nowhere.example", SUBJECT), (TENANT, "")] {
        let shown = installation.command(&["subject", "show", "--tenant", tenant, "--subject", subject]);
        assert!(!shown.status.success(), "{tenant} {subject}");
    }
    ask_directly(installation, "{\"operation\":\"zq7strange\"}\n");
    let id = login.path.strip_prefix("/session/").unwrap().to_owned();
    let cookie = login.cookie.split_once('=').unwrap().1.to_owned();
    let secret = String::from_utf8_lossy(token::SECRET).into_owned();
    let plain = code.replace('-', "");
    let hidden = [id, cookie, code, plain, "WWWW".into(), result, secret, SUBJECT.into(), "65f0c0ffee".into()];
    let hidden =
        hidden.into_iter().chain([STATE.into(), "eyJ".into(), "passport".into(), "203.0.113.7".into(), "zq7".into()]);
    (last_words(&mut service), hidden.collect())
}

/// Asks the running service by its control socket, past the command line.
fn ask_directly(installation: &Installation, request: &str) {
    let mut socket = UnixStream::connect(installation.path("control.sock")).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("not understood"), "{answer}");
}

#[test]
fn every_line_is_json_with_a_time_in_utc_a_level_and_a_message() {
    let (lines, _) = a_login();
    for entry in entries(&lines) {
        let time: jiff::Timestamp = entry["timestamp"].as_str().unwrap().parse().unwrap();
        assert!(entry["timestamp"].as_str().unwrap().ends_with('Z') && time.as_second() > 1_700_000_000, "{entry}");
        assert!(["INFO", "WARN", "ERROR"].contains(&entry["level"].as_str().unwrap()), "{entry}");
        assert!(!entry["message"].as_str().unwrap().is_empty(), "{entry}");
    }
}

#[test]
fn nothing_of_a_login_is_in_the_log_but_the_names_that_idv_gives() {
    let (lines, hidden) = a_login();
    for line in &lines {
        for secret in &hidden {
            assert!(!line.contains(secret.as_str()), "{secret} in {line}");
        }
    }
}

#[test]
fn a_wrong_code_a_refusal_and_the_end_of_their_session_are_lines_that_belong_together() {
    let (lines, _) = a_login();
    let entries = entries(&lines);
    let find = |message: &str| entries.iter().find(|entry| entry["message"] == message).expect("a line").clone();
    let (wrong, end) = (find("a wrong code was typed"), find("session concluded"));
    assert_eq!((wrong["level"].as_str(), wrong["attempts_left"].as_u64()), (Some("WARN"), Some(4)));
    assert_eq!((wrong["tenant"].as_str(), wrong["session"].as_str()), (Some(TENANT), end["session"].as_str()));
    assert_eq!((end["method"].as_str(), end["status"].as_str()), (Some("desk"), Some("success")));
    assert_eq!(end["idv_id"].as_str().map(str::len), Some(32));
    let refused: Vec<_> = entries.iter().filter(|entry| entry["message"] == "refused").collect();
    let told = |entry: &Value| (entry["level"] == "WARN", entry["status"].as_u64(), entry["session"].clone());
    assert_eq!(told(refused[0]), (true, Some(403), end["session"].clone()));
    assert_eq!(told(refused[1]), (true, Some(401), Value::Null));
    assert!(refused[1]["cause"].as_str().unwrap().contains("issuer"), "{}", refused[1]);
}

#[test]
fn what_operators_look_at_and_what_is_refused_them_are_lines_with_the_account_and_nothing_that_was_typed() {
    let (lines, _) = a_login();
    let entries = entries(&lines);
    let of = |message: &str| entries.iter().filter(|entry| entry["message"] == message).collect::<Vec<_>>();
    let end = of("session concluded")[0];
    let account = &of("a desk code was issued")[0]["account"];
    assert!(account.is_string(), "{account}");
    let subject = of("a subject was shown");
    assert_eq!((subject.len(), &subject[0]["idv_id"], &subject[0]["account"]), (1, &end["idv_id"], account));
    let listed = of("subjects were listed");
    assert_eq!((listed.len(), &listed[0]["tenant"], &listed[0]["account"]), (1, &json!(TENANT), account));
    let waiting = of("what waits to be used was listed");
    assert_eq!((waiting.len(), &waiting[0]["method"], &waiting[0]["account"]), (1, &json!("desk"), account));
    let refused = of("an operation was refused");
    let told: Vec<_> = refused.iter().map(|entry| (&entry["operation"], entry["cause"].as_str().unwrap())).collect();
    let show = json!("subject_show");
    assert_eq!(
        told,
        [
            (&show, "unknown_subject"),
            (&show, "unknown_tenant"),
            (&show, "malformed_subject"),
            (&Value::Null, "not_understood"),
        ]
    );
    assert!(refused.iter().all(|entry| entry["level"] == "WARN" && entry["account"] == *account), "{refused:?}");
}

#[test]
fn the_journal_reads_the_priority_of_each_line_and_nothing_more_of_a_login() {
    let installation = Installation::new();
    let service = installation.serve_with_journal("$stderr");
    let ahead = Value::Object(token::with(
        token::claims(process::now()),
        &json!({ "iat": process::now() + 7200, "exp": process::now() + 8000 }),
    ));
    let token = token::sign_raw(token::HEADER, ahead.to_string().as_bytes(), token::SECRET);
    service.exchange(&wire::get(&format!("/id-verification?token={token}&state={STATE}"), "")).unwrap();
    let (lines, hidden) = a_login_at(&installation, service);
    let mut seen = BTreeSet::new();
    for line in &lines {
        let (priority, body) = line.strip_prefix('<').unwrap().split_once('>').unwrap();
        let entry: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("JSON: {line}"));
        let level = match priority {
            "3" => "ERROR",
            "4" => "WARN",
            "6" => "INFO",
            _ => panic!("{line}"),
        };
        assert_eq!(entry["level"], level, "{line}");
        seen.insert((priority.to_owned(), entry["message"].as_str().unwrap().to_owned()));
        for secret in &hidden {
            assert!(!line.contains(secret.as_str()), "{secret} in {line}");
        }
    }
    for (priority, message) in
        [("3", "refused"), ("4", "refused"), ("4", "a wrong code was typed"), ("6", "session concluded")]
    {
        assert!(seen.contains(&(priority.into(), message.into())), "{priority} {message} in {seen:?}");
    }
}

#[test]
fn whatever_is_not_the_stream_that_systemd_named_is_not_the_journal() {
    let installation = Installation::new();
    fs::remove_file(installation.path("secret")).unwrap();
    let first = |named: &str| {
        let told = installation.with_journal(named, "serve").output().unwrap();
        assert_eq!(told.status.code(), Some(78), "{told:?}");
        String::from_utf8(told.stderr).unwrap()
    };
    assert!(first("$stderr").starts_with("<3>{"));
    for named in
        ["", ":", "$stderr:", "0$stderr", "${stderr%:*}:$((${stderr#*:} + 1))", "$((${stderr%:*} + 1)):${stderr#*:}"]
    {
        assert!(first(named).starts_with('{'), "{named}");
    }
}

#[test]
fn a_line_is_text_or_json_as_it_is_configured() {
    let installation = Installation::new();
    let configuration = installation.configuration();
    fs::remove_file(installation.path("secret")).unwrap();
    let first = |section: &str, named: &str| {
        fs::write(installation.path("idv.toml"), format!("{configuration}{section}")).unwrap();
        let told = installation.with_journal(named, "serve").output().unwrap();
        String::from_utf8(told.stderr).unwrap().lines().next().unwrap().to_owned()
    };
    for section in ["", "[log]\n", "[log]\nformat = \"auto\"\n", "[log]\nformat = \"json\"\n"] {
        assert!(first(section, "").starts_with("{\"timestamp\":"), "{section}");
    }
    let text = first("[log]\nformat = \"text\"\n", "");
    assert!(text.starts_with("20") && text.contains(" ERROR ") && text.contains("not fit to start with"), "{text}");
    assert!(first("[log]\nformat = \"text\"\n", "$stderr").starts_with("<3>20"));
    // What it says of itself before it knows is as where nothing is configured.
    let wrong = first("[log]\nformat = \"xml\"\n", "");
    assert!(
        wrong.starts_with('{') && wrong.contains("log.format") && wrong.contains("`auto`, `text`, `json`"),
        "{wrong}"
    );
}

#[test]
fn no_request_writes_a_line_of_its_own_making() {
    let installation = Installation::new();
    let mut service = installation.serve();
    let fake = "%0d%0a%7b%22level%22%3a%22INFO%22%2c%22message%22%3a%22zq7forged%22%7d%1b%5b2J";
    for path in [
        format!("/id-verification?token={fake}&state={fake}"),
        format!("/id-verification?token=a.b.c&state={fake}&{fake}={fake}"),
        format!("/session/{fake}"),
        format!("/{fake}"),
    ] {
        let request =
            wire::get(&path, fake).replace("\r\nConnection", &format!("\r\nUser-Agent: {fake}\r\nConnection"));
        let answer = service.exchange(&request).unwrap();
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    let lines = last_words(&mut service);
    let refused = entries(&lines).iter().filter(|entry| entry["message"] == "refused").count();
    assert_eq!(refused, 2, "the two starts; addresses that are no page have no line of their own: {lines:?}");
    assert!(!lines.iter().any(|line| line.contains("zq7forged") || line.contains('\u{1b}')), "{lines:?}");
}

/// Sends `request` on one connection until it was refused so many times, and returns the answers. On a machine that is busy
/// with other tests too, some of those that begin a login are turned away before they are looked at.
fn repeat(service: &Service, request: &str, times: usize) -> String {
    let kept = request.replace("Connection: close\r\n", "");
    let mut pages = String::new();
    for _ in 0..50 {
        let missing = times - pages.matches("HTTP/1.1 4").count();
        if missing == 0 {
            break;
        }
        let mut peer = wire::connect(service.address, &service.tls).unwrap();
        peer.write_all((kept.repeat(missing - 1) + request).as_bytes()).unwrap();
        pages += &wire::read_to_end(&mut peer);
    }
    pages
}

/// The references that pages show.
fn references(pages: &str) -> BTreeSet<String> {
    let shown = pages.split("<code dir=\"ltr\">").skip(1);
    shown.map(|rest| rest.split_once("</code>").unwrap().0.to_owned()).collect()
}

#[test]
fn a_flood_of_what_anybody_can_send_has_few_lines_and_leaves_room_for_those_of_sessions() {
    // One connection wrote 40,000 lines a second, and the journal lost those that came after them.
    const TIMES: usize = 100;
    let installation = Installation::new();
    let mut service = installation.serve();
    let login = service.begin(SUBJECT, "flood");
    // To where the page leads that waits for a late cookie.
    let strange = format!("/session/{}?arrived=1", "A".repeat(22));
    let noise = [
        wire::get(&format!("/id-verification?token=x.y.z&state={STATE}"), ""),
        wire::get("/id-verification?token=x", ""),
        wire::get(&strange, ""),
        wire::get(&strange, &login.cookie),
        wire::get("/nowhere", ""),
        wire::post(&format!("{}/cancel", login.path), "", ""),
        wire::get("/session", "").replacen("GET", "PUT", 1).replace("/session", "/health"),
    ];
    let mut pages = String::new();
    for request in &noise {
        pages += &repeat(&service, request, TIMES);
    }
    let strangers = pages.matches("HTTP/1.1 4").count();
    assert_eq!(strangers, noise.len() * TIMES);
    let foreign = wire::post(&format!("{}/cancel", login.path), &login.cookie, "")
        .replace("\r\nHost", "\r\nSec-Fetch-Site: cross-site\r\nHost");
    pages += &repeat(&service, &foreign, 50);
    for (act, body) in
        [("desk", "code=WWWW-WWWW-WWWW"), ("desk", "code=wwww+wwww+wwww"), ("cancel", ""), ("cancel", "")]
    {
        service.submit(&login, act, body).unwrap();
    }

    let entries = entries(&last_words(&mut service));
    let of = |message: &str| entries.iter().filter(|entry| entry["message"] == message).collect::<Vec<_>>();
    let (refused, summaries) = (of("refused"), of("also refused"));
    let in_session = refused.iter().filter(|entry| entry["status"] == 403).count();
    assert_eq!(in_session, 50, "every line of an authentic session");
    assert_eq!((of("a wrong code was typed").len(), of("session concluded").len()), (1, 1));
    let counted: u64 = summaries.iter().map(|entry| entry["count"].as_u64().unwrap()).sum();
    assert_eq!(usize::try_from(counted).unwrap() + refused.len() - in_session, strangers, "each once: {summaries:?}");
    // Four causes with two lines each; in a second in which all have lines, there is no summary.
    assert!(refused.len() - in_session <= 8 * (summaries.len() + 2), "{} of {summaries:?}", refused.len());
    let written: BTreeSet<_> = refused.iter().map(|entry| entry["reference"].as_str().unwrap().to_owned()).collect();
    assert_eq!(references(&pages), written, "a reference where there is a line, and nowhere else");
    let causes: String = summaries.iter().map(|entry| entry["causes"].as_str().unwrap()).collect();
    for cause in ["malformed_token ", "malformed ", "no_session ", "not_found ", "method "] {
        assert!(causes.contains(cause), "{cause} in {causes}");
    }
}

#[test]
fn the_log_names_a_missing_custom_domain_and_a_clock_that_is_behind_once_a_token_is_authentic() {
    let installation = Installation::new();
    let mut service = installation.serve();
    let now = process::now();
    let start = |changes: &Value, secret: &[u8]| {
        let payload = Value::Object(token::with(token::claims(now), changes)).to_string();
        let token = token::sign_raw(token::HEADER, payload.as_bytes(), secret);
        service.exchange(&wire::get(&format!("/id-verification?token={token}&state={STATE}"), "")).unwrap();
    };
    start(&json!({ "iss": "zq7forged.example" }), &[9; 32]);
    start(&json!({ "iss": "login.new.example" }), token::SECRET);
    start(&json!({ "continue_uri": "https://zq7forged.example/continue" }), &[9; 32]);
    start(&json!({ "continue_uri": "https://way-back.example/continue" }), token::SECRET);
    start(&json!({ "iat": now + 7200, "exp": now + 8000 }), token::SECRET);
    let lines = last_words(&mut service);
    assert!(!lines.iter().any(|line| line.contains("zq7forged")), "{lines:?}");
    let entries = entries(&lines);
    let caused = |part: &str| {
        let found = entries.iter().find(|entry| entry["cause"].as_str().is_some_and(|cause| cause.contains(part)));
        found.unwrap_or_else(|| panic!("{part} in {lines:?}"))
    };
    for host in ["login.new.example", "way-back.example"] {
        let cause = caused(host)["cause"].as_str().unwrap();
        assert!(cause.contains("custom_domains") && cause.contains(TENANT), "{cause}");
    }
    let clock = caused("s from now");
    assert_eq!(clock["level"], "ERROR");
    let seconds = clock["cause"].as_str().unwrap().split(' ').find_map(|word| word.parse::<u64>().ok()).unwrap();
    assert!((7100..=7200).contains(&seconds), "{clock}");
}
