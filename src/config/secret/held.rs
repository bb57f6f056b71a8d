//! What was found at a [`Source`], beside the name of that: so it is handed to a service that does not see the place.

use std::fmt;

use data_encoding::BASE64;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::{SecretError, Source};

/// What was found at a [`Source`]. It wipes itself and prints nothing but where it was.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Where, as the configuration has it.
    pub source: Box<Source>,
    /// What.
    #[serde(deserialize_with = "decode")]
    pub bytes: Zeroizing<Vec<u8>>,
}

impl Held {
    /// What is at `place` now, for what the configuration calls `source`.
    ///
    /// # Errors
    /// As [`Source::read_public`].
    pub fn found(source: Source, place: &Source) -> Result<Self, SecretError> {
        Ok(Self { bytes: place.read_public()?, source: source.into() })
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Within a configuration it is where it says that it is: `Handed` alone writes its bytes.
impl Serialize for Held {
    fn serialize<S: Serializer>(&self, wire: S) -> Result<S::Ok, S::Error> {
        self.source.serialize(wire)
    }
}

/// A [`Held`] as it is handed over, its bytes in base64.
pub(crate) fn hand_over_all<S: Serializer>(held: &[Held], wire: S) -> Result<S::Ok, S::Error> {
    wire.collect_seq(held.iter().map(Handed))
}

struct Handed<'h>(&'h Held);

impl Serialize for Handed<'_> {
    fn serialize<S: Serializer>(&self, wire: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let Held { source, bytes } = self.0;
        let mut handed = wire.serialize_struct("Held", 2)?;
        handed.serialize_field("source", source)?;
        handed.serialize_field("bytes", Zeroizing::new(BASE64.encode(bytes)).as_str())?;
        handed.end()
    }
}

fn decode<'de, D: Deserializer<'de>>(wire: D) -> Result<Zeroizing<Vec<u8>>, D::Error> {
    let text = Zeroizing::new(String::deserialize(wire)?);
    BASE64.decode(text.as_bytes()).map(Zeroizing::new).map_err(|_| D::Error::custom("no base64"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn held() -> Held {
        let source = Box::new(Source::Credential("token_secret".into()));
        Held { source, bytes: Zeroizing::new(b"not to be seen".to_vec()) }
    }

    #[test]
    fn what_is_held_shows_where_it_was_and_nothing_of_what_it_is() {
        let source = Source::Held(held());
        assert_eq!(source.to_string(), "credential token_secret");
        assert_eq!(json!(source), json!({ "credential": "token_secret" }));
        assert_eq!(format!("{source:?}"), "Held(Held { source: Credential(\"token_secret\"), .. })");
        assert_eq!(source.read_line().unwrap().as_slice(), b"not to be seen");
        assert!(source.is_at_hand() && source.named() == &Source::Credential("token_secret".into()));
    }

    #[test]
    fn it_is_handed_over_and_read_again() {
        let mut line = Vec::new();
        hand_over_all(&[held()], &mut serde_json::Serializer::new(&mut line)).unwrap();
        let text = str::from_utf8(&line).unwrap();
        assert_eq!(text, r#"[{"source":{"credential":"token_secret"},"bytes":"bm90IHRvIGJlIHNlZW4="}]"#);
        assert_eq!(serde_json::from_str::<Vec<Held>>(text).unwrap(), [held()]);
        for wrong in ["bm90IHRvIGJlIHNlZW4", "not base64"] {
            let text = text.replace("bm90IHRvIGJlIHNlZW4=", wrong);
            assert!(serde_json::from_str::<Vec<Held>>(&text).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_configuration_cannot_hold_anything_itself() {
        let text = r#"{"source":{"env":"X"},"bytes":""}"#;
        assert!(serde_json::from_str::<Source>(text).is_err());
    }
}
