//! Whoever watches the service: asks it on its socket for that, and reads what a scrape says.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::process::{Installation, Service};

const PATIENCE: Duration = Duration::from_secs(20);

/// The samples of a scrape, by their names and labels as they stand there. What is no whole number is cut off.
pub(crate) struct Samples(BTreeMap<String, u64>);

impl Samples {
    pub(crate) fn of(scrape: &str) -> Self {
        let samples = scrape.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.split('.').next().unwrap().parse().unwrap_or_else(|_| panic!("{line}")))
        });
        Self(samples.collect())
    }

    /// The one that is called so.
    pub(crate) fn value(&self, name: &str) -> u64 {
        *self.0.get(name).unwrap_or_else(|| panic!("{name} among {:?}", self.0.keys()))
    }

    /// The sum of those of a family that have the label.
    pub(crate) fn sum(&self, family: &str, label: &str) -> u64 {
        let is_one =
            |name: &str| name.strip_prefix(family).is_some_and(|rest| rest.starts_with('{')) && name.contains(label);
        self.0.iter().filter(|(name, _)| is_one(name)).map(|(_, value)| value).sum()
    }
}

impl Installation {
    /// Where its service is watched.
    pub(crate) fn watched_at(&self) -> PathBuf {
        self.path("ops.sock")
    }

    /// Serves, and is watched.
    pub(crate) fn serve_watched(&self) -> Service {
        self.be_watched();
        self.serve()
    }

    /// Has its configuration say where it is watched.
    pub(crate) fn be_watched(&self) {
        let text = fs::read_to_string(self.path("idv.toml")).unwrap();
        let ops = format!("[ops]\nlisten = [\"unix:{}\"]\n[control]", self.watched_at().display());
        fs::write(self.path("idv.toml"), text.replace("[control]", &ops)).unwrap();
    }

    /// The whole answer to a question of who watches.
    pub(crate) fn watch(&self, target: &str) -> String {
        ask(&self.watched_at(), &get(target)).unwrap()
    }

    pub(crate) fn scrape(&self) -> Samples {
        Samples::of(body(&self.watch("/metrics")))
    }
}

pub(crate) fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

/// The whole answer to `request` on the socket at `path`.
pub(crate) fn ask(path: &Path, request: &str) -> std::io::Result<String> {
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

pub(crate) fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}
