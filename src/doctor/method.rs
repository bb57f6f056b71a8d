//! What is examined of the methods: each method's part is in a file of its own, and this is their list.

mod oidc;

pub use self::oidc::{Judgement, judge, sources};
pub(super) use self::oidc::{ask, examine};
