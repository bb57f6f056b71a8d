//! The journal: what happened, a line for each event.

use tracing::Level;
use tracing::field::display;

use crate::ops::count;
use crate::verification::event::{Event, Line, Severity};

/// What happened, and is not told yet. It is told when this is dropped: whoever asked may have gone meanwhile, and it
/// happened all the same.
#[derive(Debug, Default)]
#[must_use]
pub struct Happened(Option<Event>);

impl Happened {
    /// Does not tell of it.
    pub fn keep_quiet(mut self) {
        self.0 = None;
    }
}

impl From<Option<Event>> for Happened {
    fn from(event: Option<Event>) -> Self {
        Self(event)
    }
}

impl Drop for Happened {
    fn drop(&mut self) {
        if let Some(event) = self.0.take() {
            tell(&event);
        }
    }
}

/// Counts `event`, and writes its line, if it has one.
pub fn tell(event: &Event) {
    count::event(event);
    match event {
        Event::Refused { reference, session, code, cause, is_ours } => {
            let session = session.map(display);
            if *is_ours {
                tracing::error!(reference, session, status = code, cause, "refused");
            } else {
                tracing::warn!(reference, session, status = code, cause, "refused");
            }
        }
        event => {
            if let Some(line) = event.line() {
                write(&line);
            }
        }
    }
}

/// Writes `line` at the level `$level`: the level is part of a place in the code.
macro_rules! write_at {
    ($level:expr, $line:expr) => {{
        let line: &Line<'_> = $line;
        tracing::event!(
            $level,
            tenant = line.tenant.map(display),
            session = line.session.map(display),
            idv_id = line.idv_id.map(display),
            method = line.method.map(display),
            status = line.status.map(|status| status.as_str()),
            grounds = line.grounds,
            cause = line.cause,
            detail = line.detail,
            attempts_left = line.attempts_left,
            account = line.account.filter(|account| account.is_known()).map(|account| display(account.unnamed())),
            operator = line.operator.map(display),
            change = line.change,
            operation = line.operation,
            asked = line.asked,
            enabled = line.enabled,
            subjects = line.subjects,
            checks = line.checks,
            pictures = line.pictures,
            case = line.case,
            slot = line.slot.map(|slot| slot.as_str()),
            keys = line.keys.as_deref(),
            "{}",
            line.message
        )
    }};
}

fn write(line: &Line<'_>) {
    match line.severity {
        Severity::Info => write_at!(Level::INFO, line),
        Severity::Warn => write_at!(Level::WARN, line),
        Severity::Error => write_at!(Level::ERROR, line),
    }
}
