//! Who watches the service: what is counted, whether it is ready, and on what sockets that is told.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use idv::monitoring::Readiness;
use idv::monitoring::readiness::{Checks, State};
use idv::ops::clock::Clock;
use idv::ops::validity::Validity;
use idv::store::Store;
use idv::verification::method::document::Policy;
use idv::verification::method::document::dossier::Verdict;
use idv::verification::method::document::policy::Second;
use idv::verification::time::Timestamp;
use serde_json::json;
use tempfile::TempDir;

use crate::support::applicant::rules;
use crate::support::bureau::{Bureau, Who, rejected};
use crate::support::disk::Disk;
use crate::support::figure;
use crate::support::ledger;
use crate::support::process::{self, Installation, Service, write_secret};
use crate::support::token::{self, STATE, SUBJECT, TENANT};
use crate::support::watcher::{Samples, ask, body, get};
use crate::support::wire;
use crate::support::world::{BEGINNING, OTHER_SECRET, OTHER_TENANT, World, block_on};

const CLIENTS: usize = 8;
/// How often a client is turned away at the most: never, but on a machine that is busy with other tests too.
const PATIENCE: u32 = 500;

/// What a client saw.
#[derive(Default)]
struct Seen {
    accepted: [u32; 2],
    forged: u32,
    canceled: [u32; 2],
    verified: u32,
    turned_away: u32,
    requests: u32,
}

/// An installation with two tenants, that is watched.
fn with_two_tenants() -> Installation {
    let installation = Installation::new();
    write_secret(&installation.path("other"), OTHER_SECRET);
    let other = installation.path("other").display().to_string();
    let text = installation.configuration();
    let other = format!("[[tenants]]\ndomain = \"{OTHER_TENANT}\"\ntoken_secrets = [{{ file = \"{other}\" }}]\n");
    fs::write(installation.path("idv.toml"), text + &other).unwrap();
    installation
}

/// One of a client's logins: of either tenant, that is left or ended with `code`, or one that somebody forged.
fn login(service: &Service, name: &str, number: usize, code: Option<&str>, seen: &mut Seen) {
    let place = number % 2;
    let (tenant, secret) = if place == 0 { (TENANT, token::SECRET) } else { (OTHER_TENANT, OTHER_SECRET) };
    let claims = json!({ "sub": name, "jti": format!("{name} {number}"), "iss": tenant });
    let claims = serde_json::to_string(&token::with(token::claims(process::now()), &claims)).unwrap();
    let mut start = |secret| {
        let token = token::sign_raw(token::HEADER, claims.as_bytes(), secret);
        let request = wire::get(&format!("/id-verification?token={token}&state={STATE}"), "");
        loop {
            let answer = service.exchange(&request).unwrap();
            seen.requests += 1;
            if !process::is_turned_away(&answer) || seen.turned_away == PATIENCE {
                return answer;
            }
            seen.turned_away += 1;
            thread::sleep(Duration::from_millis(20));
        }
    };
    if number.is_multiple_of(5) {
        assert!(start(b"another secret of thirty-two bytes").starts_with("HTTP/1.1 401"));
        seen.forged += 1;
        return;
    }
    let started = start(secret);
    assert!(started.starts_with("HTTP/1.1 303"), "{started}");
    seen.accepted[place] += 1;
    let path = wire::header(&started, "location").unwrap();
    let cookie = wire::header(&started, "set-cookie").unwrap().split_once(';').unwrap().0;
    let (act, form) = code.map_or(("cancel", String::new()), |code| ("desk", format!("code={code}")));
    let ended = service.exchange(&wire::post(&format!("{path}/{act}"), cookie, &form)).unwrap();
    assert!(ended.starts_with("HTTP/1.1 303"), "{ended}");
    seen.requests += 1;
    if code.is_some() { seen.verified += 1 } else { seen.canceled[place] += 1 }
}

fn client(service: &Service, number: usize, logins: usize, code: &str) -> Seen {
    let (name, mut seen) = (format!("auth0|client-{number}"), Seen::default());
    for number in 1..=logins {
        // The second is of the first tenant, whose code it is.
        login(service, &name, number, Some(code).filter(|_| number == 2), &mut seen);
    }
    seen
}

#[test]
fn counters_are_what_eight_clients_saw_and_scrapes_meanwhile_cost_no_request() {
    let logins = if figure::is_long() { 10_000 / CLIENTS } else { 15 };
    let installation = with_two_tenants();
    let service = installation.serve_watched();
    let issue = |number| {
        let subject = format!("auth0|client-{number}");
        let issued = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", &subject, "--by", "x"]);
        issued["code"].as_str().unwrap().to_owned()
    };
    let codes: Vec<_> = (0..CLIENTS).map(issue).collect();
    assert_eq!(installation.scrape().value("idv_codes_waiting"), CLIENTS as u64);
    let is_done = AtomicBool::new(false);
    let (seen, scrapes) = thread::scope(|scope| {
        let clients: Vec<_> = codes
            .iter()
            .enumerate()
            .map(|(number, code)| {
                scope.spawn({
                    let service = &service;
                    move || client(service, number, logins, code)
                })
            })
            .collect();
        let scraping = scope.spawn(|| {
            let mut scrapes = 0;
            while !is_done.load(Ordering::SeqCst) {
                installation.scrape();
                scrapes += 1;
            }
            scrapes
        });
        let seen: Vec<_> = clients.into_iter().map(thread::ScopedJoinHandle::join).collect();
        is_done.store(true, Ordering::SeqCst);
        let scrapes = scraping.join().unwrap();
        (seen.into_iter().map(Result::unwrap).collect::<Vec<_>>(), scrapes)
    });
    let sum = |of: fn(&Seen) -> u32| u64::from(seen.iter().map(of).sum::<u32>());
    let samples = installation.scrape();
    let starts = |tenant: &str, result: &str| {
        samples.value(&format!("idv_starts_total{{tenant=\"{tenant}\",result=\"{result}\"}}"))
    };
    assert_eq!(starts(TENANT, "accepted"), sum(|seen| seen.accepted[0]));
    assert_eq!(starts(OTHER_TENANT, "accepted"), sum(|seen| seen.accepted[1]));
    assert_eq!([starts(TENANT, "refused"), starts(OTHER_TENANT, "refused")], [0; 2]);
    let refused = sum(|seen| seen.forged + seen.turned_away);
    assert_eq!(starts("unknown", "refused"), refused);
    assert_eq!(samples.value("idv_refusals_total{reason=\"signature\"}"), sum(|seen| seen.forged));
    assert_eq!(samples.value("idv_refusals_total{reason=\"busy\"}"), sum(|seen| seen.turned_away));
    assert_eq!(samples.sum("idv_refusals_total", ""), refused, "and nothing else was");
    let outcomes = |tenant: &str, method: &str, outcome: &str| {
        let labels = format!("tenant=\"{tenant}\",method=\"{method}\",outcome=\"{outcome}\"");
        samples.value(&format!("idv_outcomes_total{{{labels}}}"))
    };
    assert_eq!(outcomes(TENANT, "desk", "success"), sum(|seen| seen.verified));
    assert_eq!(outcomes(TENANT, "none", "canceled"), sum(|seen| seen.canceled[0]));
    assert_eq!(outcomes(OTHER_TENANT, "none", "canceled"), sum(|seen| seen.canceled[1]));
    let ended = sum(|seen| seen.verified + seen.canceled[0] + seen.canceled[1]);
    assert_eq!(samples.sum("idv_outcomes_total", ""), ended);
    assert_eq!(samples.sum("idv_decision_duration_seconds_count", ""), ended);
    let accepted = sum(|seen| seen.accepted[0] + seen.accepted[1]);
    assert_eq!(samples.value("idv_responses_total{route=\"start\",class=\"3xx\"}"), accepted);
    assert_eq!(samples.value("idv_responses_total{route=\"start\",class=\"4xx\"}"), sum(|seen| seen.forged));
    assert_eq!(samples.value("idv_responses_total{route=\"start\",class=\"5xx\"}"), sum(|seen| seen.turned_away));
    assert_eq!(samples.value("idv_responses_total{route=\"form\",class=\"3xx\"}"), ended);
    assert_eq!(samples.sum("idv_responses_total", ""), sum(|seen| seen.requests));
    assert_eq!(samples.value("idv_request_duration_seconds_count{route=\"form\"}"), ended);
    assert_eq!(samples.sum("idv_handshakes_total", "result=\"done\""), sum(|seen| seen.requests));
    assert_eq!(samples.value("idv_codes_waiting"), 0);
    assert!(samples.value("idv_commits_total") >= 1 && samples.value("idv_connections") <= 8);
    figure::report(
        "counters",
        "logins of eight clients, counted by tenant and outcome",
        CLIENTS * logins,
        "what the clients saw",
        format!("equal, and {scrapes} scrapes meanwhile cost no request"),
    );
}

/// Stands wherever somebody can write something.
const MARK: &str = "zq7mark";

#[test]
fn a_scrape_has_nothing_of_a_person_nor_of_what_strangers_send() {
    let installation = Installation::new();
    let service = installation.serve_watched();
    let subject = format!("auth0|{MARK}");
    let issued = installation.json(&["desk", "issue", "--tenant", TENANT, "--subject", &subject, "--note", MARK]);
    let code = issued["code"].as_str().unwrap();
    let known = service.begin(&subject, MARK);
    assert!(service.submit(&known, "desk", &format!("code={MARK}")).unwrap().starts_with("HTTP/1.1 422"));
    assert!(service.submit(&known, "desk", &format!("code={code}")).unwrap().starts_with("HTTP/1.1 303"));
    let hostile = |changes| token::sign(&token::with(token::claims(process::now()), &changes));
    let targets = [
        format!("/id-verification?token={MARK}&state={MARK}"),
        format!("/id-verification?token={}&state=<{MARK}>", hostile(json!({ "sub": MARK }))),
        format!("/id-verification?token={}&state={MARK}", hostile(json!({ "iss": format!("{MARK}.auth0.test") }))),
        format!("/id-verification?token={}&state={MARK}", hostile(json!({ "exp": 1, "sub": MARK }))),
        format!("/{MARK}/{{tenant=\"{MARK}\"}}"),
        format!("/assets/{MARK}"),
        format!("/oidc/{MARK}/callback?state={MARK}"),
        format!("/session/{MARK}"),
    ];
    for target in &targets {
        let request = wire::get(target, &format!("__Host-idv-{MARK}={MARK}"))
            .replace("\r\nHost", &format!("\r\nX-{MARK}: {MARK}\r\nHost"));
        let answer = service.exchange(&request).unwrap();
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    let open_metrics =
        format!("GET /metrics?{MARK} HTTP/1.1\r\nHost: {MARK}\r\nAccept: application/openmetrics-text\r\n\r\n");
    for scrape in [installation.watch("/metrics"), ask(&installation.watched_at(), &open_metrics).unwrap()] {
        assert!(scrape.starts_with("HTTP/1.1 200"), "{scrape}");
        let session = known.path.strip_prefix("/session/").unwrap();
        let idv_id = issued["subject"].as_str().unwrap();
        for hidden in [MARK, SUBJECT, STATE, code, session, idv_id, "eyJ", "127.0.0.1", "http", "/"] {
            assert!(!body(&scrape).replace("/readyz", "").contains(hidden), "{hidden}: {scrape}");
        }
        for value in body(&scrape).split('"').skip(1).step_by(2) {
            let is_bound = value == "+Inf" || value.parse::<f64>().is_ok();
            let is_label = value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            assert!(is_bound || is_label || [TENANT, env!("CARGO_PKG_VERSION")].contains(&value), "{value}");
        }
    }
}

#[test]
fn every_path_method_and_format_has_its_answer() {
    let installation = Installation::new();
    let _service = installation.serve_watched();
    let asked = |request: String| ask(&installation.watched_at(), &request).unwrap();
    assert!(asked(get("/livez")).ends_with("\r\n\r\nok\n"));
    assert!(asked(get("/readyz")).ends_with("\r\n\r\nok\n"));
    let verbose = asked(get("/readyz?verbose"));
    let lines = "[+]serving ok\n[+]store ok\n[+]certificate ok\n[+]clock ok\n[+]reload ok\nreadyz check passed\n";
    assert_eq!(body(&verbose), lines);
    for nothing in ["/", "/health", "/healthz", "/metrics/", "/livez/x", "/id-verification", "//metrics"] {
        assert!(asked(get(nothing)).starts_with("HTTP/1.1 404"), "{nothing}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        for path in ["/livez", "/readyz", "/metrics"] {
            let answer = asked(get(path).replacen("GET", method, 1));
            assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("allow: GET, HEAD"), "{method} {answer}");
        }
    }
    let head = asked(get("/metrics").replacen("GET", "HEAD", 1));
    assert!(head.starts_with("HTTP/1.1 200") && body(&head).is_empty(), "{head}");
    assert!(asked(get("/metrics")).contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    let accept = "\r\nAccept: application/openmetrics-text; version=1.0.0\r\n\r\n";
    let open_metrics = asked(get("/metrics").replace("\r\n\r\n", accept));
    assert!(open_metrics.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"));
    assert!(
        open_metrics.ends_with("# EOF\n") && open_metrics.contains("# TYPE idv_starts counter\n"),
        "{open_metrics}"
    );
    for scrape in [asked(get("/metrics")), open_metrics] {
        let ends: Vec<_> =
            scrape.lines().filter(|line| line.starts_with("idv_commit_duration_seconds_bucket")).collect();
        let ends: Vec<_> = ends.iter().map(|line| line.split('"').nth(1).unwrap()).collect();
        assert_eq!((ends.len(), ends[11], ends[14]), (15, "0.25", "+Inf"), "{ends:?}");
    }
    let long = get("/livez").replace("\r\n\r\n", &format!("\r\nX: {}\r\n\r\n", "x".repeat(20_000)));
    // What it sends beyond may keep it from reading that.
    let refused = ask(&installation.watched_at(), &long);
    assert!(refused.is_err() || refused.is_ok_and(|answer| answer.starts_with("HTTP/1.1 431")));
    let fits = get("/livez").replace("\r\n\r\n", &format!("\r\nX: {}\r\n\r\n", "x".repeat(15_000)));
    assert!(asked(fits).starts_with("HTTP/1.1 200"));
}

/// A silent one would else hold what the next scrape needs.
#[test]
fn slow_and_many_connections_keep_no_scrape_waiting_and_no_login() {
    let installation = Installation::new();
    let service = installation.serve_watched();
    let mut silent: Vec<_> = (0..200).map(|_| UnixStream::connect(installation.watched_at()).unwrap()).collect();
    for stream in &mut silent {
        // The oldest are gone by now.
        let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nX: ");
    }
    assert!(installation.watch("/metrics").starts_with("HTTP/1.1 200"));
    assert!(installation.watch("/livez").starts_with("HTTP/1.1 200"));
    let _login = service.begin(SUBJECT, "beside");
    let oldest = &mut silent[0];
    oldest.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    match oldest.read(&mut [0]) {
        Ok(length) => assert_eq!(length, 0),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

fn state(checks: &Checks, name: &str) -> State {
    checks.0.iter().find(|check| check.name == name).unwrap().state.clone()
}

#[test]
fn a_clock_that_was_set_back_before_the_newest_record_is_told() {
    let world = World::new();
    let (code, mut browser) = (world.issue(), world.browser());
    let session = browser.begin(&world.token("clock"));
    world.pass(Duration::from_mins(10));
    let _ended = browser.post(&format!("{session}/desk"), &format!("code={code}"));
    let readiness = Readiness::new(world.app.store.clone(), world.app.clock.clone());
    let checked_at = world.now();
    assert_eq!(checked_at, BEGINNING + 600);
    for (now, is_sane) in [(checked_at, true), (checked_at - 300, true), (checked_at - 301, false), (0, false)] {
        world.set_clock(now);
        let checks = readiness.checks();
        assert_eq!(checks.are_passed(), is_sane, "{now}");
        assert_eq!(matches!(state(&checks, "clock"), State::Failed(_)), !is_sane, "{now}");
    }
    world.set_clock(checked_at - 3600);
    let lines = readiness.checks().lines();
    assert!(lines.contains("[-]clock failed: this machine's clock is 3600 s behind the newest record"), "{lines}");
    assert!(lines.ends_with("readyz check failed\n"), "{lines}");
}

#[test]
fn a_certificate_that_ends_is_warned_of_and_one_that_is_not_good_is_not_ready() {
    let world = World::new();
    let readiness = Readiness::new(world.app.store.clone(), world.app.clock.clone());
    let day = 86_400;
    let at = |seconds| Timestamp::from_unix(seconds);
    let told = |not_before, not_after| {
        readiness.serve_certificate(Some(Validity { not_before: at(not_before), not_after: at(not_after) }));
        let checks = readiness.checks();
        (checks.are_passed(), checks.line())
    };
    assert_eq!(told(BEGINNING, BEGINNING + 15 * day), (true, "ready".into()));
    let ends = "ready: certificate: the certificate expires in 3 days";
    assert_eq!(told(BEGINNING, BEGINNING + 3 * day), (true, ends.into()));
    assert_eq!(told(BEGINNING, BEGINNING), (true, "ready: certificate: the certificate expires in 0 days".into()));
    let ended = "not ready: certificate: the certificate is not valid now: it has expired";
    assert_eq!(told(BEGINNING - day, BEGINNING - 1), (false, ended.into()));
    let early = "not ready: certificate: the certificate is not valid yet";
    assert_eq!(told(BEGINNING + 1, BEGINNING + 90 * day), (false, early.into()));
    readiness.serve_certificate(None);
    assert!(readiness.checks().are_passed(), "plain HTTP, behind a proxy");
}

#[test]
fn a_reload_that_was_refused_is_a_warning_and_a_service_that_stops_is_not_ready() {
    let world = World::new();
    let readiness = Readiness::new(world.app.store.clone(), world.app.clock.clone());
    readiness.note_reload(Some("the key does not fit\nthe certificate".into()));
    let lines = readiness.checks().lines();
    let refused = "[!]reload warning: the last was refused, and what was before is in force: the key does not fit the certificate\n";
    assert!(lines.contains(refused) && lines.ends_with("readyz check passed\n"), "{lines}");
    readiness.note_reload(None);
    readiness.drain();
    assert_eq!(readiness.checks().line(), "not ready: serving: the service stops");
}

#[test]
fn a_full_disk_is_not_ready_until_there_is_room() {
    let disk = Disk::default();
    let store = Store::open_on(disk.clone(), &ledger::key()).unwrap();
    let readiness = Readiness::new(store.clone(), Clock::new(|| Timestamp::from_unix(BEGINNING)));
    assert!(readiness.checks().are_passed());
    disk.leave_room(0);
    assert!(block_on(store.prove_writable()).is_err());
    let lines = readiness.checks().lines();
    assert!(lines.contains("[-]store failed: the store takes no changes\n"), "{lines}");
    disk.leave_room(u64::MAX);
    let recovers = || {
        thread::sleep(Duration::from_millis(20));
        readiness.checks().are_passed()
    };
    assert!((0..500).any(|_| recovers()));
}

#[test]
fn a_service_that_drains_says_so_and_is_alive_until_its_end() {
    let installation = Installation::new();
    let mut service = installation.serve_watched();
    // Without a request, it is let go of after two seconds.
    let idle = wire::connect(service.address, &service.tls).unwrap();
    service.signal("TERM");
    let drains = (0..500).find_map(|_| {
        let answer = ask(&installation.watched_at(), &get("/readyz")).ok()?;
        if answer.starts_with("HTTP/1.1 503") {
            Some(answer)
        } else {
            thread::sleep(Duration::from_millis(2));
            None
        }
    });
    let drains = drains.expect("it says so");
    assert!(drains.contains("[-]serving failed: the service stops\n") && drains.contains("[+]store ok\n"), "{drains}");
    assert!(installation.watch("/livez").starts_with("HTTP/1.1 200"));
    drop(idle);
    assert!(service.child.wait().unwrap().success());
}

#[test]
fn health_is_one_line_and_the_exit_code() {
    let installation = Installation::new();
    let asked = |arguments: &[&str]| {
        let output = installation.command(arguments);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let none = format!("not ready: no service answers through {}\n", installation.path("control.sock").display());
    assert_eq!(asked(&["health"]), (Some(1), none.clone()));
    let (code, json) = asked(&["health", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, told["ready"].as_bool()), (Some(1), Some(false)));
    assert!(none.contains(told["why"].as_str().unwrap()), "{told}");
    let _service = installation.serve();
    assert_eq!(asked(&["health"]), (Some(0), "ready\n".into()));
    let (code, json) = asked(&["health", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &told["checks"][1]), (Some(0), &json!({ "name": "store", "state": "ok" })));
}

#[test]
fn promtool_takes_a_live_scrape() {
    if Command::new("promtool").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("skipped: promtool is not installed (tests/install promtool:prometheus)");
        return;
    }
    let installation = Installation::new();
    let service = installation.serve_watched();
    let login = service.begin(SUBJECT, "promtool");
    assert!(service.submit(&login, "cancel", "").unwrap().starts_with("HTTP/1.1 303"));
    let mut promtool = Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).spawn().unwrap();
    promtool.stdin.take().unwrap().write_all(body(&installation.watch("/metrics")).as_bytes()).unwrap();
    assert!(promtool.wait().unwrap().success());
}

#[test]
fn requests_of_our_own_are_nobodys() {
    let installation = Installation::new();
    let _service = installation.serve_watched();
    for _ in 0..5 {
        assert!(installation.watch("/livez").starts_with("HTTP/1.1 200"));
    }
    let samples: Samples = installation.scrape();
    assert_eq!(samples.sum("idv_responses_total", ""), 0);
    let started_at = samples.value("process_start_time_seconds");
    assert!(process::now() - started_at < 600, "{started_at}");
    for some in ["process_resident_memory_bytes", "process_open_fds", "process_max_fds", "idv_store_free_bytes"] {
        assert!(samples.value(some) > 0, "{some}");
    }
    let ones = ["idv_ready", "idv_store_writable", "idv_clock_sane", "idv_build_info{version=\"0.1.0\"}"];
    assert_eq!(ones.map(|one| samples.value(one)), [1; 4]);
    assert!(samples.value("idv_certificate_not_after_timestamp_seconds") > started_at);
}

/// Cases by where they stand, and whether two who decided agreed; and a verdict at a terminal is counted where it is given.
#[test]
fn what_becomes_of_photos_and_cases_is_counted_where_people_send_some_and_nowhere_else() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("store/idv.redb");
    let bureau = Bureau::over(Store::open(&path, [7; 32]).unwrap().0, Policy { second: Second::Always, ..rules() });
    bureau.set(Timestamp::from_unix(process::now()));
    for person in 1..=3 {
        let _sent = bureau.sent(person);
    }
    for (person, second) in [(1, Verdict::Approve), (2, rejected())] {
        let _first = bureau.decides(person, &Who::reviewer(1), Verdict::Approve);
        let _second = bureau.decides(person, &Who::reviewer(2), second);
    }
    drop(bureau);
    let installation = Installation::with_store(directory, path);
    let document = "[methods.document]\nenabled = true\npolicy = \"https://acme.test/policy\"\n";
    fs::write(installation.path("idv.toml"), installation.configuration() + document).unwrap();
    let service = installation.serve_watched();
    let ask_again = ["case", "ask-again", "3", "--revision", "1", "--by", "ada", "--reason", "front=blurred"];
    let revision = installation.json(&["case", "show", "3"])["revision"].to_string();
    let ask_again = ask_again.map(|word| if word == "1" { revision.as_str() } else { word });
    installation.json(&ask_again);
    let scrape = installation.watch("/metrics");
    for line in [
        "idv_cases{state=\"approved\"} 1",
        "idv_cases{state=\"disputed\"} 1",
        "idv_cases{state=\"asked_again\"} 1",
        "idv_case_second_verdicts{agreed=\"true\"} 1",
        "idv_case_second_verdicts{agreed=\"false\"} 1",
        "idv_case_decisions_total{outcome=\"asked_again\"} 1",
        "idv_case_decisions_total{outcome=\"approved\"} 0",
        "idv_uploads_total{result=\"taken\"} 0",
        "idv_upload_development_seconds_count 0",
        "idv_upload_bytes 0",
    ] {
        assert!(body(&scrape).lines().any(|told| told == line), "{line}: {scrape}");
    }
    drop(service);
    let installation = Installation::new();
    let _service = installation.serve_watched();
    let scrape = installation.watch("/metrics");
    let counted = body(&scrape).lines().filter(|line| line.starts_with("idv_upload") || line.starts_with("idv_case"));
    assert_eq!(counted.count(), 0, "{scrape}");
}
