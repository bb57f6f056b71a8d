//! Who asks.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::error::OperationError;
use super::members;
use super::note::{NoteError, checked};
use super::request::Request;
use crate::ops::account;
use crate::verification::account::Account;

/// The member of a request that says who asks.
const CLAIMED: &str = "claimed";

/// Who asks: as the operating system proves it, and as they say themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The account.
    pub account: Account,
    /// The name that they give, which proves nothing.
    pub claimed: Option<String>,
}

impl From<Account> for Asker {
    fn from(account: Account) -> Self {
        Self { account, claimed: None }
    }
}

impl Asker {
    /// Who asks from `account`, and gives the name `claimed`.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn new(account: Account, claimed: Option<String>) -> Result<Self, NoteError> {
        let claimed = claimed.map(|claimed| checked("the name of who asks", claimed)).transpose()?;
        Ok(Self { account, claimed })
    }

    /// Refuses whoever is neither root nor the account of the service: the group of the control socket is for the desk. People
    /// are told `what` others do.
    pub(super) fn check_account(&self, what: &'static str) -> Result<(), OperationError> {
        if account::is_of_the_service(&self.account) { Ok(()) } else { Err(OperationError::NotTheirs(what)) }
    }
}

/// A request, and the name that who asks gives.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What.
    pub request: Request,
    /// By whom, in their own words.
    pub claimed: Option<String>,
}

impl Asked {
    /// Its one line.
    ///
    /// # Errors
    /// Never: its members are texts and numbers.
    pub fn line(&self) -> serde_json::Result<Zeroizing<Vec<u8>>> {
        // In one piece, so that no copy of a secret stays behind when it grows.
        let mut line = Zeroizing::new(Vec::with_capacity(self.request.limit()));
        match &self.claimed {
            None => serde_json::to_writer(&mut *line, &self.request)?,
            Some(claimed) => {
                let mut members: Map<String, Value> = serde_json::from_value(serde_json::to_value(&self.request)?)?;
                members.insert(CLAIMED.into(), claimed.as_str().into());
                serde_json::to_writer(&mut *line, &members)?;
            }
        }
        line.push(b'\n');
        Ok(line)
    }
}

impl<'de> Deserialize<'de> for Asked {
    fn deserialize<D: Deserializer<'de>>(wire: D) -> Result<Self, D::Error> {
        let mut members = members::read(wire)?;
        let claim = members.remove(CLAIMED).unwrap_or_default();
        let claimed = serde_json::from_value(claim).map_err(serde::de::Error::custom)?;
        let request = Request::of(&members).map_err(serde::de::Error::custom)?;
        Ok(Self { request, claimed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_may_say_who_they_are_beside_any_request() {
        for (line, claimed) in [
            (r#"{"claimed":"ada","operation":"copy"}"#, Some("ada")),
            (r#"{"operation":"copy"}"#, None),
            (r#"{"claimed":null,"operation":"desk_list","tenant":"t"}"#, None),
        ] {
            let asked: Asked = serde_json::from_str(line).unwrap();
            assert_eq!(asked.claimed.as_deref(), claimed, "{line}");
            let again: Asked = serde_json::from_slice(&asked.line().unwrap()).unwrap();
            assert_eq!((&again.claimed, again.line().ok()), (&asked.claimed, asked.line().ok()));
        }
        for line in [
            r#"{"claimed":7,"operation":"copy"}"#,
            r#"{"claimed":"a","claimed":"b","operation":"copy"}"#,
            r#"{"claimed":"a"}"#,
        ] {
            assert!(serde_json::from_str::<Asked>(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_name_is_checked_as_a_note_is() {
        for (claimed, is_kept) in [("ada", true), ("", false), ("a\u{202e}da", false), (&"x".repeat(501), false)] {
            assert_eq!(Asker::new(Account::Root, Some(claimed.into())).is_ok(), is_kept, "{claimed}");
        }
        assert_eq!(Asker::new(Account::Root, None), Ok(Account::Root.into()));
    }
}
