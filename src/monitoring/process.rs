//! What this process takes of its machine, as far as the machine tells.

use std::fs;
use std::time::Duration;

use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};

/// The bytes of memory that it has.
pub(super) fn resident_bytes() -> Option<u64> {
    // proc(5): in kibibytes, whatever it says.
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim_end().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// The time that its threads were given by the machine.
pub(super) fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}

/// How many files and sockets it has open, the one for this look aside.
pub(super) fn open_descriptors() -> Option<u64> {
    let open = fs::read_dir("/proc/self/fd").ok()?.count();
    Some(open.saturating_sub(1) as u64)
}

/// How many it may have.
pub(super) fn most_descriptors() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_some_of_everything() {
        let memory = resident_bytes().unwrap();
        assert!((1 << 20..1 << 34).contains(&memory), "{memory}");
        assert!(cpu_time() > Duration::ZERO);
        let before = open_descriptors().unwrap();
        let file = fs::File::open("/proc/self/status").unwrap();
        // Other tests open and close some meanwhile.
        assert!(before >= 3 && most_descriptors().unwrap() > before, "{before}");
        drop(file);
    }
}
