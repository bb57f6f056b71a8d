//! The simulated method: whoever tries the product chooses how the verification ends. In a trial alone.

use crate::verification::outcome::Status;

/// What the form's button says, in the words of the wire; none if it is none of them.
#[must_use]
pub fn parse(choice: &str) -> Option<Status> {
    [Status::Success, Status::Failed, Status::Pending].into_iter().find(|status| status.as_str() == choice)
}
