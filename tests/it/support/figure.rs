//! The table of faults and attacks: each row is written by the test that saw it, and by nothing else.

use std::fmt::Display;
use std::fs;

/// One row: what was done, how often, what held, and what was measured. `tests/run` names a directory in `FIGURES`,
/// gathers the rows into one table, in the order of their `key`s, and prints it.
#[expect(clippy::disallowed_methods, reason = "only the one who runs the tests knows where rows are gathered")]
pub(crate) fn report(key: &str, what: &str, tried: impl Display, held: impl Display, figure: impl Display) {
    let row = format!("| {what} | {tried} | {held} | {figure} |\n");
    print!("{row}");
    if let Some(directory) = std::env::var_os("FIGURES") {
        fs::write(std::path::Path::new(&directory).join(key), row).unwrap();
    }
}

/// Whether this is the long run, which tries more and takes hours.
#[expect(clippy::disallowed_methods, reason = "the long run asks for more")]
pub(crate) fn is_long() -> bool {
    std::env::var_os("LONG").is_some()
}
