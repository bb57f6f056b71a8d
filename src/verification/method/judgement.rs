//! By what an answer is judged, and what it comes to.

use super::{Evidence, Kept, Method, Progress, Reply};
use crate::verification::case::Case;
use crate::verification::session::id::SessionId;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// What is known around an answer, beside what its method keeps.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Who answers.
    pub subject: &'a Subject,
    /// Whose the [identity](super::Answer::identity) of the answer is by now, if it is anybody's.
    pub holder: Option<&'a Subject>,
    /// The subject's last check, if it was a success that Auth0 says it knows of: by which method, and when.
    pub taken: Option<(Method, Timestamp)>,
    /// In which session.
    pub session: SessionId,
    /// The subject's case, if it counts for the session: the session opened it, or brought its ticket.
    pub case: Option<&'a Case>,
    /// The number that the next attempt has whose method numbers them.
    pub next_number: u64,
    /// When it is answered.
    pub now: Timestamp,
}

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Judged {
    /// What becomes of the session.
    pub verdict: Verdict,
    /// What the method keeps of the subject from then on.
    pub kept: Kept,
    /// What the session remembers from then on, where it goes on; none leaves that as it was.
    pub progress: Option<Progress>,
}

/// What becomes of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It ends: the subject is verified, on this evidence.
    Verified(Evidence),
    /// It ends: the subject is not.
    NotVerified(Evidence),
    /// It ends: somebody decides later.
    Undecided,
    /// It goes on, and the person is told so much.
    Told(Reply),
    /// The same, and somebody decides of a case that is open for it from now on.
    Opened(Reply),
    /// The same, and nobody decides of a case any more.
    Withdrawn(Reply),
}
