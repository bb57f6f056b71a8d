//! What Auth0 knows of an account, beside what a provider knows of the person.

use super::fault::Fault;
use super::names::{self, Name};
use super::rules::Attributes;
use crate::verification::profile::Profile;

/// What a provider writes in place of a value that it was sent and found to be true (Okta's contract).
const MATCHED: &str = "MATCHED";

/// The first of the names to be `matched` of which the `profile` says something else than the provider's verified
/// `attributes`. A provider may have compared by itself what it was `sent`.
///
/// # Errors
/// W4: [`Fault::MatchUnknownHere`] and [`Fault::MatchUnknownThere`], whichever of both comes first in the order of names.
pub fn mismatch(
    matched: &[Name],
    attributes: Attributes<'_>,
    profile: Option<&Profile>,
    sent: &[Name],
) -> Result<Option<Name>, Fault> {
    for &name in matched {
        let ours = profile.and_then(|profile| ours(profile, name)).ok_or(Fault::MatchUnknownHere)?;
        let theirs = theirs(attributes, name).ok_or(Fault::MatchUnknownThere)?;
        let is_equal = match (theirs, attributes) {
            // Outside of `verified_claims` people may write what they like, this word too.
            (MATCHED, Attributes::Verified(_)) if sent.contains(&name) => true,
            (MATCHED, _) => return Err(Fault::MatchUnknownThere),
            _ => names::are_equal(name, ours, theirs),
        };
        if !is_equal {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn ours(profile: &Profile, name: Name) -> Option<&str> {
    match name {
        Name::GivenName => profile.given_name(),
        Name::FamilyName => profile.family_name(),
        Name::Birthdate => profile.birthdate(),
        Name::Email => profile.email(),
    }
}

/// What the provider verified of it: a text, or an object with its `value`.
fn theirs(attributes: Attributes<'_>, name: Name) -> Option<&str> {
    let value = match attributes {
        Attributes::Verified(claims) => claims?.get(on_the_wire(name))?,
        Attributes::Own(claims) => {
            // An address that was never shown to be theirs is not known.
            let is_verified = claims.at("/email_verified").ok()?.is_none_or(|verified| *verified == true);
            if name == Name::Email && !is_verified {
                return None;
            }
            claims.at(&format!("/{}", on_the_wire(name))).ok()??
        }
    };
    let value = value.get("value").unwrap_or(value);
    value.as_str().filter(|text| !text.is_empty())
}

const fn on_the_wire(name: Name) -> &'static str {
    match name {
        Name::GivenName => "given_name",
        Name::FamilyName => "family_name",
        Name::Birthdate => "birthdate",
        Name::Email => "email",
    }
}
