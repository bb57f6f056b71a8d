//! A backup as one stream: what is read is what was written, and nothing else is taken for it.

use std::io::{Read, Write};

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use idv::archive::{ArchiveError, FORMAT, KEY, MANIFEST, Manifest, Part, STORE, Unpacked, pack, unpack};
use idv::verification::time::Timestamp;
use ring::digest;
use serde_json::json;
use tar::{EntryType, Header};

pub(crate) mod age;

const MASTER: [u8; 32] = [7; 32];
const ROOM: u64 = 1 << 30;

fn part(bytes: &[u8]) -> Part {
    let sha256 = HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref());
    Part { bytes: bytes.len() as u64, sha256 }
}

fn manifest(store: &[u8]) -> Manifest {
    Manifest {
        format: FORMAT,
        idv: "0.1.0".into(),
        schema: 4,
        made_at: Timestamp::from_unix(1_800_000_000),
        public_url: "https://idv.example.com".into(),
        subjects: 3,
        checks: 4,
        key: part(&MASTER),
        store: part(store),
    }
}

/// Bytes that look like nothing.
fn noise(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at * at % 251).unwrap()).collect()
}

fn packed(store: &[u8]) -> Vec<u8> {
    pack(Vec::new(), &manifest(store), &MASTER, store).unwrap()
}

fn read(stream: &[u8], room: u64) -> (Result<Unpacked, ArchiveError>, Vec<u8>) {
    let mut store = Vec::new();
    (unpack(stream, &mut store, room), store)
}

fn refusal(stream: &[u8]) -> ArchiveError {
    read(stream, ROOM).0.err().expect("a refusal")
}

fn zipped(tar: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(tar).unwrap();
    gzip.finish().unwrap()
}

fn unzipped(stream: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    GzDecoder::new(stream).read_to_end(&mut tar).unwrap();
    tar
}

/// A member of an archive, filled up to whole blocks.
fn member(name: &str, kind: EntryType, length: u64, bytes: &[u8]) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(length);
    header.set_mode(0o600);
    header.set_cksum();
    let mut member = [header.as_bytes(), bytes].concat();
    member.resize(member.len().next_multiple_of(512), 0);
    member
}

fn file(name: &str, bytes: &[u8]) -> Vec<u8> {
    member(name, EntryType::Regular, bytes.len() as u64, bytes)
}

const END: &[u8] = &[0; 1024];

/// What the stream of `store` is made of.
fn members(store: &[u8]) -> [Vec<u8>; 3] {
    let text = serde_json::to_vec(&manifest(store)).unwrap();
    [file(MANIFEST, &text), file(KEY, &MASTER), file(STORE, store)]
}

#[test]
fn what_was_packed_is_unpacked_whatever_its_length() {
    for length in [0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 1_000_000] {
        let store = noise(length);
        let (unpacked, written) = read(&packed(&store), ROOM);
        let unpacked = unpacked.unwrap_or_else(|error| panic!("{length}: {error}"));
        assert!(unpacked.manifest == manifest(&store) && *unpacked.key == MASTER && written == store, "{length}");
    }
    let store = noise(700);
    let [first, second, third] = members(&store);
    let by_hand = zipped(&[first, second, third, END.to_vec()].concat());
    assert!(read(&by_hand, ROOM).0.is_ok(), "and so is what another tar packs");
}

#[test]
fn a_store_that_is_shorter_than_announced_is_not_packed() {
    let store = noise(700);
    let short = pack(Vec::new(), &manifest(&store), &MASTER, &store[..699]);
    assert!(short.unwrap_err().to_string().contains("shorter"));
}

#[test]
fn a_stream_that_is_cut_anywhere_is_refused() {
    let store = noise(1500);
    let stream = packed(&store);
    for end in 0..stream.len() {
        assert!(read(&stream[..end], ROOM).0.is_err(), "cut at {end} of {}", stream.len());
    }
    // And where the gzip is whole, and what is in it is cut.
    let tar = unzipped(&stream);
    let data_ends_at = tar.len() - END.len();
    for end in (0..data_ends_at - 36).step_by(17).chain([512, 1024, 1536, 2048]) {
        assert!(read(&zipped(&tar[..end]), ROOM).0.is_err(), "cut at {end} of {}", tar.len());
    }
}

#[test]
fn a_flipped_bit_is_noticed_or_changes_nothing() {
    let store = noise(600);
    let stream = packed(&store);
    // What a gzip says of a file's time, and where among zeros it finds others, changes nothing.
    let mut unnoticed = 0;
    for at in 0..stream.len() {
        let mut flipped = stream.clone();
        flipped[at] ^= 1 << (at % 8);
        if let (Ok(unpacked), written) = read(&flipped, ROOM) {
            assert!(unpacked.manifest == manifest(&store) && *unpacked.key == MASTER && written == store, "{at}");
            unnoticed += 1;
        }
    }
    assert!(unnoticed < stream.len() / 20, "{unnoticed} of {}", stream.len());
    // And where the gzip is anew: key and store are what the manifest says.
    let tar = unzipped(&stream);
    for at in 0..tar.len() {
        let mut flipped = tar.clone();
        flipped[at] ^= 1 << (at % 8);
        if let (Ok(unpacked), written) = read(&zipped(&flipped), ROOM) {
            assert!(*unpacked.key == MASTER && written == store, "{at} of {}", tar.len());
        }
    }
}

#[test]
fn members_that_are_swapped_doubled_missing_or_strange_are_refused() {
    let store = noise(600);
    let [manifest, key, data] = members(&store);
    let link = member(STORE, EntryType::Symlink, 0, &[]);
    let long = member("././@LongLink", EntryType::GNULongName, 9, b"idv.redb\0");
    let sized = |length| member(STORE, EntryType::Regular, length, &store);
    for (what, members) in [
        ("nothing", vec![]),
        ("no manifest", vec![&key, &data]),
        ("no key", vec![&manifest, &data]),
        ("no store", vec![&manifest, &key]),
        ("another order", vec![&key, &manifest, &data]),
        ("another order", vec![&manifest, &data, &key]),
        ("two manifests", vec![&manifest, &manifest, &key, &data]),
        ("two keys", vec![&manifest, &key, &key, &data]),
        ("two stores", vec![&manifest, &key, &data, &data]),
        ("one more", vec![&manifest, &key, &data, &file("note", b"")]),
        ("a path", vec![&manifest, &file("./idv.key", &MASTER), &data]),
        ("a path", vec![&manifest, &file("/idv.key", &MASTER), &data]),
        ("a path", vec![&manifest, &file("../idv.key", &MASTER), &data]),
        ("a path", vec![&manifest, &file("idv.key/", &MASTER), &data]),
        ("a link", vec![&manifest, &key, &link]),
        ("a long name", vec![&manifest, &key, &long, &data]),
        ("a longer key", vec![&manifest, &file(KEY, &[7; 33]), &data]),
        ("a shorter key", vec![&manifest, &file(KEY, &[7; 31]), &data]),
        ("another key", vec![&manifest, &file(KEY, &[8; 32]), &data]),
        ("another store", vec![&manifest, &key, &file(STORE, &[8; 600])]),
        ("a longer store", vec![&manifest, &key, &sized(601)]),
        ("a shorter store", vec![&manifest, &key, &sized(599)]),
        ("a huge store", vec![&manifest, &key, &sized(u64::MAX)]),
        ("a huge store", vec![&manifest, &key, &sized(1 << 50)]),
    ] {
        let tar = members.into_iter().flatten().copied().chain(END.iter().copied()).collect::<Vec<_>>();
        let refusal = refusal(&zipped(&tar));
        assert!(matches!(refusal, ArchiveError::Damaged(_)), "{what}: {refusal}");
    }
}

#[test]
fn what_stands_behind_the_end_is_refused() {
    let store = noise(600);
    let stream = packed(&store);
    for behind in [&b"\0"[..], b"x", &stream] {
        assert!(refusal(&[&stream, behind].concat()).to_string().contains("behind its end"));
    }
    let tar = unzipped(&stream);
    let filled = |fill: &[u8]| zipped(&[&tar, fill].concat());
    assert!(read(&filled(&[0; 18 * 512]), ROOM).0.is_ok(), "as other tars fill their records");
    for fill in [vec![1], [vec![0; 512], vec![1]].concat(), vec![0; 20 * 512], vec![0; 10_000_000]] {
        assert!(refusal(&filled(&fill)).to_string().contains("behind the archive"), "{}", fill.len());
    }
}

#[test]
fn a_store_without_room_is_refused_before_a_byte_of_it_is_written() {
    let store = noise(5000);
    let stream = packed(&store);
    assert!(read(&stream, 5000).0.is_ok());
    let (refused, written) = read(&stream, 4999);
    assert!(matches!(refused.err(), Some(ArchiveError::NoRoom { needed: 5000, free: 4999 })));
    assert_eq!(written.len(), 0);
    // A bomb is announced, or is not what was announced.
    let huge = Manifest { store: Part { bytes: 1 << 40, ..part(&store) }, ..manifest(&store) };
    let text = serde_json::to_vec(&huge).unwrap();
    let bomb = [file(MANIFEST, &text), file(KEY, &MASTER), member(STORE, EntryType::Regular, 1 << 40, &[0; 4096])];
    assert!(matches!(refusal(&zipped(&bomb.concat())), ArchiveError::NoRoom { needed, .. } if needed == 1 << 40));
    let [_, key, data] = members(&store);
    let text = file(MANIFEST, &vec![b' '; 16 * 1024 + 1]);
    assert!(refusal(&zipped(&[text, key, data].concat())).to_string().contains("another length"));
}

#[test]
fn a_manifest_is_understood_or_refused() {
    let store = noise(600);
    let [_, key, data] = members(&store);
    let refused = |change: serde_json::Value| {
        let mut text = serde_json::to_value(manifest(&store)).unwrap();
        for (name, value) in change.as_object().unwrap() {
            text[name] = value.clone();
        }
        let tar = [file(MANIFEST, text.to_string().as_bytes()), key.clone(), data.clone(), END.to_vec()].concat();
        refusal(&zipped(&tar)).to_string()
    };
    assert!(refused(json!({ "format": FORMAT + 1, "idv": "9.1.0" })).contains("idv 9.1.0, which is newer"));
    assert!(refused(json!({ "format": FORMAT + 1, "idv": "9.1.0", "erased": {} })).contains("which is newer"));
    assert!(refused(json!({ "format": 0 })).contains("of no format"));
    for change in [json!({ "erased": 1 }), json!({ "format": "1" }), json!({ "subjects": -1 }), json!({ "key": null })]
    {
        assert!(refused(change.clone()).contains("malformed"), "{change}");
    }
}

#[test]
fn what_is_encrypted_is_told_with_what_opens_it_and_what_is_foreign_as_that() {
    for encrypted in [&b"age-encryption.org/v1\n-> X25519 "[..], b"-----BEGIN AGE ENCRYPTED FILE-----\n"] {
        let told = refusal(encrypted).to_string();
        assert!(told.contains("age -d -i KEY.txt BACKUP.age | sudo idv restore -"), "{told}");
    }
    for foreign in [&b"PK\x03\x04"[..], b"\x1f", b"redb\x1a\x0a\xa9\x0d\x0a", b"age"] {
        assert!(matches!(refusal(foreign), ArchiveError::Foreign));
    }
    assert!(refusal(b"").to_string().contains("empty"));
}

/// A stream from which nothing more can be had, for the system says so.
#[test]
fn a_stream_that_breaks_off_is_told_from_one_that_is_damaged() {
    struct Broken<'a>(&'a [u8]);
    impl Read for Broken<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(out)? {
                0 => Err(rustix::io::Errno::IO.into()),
                read => Ok(read),
            }
        }
    }
    let stream = packed(&noise(100_000));
    for end in [0, 10, stream.len() / 2, stream.len()] {
        let refused = unpack(Broken(&stream[..end]), &mut Vec::new(), ROOM).err();
        assert!(matches!(refused, Some(ArchiveError::Read(_))), "{end}: {refused:?}");
    }
}
