//! `kill -9` in the very millisecond in which completions are acknowledged.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::process::Installation;
use crate::support::token::TENANT;
use crate::support::wire;

const KILLS: usize = 200;
const AT_ONCE: usize = 8;

/// What was acknowledged with 303 is in the store after the kill, once each; nothing else is doubled.
#[test]
fn what_is_acknowledged_survives_two_hundred_kills() {
    let installation = Installation::new();
    let (mut acknowledged, mut slowest) = (0, Duration::ZERO);
    for kill in 0..KILLS {
        #[expect(clippy::disallowed_methods, reason = "a figure to print")]
        let start = Instant::now();
        let mut service = installation.serve();
        slowest = slowest.max(start.elapsed());
        let known = Mutex::new(Vec::new());
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for worker in 0..AT_ONCE {
                let (service, known, stop) = (&service, &known, &stop);
                scope.spawn(move || {
                    for round in 0..1000 {
                        let subject = format!("auth0|{kill}-{worker}-{round}");
                        if stop.load(Ordering::SeqCst) || !completed(service, &subject) {
                            break;
                        }
                        known.lock().unwrap().push(subject);
                    }
                });
            }
            // Kill as soon as some were acknowledged, while others are on their way.
            let enough = 1 + kill % AT_ONCE;
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
        verify(&installation, &known);
    }
    println!("{KILLS} kills, {acknowledged} acknowledged, 0 lost, 0 doubled; slowest to ready {slowest:?}");
}

/// Leaves a login, which needs one durable transaction. True if that was acknowledged.
fn completed(service: &crate::support::process::Service, subject: &str) -> bool {
    let claims = crate::support::token::with(
        crate::support::token::claims(crate::support::process::now()),
        &serde_json::json!({ "sub": subject }),
    );
    let start = wire::get(&format!("/id-verification?token={}&state=s", crate::support::token::sign(&claims)), "");
    let Ok(answer) = service.exchange(&start) else { return false };
    let (Some(path), Some(cookie)) = (wire::header(&answer, "location"), wire::header(&answer, "set-cookie")) else {
        return false;
    };
    let request = wire::post(&format!("{path}/cancel"), cookie.split_once(';').unwrap().0, "");
    service.exchange(&request).is_ok_and(|answer| answer.starts_with("HTTP/1.1 303") && answer.contains("\r\n\r\n"))
}

fn verify(installation: &Installation, known: &[String]) {
    let listed = installation.json(&["subject", "list", "--tenant", TENANT]);
    let listed: Vec<_> = listed.as_array().unwrap().iter().map(|entry| entry["subject"].as_str().unwrap()).collect();
    for subject in known {
        assert_eq!(listed.iter().filter(|listed| *listed == subject).count(), 1, "{subject} was acknowledged");
    }
}
