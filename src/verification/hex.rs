//! Digests in the store as bytes, and for people as hexadecimal digits.

use std::borrow::Cow;

use data_encoding::HEXLOWER;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A SHA-256, or another digest as long.
type Digest = [u8; 32];

pub(crate) fn serialize<S: Serializer>(digest: &Digest, wire: S) -> Result<S::Ok, S::Error> {
    if wire.is_human_readable() { wire.serialize_str(&HEXLOWER.encode(digest)) } else { digest.serialize(wire) }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(wire: D) -> Result<Digest, D::Error> {
    if !wire.is_human_readable() {
        return Digest::deserialize(wire);
    }
    let text = Cow::<str>::deserialize(wire)?;
    let bytes = HEXLOWER.decode(text.as_bytes()).map_err(D::Error::custom)?;
    Digest::try_from(bytes).map_err(|_| D::Error::custom("a digest has 32 bytes"))
}

/// The same of several.
pub(crate) mod each {
    use super::{Deserialize, Deserializer, Digest, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Hex(#[serde(with = "super")] Digest);

    pub(crate) fn serialize<S: Serializer>(digests: &[Digest], wire: S) -> Result<S::Ok, S::Error> {
        wire.collect_seq(digests.iter().map(|digest| Hex(*digest)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(wire: D) -> Result<Vec<Digest>, D::Error> {
        Ok(Vec::<Hex>::deserialize(wire)?.into_iter().map(|Hex(digest)| digest).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super")]
        one: Digest,
        #[serde(with = "super::each")]
        all: Vec<Digest>,
    }

    #[test]
    fn people_read_digits_and_the_store_has_bytes() {
        let both = Both { one: [0xab; 32], all: vec![[1; 32], [2; 32]] };
        let json = serde_json::to_string(&both).unwrap();
        assert!(json.contains(&"ab".repeat(32)) && json.contains(&"02".repeat(32)), "{json}");
        assert_eq!(serde_json::from_str::<Both>(&json).unwrap(), both);
        let bytes = postcard::to_allocvec(&both).unwrap();
        assert_eq!(bytes, postcard::to_allocvec(&(both.one, &both.all)).unwrap(), "as without");
        assert_eq!(postcard::from_bytes::<Both>(&bytes).unwrap(), both);
        for unfit in ["", "ab", &"AB".repeat(32), &"ab".repeat(33)] {
            let json = format!(r#"{{"one":"{unfit}","all":[]}}"#);
            assert!(serde_json::from_str::<Both>(&json).is_err(), "{unfit}");
        }
    }
}
