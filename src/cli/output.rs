//! Printing for people and for scripts.

use std::io::{self, Write};

use serde::Deserialize;
use serde_json::Value;

use crate::verification::time::Timestamp;

/// Prints `value` as one line of JSON.
pub(super) fn json(value: &Value) -> io::Result<()> {
    line(&value.to_string())
}

/// Prints `text` as a line. A reader that went away is no failure of ours to report.
pub(super) fn line(text: &str) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// An instant as people read it.
pub(super) fn date(seconds: Timestamp) -> String {
    let seconds = i64::try_from(seconds.as_unix()).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    seconds.map_or_else(|| "?".into(), |instant| instant.to_string())
}

/// An answer of the service, in the shape that this command expects.
pub(super) fn read<T: for<'a> Deserialize<'a>>(answer: Value) -> anyhow::Result<T> {
    Ok(serde_json::from_value(answer)?)
}
