//! What an auditor has: checkpoints, and exports of the log.

use idv::verification::audit::checkpoint::UnverifiedNote;
use idv::verification::audit::entry::Entry;
use idv::verification::audit::key::{PublicKey, SigningKey};
use idv::verification::audit::verify::Verifier;
use zeroize::Zeroizing;

fn key() -> SigningKey {
    SigningKey::from_seed(&Zeroizing::new([1; 32]))
}

/// Any text as a checkpoint, and as a key. What is read says the same once it is signed, and by that key alone.
pub(super) fn checkpoint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(key) = PublicKey::parse(text) {
        assert_eq!(PublicKey::parse(&key.pem()), Some(key));
        assert_eq!(PublicKey::parse(&key.verifier("idv.example.com/audit")), Some(key));
    }
    let Ok(note) = UnverifiedNote::parse(text) else { return };
    let signed = UnverifiedNote::parse(&note.claim().sign(&key())).unwrap();
    assert_eq!(signed.verified(&[key().public()]), Some(note.claim()));
    assert_eq!(signed.verified(&[]), None);
}

/// Any bytes as an export. An entry is written as it was read, and no more are shown than there are.
pub(super) fn export(data: &[u8]) {
    let earlier = std::str::from_utf8(data).ok().and_then(|text| UnverifiedNote::parse(text).ok());
    let mut verifier = Verifier::new(key().public(), earlier.into_iter().collect());
    for line in data.split(|byte| *byte == b'\n') {
        verifier.line(line);
        if let Some(entry) = Entry::parse(line) {
            assert_eq!(Entry::parse(&entry.line()), Some(entry));
        }
    }
    match verifier.end() {
        Ok(whole) => assert!(whole.shown <= whole.checkpoint.size),
        Err(finding) => assert!(!finding.to_string().is_empty()),
    }
}
