//! What a person answers by a method, what they are told of it, and what their session remembers of it.

use serde::{Deserialize, Serialize};

use super::{Circumstances, Evidence, Judged, Kept, Method, Verdict, desk, document, oidc, simulated};
use crate::verification::event::Severity;
use crate::verification::identity::Identity;
use crate::verification::object::{ObjectId, ObjectRecord};
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
    /// What an applicant does with their document.
    Document(document::Applied),
}

impl Answer {
    /// By which method.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Simulated(_) => Method::Simulated,
            Self::Oidc(attested) => Method::Oidc(attested.provider),
            Self::Document(_) => Method::Document,
        }
    }

    /// Who it says that the person is, where it does.
    #[must_use]
    pub const fn identity(&self) -> Option<Identity> {
        match self {
            Self::Desk(_) | Self::Simulated(_) | Self::Document(_) => None,
            Self::Oidc(attested) => Some(attested.identity),
        }
    }

    /// The sealed picture that it brings, and what is kept of it.
    #[must_use]
    pub fn object(&self) -> Option<(ObjectId, ObjectRecord)> {
        match self {
            Self::Document(applied) => applied.object(),
            Self::Desk(_) | Self::Simulated(_) | Self::Oidc(_) => None,
        }
    }

    /// Whether it may be about a case that is open.
    #[must_use]
    pub const fn goes_by_cases(&self) -> bool {
        matches!(self, Self::Document(_))
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
            Self::Document(applied) => {
                let (judgement, standing) = kept.into_document().judge(applied, circumstances);
                let verdict = match judgement {
                    document::applicant::Judgement::Told(told) => Verdict::Told(Reply::Document(told)),
                    document::applicant::Judgement::Opened(told) => Verdict::Opened(Reply::Document(told)),
                    document::applicant::Judgement::Withdrawn(told) => Verdict::Withdrawn(Reply::Document(told)),
                };
                Judged { verdict, kept: standing.into(), progress: None }
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
    /// Of a document.
    Document(document::Told),
}

impl Reply {
    /// Of which method.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Simulated(_) => Method::Simulated,
            Self::Document(_) => Method::Document,
        }
    }

    /// What of it is done, as the audit log calls it; none where nothing is that it tells of.
    #[must_use]
    pub const fn action(&self) -> Option<&'static str> {
        match self {
            Self::Document(told) => told.action(),
            Self::Desk(_) | Self::Simulated(_) => None,
        }
    }

    /// Why it refuses the answer, as the audit log has it; none where it does not, or did before.
    #[must_use]
    pub const fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Desk(told) => told.refusal(),
            Self::Document(told) => told.refusal(),
            Self::Simulated(_) => None,
        }
    }

    /// How it is told of in the log, and how many attempts are left where they count; none where there is nothing to tell.
    #[must_use]
    pub fn line(&self) -> Option<(Severity, &'static str, Option<u8>)> {
        match self {
            Self::Desk(told) => told.line().map(|(message, left)| (Severity::Warn, message, left)),
            Self::Document(told) => told.line().map(|(severity, message)| (severity, message, None)),
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
