//! Who asks, as the operating system of the machine proves it, or their sign-in at the console. What they say of themselves
//! is another matter.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::operator::OperatorName;

/// An account of the machine, or of the console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// It is not known: versions before this did not record it, and who sent a signal nobody tells.
    #[default]
    Unrecorded,
    /// The administrator's.
    Root,
    /// Another one.
    User {
        /// Its number.
        uid: u32,
        /// Its name, where the machine's list of accounts could be read.
        login: Option<String>,
    },
    /// One of those that may talk to the service, which the system keeps from telling them apart.
    Member,
    /// An operator, signed in at the console.
    Operator(OperatorName),
}

impl Account {
    /// Whether anybody knows which it was.
    #[must_use]
    pub fn is_known(&self) -> bool {
        *self != Self::Unrecorded
    }

    /// The account without its name, which may be a person's. An operator has nothing else, and is called by it.
    #[must_use]
    pub fn unnamed(&self) -> Self {
        match self {
            Self::User { uid, .. } => Self::User { uid: *uid, login: None },
            account => account.clone(),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unrecorded => f.write_str("an account that was not recorded"),
            Self::Root => f.write_str("root"),
            Self::User { uid, login: None } => write!(f, "uid {uid}"),
            Self::User { uid, login: Some(login) } => write!(f, "{login} (uid {uid})"),
            Self::Member => f.write_str("a member of the group"),
            Self::Operator(name) => write!(f, "operator:{name}"),
        }
    }
}
