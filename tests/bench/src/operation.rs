//! The single steps of a login, without a network: time, instructions and allocations, beside ring's bare HMAC.
//!
//! They run in rounds as everything here, each in a process of `idv-operations`, which also counts them by callgrind. A
//! harness for benchmarks would time them no better, and would not count.

use crate::arguments::Arguments;
use crate::product;
use crate::report::{Table, progress};
use crate::spread::{Spread, grouped};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The first run of each, which tells how many batches fill its time.
const PILOT: u32 = 64;
/// What part of a round's time each operation has.
const SHARE: u32 = 10;
/// The operation that others are held against.
const YARDSTICK: &str = "hmac";
/// The page, and what of it stands in rows of its own.
const PAGE: &str = "page";
const PARTS: [&str; 2] = ["look-up", "open"];

/// Measures all operations in each round.
pub(crate) fn measure(arguments: &Arguments) -> Result<()> {
    let program = Program(product::neighbour("idv-operations")?);
    let mut operations = program.operations(arguments.duration() / SHARE)?;
    for round in 1..=arguments.rounds {
        progress(&format!("operations: round {round} of {}", arguments.rounds));
        for operation in &mut operations {
            let (nanoseconds, turns) = program.run(&operation.name, operation.batches)?;
            operation.nanoseconds.push(nanoseconds / turns);
        }
    }
    for operation in &mut operations {
        progress(&format!("operations: what {} takes", operation.name));
        operation.count = program.count(&operation.name)?;
        if operation.count.is_none() {
            break;
        }
    }
    operations.extend(render(&operations));
    print(&operations);
    Ok(())
}

/// An operation, and what is known of it.
#[derive(Clone)]
struct Operation {
    name: String,
    /// How many fill its part of a round.
    batches: u32,
    /// What one takes, round by round.
    nanoseconds: Vec<f64>,
    /// None where callgrind is not there to count.
    count: Option<Count>,
}

#[derive(Clone, Copy)]
struct Count {
    instructions: f64,
    allocations: f64,
}

/// `idv-operations`.
struct Program(PathBuf);

impl Program {
    /// All of its operations, each to run for about as long.
    fn operations(&self, duration: Duration) -> Result<Vec<Operation>> {
        let names = self.ask(&["names"])?.context("idv-operations names nothing")?;
        names.lines().map(|name| self.operation(name, duration)).collect()
    }

    fn operation(&self, name: &str, duration: Duration) -> Result<Operation> {
        let (nanoseconds, _) = self.run(name, PILOT)?;
        let one = Duration::from_secs_f64(nanoseconds / 1e9) / PILOT;
        let batches = u32::try_from(duration.as_nanos() / one.as_nanos().max(1)).unwrap_or(u32::MAX).max(1);
        Ok(Operation { name: name.to_owned(), batches, nanoseconds: Vec::new(), count: None })
    }

    /// The nanoseconds that so many batches took, and how many operations those are.
    fn run(&self, name: &str, batches: u32) -> Result<(f64, f64)> {
        let said = self.ask(&["run", name, &batches.to_string()])?.with_context(|| format!("{name} does not run"))?;
        pair(&said)
    }

    fn count(&self, name: &str) -> Result<Option<Count>> {
        let Some(said) = self.ask(&["count", name])? else { return Ok(None) };
        let (instructions, allocations) = pair(&said)?;
        Ok(Some(Count { instructions, allocations }))
    }

    /// What it says; nothing where it fails, after it has said why on stderr.
    fn ask(&self, arguments: &[&str]) -> Result<Option<String>> {
        let output = Command::new(&self.0).args(arguments).stderr(Stdio::inherit()).output();
        let output = output.with_context(|| format!("{} does not run: build it", self.0.display()))?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}

fn pair(said: &str) -> Result<(f64, f64)> {
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    ensure!(numbers.len() == 2, "idv-operations said {said:?}");
    Ok((numbers[0], numbers[1]))
}

/// What is left of the page: its render, with routing and headers, which has no way in of its own.
fn render(operations: &[Operation]) -> Option<Operation> {
    let find = |name| operations.iter().find(|operation| operation.name == name);
    let mut rest = find(PAGE)?.clone();
    for part in PARTS {
        let part = find(part)?;
        for (rest, part) in rest.nanoseconds.iter_mut().zip(&part.nanoseconds) {
            *rest -= part;
        }
        rest.count = rest.count.zip(part.count).map(|(rest, part)| Count {
            instructions: rest.instructions - part.instructions,
            allocations: rest.allocations - part.allocations,
        });
    }
    rest.name = format!("  {PAGE} less {}", PARTS.join(" and "));
    Some(rest)
}

fn print(operations: &[Operation]) {
    let columns = ["", "ns", "of the HMAC", "instructions", "of the HMAC", "allocations"];
    let mut table = Table::new("Operations, one at a time, in one process", &columns);
    let yardstick = operations.iter().find(|operation| operation.name == YARDSTICK);
    for operation in operations {
        table.row(
            [operation.name.clone()].into_iter().chain(times(operation, yardstick)).chain(counts(operation, yardstick)),
        );
    }
    table.print();
}

/// Time, and as a multiple of the yardstick's in the same round.
fn times(operation: &Operation, yardstick: Option<&Operation>) -> [String; 2] {
    let yardstick = yardstick.map_or(&[][..], |yardstick| &yardstick.nanoseconds);
    let ratios = operation.nanoseconds.iter().zip(yardstick).map(|(own, yardstick)| own / yardstick);
    [Spread::of(operation.nanoseconds.iter().copied()).text(0), Spread::of(ratios).text(2)]
}

/// Instructions, as a multiple of the yardstick's, and allocations.
fn counts(operation: &Operation, yardstick: Option<&Operation>) -> [String; 3] {
    let Some(count) = &operation.count else { return ["–"; 3].map(str::to_owned) };
    let yardstick =
        yardstick.and_then(|yardstick| yardstick.count.as_ref()).map_or(f64::NAN, |count| count.instructions);
    [grouped(count.instructions, 0), format!("{:.2}", count.instructions / yardstick), grouped(count.allocations, 0)]
}
