//! How a line of the log is written: as text or as JSON, and for the journal behind its priority (`sd-daemon(3)`).

use std::fmt;
use std::os::fd::AsFd;

use serde::Deserialize;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{Format as Body, FormatEvent, FormatFields, Full, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, format};
use tracing_subscriber::registry::LookupSpan;

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text on a terminal, else JSON.
    #[default]
    Auto,
    /// Text.
    Text,
    /// JSON, an object a line.
    Json,
}

/// Writes what happened as a line.
pub(super) struct Lines {
    body: Written,
    is_journal: bool,
}

enum Written {
    Text(Body<Full>),
    Json(Body<Json>),
}

impl Lines {
    pub(super) fn new(is_json: bool, is_journal: bool) -> Self {
        let plain = format().with_target(false);
        let body = if is_json {
            let whole = plain.json().flatten_event(true).with_current_span(false).with_span_list(false);
            Written::Json(whole)
        } else {
            Written::Text(plain)
        };
        Self { body, is_journal }
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'l> LookupSpan<'l>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if self.is_journal {
            write!(writer, "<{}>", priority(*event.metadata().level()))?;
        }
        match &self.body {
            Written::Text(body) => body.format_event(context, writer, event),
            Written::Json(body) => body.format_event(context, writer, event),
        }
    }
}

/// As `syslog(3)` counts them. Without one the journal takes every line for information.
const fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

/// Whether `stream` is the journal itself: the service manager names that by device and inode (systemd.exec(5)), and
/// whoever inherits the variable may have been given another stream.
pub(super) fn is_journal(stream: impl AsFd) -> bool {
    let is_named = |named: String| {
        let status = rustix::fs::fstat(stream).ok()?;
        Some(named == format!("{}:{}", status.st_dev, status.st_ino))
    };
    named().and_then(is_named).unwrap_or(false)
}

#[expect(clippy::disallowed_methods, reason = "this is where the service manager's own variable is read")]
fn named() -> Option<String> {
    std::env::var("JOURNAL_STREAM").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{Read, Seek};
    use std::sync::Arc;

    /// A line of each level.
    fn lines(is_json: bool, is_journal: bool) -> Vec<String> {
        let mut file = tempfile::tempfile().unwrap();
        let writer = Arc::new(file.try_clone().unwrap());
        let builder = tracing_subscriber::fmt().with_writer(writer).with_ansi(false).with_max_level(Level::TRACE);
        tracing::subscriber::with_default(builder.event_format(Lines::new(is_json, is_journal)).finish(), || {
            tracing::error!(cause = "a", "told");
            tracing::warn!(cause = "a", "told");
            tracing::info!(cause = "a", "told");
            tracing::debug!(cause = "a", "told");
            tracing::trace!(cause = "a", "told");
        });
        text_of(&mut file).lines().map(str::to_owned).collect()
    }

    fn text_of(file: &mut File) -> String {
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_journal_reads_a_priority_before_each_line_and_nobody_else_does() {
        let levels = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];
        for (line, (priority, level)) in lines(true, true).iter().zip([3, 4, 6, 7, 7].into_iter().zip(levels)) {
            let body = line.strip_prefix(&format!("<{priority}>")).unwrap_or_else(|| panic!("{line}"));
            let entry: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(
                (&entry["level"], &entry["message"], &entry["cause"]),
                (&level.into(), &"told".into(), &"a".into())
            );
        }
        for (line, level) in lines(true, false).iter().zip(levels) {
            assert_eq!(serde_json::from_str::<serde_json::Value>(line).unwrap()["level"], level);
        }
    }

    #[test]
    fn text_has_the_same_priorities_and_fields() {
        for (line, priority) in lines(false, true).iter().zip(["<3>2", "<4>2", "<6>2", "<7>2", "<7>2"]) {
            assert!(line.starts_with(priority) && line.ends_with("told cause=\"a\""), "{line}");
        }
        assert!(lines(false, false).iter().all(|line| line.starts_with('2')));
        assert_eq!([lines(false, true).len(), lines(true, true).len()], [5, 5]);
    }
}
