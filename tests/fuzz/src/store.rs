//! Records on disk.

use std::fmt::Debug;

use idv::store::codec::{Codec, Damaged, check_number, subject_key, subject_of_key};
use idv::verification::audit::pseudonym::PersonKey;
use idv::verification::audit::tree::Edge;
use idv::verification::case::Case;
use idv::verification::check::{CheckRecord, SubjectRecord};
use idv::verification::method::{Kept, Progress};
use idv::verification::record::Record;
use idv::verification::spent::SpentRecord;
use ring::hmac;
use serde::ser::{Serialize, SerializeTuple, Serializer};

const TABLE: &str = "table";

fn codec() -> Codec {
    Codec::new(hmac::Key::new(hmac::HMAC_SHA256, b"the key of the records"))
}

/// Any bytes as each kind of record, of each version: with a right MAC, what is read is written and read again the same; without, none is.
pub(super) fn record(data: &[u8]) {
    assert_eq!(codec().open::<u8>(TABLE, data, data), Err(Damaged));
    check::<SubjectRecord>(data);
    check::<CheckRecord>(data);
    check::<SpentRecord>(data);
    check::<Kept>(data);
    check::<Progress>(data);
    check::<Case>(data);
    check::<u8>(data);
    check::<Edge>(data);
    check::<PersonKey>(data);
    let _ = check_number(data);
    if let Some(subject) = subject_of_key(data) {
        assert_eq!(subject_key(&subject), data);
    }
}

fn check<T: Record + PartialEq + Debug>(data: &[u8]) {
    for version in 0..=T::VERSION + 1 {
        let sealed = codec().seal_as(version, TABLE, b"key", &Bytes(data));
        let Ok(record) = codec().open::<T>(TABLE, b"key", &sealed) else { continue };
        let again = codec().seal(TABLE, b"key", &record);
        assert_eq!(codec().open::<T>(TABLE, b"key", &again), Ok(record));
    }
}

/// Bytes as they are: the encoding writes a tuple's elements without anything between.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}
