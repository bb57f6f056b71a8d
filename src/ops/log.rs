//! Structured logs to stderr: text on a terminal, JSON otherwise.
//!
//! No token, state, code, cookie or user id is ever an argument of a log line; a subject appears by its `idv_id`. Only
//! our own lines are written: libraries have one for every misbehaving client, and there would be millions.
//!
//! A thread of its own writes them, so that whoever reads them too slowly, or not at all, stalls no login.

use std::cell::Cell;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::panic::{self, PanicHookInfo};
use std::thread;
use std::time::Duration;

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

use super::clock::beat;

/// Lines that wait for their reader, some 2 MiB. Those beyond are lost, and counted.
const WAITING: usize = 8192;
/// How long a line waits for others: whoever reads them is woken once for all.
const GATHER: Duration = Duration::from_millis(1);
/// Between two lines about those that were lost.
const REPORT: Duration = Duration::from_secs(10);

/// What is logged is written for as long as this is held.
pub struct Log {
    lost: ErrorCounter,
    told: Cell<usize>,
    _writer: WorkerGuard,
}

/// Starts logging for this process.
#[must_use]
pub fn start() -> Log {
    let gathering = Gathering(BufWriter::new(io::stderr()));
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(WAITING).thread_name("idv-log").finish(gathering);
    let lost = writer.error_counter();
    let ours = Targets::new().with_target(env!("CARGO_PKG_NAME"), LevelFilter::INFO);
    let builder = tracing_subscriber::fmt().with_writer(writer).with_max_level(LevelFilter::INFO).with_target(false);
    if io::stderr().is_terminal() {
        builder.finish().with(ours).init();
    } else {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).finish().with(ours).init();
    }
    panic::set_hook(Box::new(log_panic));
    Log { lost, told: Cell::new(0), _writer: guard }
}

impl Log {
    /// Tells from time to time how many lines were lost, for ever.
    pub async fn watch(&self) {
        let mut beat = beat(REPORT);
        loop {
            beat.tick().await;
            self.tell_lost();
        }
    }

    fn tell_lost(&self) {
        let lines = self.lost.dropped_lines();
        // All since the start: if this line is lost too, the next says so.
        if self.told.replace(lines) != lines {
            tracing::warn!(lines, "lines of the log were lost");
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.tell_lost();
    }
}

/// Writes what comes within [`GATHER`] together. It is flushed by a thread of its own, whenever no further line waits.
struct Gathering<W: Write>(BufWriter<W>);

impl<W: Write> Write for Gathering<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        thread::sleep(GATHER);
        self.0.flush()
    }
}

/// Only a message that stands in the source is logged: one that was put together may hold something of a request.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let reason = panic.payload().downcast_ref::<&'static str>();
    tracing::error!(place, reason, "panicked");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Writes(Vec<Vec<u8>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_have_come_together_are_written_at_once() {
        let mut gathering = Gathering(BufWriter::new(Writes(Vec::new())));
        gathering.write_all(b"one\n").unwrap();
        gathering.write_all(b"two\n").unwrap();
        gathering.flush().unwrap();
        assert_eq!(gathering.0.get_ref().0, [b"one\ntwo\n"]);
    }

    #[test]
    fn a_panic_is_one_line_with_its_place_and_nothing_that_was_put_together() {
        let lines = Lines::default();
        let writer = lines.clone();
        let logger = tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || writer.clone()).finish();
        let before = panic::take_hook();
        panic::set_hook(Box::new(log_panic));
        tracing::subscriber::with_default(logger, || {
            let _ = panic::catch_unwind(|| panic!("a reason"));
            let token = String::from("eyJ");
            let _ = panic::catch_unwind(|| panic!("a reason and {token}"));
        });
        panic::set_hook(before);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let entries: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(entries.len(), 2, "{text}");
        for entry in &entries {
            assert_eq!((entry["level"].as_str(), entry["message"].as_str()), (Some("ERROR"), Some("panicked")));
            assert!(entry["place"].as_str().unwrap().starts_with(file!()), "{text}");
        }
        assert!(text.contains("a reason") && !text.contains("eyJ"), "{text}");
    }
}
