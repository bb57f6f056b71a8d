//! Structured logs to stderr: text on a terminal, JSON otherwise, and each line with its priority where the journal reads it.
//!
//! No token, state, code, cookie or user id is ever an argument of a log line; a subject appears by its `idv_id`. Only
//! our own lines are written: libraries have one for every misbehaving client, and there would be millions.
//!
//! A thread of its own writes them, so that whoever reads them too slowly, or not at all, stalls no login.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::panic::{self, PanicHookInfo};
use std::thread;
use std::time::Duration;

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

pub use self::line::Format;
use self::line::Lines;
use super::clock::beat;
use super::report::Report;
use super::text;

mod line;

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
pub fn start(format: Format) -> Log {
    let is_json = match format {
        Format::Auto => !io::stderr().is_terminal(),
        Format::Text => false,
        Format::Json => true,
    };
    let escape = if is_json { text::escape_json } else { text::escape };
    let gathering = Gathering { lines: BufWriter::new(io::stderr()), escape };
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(WAITING).thread_name("idv-log").finish(gathering);
    let lost = writer.error_counter();
    let ours = Targets::new().with_target(env!("CARGO_PKG_NAME"), LevelFilter::INFO);
    let builder = tracing_subscriber::fmt().with_writer(writer).with_max_level(LevelFilter::INFO).with_ansi(false);
    builder.event_format(Lines::new(is_json, line::is_journal(io::stderr()))).finish().with(ours).init();
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

    /// Tells how many lines were lost since the start.
    pub fn lost(&self) -> impl Fn() -> u64 + Send + Sync + use<> {
        let lost = self.lost.clone();
        move || lost.dropped_lines() as u64
    }

    fn tell_lost(&self) {
        let lines = self.lost.dropped_lines();
        // All since the start: if this line is lost too, the next says so.
        if self.told.replace(lines) != lines {
            Report::LinesLost(lines).tell();
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.tell_lost();
    }
}

/// Writes what comes within [`GATHER`] together, each line with what a terminal would obey in it as its number. It is
/// flushed by a thread of its own, whenever no further line waits.
struct Gathering<W: Write> {
    lines: BufWriter<W>,
    escape: fn(&str) -> Cow<'_, str>,
}

impl<W: Write> Write for Gathering<W> {
    /// `bytes` are one line, as the log's formatter hands them over.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        writeln!(self.lines, "{}", (self.escape)(line))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        thread::sleep(GATHER);
        self.lines.flush()
    }
}

/// Only a message that stands in the source is logged: one that was put together may hold something of a request.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let reason = panic.payload().downcast_ref::<&'static str>().copied();
    Report::Panicked { place: place.as_deref(), reason }.tell();
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
        let mut gathering = Gathering { lines: BufWriter::new(Writes(Vec::new())), escape: text::escape };
        gathering.write_all(b"one\n").unwrap();
        gathering.write_all(b"two\n").unwrap();
        gathering.flush().unwrap();
        assert_eq!(gathering.lines.get_ref().0, [b"one\ntwo\n"]);
    }

    #[test]
    fn nothing_in_a_line_is_obeyed_by_the_terminal() {
        let line = "path=/\u{1b}]0;x\u{7}\u{202e}\n";
        for (escape, written) in [
            (text::escape as fn(&str) -> Cow<'_, str>, "path=/\\u{1b}]0;x\\u{7}\\u{202e}\n"),
            (text::escape_json, "path=/\\u001b]0;x\\u0007\\u202e\n"),
        ] {
            let mut gathering = Gathering { lines: BufWriter::new(Writes(Vec::new())), escape };
            gathering.write_all(line.as_bytes()).unwrap();
            gathering.flush().unwrap();
            assert_eq!(gathering.lines.get_ref().0, [written.as_bytes()]);
        }
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
