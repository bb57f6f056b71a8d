//! The session's cookie, and that of a way to a provider.

use data_encoding::BASE64URL_NOPAD;
use idv::verification::method::oidc::transaction::Transactions;
use idv::verification::method::{Method, TransactionId};
use idv::verification::outcome::{Outcome, Status, Verified};
use idv::verification::result;
use idv::verification::session::id::SessionId;
use idv::verification::subject::IdvId;
use idv::verification::token::UntrustedToken;
use ring::{aead, hmac};

use super::world::{APP, NOW, TENANTS, root, sealer};

const ID: [u8; 16] = [3; 16];
const HOUR: [u8; 4] = [1, 0, 0, 0];
const NONCE: [u8; 12] = [5; 12];

fn id() -> SessionId {
    SessionId::parse(&BASE64URL_NOPAD.encode(&ID)).unwrap()
}

/// Any text as a cookie. Only idv's own key makes one.
pub(super) fn cookie(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(sealer().open(id(), text, &TENANTS).is_none());
    }
    assert!(sealer().open(id(), &BASE64URL_NOPAD.encode(data), &TENANTS).is_none());
}

/// Any plaintext under a right seal. What opens holds a state and a way back that are right, and its result is no
/// request.
pub(super) fn plaintext(data: &[u8]) {
    let value = seal(data);
    let Some(session) = sealer().open(id(), &value, &TENANTS) else { return };
    assert!(session.tenant.hosts().any(|host| host == session.return_to.host()));
    assert!(session.state.as_str().bytes().all(|b| b.is_ascii_graphic()));
    let _ = session.phase(NOW);
    let id = IdvId::from_random([1; 16]);
    let outcome = Outcome {
        status: Status::Success,
        concluded_at: NOW,
        idv_id: id,
        last_check_at: Some(NOW),
        verified: Some(Verified { at: NOW, method: Method::Desk }),
        ticket: None,
    };
    let result = result::sign(&APP.authority, &session, &outcome, NOW);
    assert!(UntrustedToken::parse(&result).and_then(|token| token.authenticate(&TENANTS, NOW)).is_err());
}

/// Any bytes as the cookie of a way to a provider, and any plaintext under a right seal. What opens is what is sealed again.
pub(super) fn transaction(data: &[u8]) {
    let transactions = Transactions::new(root());
    let id = TransactionId::from_random(ID);
    assert!(transactions.open::<SessionId>(id, &BASE64URL_NOPAD.encode(data)).is_none());
    let Some(transaction) = transactions.open::<SessionId>(id, &seal(data)) else { return };
    assert_eq!((transaction.nonce().len(), transaction.verifier().len(), transaction.challenge().len()), (43, 43, 43));
    let again = transactions.seal(id, &transaction, NONCE, NOW);
    assert_eq!(transactions.open(id, &again), Some(transaction));
}

/// As the sealer does, around any bytes.
fn seal(plaintext: &[u8]) -> String {
    let key = hmac::sign(&root(), &HOUR);
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key.as_ref()).unwrap());
    let mut sealed = plaintext.to_vec();
    let nonce = aead::Nonce::assume_unique_for_key(NONCE);
    key.seal_in_place_append_tag(nonce, aead::Aad::from(&ID), &mut sealed).unwrap();
    BASE64URL_NOPAD.encode(&[&HOUR[..], &NONCE, &sealed].concat())
}
