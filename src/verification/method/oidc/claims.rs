//! What a provider claims of a person.

use serde_json::Value;

use super::object::Object;

/// What a provider claims of a person: all of it checked, none of it judged.
#[derive(Debug)]
pub struct Claims {
    /// The ID token.
    pub id_token: Object,
    /// Userinfo, where that is configured.
    pub userinfo: Option<Object>,
}

/// The ID token and userinfo say different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contradiction;

impl Claims {
    /// What stands at `pointer` (RFC 6901) in the ID token or in userinfo; where in both, the same.
    pub(super) fn at(&self, pointer: &str) -> Result<Option<&Value>, Contradiction> {
        let told = self.userinfo.as_ref().and_then(|userinfo| userinfo.at(pointer));
        match (self.id_token.at(pointer), told) {
            (Some(signed), Some(told)) if signed != told => Err(Contradiction),
            (signed, told) => Ok(signed.or(told)),
        }
    }
}
