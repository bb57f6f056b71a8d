//! A backup as one stream: to a file, or to whoever reads stdout.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use rustix::fs::Advice;

use super::dated::{self, UNFINISHED};
use super::{begin_turn, copy_beside};
use crate::archive::{Digesting, Encryptor, FORMAT, Manifest, Part, Recipient, pack};
use crate::config::Config;
use crate::ops::clock::Clock;
use crate::ops::directory::Directory;
use crate::store::backup::{Contents, Taken};
use crate::store::codec::VERSION;

/// Writes a backup to stdout.
pub(super) fn to_stdout(config: &Config, recipients: &[Recipient]) -> anyhow::Result<Contents> {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        bail!("a backup is nothing to read: send it into a file or a command");
    }
    let taken = take(config)?;
    // Not line by line, as the standard library's would.
    let stdout = File::from(rustix::io::dup(&stdout).context("stdout is closed")?);
    write(config, &taken, recipients, &stdout).context("the backup was not taken to its end")?;
    Ok(taken.contents)
}

/// Makes a backup of the name `path`, which nothing has, once it is whole.
pub(super) fn to_file(config: &Config, path: &Path, recipients: &[Recipient]) -> anyhow::Result<Contents> {
    let shown = path.display();
    let (parent, name) = path.parent().zip(path.file_name()).ok_or_else(|| anyhow!("{shown} is no name of a file"))?;
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let _alone = dated::lock(parent).with_context(|| format!("cannot use {}", parent.display()))?;
    let directory = Directory::open(parent).with_context(|| format!("cannot use {}", parent.display()))?;
    if directory.has(Path::new(name))? {
        bail!("{shown} exists, and a backup never replaces another; name a new one, or use --keep");
    }
    let mut draft = name.to_owned();
    draft.push(UNFINISHED);
    let draft = PathBuf::from(draft);
    // What a backup left that was broken off.
    directory.remove(&draft).with_context(|| format!("cannot write {shown}"))?;
    let contents = fill_in(config, &directory, &draft, recipients)?;
    let named = directory.rename(&draft, Path::new(name)).and_then(|()| directory.sync());
    named.with_context(|| format!("cannot give the backup the name {shown}"))?;
    Ok(contents)
}

/// Makes a backup of the name `draft`, of which it is known when it is whole.
pub(super) fn fill(config: &Config, draft: &Path, recipients: &[Recipient]) -> anyhow::Result<Contents> {
    let (Some(parent), Some(name)) = (draft.parent(), draft.file_name()) else { bail!("it has no name") };
    let directory = Directory::open(parent).with_context(|| format!("cannot use {}", parent.display()))?;
    fill_in(config, &directory, Path::new(name), recipients)
}

/// One that is not whole is taken away again: it is worth nothing, and the service may need its room.
fn fill_in(config: &Config, directory: &Directory, draft: &Path, recipients: &[Recipient]) -> anyhow::Result<Contents> {
    let taken = take(config)?;
    let path = directory.path_of(draft);
    let mut file = directory.create(draft).with_context(|| format!("cannot make {}", path.display()))?;
    let written = write(config, &taken, recipients, &file);
    let whole = written.with_context(|| format!("cannot write {}", path.display())).and_then(|written| {
        let read = read_back(&mut file).with_context(|| format!("cannot read {} back", path.display()))?;
        if read == written { Ok(()) } else { Err(anyhow!("{} is not what was written to it", path.display())) }
    });
    whole.inspect_err(|_| {
        // The cause is what there is to tell.
        let _ = directory.remove(draft);
    })?;
    Ok(taken.contents)
}

/// Reads what is on the disk, not what the system remembers of it.
fn read_back(file: &mut File) -> io::Result<Part> {
    file.sync_all()?;
    // Not every file system lets go of it.
    let _ = rustix::fs::fadvise(&*file, 0, None, Advice::DontNeed);
    file.rewind()?;
    Part::of(file)
}

/// Takes a copy of the store as it is now, of which every page and record was looked at.
fn take(config: &Config) -> anyhow::Result<Taken> {
    let turn = begin_turn(&config.store_path)?;
    copy_beside(config)?;
    turn.take().context("the copy is not whole, or not to be had; run this as root")
}

/// Writes the whole stream to `to`, and returns its length and digest.
fn write(config: &Config, taken: &Taken, recipients: &[Recipient], to: &File) -> io::Result<Part> {
    let mut store = &taken.store;
    store.rewind()?;
    let part = Part::of(store)?;
    store.rewind()?;
    let manifest = Manifest {
        format: FORMAT,
        idv: env!("CARGO_PKG_VERSION").into(),
        schema: VERSION,
        made_at: Clock::system().now(),
        public_url: config.public_url.to_string(),
        subjects: taken.contents.subjects,
        checks: taken.contents.checks,
        key: Part::of(taken.key.expose().as_slice())?,
        store: part,
    };
    let to = Digesting::new(BufWriter::new(to));
    let to = if recipients.is_empty() {
        pack(to, &manifest, taken.key.expose(), store)?
    } else {
        pack(Encryptor::new(to, recipients)?, &manifest, taken.key.expose(), store)?.finish()?
    };
    let (written, mut to) = to.finish();
    to.flush()?;
    Ok(written)
}
