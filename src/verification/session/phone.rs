//! The right of a phone that a computer handed over to: the session, sealed under a key of its own and bound to the code that
//! the phone used. It opens as nothing else, and the state is not in it: nobody returns to Auth0 by it.

use super::id::SessionId;
use super::{Sealer, Session, State, open, seal};
use crate::verification::method::CodeHash;
use crate::verification::seal::NONCE_LENGTH;
use crate::verification::tenant::Tenants;
use crate::verification::time::Timestamp;

/// What stands in for the state.
const NO_STATE: &str = "-";

impl Sealer {
    /// Seals `session` for the phone that uses the code of `hash`, whose pages speak the language `tag`. Returns the value of
    /// its cookie.
    #[must_use]
    pub fn seal_phone(
        &self,
        hash: &CodeHash,
        session: &Session<'_>,
        tag: &str,
        nonce: [u8; NONCE_LENGTH],
        now: Timestamp,
    ) -> String {
        let (state, ui_locales) = (State(NO_STATE.to_owned()), Some(tag.to_owned()));
        let session = Session { state, ui_locales, ..session.clone() };
        seal(&self.phones, &owner(session.id, hash), &session, nonce, now)
    }

    /// Opens the right of a phone in session `id`; none if it is not ours, or of another session or code.
    #[must_use]
    pub fn open_phone<'t>(
        &self,
        hash: &CodeHash,
        id: SessionId,
        value: &str,
        tenants: &'t Tenants,
    ) -> Option<Session<'t>> {
        open(&self.phones, &owner(id, hash), id, value, tenants)
    }
}

fn owner(id: SessionId, hash: &CodeHash) -> Vec<u8> {
    [id.as_bytes().as_slice(), hash.as_bytes()].concat()
}
