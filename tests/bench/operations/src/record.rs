//! What was recorded, and whether it still holds.

use crate::callgrind::{self, Count};
use crate::operation::Operation;
use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use std::env::consts::ARCH;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

const ANEW: &str = "cargo run --release -p idv-operations -- record";
/// How far a figure may move, in per cent of what was recorded.
const TOLERANCE: u64 = 10;

/// Counts all operations anew and holds them against what was recorded.
pub(crate) fn check() -> Result<()> {
    ensure_optimised()?;
    let file = file();
    if !file.exists() {
        println!("For {ARCH} no instructions are recorded. To record them: {ANEW}");
        return Ok(());
    }
    let recorded = fs::read_to_string(&file)?;
    let mut moved = 0;
    for &operation in Operation::value_variants() {
        let recorded = find(&recorded, operation)
            .with_context(|| format!("{} has no line for {operation}; to record anew: {ANEW}", file.display()))?;
        let Count { instructions, .. } = callgrind::count(operation)?;
        println!("{operation:<23} {instructions:>8} instructions, {recorded:>8} recorded");
        if let Some(change) = change(instructions, recorded) {
            moved += 1;
            eprintln!("{operation} takes {change} instructions than the {recorded} recorded: {instructions}.");
        }
    }
    if moved > 0 {
        bail!("{moved} moved by more than {TOLERANCE}% from {}. If that is meant, record anew: {ANEW}", file.display());
    }
    Ok(())
}

/// Writes what is counted now in place of what was recorded.
pub(crate) fn record() -> Result<()> {
    ensure_optimised()?;
    let mut text = format!(
        "# Instructions of each operation on {ARCH}, counted by callgrind in the release profile of Cargo.toml.\n\
         # tests/run fails where one moves by more than {TOLERANCE}%. To record anew: {ANEW}\n"
    );
    for &operation in Operation::value_variants() {
        writeln!(text, "{operation} {}", callgrind::count(operation)?.instructions)?;
    }
    print!("{text}");
    let file = file();
    fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(())
}

fn ensure_optimised() -> Result<()> {
    ensure!(!cfg!(debug_assertions), "an unoptimised build says nothing of the product: cargo run --release");
    Ok(())
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("recorded").join(ARCH)
}

fn find(recorded: &str, operation: Operation) -> Option<u64> {
    let name = operation.to_string();
    recorded.lines().find_map(|line| line.strip_prefix(&name)?.strip_prefix(' ')?.parse().ok())
}

/// By how much more than is allowed `counted` differs from `recorded`, if it does, in words.
fn change(counted: u64, recorded: u64) -> Option<String> {
    let difference = counted.abs_diff(recorded);
    let direction = if counted > recorded { "more" } else { "fewer" };
    (difference * 100 > recorded * TOLERANCE).then(|| format!("{}% {direction}", difference * 100 / recorded.max(1)))
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn a_tenth_is_no_change_and_one_more_is() {
        assert_eq!((change(1_100, 1_000), change(900, 1_000)), (None, None));
        assert_eq!(change(1_101, 1_000).as_deref(), Some("10% more"));
        assert_eq!(change(800, 1_000).as_deref(), Some("20% fewer"));
    }
}
