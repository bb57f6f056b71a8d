//! A backup as one stream.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use idv::archive::{Recipient, pack, unpack};

/// What a stream may unpack to.
const ROOM: u64 = 1024 * 1024;

/// Any bytes as a stream: what is taken is packed and taken again the same, and nothing grows beyond its room. And as a
/// recipient, which has one spelling.
pub(super) fn stream(data: &[u8]) {
    let mut store = Vec::new();
    let unpacked = unpack(data, &mut store, ROOM);
    assert!(store.len() as u64 <= ROOM);
    if let Ok(unpacked) = unpacked {
        let again = pack(Vec::new(), &unpacked.manifest, unpacked.key.as_slice(), store.as_slice()).unwrap();
        let mut same = Vec::new();
        assert!(unpack(again.as_slice(), &mut same, ROOM).is_ok_and(|same| same.manifest == unpacked.manifest));
        assert_eq!(same, store);
    }
    let text = std::str::from_utf8(data).unwrap_or_default();
    if let Ok(recipient) = text.parse::<Recipient>() {
        assert_eq!(recipient.to_string(), text);
    }
}

/// Any bytes as what is in the gzip.
pub(super) fn members(data: &[u8]) {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(data).unwrap();
    stream(&gzip.finish().unwrap());
}
