//! The simulated method: whoever tries the product chooses how the verification ends, at once or after they were sent
//! elsewhere. Nothing but the choice decides. In a trial alone, and the shortest example of a method.

use serde::{Deserialize, Serialize};

/// What the person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// They are verified.
    Success,
    /// They are not.
    Failed,
    /// An operator of the trial decides later.
    Pending,
    /// To be sent elsewhere first, with this to be recognised by.
    Away(Away),
}

/// What the session remembers of a person who is elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// What they come back with: drawn at random, so that nobody else leads them here.
    pub state: [u8; 16],
}

impl Choice {
    /// What the form's button says, in the words of the wire; none if it is none of them. `random` is for who leaves.
    #[must_use]
    pub fn parse(choice: &str, random: [u8; 16]) -> Option<Self> {
        match choice {
            "success" => Some(Self::Success),
            "failed" => Some(Self::Failed),
            "pending" => Some(Self::Pending),
            "away" => Some(Self::Away(Away { state: random })),
            _ => None,
        }
    }
}
