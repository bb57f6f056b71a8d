//! A process that is killed in the middle of what it does: this program once more, with one of its tests.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;
use std::{env, fs};

/// Names the directory of whom is to be killed.
const DIRECTORY: &str = "IDV_TEST_KILLED";
/// What they said that they had done, a line each.
const SAID: &str = "said";

/// Where this process works, if it is one that is to be killed.
#[expect(clippy::disallowed_methods, reason = "whoever began it says where")]
pub(crate) fn directory() -> Option<PathBuf> {
    env::var_os(DIRECTORY).map(PathBuf::from)
}

/// What somebody says who is to be killed.
pub(crate) struct Words(File);

impl Words {
    /// Of who works in `directory`, after those before them.
    pub(crate) fn of(directory: &Path) -> Self {
        Self(OpenOptions::new().append(true).create(true).open(directory.join(SAID)).unwrap())
    }

    pub(crate) fn say(&mut self, word: &str) {
        // At once: others may say something, too.
        self.0.write_all(format!("{word}\n").as_bytes()).unwrap();
    }
}

/// What was said in `directory` by who were killed there.
pub(crate) fn said(directory: &Path) -> Vec<String> {
    let said = fs::read_to_string(directory.join(SAID)).unwrap_or_default();
    // The last line may be half.
    let whole = said.rfind('\n').map_or("", |end| &said[..end]);
    whole.lines().map(str::to_owned).collect()
}

/// Somebody who is to be killed.
pub(crate) struct Victim(Child);

impl Victim {
    /// One who runs `test`, which is ignored otherwise, in `directory`.
    pub(crate) fn begin(test: &str, directory: &Path) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", test, "--ignored"]).env(DIRECTORY, directory);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Kills them once it `is_time`, and some more microseconds are over. Tells how they ended, which they may have done by
    /// themselves.
    pub(crate) fn kill(mut self, is_time: impl Fn() -> bool, microseconds: usize) -> ExitStatus {
        while !is_time() && self.0.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        thread::sleep(Duration::from_micros(microseconds as u64));
        self.0.kill().unwrap();
        self.0.wait().unwrap()
    }
}
