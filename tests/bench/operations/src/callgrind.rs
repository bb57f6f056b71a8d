//! Instructions and allocations, counted by callgrind.
//!
//! This program runs itself under it twice: once it does what it prepared, once not. The difference is the operation's.
//! Whatever comes before, the start of a process and of a store, is not counted at all: it never takes quite the same.

use crate::operation::Operation;
use crate::turns::BATCH;
use anyhow::{Context, Result, ensure};
use std::env;
use std::fs;
use std::process::{Command, Stdio};

/// Enough that a different turn in one of them does not show.
const BATCHES: u32 = 16;
/// Where it counts: what is taken of [`Turns`](crate::turns::Turns), for each of its types.
const WHERE: &str = "*::Turns::take_counted*";
/// The C library's ways to get memory.
const ALLOCATORS: [&str; 5] = ["malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign"];

/// What one run of an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) instructions: u64,
    pub(crate) allocations: u64,
}

/// Counts `operation`.
pub(crate) fn count(operation: Operation) -> Result<Count> {
    let [busy, idle] = [totals(operation, false)?, totals(operation, true)?];
    let each = |busy: u64, idle: u64| {
        let turns = u64::from(BATCHES * BATCH);
        (busy.saturating_sub(idle) + turns / 2) / turns
    };
    Ok(Count {
        instructions: each(busy.instructions, idle.instructions),
        allocations: each(busy.allocations, idle.allocations),
    })
}

fn totals(operation: Operation, idle: bool) -> Result<Count> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("callgrind");
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--tool=callgrind", "--compress-strings=no", &format!("--toggle-collect={WHERE}")]);
    command.arg(format!("--callgrind-out-file={}", file.display())).arg(env::current_exe()?);
    command.args(["run", &operation.to_string(), &BATCHES.to_string()]).args(idle.then_some("--idle"));
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("callgrind, which counts, is a part of valgrind: install it")?;
    ensure!(status.success(), "{operation} fails under callgrind");
    read(&fs::read_to_string(&file)?).context("callgrind's account reads otherwise than expected")
}

/// Reads what callgrind wrote: the sum of all costs, and how often each function called another.
fn read(account: &str) -> Result<Count> {
    let (mut instructions, mut allocations, mut callee) = (None, 0, "");
    for line in account.lines() {
        if let Some(name) = line.strip_prefix("cfn=") {
            callee = name;
        } else if let Some(calls) = line.strip_prefix("calls=")
            && ALLOCATORS.contains(&callee)
        {
            allocations += number(calls.split(' ').next())?;
        } else if let Some(total) = line.strip_prefix("totals: ") {
            instructions = Some(number(Some(total))?);
        }
    }
    let instructions = instructions.context("it has no total")?;
    // The batch itself asks for memory.
    ensure!(allocations > 0, "the functions of this program have no names");
    Ok(Count { instructions, allocations })
}

fn number(text: Option<&str>) -> Result<u64> {
    text.unwrap_or_default().trim().parse().context("a number is missing")
}

#[cfg(test)]
mod tests {
    use super::{Count, read};

    #[test]
    fn every_call_for_memory_counts_and_no_other() {
        let account = "fn=work\n10 7\ncfn=malloc\ncalls=3 20\n10 30\ncfn=free\ncalls=5 40\n10 9\n\
                       cfn=realloc\ncalls=2 60\n11 8\n\ntotals: 1234\n";
        assert_eq!(read(account).unwrap(), Count { instructions: 1234, allocations: 5 });
        assert!(read("fn=work\n10 7\n\ntotals: 1234\n").is_err());
    }
}
