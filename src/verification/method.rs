//! How a subject is verified: the list of methods, and what each is made of.
//!
//! A method is a room of its own. It has of these what it needs; the simulated one, the shortest example, has the first two.
//!
//! | files | what is in them |
//! | --- | --- |
//! | `verification/method/NAME.rs`, `verification/method/NAME/` | its judgement: what a person answers, what that comes to, what the method keeps of a subject and what a session remembers, its evidence, what its operators order. Pure |
//! | `web/method/NAME.rs`, `web/method/NAME/` | its pages, forms and steps, with its templates and its sentences in every language |
//! | `config/method/NAME.rs`, `config/method/NAME/` | its section of the configuration |
//! | `control/method/NAME.rs`, `cli/method/NAME.rs`, `cli/method/NAME/` | its operators' acts, and the commands for them |
//! | `doctor/method/NAME.rs`, `doctor/method/NAME/` | what is examined of it |
//! | `verification/method.rs` | the list, and what each method's answers mean to a session |
//! | `web/method.rs`, `config/method.rs`, `control/method.rs`, `cli/method.rs`, `doctor/method.rs` | the list once more in each layer, for what that layer has of a method: none knows those above it, and the compiler shows where a new method is missing |
//! | `auth0/trial/`, `cli/trial.rs`, `cli/trial/` | the trial, which enables all, and plays the operators, a provider, and an application that takes some |
//!
//! No other file knows a method by its name. The store has a table for each method that keeps something of a subject, and
//! asks it what it is called.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::identity::Identity;
use super::record::Record;
use super::time::Timestamp;

pub mod desk;
pub mod oidc;
pub mod simulated;

mod judgement;

pub use judgement::{Circumstances, Judged, Verdict};
pub use oidc::credentials::Credentials;
pub use oidc::fault::Fault;
pub use oidc::name::ProviderName;
pub use oidc::provider::Provider;
pub use oidc::transaction::{Transaction, TransactionId};

/// The kinds of methods: each is a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The desk's codes.
    Desk,
    /// The trial's choice.
    Simulated,
    /// OpenID Connect.
    Oidc,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Desk, Self::Simulated, Self::Oidc];
    /// Those that keep something of a subject from one login to the next.
    pub const KEEPING: [Self; 2] = [Self::Desk, Self::Oidc];

    /// Its name in the configuration and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Simulated => "simulated",
            Self::Oidc => "oidc",
        }
    }

    /// Whether people send photos.
    #[must_use]
    pub const fn takes_photos(self) -> bool {
        match self {
            Self::Desk | Self::Simulated | Self::Oidc => false,
        }
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
        }
    }

    /// Which one of its kind it is, where there are several.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderName> {
        match self {
            Self::Desk | Self::Simulated => None,
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
        let simulated = Some(Method::Simulated).filter(|_| self.simulated);
        desk.into_iter().chain(oidc).chain(simulated)
    }
}

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

/// What a method keeps of a subject from one login to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kept {
    /// Nothing: there is no record of it.
    #[default]
    Nothing,
    /// The desk: a code, and wrong ones.
    Desk(desk::Standing),
    /// Providers: who the subject is there.
    Oidc(oidc::Bindings),
}

impl Kept {
    /// What is left of it in a store that was restored from a backup: what may have been used since is worth nothing.
    #[must_use]
    pub fn restored(self) -> Self {
        match self {
            Self::Desk(standing) => desk::Order::Revoke.carried_out(standing).into(),
            // Who somebody is does not change with time.
            Self::Oidc(bindings) => Self::Oidc(bindings),
            Self::Nothing => Self::Nothing,
        }
    }

    /// The identities that it says are the subject's.
    pub fn identities(&self) -> impl Iterator<Item = Identity> {
        let bindings = match self {
            Self::Oidc(bindings) => Some(bindings),
            Self::Desk(_) | Self::Nothing => None,
        };
        bindings.into_iter().flat_map(oidc::Bindings::iter).map(|binding| binding.identity)
    }

    /// Whether a code of it waits to be typed.
    #[must_use]
    pub fn has_code(&self, now: Timestamp) -> bool {
        match self {
            Self::Desk(standing) => standing.has_code(now),
            Self::Oidc(_) | Self::Nothing => false,
        }
    }

    /// As the desk has it.
    #[must_use]
    pub fn into_desk(self) -> desk::Standing {
        match self {
            Self::Desk(standing) => standing,
            Self::Oidc(_) | Self::Nothing => desk::Standing::default(),
        }
    }

    /// As providers have it.
    #[must_use]
    pub fn into_oidc(self) -> oidc::Bindings {
        match self {
            Self::Oidc(bindings) => bindings,
            Self::Desk(_) | Self::Nothing => oidc::Bindings::default(),
        }
    }
}

impl From<oidc::Bindings> for Kept {
    fn from(bindings: oidc::Bindings) -> Self {
        if bindings == oidc::Bindings::default() { Self::Nothing } else { Self::Oidc(bindings) }
    }
}

impl From<desk::Standing> for Kept {
    fn from(standing: desk::Standing) -> Self {
        if standing == desk::Standing::default() { Self::Nothing } else { Self::Desk(standing) }
    }
}

impl Record for Kept {
    const VERSION: u8 = 3;

    fn decode(version: u8, encoding: &[u8]) -> Option<Self> {
        match version {
            // The desk alone kept anything then.
            1 => postcard::from_bytes::<desk::first::Standing>(encoding).ok().map(|first| Self::Desk(first.into())),
            2 => postcard::from_bytes(encoding).ok().map(Self::Desk),
            3 => postcard::from_bytes(encoding).ok(),
            _ => None,
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

/// What supported a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The desk vouched for the subject.
    Vouch(desk::Vouch),
    /// The subject used up the attempts at a desk code.
    WrongCodes,
    /// A trial simulated it.
    Simulated,
    /// A provider attested who the subject is.
    Delegated(oidc::Delegation),
}

impl Evidence {
    /// The method that yields it.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Vouch(_) | Self::WrongCodes => Method::Desk,
            Self::Simulated => Method::Simulated,
            Self::Delegated(delegation) => Method::Oidc(delegation.provider),
        }
    }

    /// With what it is in conflict, as the log has it.
    #[must_use]
    pub const fn conflict(&self) -> Option<&'static str> {
        match self {
            Self::Vouch(_) | Self::WrongCodes | Self::Simulated => None,
            Self::Delegated(delegation) => match &delegation.conflict {
                Some(conflict) => Some(conflict.as_str()),
                None => None,
            },
        }
    }
}

/// What supported a check of the first version.
#[derive(Deserialize)]
pub(crate) enum FirstEvidence {
    Vouch(desk::first::Vouch),
    WrongCodes,
    Simulated,
}

impl From<FirstEvidence> for Evidence {
    fn from(first: FirstEvidence) -> Self {
        match first {
            FirstEvidence::Vouch(vouch) => Self::Vouch(vouch.into()),
            FirstEvidence::WrongCodes => Self::WrongCodes,
            FirstEvidence::Simulated => Self::Simulated,
        }
    }
}

/// What an operator of a method orders for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Something of the desk's.
    Desk(desk::Order),
    /// Something of who the subject is at a provider.
    Oidc(oidc::Order),
}

impl Order {
    /// Of which method.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Desk(_) => Method::Desk,
            Self::Oidc(order) => Method::Oidc(order.provider()),
        }
    }

    /// How it is told of in the log; none if somebody else tells of it.
    #[must_use]
    pub const fn line(&self) -> Option<&'static str> {
        match self {
            Self::Desk(order) => Some(order.line()),
            Self::Oidc(order) => order.line(),
        }
    }

    /// What the audit log calls it; none if somebody else records it.
    #[must_use]
    pub const fn action(&self) -> Option<&'static str> {
        match self {
            Self::Desk(order) => Some(order.action()),
            Self::Oidc(order) => order.action(),
        }
    }

    /// Has what the method keeps of the subject, where that is `kept`, as it is from then on.
    #[must_use]
    pub fn carried_out(self, kept: Kept) -> Kept {
        match self {
            Self::Desk(order) => order.carried_out(kept.into_desk()).into(),
            Self::Oidc(order) => order.carried_out(kept.into_oidc()).into(),
        }
    }
}
