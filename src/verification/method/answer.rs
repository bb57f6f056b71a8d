//! What a person answers by a method, what they are told of it, and what their session remembers of it.

use serde::{Deserialize, Serialize};

use super::{Circumstances, Evidence, Judged, Kept, Method, Verdict, desk, oidc, simulated};
use crate::verification::identity::Identity;
use crate::verification::record::Record;

/// What a person answers by a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A code.
    Desk(desk::Typed),
    /// A choice.
    Simulated(simulated::Choice),
    /// What a provider attests.
    Oidc(oidc::Attested),
}

impl Answer {
    /// By which method.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Simulated(_) => Method::Simulated,
            Self::Oidc(attested) => Method::Oidc(attested.provider),
        }
    }

    /// Who it says that the person is, where it does.
    #[must_use]
    pub const fn identity(&self) -> Option<Identity> {
        match self {
            Self::Desk(_) | Self::Simulated(_) => None,
            Self::Oidc(attested) => Some(attested.identity),
        }
    }

    /// Judges it, where the method keeps `kept` of the subject.
    pub fn judge(&self, kept: Kept, circumstances: &Circumstances<'_>) -> Judged {
        match self {
            Self::Desk(typed) => {
                let (judgement, standing) = kept.into_desk().judge(typed, circumstances.now);
                let verdict = match judgement {
                    desk::Judgement::Right(vouch) => Verdict::Verified(Evidence::Vouch(vouch)),
                    desk::Judgement::WrongForGood => Verdict::NotVerified(Evidence::WrongCodes),
                    desk::Judgement::Told(told) => Verdict::Told(Reply::Desk(told)),
                };
                Judged { verdict, kept: standing.into(), progress: None }
            }
            Self::Simulated(choice) => {
                let (verdict, progress) = match choice {
                    simulated::Choice::Success => (Verdict::Verified(Evidence::Simulated), None),
                    simulated::Choice::Failed => (Verdict::NotVerified(Evidence::Simulated), None),
                    simulated::Choice::Pending => (Verdict::Undecided, None),
                    simulated::Choice::Away(away) => {
                        (Verdict::Told(Reply::Simulated(*away)), Some(Progress::Simulated(*away)))
                    }
                };
                Judged { verdict, kept: Kept::Nothing, progress }
            }
            Self::Oidc(attested) => {
                let (delegation, bindings) = kept.into_oidc().judge(attested, circumstances);
                let evidence = Evidence::Delegated(delegation);
                let is_verified = evidence.conflict().is_none();
                let verdict = if is_verified { Verdict::Verified } else { Verdict::NotVerified }(evidence);
                Judged { verdict, kept: bindings.into(), progress: None }
            }
        }
    }
}

/// What a person is told of an answer that did not end the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Of a code.
    Desk(desk::Told),
    /// Where to go.
    Simulated(simulated::Away),
}

impl Reply {
    /// Of which method.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Simulated(_) => Method::Simulated,
        }
    }

    /// Why it refuses the answer, as the audit log has it; none where it does not, or did before.
    #[must_use]
    pub const fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Desk(told) => told.refusal(),
            Self::Simulated(_) => None,
        }
    }

    /// How it is told of in the log, and how many attempts are left where they count; none where there is nothing to tell.
    #[must_use]
    pub const fn line(&self) -> Option<(&'static str, Option<u8>)> {
        match self {
            Self::Desk(told) => told.line(),
            Self::Simulated(_) => None,
        }
    }
}

/// What a session remembers between a method's pages. It is written when the person first acts, and gone with the session,
/// at the latest with the login's hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// The person is elsewhere.
    Simulated(simulated::Away),
}

impl Record for Progress {}
