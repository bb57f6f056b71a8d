//! What the figures were measured on.

use crate::report::Table;
use anyhow::Result;
use std::fs;
use std::thread::available_parallelism;
use tokio::runtime::{Builder, Runtime};

/// How many cores the servers and the load generator share.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// A runtime for one core.
pub(crate) fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Prints cores, CPU and kernel.
pub(crate) fn print() {
    let mut table = Table::new("Machine", &["", ""]);
    table.row(["cores", &format!("{}, shared by the servers and the load generator", cores())]);
    table.row(["CPU", &processor().unwrap_or_else(unknown)]);
    table.row(["kernel", &kernel().unwrap_or_else(unknown)]);
    table.print();
}

fn processor() -> Option<String> {
    let facts = fs::read_to_string("/proc/cpuinfo").ok()?;
    let model = facts.lines().find(|line| line.starts_with("model name"))?;
    Some(model.split_once(':')?.1.trim().to_owned())
}

fn kernel() -> Option<String> {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    Some(format!("Linux {} {}", release.trim(), std::env::consts::ARCH))
}

fn unknown() -> String {
    "unknown".to_owned()
}
