//! Half an hour of logins: what the service holds does not grow.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::figure;
use crate::support::process::{Installation, Service};
use crate::support::usage;

const THREADS: usize = 4;
const STARTS_A_SECOND: usize = 200;
/// Of so many starts one is seen through to its end.
const STARTS_A_COMPLETION: usize = 10;
/// First the store's page cache is filled, as fast as it goes: each completion is about 250 bytes of records, and these
/// are more than the cache holds. Until it is full, memory grows with the store (17 MiB an hour at this pace).
const RUSH: usize = 400_000;
/// Then the pace is as later, for as long as connections of the rush last.
const WARM_UP: Duration = Duration::from_mins(2);
const SAMPLE: Duration = Duration::from_secs(5);

#[test]
#[ignore = "half an hour; tests/run --long runs it"]
fn half_an_hour_of_logins_leaves_memory_and_descriptors_as_they_were() {
    let installation = Installation::new();
    let service = installation.serve();
    let (hurry, stop, next) = (AtomicBool::new(true), AtomicBool::new(false), AtomicUsize::new(0));
    let minutes = minutes();
    let samples = thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| log_in_again_and_again(&service, &hurry, &stop, &next));
        }
        while next.load(Ordering::SeqCst) < RUSH {
            thread::sleep(SAMPLE);
        }
        hurry.store(false, Ordering::SeqCst);
        thread::sleep(WARM_UP);
        let begun = now();
        let mut samples = Vec::new();
        while begun.elapsed() < Duration::from_secs(minutes * 60) {
            let (memory, sockets) = (usage::memory(service.child.id()), usage::sockets(service.child.id()));
            samples.push((begun.elapsed().as_secs_f64(), memory, sockets));
            thread::sleep(SAMPLE);
        }
        stop.store(true, Ordering::SeqCst);
        samples
    });
    let slope = slope_a_second(&samples) * 3600.0 / 1024.0 / 1024.0;
    let most = samples.iter().map(|(.., sockets)| *sockets).max().unwrap();
    let starts = next.load(Ordering::SeqCst);
    figure::report(
        "fault-soak",
        "soak: 200 starts/s, every tenth to its end",
        format!("{minutes} minutes after {RUSH} completions to fill the caches, {starts} starts in all"),
        "every one answered",
        format!(
            "memory {:.1} MiB, slope {slope:.2} MiB/h; at most {most} sockets at once",
            mebibytes(samples.last().unwrap().1)
        ),
    );
    assert!(slope < 1.0, "{slope} MiB/h: {samples:?}");
    assert!(most < 64, "sockets are closed: {most}");
}

fn log_in_again_and_again(service: &Service, hurry: &AtomicBool, stop: &AtomicBool, next: &AtomicUsize) {
    let beat = Duration::from_secs(1) / u32::try_from(STARTS_A_SECOND / THREADS).unwrap();
    let mut due = now();
    while !stop.load(Ordering::SeqCst) {
        let n = next.fetch_add(1, Ordering::SeqCst);
        let is_hurry = hurry.load(Ordering::SeqCst);
        let subject = format!("auth0|{n:09}");
        let login = service.begin(&subject, &subject);
        if is_hurry || n.is_multiple_of(STARTS_A_COMPLETION) {
            let answer = service.submit(&login, "cancel", "").unwrap();
            assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        }
        due = if is_hurry { now() } else { due + beat };
        thread::sleep(due.saturating_duration_since(now()));
    }
}

/// The slope of memory over time by least squares, in bytes a second.
#[expect(clippy::cast_precision_loss, reason = "a figure to print")]
fn slope_a_second(samples: &[(f64, u64, usize)]) -> f64 {
    let count = samples.len() as f64;
    let (time, memory) = samples.iter().fold((0.0, 0.0), |(t, m), (at, bytes, _)| (t + at, m + *bytes as f64));
    let (time, memory) = (time / count, memory / count);
    let (above, below) = samples.iter().fold((0.0, 0.0), |(above, below), (at, bytes, _)| {
        (above + (at - time) * (*bytes as f64 - memory), below + (at - time) * (at - time))
    });
    above / below
}

#[expect(clippy::cast_precision_loss, reason = "a figure to print")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

#[expect(clippy::disallowed_methods, reason = "the pace of a load")]
fn now() -> Instant {
    Instant::now()
}

/// How long, unless the environment asks for more.
#[expect(clippy::disallowed_methods, reason = "only the one who runs it knows how long")]
fn minutes() -> u64 {
    std::env::var("SOAK_MINUTES").ok().and_then(|minutes| minutes.parse().ok()).unwrap_or(30)
}
