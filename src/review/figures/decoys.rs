//! What figures have of decoys, so that nobody finds out by them which case is one. They move by what was decided of a decoy as
//! by any other case. That somebody was right of it or not is told once nothing of it can be changed any more, and to whoever
//! decided of it too once it is gone.

use std::collections::BTreeMap;

use crate::control::Office;
use crate::review::seat::{Seat, case_of, each_number};
use crate::store::StoreError;
use crate::verification::account::Account;
use crate::verification::method::document::dossier::{Dossier, Stage};
use crate::verification::method::document::{Policy, Reviewed};
use crate::verification::operator::OperatorName;
use crate::verification::operator::tally::Tally;
use crate::verification::time::Timestamp;

/// What the decoys that there are say at present.
#[derive(Default)]
pub(super) struct Decoys {
    /// What was decided, as if it were of a case, each with its time.
    pub(super) decided: Vec<(Reviewed, Timestamp)>,
    /// What is counted of each and not told yet.
    hidden: BTreeMap<OperatorName, Tally>,
}

impl Decoys {
    /// Those of `office`, for who looks at figures in `seat`.
    pub(super) fn of(office: &Office, seat: &Seat) -> Result<Self, StoreError> {
        let mut decoys = Self::default();
        each_number(&office.store, |number, subject| {
            let dossier = StoreError::skipped(case_of(&office.store, &subject))?.flatten();
            if let Some(dossier) = dossier.filter(|dossier| dossier.number == number) {
                decoys.take(&dossier, office.config.lasting.document.of(&subject.tenant), seat);
            }
            Ok(())
        })?;
        Ok(decoys)
    }

    /// What is told of `name`, of whom `tally` is counted.
    pub(super) fn told(&self, name: &OperatorName, tally: Tally) -> Tally {
        self.hidden.get(name).map_or(tally, |hidden| tally.without(*hidden))
    }

    fn take(&mut self, dossier: &Dossier, rules: &Policy, seat: &Seat) {
        let Some(decoy) = &dossier.decoy else { return };
        if let Stage::Decided { at, verdicts, .. } = &dossier.stage {
            let reviewed = Reviewed { sent_at: Some(decoy.sent_at), ..Reviewed::of(dossier, verdicts, rules) };
            self.decided.push((reviewed, *at));
        }
        let given = || dossier.verdicts().iter().chain(&dossier.earlier);
        let may_change = dossier.is_open() || dossier.is_untaken(seat.now);
        if !may_change && given().all(|given| !given.by.is(&seat.by)) {
            return;
        }
        for given in given() {
            if let (Account::Operator(name), Some(is_right)) = (&given.by.account, decoy.judges(&given.verdict)) {
                let hidden = self.hidden.entry(name.clone()).or_default();
                *hidden = hidden.with(is_right);
            }
        }
    }
}
