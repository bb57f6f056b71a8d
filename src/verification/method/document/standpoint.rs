//! What a case is to an operator who asks for it. To who may not know of it, it does not exist.

use super::dossier::{Dossier, Reviewer, Stage};
use super::review::Powers;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// What a case is to an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standpoint {
    /// It does not exist.
    Outside,
    /// It does not exist, and it is their own.
    Own,
    /// Theirs to decide, as if they were the first: they see no verdict of anybody.
    Reviews,
    /// Theirs to settle, between two who differ.
    Settles,
    /// Nobody's to decide, and theirs to oversee.
    Oversees,
}

impl Standpoint {
    /// Whether they may have it to themselves, and decide.
    #[must_use]
    pub const fn decides(self) -> bool {
        matches!(self, Self::Reviews | Self::Settles)
    }

    /// Whether they see what others came to.
    #[must_use]
    pub const fn sees_verdicts(self) -> bool {
        matches!(self, Self::Settles | Self::Oversees)
    }
}

impl Dossier {
    /// What it, of `subject`, is `now` to `by`, who has `powers`.
    #[must_use]
    pub fn standpoint(&self, subject: &Subject, by: &Reviewer, powers: &Powers, now: Timestamp) -> Standpoint {
        if powers.subject.as_ref() == Some(subject) {
            return Standpoint::Own;
        }
        if self.is_loaded_by(by) || !self.is_there(now) {
            return Standpoint::Outside;
        }
        let has_decided = || self.verdicts().iter().any(|given| given.by.is(by));
        match &self.stage {
            Stage::Waiting { .. } if has_decided() => Standpoint::Outside,
            Stage::Waiting { .. } if !self.is_disputed() => Standpoint::Reviews,
            Stage::Waiting { .. } if powers.is_supervisor => Standpoint::Settles,
            Stage::AskedAgain { .. } | Stage::Decided { .. } | Stage::Lapsed { .. } if powers.is_supervisor => {
                Standpoint::Oversees
            }
            _ => Standpoint::Outside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::account::Account;
    use crate::verification::method::document::dossier::{Consent, Given, Verdict};
    use crate::verification::method::document::kind::{Cue, DocumentKind, Selfie};
    use crate::verification::method::document::reason::RejectReason;
    use crate::verification::session::id::SessionId;

    const NOW: Timestamp = Timestamp::from_unix(0);

    fn reviewer(name: &str) -> Reviewer {
        Reviewer { account: Account::Operator(name.to_owned().try_into().unwrap()), claimed: None }
    }

    fn given(by: &str, verdict: Verdict) -> Given {
        let (by, checklist) = (reviewer(by), Vec::new());
        Given { by, at: NOW, claimed_at: None, verdict, checklist, inner: Vec::new(), note: None }
    }

    fn dossier(stage: Stage) -> Dossier {
        Dossier {
            number: 1,
            document: DocumentKind::Passport,
            selfie: Selfie::Plain,
            cue: Cue::from_random([0; 4]),
            session: SessionId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap(),
            consent: Consent { at: NOW, notice: [0; 32] },
            round: 1,
            pictures: Vec::new(),
            unusable: Vec::new(),
            hand_off: None,
            misses: 0,
            by_phone: false,
            is_reported: false,
            wants_second: true,
            earlier: Vec::new(),
            hold: None,
            revision: 1,
            stage,
            decoy: None,
        }
    }

    #[test]
    fn a_case_is_to_each_what_the_table_says() {
        use Standpoint::{Outside, Oversees, Reviews, Settles};
        let waiting = |verdicts| dossier(Stage::Waiting { since: NOW, claim: None, verdicts });
        let reject = || Verdict::Reject(vec![RejectReason::Expired]);
        let once = || vec![given("ada", Verdict::Approve)];
        let disputed = || vec![given("ada", Verdict::Approve), given("bea", reject())];
        let decided = Stage::Decided { at: NOW, is_verified: true, verdicts: once(), closed_at: None };
        // To who decided first, to who decided second, and to another.
        for (dossier, as_reviewers, as_supervisors) in [
            (dossier(Stage::Draft { until: NOW }), [Outside; 3], [Outside; 3]),
            (waiting(vec![]), [Reviews; 3], [Reviews; 3]),
            (waiting(once()), [Outside, Reviews, Reviews], [Outside, Reviews, Reviews]),
            (waiting(disputed()), [Outside; 3], [Outside, Outside, Settles]),
            (dossier(Stage::AskedAgain { wanted: vec![], until: NOW }), [Outside; 3], [Oversees; 3]),
            (dossier(decided), [Outside; 3], [Oversees; 3]),
            (dossier(Stage::Lapsed { at: NOW, was_asked: false }), [Outside; 3], [Oversees; 3]),
        ] {
            let own = Subject {
                tenant: "acme.eu.auth0.test".to_owned().try_into().unwrap(),
                user_id: "auth0|cora".to_owned().try_into().unwrap(),
            };
            for (is_supervisor, expected) in [(false, as_reviewers), (true, as_supervisors)] {
                let to = |name: &str, subject: Option<&Subject>| {
                    let powers = Powers { is_supervisor, is_signed_in: true, subject: subject.cloned() };
                    dossier.standpoint(&own, &reviewer(name), &powers, NOW)
                };
                let standpoints = ["ada", "bea", "cora"].map(|name| to(name, None));
                assert_eq!(standpoints, expected, "{:?}, supervisor: {is_supervisor}", dossier.stage);
                assert_eq!(to("cora", Some(&own)), Standpoint::Own, "{:?}", dossier.stage);
            }
        }
    }
}
