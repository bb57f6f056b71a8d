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
        let ours = profile.and_then(|profile| name.of(profile)).ok_or(Fault::MatchUnknownHere)?;
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

/// What the provider verified of it: a text, or an object with its `value`.
fn theirs(attributes: Attributes<'_>, name: Name) -> Option<&str> {
    let value = match attributes {
        Attributes::Verified(claims) => claims?.get(name.as_str())?,
        Attributes::Own(claims) => {
            // An address that was never shown to be theirs is not known.
            let is_verified = claims.at("/email_verified").ok()?.is_some_and(|verified| *verified == true);
            if name == Name::Email && !is_verified {
                return None;
            }
            claims.at(&format!("/{}", name.as_str())).ok()??
        }
    };
    let value = value.get("value").unwrap_or(value);
    value.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::claims::Claims;
    use super::super::object::Object;
    use super::*;

    fn profile() -> Profile {
        Profile::new([Some("Jörg"), Some("Müller"), None, Some("j@acme.example")]).unwrap()
    }

    /// The family name, beside what an accepted entry says of it.
    fn verified(said: &Value, sent: &[Name]) -> Result<Option<Name>, Fault> {
        let claims = json!({"family_name": said});
        mismatch(&[Name::FamilyName], Attributes::Verified(claims.as_object()), Some(&profile()), sent)
    }

    /// What userinfo says, in an exchange without `verified_claims`.
    fn own(said: &Value, name: Name, sent: &[Name]) -> Result<Option<Name>, Fault> {
        let read = |value: &Value| Object::read(value.to_string().as_bytes()).unwrap();
        let claims = Claims { id_token: read(&json!({"given_name": "Jörg"})), userinfo: Some(read(said)) };
        mismatch(&[name], Attributes::Own(&claims), Some(&profile()), sent)
    }

    #[test]
    fn what_both_know_must_be_the_same() {
        assert_eq!(verified(&json!("Müller"), &[]), Ok(None));
        assert_eq!(verified(&json!({"value": "Müller", "fuzzy": true}), &[]), Ok(None));
        assert_eq!(verified(&json!("Meier"), &[]), Ok(Some(Name::FamilyName)));
        assert_eq!(verified(&json!({"value": "Meier", "fuzzy": true}), &[]), Ok(Some(Name::FamilyName)));
        assert_eq!(own(&json!({"family_name": "Müller"}), Name::FamilyName, &[]), Ok(None));
        assert_eq!(own(&json!({"given_name": "Jörg"}), Name::GivenName, &[]), Ok(None));
        assert_eq!(mismatch(&[], Attributes::Verified(None), None, &[]), Ok(None));
    }

    #[test]
    fn what_the_provider_does_not_say_is_not_the_same() {
        for nothing in
            [json!(null), json!(""), json!(1), json!(["Müller"]), json!({"fuzzy": true}), json!({"value": null})]
        {
            assert_eq!(verified(&nothing, &[Name::FamilyName]), Err(Fault::MatchUnknownThere), "{nothing}");
        }
        assert_eq!(own(&json!({"given_name": "Jo"}), Name::GivenName, &[]), Err(Fault::MatchUnknownThere), "two names");
        let none = mismatch(&[Name::FamilyName], Attributes::Verified(None), Some(&profile()), &[]);
        assert_eq!(none, Err(Fault::MatchUnknownThere));
    }

    #[test]
    fn what_auth0_does_not_say_cannot_be_compared() {
        let claims = json!({"birthdate": "2000-01-01", "family_name": "Müller"});
        let attributes = Attributes::Verified(claims.as_object());
        for profile in [None, Some(&profile())] {
            let compared = mismatch(&[Name::FamilyName, Name::Birthdate], attributes, profile, &[]);
            assert_eq!(compared, Err(Fault::MatchUnknownHere));
        }
    }

    #[test]
    fn a_provider_may_say_that_it_has_compared_what_it_was_sent_and_nothing_else() {
        assert_eq!(verified(&json!("MATCHED"), &[Name::GivenName, Name::FamilyName]), Ok(None));
        assert_eq!(verified(&json!({"value": "MATCHED"}), &[Name::FamilyName]), Ok(None));
        assert_eq!(verified(&json!("MATCHED"), &[Name::GivenName]), Err(Fault::MatchUnknownThere));
        assert_eq!(verified(&json!("Matched"), &[Name::FamilyName]), Ok(Some(Name::FamilyName)));
        let written = own(&json!({"family_name": "MATCHED"}), Name::FamilyName, &[Name::FamilyName]);
        assert_eq!(written, Err(Fault::MatchUnknownThere), "a person may be called so, or call themselves so");
    }

    #[test]
    fn an_address_counts_that_the_provider_calls_verified() {
        let address =
            |verified: Value| own(&json!({"email": "j@acme.example", "email_verified": verified}), Name::Email, &[]);
        assert_eq!(address(json!(true)), Ok(None));
        // Where it says nothing, people may have written what they like: another's address, too.
        assert_eq!(own(&json!({"email": "j@acme.example"}), Name::Email, &[]), Err(Fault::MatchUnknownThere));
        for unverified in [json!(null), json!(false), json!("true"), json!(1)] {
            assert_eq!(address(unverified), Err(Fault::MatchUnknownThere));
        }
    }
}
