//! `tests/security/ASVS.md`, taken apart.

use std::collections::BTreeSet;

pub(super) const TEXT: &str = include_str!("../../security/ASVS.md");

/// The rows of the tables under `heading`, each by its cells.
pub(super) fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let lines = TEXT.lines().skip_while(|line| line.trim_start_matches('#').trim() != heading).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('#'));
    let mut rows: Vec<_> = lines.filter_map(cells).collect();
    assert!(rows.len() > 2, "a table under {heading}");
    // The head, and the line under it.
    rows.drain(..2);
    rows
}

fn cells(line: &'static str) -> Option<Vec<&'static str>> {
    let line = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(line.split('|').map(str::trim).collect())
}

/// The headings, as they are typed.
pub(super) fn headings() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim())
}

/// What stands in backticks in `text`.
pub(super) fn quoted(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('`').skip(1).step_by(2)
}

/// Everything in backticks in the first column of the table under `heading`.
pub(super) fn first_column(heading: &str) -> BTreeSet<&'static str> {
    rows(heading).into_iter().flat_map(|cells| quoted(cells[0])).collect()
}
