//! Structured logs to stderr: text on a terminal, JSON otherwise.
//!
//! No token, state, code, cookie or user id is ever an argument of a log line; a subject appears by its `idv_id`.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;

/// Starts logging for this process.
pub fn start() {
    let builder =
        tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(LevelFilter::INFO).with_target(false);
    if io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
    }
}
