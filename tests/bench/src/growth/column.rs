//! The figures of one size, and all sizes side by side.

use super::subjects_text;
use crate::report::{Table, progress};
use crate::spread::{Spread, grouped};
use anyhow::Result;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const MIB: f64 = 1_048_576.0;
/// The unit of `st_blocks` (stat(3type)).
const BLOCK: f64 = 512.0;

/// What was measured at one size, in the order in which it was; the same at each.
#[derive(Default)]
pub(super) struct Column(Vec<Figure>);

struct Figure {
    name: String,
    decimals: usize,
    spread: Spread,
}

impl Column {
    /// A figure with a sample for each round. It is told at once: what was measured for an hour is not lost with what follows.
    pub(super) fn add(&mut self, name: impl Into<String>, decimals: usize, samples: impl IntoIterator<Item = f64>) {
        let figure = Figure { name: name.into(), decimals, spread: Spread::of(samples) };
        progress(&format!("  {}: {}", figure.name.trim_start(), figure.text()));
        self.0.push(figure);
    }

    /// The file of a store: the engine doubles its length ahead of need, and what was never written takes no room.
    #[expect(clippy::cast_precision_loss, reason = "no file here has 2^53 bytes")]
    pub(super) fn add_file(&mut self, name: &str, path: &Path, people: f64) -> Result<()> {
        let file = fs::metadata(path)?;
        let taken = file.blocks() as f64 * BLOCK;
        self.add(format!("{name}, MiB"), 1, [file.len() as f64 / MIB]);
        self.add("  of that on disk, MiB", 1, [taken / MIB]);
        self.add("  bytes on disk per person", 0, [taken / people]);
        Ok(())
    }
}

impl Figure {
    /// A range only where there is one.
    fn text(&self) -> String {
        let Self { decimals, spread, .. } = self;
        let is_one = spread.low.total_cmp(&spread.high).is_eq();
        if is_one { grouped(spread.median, *decimals) } else { spread.text(*decimals) }
    }
}

/// Prints a row for each figure, with what it grew by from the first size to the last.
pub(super) fn print(columns: &[(u64, Column)]) {
    let [(_, first), ..] = columns else { return };
    let sizes = columns.iter().map(|(size, _)| subjects_text(*size));
    let head: Vec<String> = [String::new()].into_iter().chain(sizes).chain(["last / first".to_owned()]).collect();
    let mut table = Table::new("The store under size, in people", &head.iter().map(String::as_str).collect::<Vec<_>>());
    for (row, figure) in first.0.iter().enumerate() {
        let cells: Vec<&Figure> = columns.iter().filter_map(|(_, column)| column.0.get(row)).collect();
        let growth = cells.last().map(|last| format!("{:.2}", last.spread.median / figure.spread.median));
        table.row([figure.name.clone()].into_iter().chain(cells.iter().map(|cell| cell.text())).chain(growth));
    }
    table.print();
}
