//! A directory of the organisation's own pictures. They come from files, and through the gate of everybody's pictures all the
//! same: what is in them goes to the browser of who decides.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use bytes::Bytes;

use crate::config::Problem;
use crate::picture::gate::{self, SIDES};
use crate::picture::{Refused, develop};

/// The most files: all of them are held in memory.
const FILES: usize = 16;
/// The largest file, in bytes: that of an upload.
const FILE_SIZE: u64 = 12 * 1024 * 1024;
/// The longest part of a name that is the organisation's own, in bytes.
pub(super) const WORDS: usize = 40;

/// What there is to be in a directory.
pub(super) struct Directory<N> {
    /// What names it in the configuration.
    pub(super) key: &'static str,
    /// What its files are.
    pub(super) what: &'static str,
    /// How they are named, for who named one otherwise.
    pub(super) names: &'static str,
    /// What the name of a file says.
    pub(super) called: fn(&str) -> Option<N>,
}

/// One of the pictures.
#[derive(Clone)]
pub(in crate::review) struct Exhibit {
    pub(super) jpeg: Bytes,
    pub(super) digest: [u8; 32],
}

impl Exhibit {
    /// Where pages find it.
    pub(in crate::review) fn address(&self) -> String {
        format!("/exhibit/{}", data_encoding::HEXLOWER.encode(&self.digest))
    }
}

/// Whether `words` may stand in a name for what the organisation likes.
pub(super) fn is_plain(words: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=WORDS).contains(&words.len()) && words.bytes().all(is_plain)
}

impl<N> Directory<N> {
    /// All that is at `path`, in the order of the files' names.
    ///
    /// # Errors
    /// The directory cannot be listed, has too many files, or one that is none of those. There is none that is left out.
    pub(super) fn read(&self, path: &Path) -> Result<Vec<(N, Exhibit)>, Vec<Problem>> {
        let listed = fs::read_dir(path).and_then(|entries| {
            let names = entries.take(FILES + 1).map(|entry| entry.map(|entry| entry.file_name()));
            names.collect::<io::Result<Vec<_>>>()
        });
        let mut names = match listed {
            Ok(names) if names.len() > FILES => {
                let remedy = format!("leave the {FILES} that help most");
                return Err(vec![self.problem(path, format!("has more than {FILES} files"), remedy)]);
            }
            Ok(names) => names,
            Err(error) => {
                let remedy = "name a directory that the service may read, and restart it where that was made since it started; or remove the key";
                return Err(vec![self.problem(path, error.to_string(), remedy)]);
            }
        };
        names.sort();
        let (mut pictures, mut problems) = (Vec::new(), Vec::new());
        for name in names {
            let path = path.join(&name);
            match self.picture(&path, name.to_str()) {
                Ok(picture) => pictures.push(picture),
                Err((what, remedy)) => problems.push(self.problem(&path, what, remedy)),
            }
        }
        if problems.is_empty() { Ok(pictures) } else { Err(problems) }
    }

    /// The picture at `path`, called `name` if that is a text, or what is wrong with it and what to do.
    fn picture(&self, path: &Path, name: Option<&str>) -> Result<(N, Exhibit), (String, &'static str)> {
        let called =
            name.and_then(self.called).ok_or_else(|| (format!("is not named as {} are", self.what), self.names))?;
        let upload = contents(path)?;
        let picture = gate::admit(&upload, &SIDES).and_then(|admitted| develop::develop(&upload, admitted));
        let picture = picture.map_err(|refused| (format!("is {refused}"), remedy(refused)))?;
        let jpeg = Bytes::copy_from_slice(&picture.jpeg);
        Ok((called, Exhibit { jpeg, digest: picture.digest }))
    }

    pub(super) fn problem(&self, place: &Path, problem: String, remedy: impl Into<String>) -> Problem {
        Problem { place: place.display().to_string(), key: self.key.into(), problem, remedy: remedy.into() }
    }
}

fn contents(path: &Path) -> Result<Vec<u8>, (String, &'static str)> {
    const PLAIN: &str = "let the directory have nothing but JPEG files, which the service may read";
    const SMALLER: &str = "save it smaller: nothing beyond 2200 pixels is shown";
    let failed = |error: io::Error| (error.to_string(), PLAIN);
    // Before it is opened: a pipe would wait for whoever writes.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(("is no file".into(), PLAIN));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(FILE_SIZE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > FILE_SIZE { Err(("is larger than 12 MiB".into(), SMALLER)) } else { Ok(bytes) }
}

const fn remedy(refused: Refused) -> &'static str {
    match refused {
        Refused::NotJpeg(_) => "save it as a JPEG",
        Refused::TooSmall => "take one whose shorter side has 600 pixels or more",
        Refused::TooLarge => "save it smaller: nothing beyond 2200 pixels is shown",
        Refused::NotAPhoto | Refused::Incomplete | Refused::Flat => {
            "save it anew, as a JPEG of three colours or of grey"
        }
    }
}
