//! Printing for people and for scripts.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use serde::Deserialize;
use serde_json::Value;

use crate::ops::text;

/// Prints `value` as one line of JSON.
pub(super) fn json(value: &Value) -> io::Result<()> {
    forgiven(print(&text::escape_json(&value.to_string())))
}

/// Prints `text` as a line, with whatever in it a terminal would obey or not show written as its number.
pub(super) fn line(text: &str) -> io::Result<()> {
    forgiven(print(&text::escape(text)))
}

/// Prints the lines of a text that has several.
pub(super) fn lines(text: &str) -> io::Result<()> {
    text.lines().try_for_each(line)
}

/// Tells on stderr what went wrong.
pub(super) fn complain(text: &str) {
    aside(&format!("idv: {text}"));
}

/// Tells on stderr what a person should know, beside what was asked for. That nobody is there to be told changes nothing.
pub(super) fn aside(text: &str) {
    let lines: Vec<_> = text.lines().map(text::escape).collect();
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
}

/// Prints `text` as a line that someone has to get: that its reader went away is an error too.
pub(super) fn hand_over(text: &str) -> io::Result<()> {
    print(&text::escape(text))
}

/// As [`hand_over`], `value` as one line of JSON.
pub(super) fn hand_over_json(value: &Value) -> io::Result<()> {
    print(&text::escape_json(&value.to_string()))
}

/// Whether anyone could see what is printed: the null device takes everything, and stands in for a stdout that was closed
/// before the start.
pub(super) fn is_seen() -> bool {
    let stdout = io::stdout().as_fd().try_clone_to_owned().and_then(|stdout| File::from(stdout).metadata());
    match (stdout, fs::metadata("/dev/null")) {
        (Ok(stdout), Ok(null)) => stdout.rdev() != null.rdev(),
        (stdout, _) => stdout.is_ok(),
    }
}

fn print(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// A reader that went away is no failure of ours to report.
fn forgiven(printed: io::Result<()>) -> io::Result<()> {
    match printed {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// An answer of the service, in the shape that this command expects.
pub(super) fn read<T: for<'a> Deserialize<'a>>(answer: Value) -> anyhow::Result<T> {
    Ok(serde_json::from_value(answer)?)
}
