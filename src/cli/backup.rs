//! `idv backup`: the store and its key, copied while logins go on.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde_json::{Value, json};

pub(super) use self::dated::STORE;
use self::dated::{Backups, Kind};
use super::operate::{Done, ask_service, by_service_or};
use super::output;
use crate::archive::{Recipient, RecipientError};
use crate::config::Config;
use crate::control::Request;
use crate::ops::clock::Clock;
use crate::store::Store;
use crate::store::backup::{Contents, Turn, copy_path, examine, take_copy, take_key};

mod dated;
mod stream;

/// How the name of a stream ends that is encrypted, and how of one that is not.
const ENCRYPTED: &str = ".age";
const PLAIN: [&str; 2] = [".tar.gz", ".tgz"];
/// How names of files end that no backup is.
const OTHERS: [&str; 12] = ["7z", "age", "bz2", "gpg", "gz", "rar", "redb", "tar", "tgz", "xz", "zip", "zst"];

#[derive(Args)]
pub(super) struct Arguments {
    /// Where to: a new directory, or an empty one; a new file whose name ends in .tar.gz, or in .age where it is encrypted;
    /// or - for stdout.
    #[arg(value_name = "DIRECTORY|FILE|-")]
    place: PathBuf,
    /// Encrypt it to this recipient of age too, beside those that the configuration names.
    #[arg(long, value_name = "RECIPIENT")]
    to: Vec<String>,
    /// Make the backup in DIRECTORY under a name of its own, with the date, and keep so many of those there: when the new
    /// one is whole, the oldest go. It is a file where it is encrypted, else a directory.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
}

/// Where a backup goes, and as what.
enum Form<'a> {
    Directory(&'a Path),
    File(&'a Path),
    Stdout,
    Dated(&'a Path, usize),
}

/// A backup that is whole.
struct Made {
    /// Where it is; none where stdout took it.
    place: Option<PathBuf>,
    contents: Contents,
    removed: Vec<PathBuf>,
}

pub(super) fn run(config: &Config, arguments: &Arguments, json: bool) -> anyhow::Result<ExitCode> {
    let recipients = recipients(config, &arguments.to)?;
    let form = form(arguments, !recipients.is_empty())?;
    let made = match form {
        Form::Stdout => Made { place: None, contents: stream::to_stdout(config, &recipients)?, removed: vec![] },
        Form::File(path) => {
            let contents = stream::to_file(config, path, &recipients)?;
            Made { place: Some(path.to_owned()), contents, removed: vec![] }
        }
        Form::Directory(path) => {
            make_directory(path)?;
            Made { place: Some(path.to_owned()), contents: make_only(config, path)?, removed: vec![] }
        }
        Form::Dated(path, keep) => {
            make_directory(path)?;
            make_dated(config, path, keep, &recipients)?
        }
    };
    tell_service(config);
    tell(&made, recipients.len(), json)?;
    Ok(ExitCode::SUCCESS)
}

fn recipients(config: &Config, further: &[String]) -> anyhow::Result<Vec<Recipient>> {
    let mut recipients = config.backup_recipients.clone();
    for (index, text) in further.iter().enumerate() {
        let parsed = text.parse();
        recipients.push(
            parsed.map_err(|error: RecipientError| anyhow!("--to number {} {error}: {}", index + 1, error.remedy()))?,
        );
    }
    Ok(recipients)
}

/// What was meant. A name that says otherwise than the backup would be is refused: whoever finds it believes the name.
fn form(Arguments { place, keep, .. }: &Arguments, is_encrypted: bool) -> anyhow::Result<Form<'_>> {
    let name = place.to_string_lossy();
    let is_file = name.ends_with(ENCRYPTED) || PLAIN.iter().any(|plain| name.ends_with(plain));
    let end = place.extension().map(|end| end.to_string_lossy().to_lowercase());
    let is_of_others = !is_file && end.is_some_and(|end| OTHERS.contains(&end.as_str()));
    match keep {
        _ if is_of_others => bail!(
            "a backup is no file of that kind: name a directory, or a file that ends in {}, or in {ENCRYPTED} where it is \
             encrypted",
            PLAIN[0]
        ),
        _ if name == "-" && keep.is_none() => Ok(Form::Stdout),
        Some(_) if is_file || name == "-" => bail!("--keep makes backups with the date in a directory: name that"),
        Some(keep) => Ok(Form::Dated(place, usize::from(*keep))),
        None if is_file && is_encrypted != name.ends_with(ENCRYPTED) => {
            let (is, end) = if is_encrypted { ("encrypted", ENCRYPTED) } else { ("not encrypted", PLAIN[0]) };
            bail!("this backup is {is}: name a file that ends in {end}")
        }
        None if is_file => Ok(Form::File(place)),
        None if is_encrypted => bail!(
            "a backup that is encrypted is one file: name one that ends in {ENCRYPTED}, or use --keep; [backup] recipients and \
             --to have it encrypted"
        ),
        None => Ok(Form::Directory(place)),
    }
}

fn make_directory(path: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| hindered(&format!("cannot make the directory {}", path.display()), error))
}

/// What hinders a backup, with what to do where that is known.
fn hindered(what: &str, error: io::Error) -> anyhow::Error {
    let remedy = match error.kind() {
        ErrorKind::PermissionDenied => "; run this as root",
        ErrorKind::StorageFull => "; make room there",
        ErrorKind::ReadOnlyFilesystem => {
            "; a unit writes where a line ReadWritePaths= lets it (systemctl edit idv-backup)"
        }
        _ => "",
    };
    anyhow::Error::new(error).context(format!("{what}{remedy}"))
}

/// It remembers when the last backup was whole. That it does not changes nothing about this one.
fn tell_service(config: &Config) {
    if let Err(error) = ask_service(config, &Request::BackedUp) {
        output::aside(&format!("The backup is whole, but the service does not know: {error:#}"));
    }
}

fn tell(made: &Made, recipients: usize, json: bool) -> anyhow::Result<()> {
    let Made { place, contents: Contents { subjects, checks, .. }, removed } = made;
    if json {
        let value = as_json(made, recipients);
        if place.is_none() {
            return say(made, &value.to_string());
        }
        return Ok(output::json(&value)?);
    }
    let to = place.as_ref().map_or_else(|| "the stream".into(), |place| place.display().to_string());
    say(made, &format!("{subjects} people and {checks} checks are in {to}."))?;
    if recipients == 0 {
        output::aside("It holds the key that reads it: keep it where nobody else looks.");
    } else {
        let whose =
            if recipients == 1 { "its recipient opens".into() } else { format!("{recipients} recipients open") };
        output::aside(&format!("It is encrypted, and {whose} it: age -d -i KEY.txt FILE | sudo idv restore -"));
    }
    for removed in removed {
        output::aside(&format!("{} is removed.", removed.display()));
    }
    Ok(())
}

/// Where stdout has the backup itself, people are told on stderr.
fn say(made: &Made, text: &str) -> anyhow::Result<()> {
    if made.place.is_none() {
        output::aside(text);
        return Ok(());
    }
    Ok(output::line(text)?)
}

fn as_json(made: &Made, recipients: usize) -> Value {
    let Made { place, contents: Contents { subjects, checks, .. }, removed } = made;
    let (directory, file) = match place {
        Some(place) if place.is_dir() => (Some(place), None),
        place => (None, place.as_ref()),
    };
    json!({
        "directory": directory,
        "file": file,
        "recipients": recipients,
        "subjects": subjects,
        "checks": checks,
        "removed": removed,
    })
}

fn make_only(config: &Config, directory: &Path) -> anyhow::Result<Contents> {
    if fs::read_dir(directory).context("cannot read the directory")?.next().is_some() {
        let directory = directory.display();
        bail!("{directory} is not empty, and a backup never replaces another; name a new one, or use --keep");
    }
    make(config, directory)
}

/// Makes a backup among others. Only when it is whole the oldest go.
fn make_dated(config: &Config, directory: &Path, keep: usize, recipients: &[Recipient]) -> anyhow::Result<Made> {
    let backups = Backups::open(directory).with_context(|| format!("cannot use {}", directory.display()))?;
    let kind = if recipients.is_empty() { Kind::Directory } else { Kind::File };
    let begun = backups.begin(Clock::system().now(), kind);
    let draft = begun.map_err(|error| hindered(&format!("cannot make a backup in {}", directory.display()), error))?;
    let contents = match kind {
        Kind::Directory => make(config, draft.path())?,
        Kind::File => stream::fill(config, draft.path(), recipients)?,
    };
    let made = draft.finish().context("cannot give the backup its name")?;
    let removed = backups.keep(keep, &made).context("the backup is made, but the oldest cannot be removed")?;
    Ok(Made { place: Some(made), contents, removed })
}

/// Makes a backup in the empty `directory`, and looks at every record of it. One that is not whole is taken away again:
/// it is worth nothing, and the service may need its room.
fn make(config: &Config, directory: &Path) -> anyhow::Result<Contents> {
    fill(config, directory).inspect_err(|_| {
        // The cause is what there is to tell.
        let _ = dated::clear(directory);
    })
}

fn fill(config: &Config, directory: &Path) -> anyhow::Result<Contents> {
    let (from, to) = (&config.store_path, directory.join(STORE));
    let _turn = begin_turn(from)?;
    if let Done::ByService(_) = by_service_or(config, &Request::Copy, || Ok(Store::open_to_read(from)?.copy_to(&to)?))?
    {
        take_copy(from, &to).map_err(|error| hindered(&format!("cannot take the copy to {}", to.display()), error))?;
    }
    take_key(from, &to).map_err(|error| hindered("cannot copy the store's key", error))?;
    examine(&to).context("the copy is not whole")
}

/// Two who have a copy made and take it away would each take the other's.
fn begin_turn(store: &Path) -> anyhow::Result<Turn> {
    use crate::store::file::OpenError;
    Turn::begin(store).map_err(|error| match error {
        OpenError::InUse(_) => anyhow!("another backup is being made"),
        OpenError::Io { .. } => anyhow::Error::new(error).context("cannot copy the store; run this as root"),
        error => error.into(),
    })
}

/// Has the store copied beside itself, for the one whose turn it is.
fn copy_beside(config: &Config) -> anyhow::Result<()> {
    let from = &config.store_path;
    let alone = || Ok(Store::open_to_read(from)?.copy_to(&copy_path(from))?);
    by_service_or(config, &Request::Copy, alone).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_no_room_is_not_told_to_be_root() {
        let told = |kind: ErrorKind| hindered("cannot", kind.into()).to_string();
        assert_eq!(told(ErrorKind::StorageFull), "cannot; make room there");
        assert_eq!(told(ErrorKind::PermissionDenied), "cannot; run this as root");
        assert!(told(ErrorKind::ReadOnlyFilesystem).contains("ReadWritePaths="));
    }
}
