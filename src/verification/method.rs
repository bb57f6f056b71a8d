//! How a subject is verified. One file per method; adding one touches its file and this list.

use serde::{Deserialize, Serialize};

pub mod desk;
pub mod simulated;

/// The methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Someone at the organisation saw the person and their document, and issued a one-time code.
    Desk,
    /// Whoever tries the product says how it ends. In a trial alone.
    Simulated,
}

/// The methods that are enabled, with their rules. At least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Methods {
    /// The desk.
    pub desk: Option<desk::Policy>,
    /// The trial's. No configuration enables it.
    pub simulated: bool,
}

impl Methods {
    /// The enabled ones, in the order in which they are offered.
    pub fn iter(&self) -> impl Iterator<Item = Method> + use<> {
        let desk = self.desk.map(|_| Method::Desk);
        let simulated = self.simulated.then_some(Method::Simulated);
        desk.into_iter().chain(simulated)
    }

    /// The one that is enabled, if it is the only one.
    #[must_use]
    pub fn only(&self) -> Option<Method> {
        let mut enabled = self.iter();
        enabled.next().filter(|_| enabled.next().is_none())
    }
}

impl Method {
    /// The method's name in configuration, records and URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Simulated => "simulated",
        }
    }
}
