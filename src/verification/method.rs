//! How a subject is verified: the list of methods, and what each is made of.
//!
//! A method is a room of its own. It has of these what it needs; the simulated one, the shortest example, has the first two.
//!
//! | files | what is in them |
//! | --- | --- |
//! | `verification/method/NAME.rs`, `verification/method/NAME/` | its judgement: what a person answers, what that comes to, what the method keeps of a subject and what a session remembers, its evidence, what its operators order. Pure |
//! | `web/method/NAME.rs`, `web/method/NAME/` | its pages, forms and steps, with its templates and its sentences in every language |
//! | `config/method/NAME.rs`, `config/method/NAME/` | its section of the configuration |
//! | `control/method/NAME.rs`, `control/method/NAME/`, `cli/method/NAME.rs`, `cli/method/NAME/` | its operators' acts, and the commands for them |
//! | `doctor/method/NAME.rs`, `doctor/method/NAME/` | what is examined of it |
//! | `verification/method.rs`, `verification/method/answer.rs`, `verification/method/kept.rs`, `verification/method/evidence.rs`, `verification/method/order.rs` | the list, and what a method's answers, what it keeps, its evidence and its orders are to everybody else |
//! | `web/method.rs`, `config/method.rs`, `control/method.rs`, `cli/method.rs`, `doctor/method.rs` | the list once more in each layer, for what that layer has of a method: none knows those above it, and the compiler shows where a new method is missing |
//! | `store/seen.rs` | by what pictures are found again, which all of a tenant's are searched for |
//! | `evidence/picture.rs` | what opens a picture of a case, for its applicant, the console and the commands |
//! | `party.rs`, `party/` | the wire between us and a provider, by which operators sign in too |
//! | `verification/operator.rs`, `verification/operator/`, `config/review.rs`, `config/review/`, `review.rs`, `review/` | the console: its roles, of which one is the desk's, and its sign-in |
//! | `auth0/trial/`, `cli/trial.rs`, `cli/trial/` | the trial, which enables all, and plays the operators, a provider, and an application that takes some |
//!
//! No other file knows a method by its name. The store has a table for each method that keeps something of a subject, and
//! asks it what it is called.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub mod desk;
pub mod document;
pub mod oidc;
pub mod simulated;

mod answer;
mod evidence;
mod judgement;
mod kept;
mod order;

pub use answer::{Answer, Progress, Reply};
pub use document::decoy::DECIDED as DECOY_DECIDED;
pub use document::dossier::APPROVE;
pub use document::hand_off::CodeHash;
pub use document::kind::Slot;
pub use document::review::{ASKED_AGAIN, DISPUTED};
pub use document::seen::Glimpse;
pub use evidence::Evidence;
pub(crate) use evidence::FirstEvidence;
pub use judgement::{Circumstances, Judged, Verdict};
pub use kept::Kept;
pub use oidc::credentials::Credentials;
pub use oidc::fault::Fault;
pub use oidc::name::ProviderName;
pub use oidc::provider::Provider;
pub use oidc::transaction::{Transaction, TransactionId};
pub use order::{Carried, Effect, Order, Refused, Setting};

/// The kinds of methods: each is a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The desk's codes.
    Desk,
    /// The trial's choice.
    Simulated,
    /// OpenID Connect.
    Oidc,
    /// A document and a selfie, looked at by people.
    Document,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Desk, Self::Simulated, Self::Oidc, Self::Document];
    /// Those that keep something of a subject from one login to the next.
    pub const KEEPING: [Self; 3] = [Self::Desk, Self::Oidc, Self::Document];

    /// Its name in the configuration and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Simulated => "simulated",
            Self::Oidc => "oidc",
            Self::Document => "document",
        }
    }

    /// Whether people send photos.
    #[must_use]
    pub const fn takes_photos(self) -> bool {
        matches!(self, Self::Document)
    }

    /// Whether people bring a code that an operator gave them.
    #[must_use]
    pub const fn takes_codes(self) -> bool {
        matches!(self, Self::Desk)
    }
}

/// The methods. In tokens, records and the log one is called as it displays itself: `desk`, `oidc:NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Someone at the organisation saw the person and their document, and issued a one-time code.
    Desk,
    /// Whoever tries the product says how it ends. In a trial alone.
    Simulated,
    /// A provider that the organisation trusts with it says who the person is.
    Oidc(ProviderName),
    /// People at the organisation compare pictures of a document and of the person.
    Document,
}

impl Method {
    /// The one by which people were verified, outside trials, when records did not say by which.
    pub const FIRST: Self = Self::Desk;

    /// Of which kind it is.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Desk => Kind::Desk,
            Self::Simulated => Kind::Simulated,
            Self::Oidc(_) => Kind::Oidc,
            Self::Document => Kind::Document,
        }
    }

    /// Which one of its kind it is, where there are several.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderName> {
        match self {
            Self::Desk | Self::Simulated | Self::Document => None,
            Self::Oidc(provider) => Some(provider),
        }
    }

    /// Whether it is called `name`.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.rest_of(name, ':') == Some("")
    }

    /// What follows the method's part of an address, `KIND` or `KIND/PROVIDER`, in `path`: nothing, or `/` and more. None if
    /// `path` does not begin with it.
    #[must_use]
    pub fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.rest_of(path, '/').filter(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Its part of an address.
    #[must_use]
    pub fn address(&self) -> String {
        self.to_string().replace(':', "/")
    }

    fn rest_of<'t>(&self, text: &'t str, separator: char) -> Option<&'t str> {
        let rest = text.strip_prefix(self.kind().as_str())?;
        match self.provider() {
            None => Some(rest),
            Some(provider) => rest.strip_prefix(separator)?.strip_prefix(provider.as_str()),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().as_str())?;
        self.provider().map_or(Ok(()), |provider| write!(f, ":{provider}"))
    }
}

/// The methods that are enabled, with their rules. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Methods {
    /// The desk.
    pub desk: Option<desk::Policy>,
    /// The trial's. No configuration enables it.
    pub simulated: bool,
    /// The providers, each with a name of its own.
    pub oidc: Arc<[Provider]>,
    /// Documents and selfies.
    pub document: Option<Arc<document::Policies>>,
}

impl Methods {
    /// The provider `name`, if there is one.
    #[must_use]
    pub fn provider(&self, name: ProviderName) -> Option<&Provider> {
        self.oidc.iter().find(|provider| provider.name == name)
    }

    /// The hosts, with their ports, that are asked for them.
    pub fn destinations(&self) -> impl Iterator<Item = (String, u16)> {
        let destinations = self.oidc.iter().flat_map(Provider::destinations);
        destinations.map(|(host, port)| (host.to_owned(), port))
    }

    /// The enabled ones, in the order in which they are offered.
    pub fn iter(&self) -> impl Iterator<Item = Method> {
        let desk = self.desk.map(|_| Method::Desk);
        let oidc = self.oidc.iter().map(|provider| Method::Oidc(provider.name));
        let document = self.document.as_ref().map(|_| Method::Document);
        let simulated = Some(Method::Simulated).filter(|_| self.simulated);
        desk.into_iter().chain(document).chain(oidc).chain(simulated)
    }
}
