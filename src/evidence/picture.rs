//! The pictures of a case, as it names them.

use ring::digest::{SHA256, digest};
use zeroize::Zeroizing;

use super::{EvidenceError, Keeper, Whose};
use crate::ops::report::Report;
use crate::verification::method::document::{Dossier, Filled, Slot};
use crate::verification::tenant::Host;

impl Keeper {
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
