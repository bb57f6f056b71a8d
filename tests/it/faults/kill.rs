//! `kill -9` in the very millisecond in which completions are acknowledged.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use idv::control::method::desk;
use idv::control::{Answer, Request, client};
use idv::ops::random;
use idv::store::Store;
use idv::verification::audit::entry::Entry;
use idv::verification::outcome::Status;
use serde_json::json;

use crate::support::figure;
use crate::support::process::{self, Installation, Service};
use crate::support::token::{self, TENANT};
use crate::support::wire;
use crate::support::world::subject;

const KILLS: usize = 200;
const AT_ONCE: usize = 8;

/// What was acknowledged with 303 is in the store after the kill, once each; nothing else is doubled.
#[test]
fn what_is_acknowledged_survives_two_hundred_kills() {
    let installation = Installation::new();
    let (mut acknowledged, mut slowest, mut recorded) = (0, Duration::ZERO, 0);
    for kill in 0..KILLS {
        #[expect(clippy::disallowed_methods, reason = "a figure to print")]
        let start = Instant::now();
        let mut service = installation.serve();
        slowest = slowest.max(start.elapsed());
        let known = Mutex::new(Vec::new());
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for worker in 0..AT_ONCE {
                let (installation, service, known, stop) = (&installation, &service, &known, &stop);
                scope.spawn(move || {
                    for round in 0..1000 {
                        let subject = format!("auth0|{kill}-{worker}-{round}");
                        if stop.load(Ordering::SeqCst) || !completed(installation, service, &subject) {
                            break;
                        }
                        known.lock().unwrap().push(subject);
                    }
                });
            }
            // Kill as soon as some were acknowledged, while others are on their way.
            let enough = if figure::is_long() { 50 } else { 1 } + kill % AT_ONCE;
            while known.lock().unwrap().len() < enough {
                thread::yield_now();
            }
            service.child_kill();
            stop.store(true, Ordering::SeqCst);
        });
        service.child.wait().unwrap();
        drop(service);
        let known = known.into_inner().unwrap();
        acknowledged += known.len();
        verify(&installation, &known, kill, &mut recorded);
    }
    figure::report(
        "fault-kill",
        "`kill -9` under completions",
        format!("{KILLS} kills, {acknowledged} acknowledged"),
        "lost 0, doubled 0",
        format!("slowest to ready {slowest:.0?}"),
    );
}

/// Issues a code and completes a login with it. True if that was acknowledged.
fn completed(installation: &Installation, service: &Service, subject: &str) -> bool {
    let Some(code) = issue(installation, subject) else { return false };
    let claims = token::with(token::claims(process::now()), &json!({ "sub": subject }));
    let start = wire::get(&format!("/id-verification?token={}&state=s", token::sign(&claims)), "");
    let Ok(answer) = service.exchange(&start) else { return false };
    let (Some(path), Some(cookie)) = (wire::header(&answer, "location"), wire::header(&answer, "set-cookie")) else {
        return false;
    };
    let request = wire::post(&format!("{path}/desk"), cookie.split_once(';').unwrap().0, &format!("code={code}"));
    service.exchange(&request).is_ok_and(|answer| answer.starts_with("HTTP/1.1 303") && answer.contains("\r\n\r\n"))
}

/// A code from the running service; none if it was killed.
fn issue(installation: &Installation, subject: &str) -> Option<String> {
    let issue = desk::Request::Issue { tenant: TENANT.into(), subject: subject.into(), by: "desk".into(), note: None };
    let request = Request::Method(issue.into());
    match client::ask(&installation.path("control.sock"), &request, None) {
        Ok(Some(Answer::Done(issued))) => Some(issued["code"].as_str()?.to_owned()),
        _ => None,
    }
}

/// Every subject that was acknowledged has one check, and that is a success.
fn verify(installation: &Installation, known: &[String], kill: usize, recorded: &mut u64) {
    let (store, _) = Store::open(&installation.store, random::bytes()).unwrap();
    for user_id in known {
        let record = store.subject(&subject(user_id)).unwrap();
        let checks = store.checks(&record.unwrap_or_else(|| panic!("{user_id} is lost")), 10).unwrap();
        assert_eq!(checks.iter().map(|check| check.status).collect::<Vec<_>>(), [Status::Success], "{user_id}");
    }
    agree(&store, kill, recorded);
}

/// Whoever was checked before the kill `kill` has an entry, and whoever has one was checked. Entries before `recorded` are of
/// earlier ones.
fn agree(store: &Store, kill: usize, recorded: &mut u64) {
    let mut concluded = Vec::new();
    while *recorded < store.audit_edge().unwrap().size() {
        for (number, line) in store.entries(*recorded, 500).unwrap() {
            let entry = Entry::parse(&line).unwrap();
            concluded.extend(entry.user.filter(|_| entry.action == "check-concluded"));
            *recorded = number + 1;
        }
    }
    let (first, prefix) = (subject(&format!("auth0|{kill}-")), format!("auth0|{kill}-"));
    let met = store.subjects(&first.tenant, Some(&first), 10_000).unwrap().into_iter();
    let met = met.take_while(|(subject, _)| subject.user_id.as_str().starts_with(&prefix));
    let mut checked: Vec<_> = met.map(|(subject, record)| record.key.unwrap().pseudonym(&subject)).collect();
    checked.sort();
    concluded.sort();
    assert_eq!(concluded, checked, "the log and the records agree");
}
