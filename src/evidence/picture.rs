//! The pictures of a case, as it names them.

use ring::digest::{SHA256, digest};
use ring::hmac;
use zeroize::Zeroizing;

use super::{EvidenceError, Held, Keeper, Stored, Whose};
use crate::ops::report::Report;
use crate::picture;
use crate::verification::method::document::picture::Brought;
use crate::verification::method::document::{Dossier, Filled, Picture, Slot};
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;

/// What the keyed digests of uploads are made with.
const KEY: &str = "document upload";

impl Keeper {
    /// By what it is known that the same was uploaded as `picture` was made of.
    #[must_use]
    pub fn upload(&self, picture: &picture::Picture) -> [u8; 32] {
        let upload = hmac::sign(&self.store.key(KEY), &picture.upload_digest);
        upload.as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
    }

    /// Seals `picture` as one of `whose`, for a case to name.
    ///
    /// # Errors
    /// As [`put`](Self::put), as which it leaves it to the caller to have it named.
    pub fn take_in(
        &self,
        picture: &picture::Picture,
        whose: &Whose<'_>,
        now: Timestamp,
    ) -> Result<(Brought, Held), EvidenceError> {
        let Stored { object, record, held } = self.put(&picture.jpeg, whose, now)?;
        let picture::Picture { digest, difference_hash, width, height, .. } = *picture;
        let (round, upload) = (whose.round, self.upload(picture));
        let picture = Picture { object, round, digest, upload, difference_hash, width, height, turns: 0 };
        Ok((Brought { number: whose.number, picture, record }, held))
    }

    /// The picture that `filled` names, of the case `number` at `tenant`, if it is whole and the very one.
    ///
    /// # Errors
    /// [`EvidenceError`].
    pub fn picture(&self, tenant: &Host, number: u64, filled: &Filled) -> Result<Zeroizing<Vec<u8>>, EvidenceError> {
        let Filled { slot, picture, .. } = *filled;
        let record = self.store.object(&picture.object)?.ok_or(EvidenceError::Damaged)?;
        let whose = Whose { tenant, number, round: picture.round, slot: slot.as_str() };
        let jpeg = self.open(picture.object, &record, &whose)?;
        if digest(&SHA256, &jpeg).as_ref() == picture.digest { Ok(jpeg) } else { Err(EvidenceError::Damaged) }
    }

    /// The slots of `dossier`, of somebody at `tenant`, whose pictures do not open, or are others than it names. What is wrong
    /// with them is ours to mend, and in the log.
    ///
    /// # Errors
    /// [`EvidenceError`], where none opens for now: better ones would be asked for in the place of what may be whole.
    pub fn damaged(&self, tenant: &Host, dossier: &Dossier) -> Result<Vec<Slot>, EvidenceError> {
        let mut damaged = Vec::new();
        for filled in &dossier.pictures {
            if let Err(error) = self.picture(tenant, dossier.number, filled) {
                Report::PhotoUnopened(&error).tell();
                if error.is_for_now() {
                    return Err(error);
                }
                damaged.push(filled.slot);
            }
        }
        Ok(damaged)
    }
}
