//! The signed head of the log: a checkpoint (C2SP tlog-checkpoint) in a signed note (C2SP signed-note).
//!
//! Whoever keeps one notices any later change of what it is of, and any end that was cut off.

use data_encoding::BASE64;
use thiserror::Error;

use super::key::{KeyId, PublicKey, SigningKey};
use super::tree::{Edge, Hash};

/// The longest note that is read, in bytes.
const LIMIT: usize = 4096;
/// The most signatures that are read of one.
const SIGNATURES: usize = 16;

/// The name of the log of the installation whose public host is `host`.
#[must_use]
pub fn origin(host: &str) -> String {
    format!("{host}/audit")
}

/// How the log was when it had so many entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// That of the log `origin` whose tree ends with `edge`.
    #[must_use]
    pub fn new(origin: String, edge: &Edge) -> Self {
        Self { origin, size: edge.size(), root: edge.root() }
    }

    /// The text that is signed: three lines, each with its end.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root))
    }

    /// It as a note, signed by `key`.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> String {
        let (text, name) = (self.text(), &self.origin);
        let signature = [&key.public().id(name)[..], &key.sign(text.as_bytes())].concat();
        format!("{text}\n— {name} {}\n", BASE64.encode(&signature))
    }
}

/// A text is no note with a checkpoint.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("it is not a checkpoint")]
pub struct NotACheckpoint;

/// A checkpoint with its signatures, none of which was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedNote {
    checkpoint: Checkpoint,
    text: String,
    /// Each with the name of its signer, and the id of the key.
    signatures: Vec<(String, KeyId, Vec<u8>)>,
}

impl UnverifiedNote {
    /// The note that `note` is.
    ///
    /// # Errors
    /// [`NotACheckpoint`].
    pub fn parse(note: &str) -> Result<Self, NotACheckpoint> {
        Self::read(note).ok_or(NotACheckpoint)
    }

    fn read(note: &str) -> Option<Self> {
        let (text, signatures) = Some(note).filter(|note| note.len() <= LIMIT)?.split_once("\n\n")?;
        let text = format!("{text}\n");
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let checkpoint = Checkpoint {
            origin: Some(origin).filter(|origin| is_name(origin))?.to_owned(),
            size: number(size)?,
            root: BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?,
        };
        let signatures: Vec<_> = signatures.strip_suffix('\n')?.split('\n').map(signature).collect::<Option<_>>()?;
        let is_whole = (1..=SIGNATURES).contains(&signatures.len()) && !text.contains('\r');
        is_whole.then_some(Self { checkpoint, text, signatures })
    }

    /// What it says, which may be anything.
    #[must_use]
    pub fn claim(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// What it says, if one of `keys` signed it in the name of its own origin.
    #[must_use]
    pub fn verified(&self, keys: &[PublicKey]) -> Option<&Checkpoint> {
        let Self { checkpoint, text, signatures } = self;
        let is_signed =
            signatures.iter().filter(|(name, ..)| *name == checkpoint.origin).any(|(name, id, signature)| {
                keys.iter().any(|key| key.id(name) == *id && key.has_signed(text.as_bytes(), signature))
            });
        is_signed.then_some(checkpoint)
    }
}

/// Whether `text` can name a signer.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|character: char| character.is_whitespace() || character == '+')
}

/// A number as the format writes it: without a sign or zeros before it.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

fn signature(line: &str) -> Option<(String, KeyId, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
    let (id, signature) = bytes.split_first_chunk()?;
    Some((name.to_owned(), *id, signature.to_vec()))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn key(number: u8) -> SigningKey {
        SigningKey::from_seed(&Zeroizing::new([number; 32]))
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: origin("idv.example.com"), size: 4711, root: [9; 32] }
    }

    #[test]
    fn a_checkpoint_is_three_lines_and_a_signature_and_is_read_as_it_was_written() {
        let note = checkpoint().sign(&key(7));
        let lines: Vec<_> = note.split('\n').collect();
        assert_eq!(lines[..2], ["idv.example.com/audit", "4711"]);
        assert_eq!((lines.len(), lines[3], lines[5]), (6, "", ""));
        assert!(lines[4].starts_with("— idv.example.com/audit "), "{note}");
        let read = UnverifiedNote::parse(&note).unwrap();
        assert_eq!(read.verified(&[key(8).public(), key(7).public()]), Some(&checkpoint()));
    }

    #[test]
    fn what_another_key_signed_or_was_changed_is_not_verified() {
        let note = checkpoint().sign(&key(7));
        assert_eq!(UnverifiedNote::parse(&note).unwrap().verified(&[key(8).public()]), None);
        let other_size = note.replace("4711", "4712");
        let other_name = note.replace("idv.example.com", "idv.example.org");
        for changed in [other_size, other_name] {
            assert_eq!(UnverifiedNote::parse(&changed).unwrap().verified(&[key(7).public()]), None, "{changed}");
        }
        // A signature that names another signer is another's, whoever made it.
        let foreign = Checkpoint { origin: origin("idv.example.org"), ..checkpoint() }.sign(&key(7));
        let (_, signature) = foreign.split_once("\n\n").unwrap();
        let swapped = format!("{}\n{signature}", checkpoint().text());
        assert_eq!(UnverifiedNote::parse(&swapped).unwrap().verified(&[key(7).public()]), None);
    }

    #[test]
    fn lines_after_the_root_and_other_signatures_are_left_to_others() {
        let text = format!("{}of-later\n", checkpoint().text());
        let name = &checkpoint().origin;
        let signature = [&key(7).public().id(name)[..], &key(7).sign(text.as_bytes())].concat();
        let note = format!("{text}\n— witness AAAAAAAA\n— {name} {}\n", BASE64.encode(&signature));
        let read = UnverifiedNote::parse(&note).unwrap();
        assert_eq!(read.verified(&[key(7).public()]), Some(&checkpoint()));
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        let note = checkpoint().sign(&key(7));
        let cut = &note[..note.len() - 1];
        let sizes = ["04711", "+4711", "-1", "", "99999999999999999999"].map(|size| note.replace("4711", size));
        let others =
            ["", "\n\n", cut, &note.replace("\n\n", "\n"), &note.replace('—', "-"), &note.replace('\n', "\r\n")]
                .map(str::to_owned);
        let long = format!("{}{}", note, "— a AAAAAAAA\n".repeat(SIGNATURES));
        for text in sizes.into_iter().chain(others).chain([long]) {
            assert_eq!(UnverifiedNote::parse(&text), Err(NotACheckpoint), "{text:?}");
        }
    }
}
