//! What an operator of a method orders for a subject.

use super::{Kept, Method, desk, oidc};

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
