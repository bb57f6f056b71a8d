//! What a process holds, as the kernel counts it.

use std::fs;

/// Its memory in bytes: every page that is really there.
pub(crate) fn memory(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Rss:")).expect("a line with the sum");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Its open sockets.
pub(crate) fn sockets(process: u32) -> usize {
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let is_socket = |path| fs::read_link(path).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"));
    descriptors.filter_map(Result::ok).filter(|entry| is_socket(entry.path())).count()
}
