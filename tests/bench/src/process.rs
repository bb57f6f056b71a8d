//! A server as a process: its CPU time and its memory, as the kernel counts them.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// How long a process may take to end when it is asked to.
const END_LIMIT: Duration = Duration::from_mins(1);

/// A child process, with the workers that it has, killed when dropped.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn new(child: Child) -> Self {
        Self(child)
    }

    /// CPU time used until now.
    ///
    /// The kernel accounts a running thread at each tick and a sleeping one exactly, so read it when the
    /// process is idle.
    pub(crate) fn cpu(&self) -> Result<CpuTime> {
        let mut cpu = CpuTime { threads: BTreeMap::new(), ticks: 0 };
        for process in self.family()? {
            cpu.add(&process)?;
        }
        Ok(cpu)
    }

    /// Resident memory in MiB.
    pub(crate) fn resident_mib(&self) -> Result<f64> {
        self.status_mib("VmRSS:")
    }

    /// The most that it was until now.
    pub(crate) fn peak_mib(&self) -> Result<f64> {
        self.status_mib("VmHWM:")
    }

    /// Asks it to end, as a service manager would, and waits until it has.
    pub(crate) fn end(mut self) -> Result<()> {
        let told = Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status()?;
        ensure!(told.success(), "a process could not be asked to end");
        let deadline = Instant::now() + END_LIMIT;
        while self.0.try_wait()?.is_none() {
            ensure!(Instant::now() < deadline, "a process did not end when it was asked to");
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "no machine has 2^53 KiB")]
    fn status_mib(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(self.path().join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = number(line.and_then(|line| line.split_whitespace().next()))?;
        Ok(kib as f64 / 1_024.0)
    }

    /// It and its workers.
    fn family(&self) -> Result<Vec<PathBuf>> {
        let own = self.path();
        let children = fs::read_to_string(own.join(format!("task/{}/children", self.0.id())))?;
        let children = children.split_whitespace().map(|id| PathBuf::from(format!("/proc/{id}")));
        Ok([own.clone()].into_iter().chain(children).collect())
    }

    fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}", self.0.id()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let family = self.family().unwrap_or_default();
        // It may have ended by itself: then there is nothing to kill.
        let _ = self.0.kill();
        let _ = self.0.wait();
        let workers: Vec<_> = family.iter().skip(1).filter_map(|process| process.file_name()).collect();
        if !workers.is_empty() {
            let _ = Command::new("kill").arg("-KILL").args(workers).status();
        }
    }
}

/// CPU time of a process, thread by thread and as a whole.
pub(crate) struct CpuTime {
    /// Nanoseconds, of the threads alive.
    threads: BTreeMap<PathBuf, u64>,
    /// Hundredths of a second (`USER_HZ`), of all threads that ever were.
    ticks: u64,
}

impl CpuTime {
    fn add(&mut self, process: &Path) -> Result<()> {
        for entry in fs::read_dir(process.join("task"))? {
            let path = entry?.path();
            // A thread that ended since the directory was read has no account any more.
            if let Ok(account) = fs::read_to_string(path.join("schedstat")) {
                self.threads.insert(path, number(account.split(' ').next())?);
            }
        }
        let stat = fs::read_to_string(process.join("stat"))?;
        // The second field, the name in parentheses, may hold spaces: fields are counted from behind it.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
        self.ticks += number(fields.next())? + number(fields.next())?;
        Ok(())
    }

    /// CPU time used since `earlier`: exact while no thread has ended in between, to the tick otherwise.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        if earlier.threads.keys().all(|thread| self.threads.contains_key(thread)) {
            Duration::from_nanos(self.threads.values().sum::<u64>() - earlier.threads.values().sum::<u64>())
        } else {
            Duration::from_millis(10 * (self.ticks - earlier.ticks))
        }
    }
}

fn number(text: Option<&str>) -> Result<u64> {
    text.unwrap_or_default().parse().context("the kernel's account of a process reads otherwise than expected")
}
