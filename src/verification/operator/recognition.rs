//! Which operator somebody is whom the provider knows.

use super::{OperatorName, OperatorRecord, Roles};
use crate::verification::identity::Identity;
use crate::verification::subject::Subject;
use crate::verification::time::Timestamp;

/// Somebody whom the organisation's provider knows, and whom its claim gives a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognized {
    /// Who they are there.
    pub identity: Identity,
    /// What they may be called, the best first. Somebody who is new has the first that nobody has, nor one like it.
    pub names: Vec<OperatorName>,
    /// What the claim lets them do.
    pub roles: Roles,
    /// Whom they are as an applicant, where the provider is a tenant.
    pub subject: Option<Subject>,
}

/// The operator among `known` who `recognized` is, or a new one, as they are from then on; none if every name is taken.
///
/// A name proves nothing: who was added by it is another person, unless they are the same applicant. That of their digits is
/// theirs alone.
#[must_use]
pub fn recognize(
    known: &[(OperatorName, OperatorRecord)],
    recognized: Recognized,
    now: Timestamp,
) -> Option<(OperatorName, OperatorRecord)> {
    let Recognized { identity, names, roles, subject } = recognized;
    let is_known = |(_, record): &&(OperatorName, OperatorRecord)| record.identity == Some(identity);
    let is_same_applicant = |(_, record): &&(OperatorName, OperatorRecord)| {
        record.identity.is_none() && subject.is_some() && record.subject == subject
    };
    let digits = OperatorName::of_digits(identity);
    let is_by_digits = |(name, record): &&(OperatorName, OperatorRecord)| record.identity.is_none() && *name == digits;
    let find = |is_they: &dyn Fn(&&(OperatorName, OperatorRecord)) -> bool| known.iter().find(is_they);
    let they = find(&is_known).or_else(|| find(&is_same_applicant)).or_else(|| find(&is_by_digits));
    if let Some((name, record)) = they {
        let record = OperatorRecord {
            roles,
            identity: Some(identity),
            subject: subject.or_else(|| record.subject.clone()),
            ..record.clone()
        };
        return Some((name.clone(), record));
    }
    let is_free = |name: &OperatorName| !name.is_like_account() && known.iter().all(|(taken, _)| !taken.is_like(name));
    let name = names.into_iter().find(is_free)?;
    Some((name, OperatorRecord { identity: Some(identity), ..OperatorRecord::added(roles, subject, now) }))
}

impl OperatorRecord {
    /// What is kept of whom this is about, and by which name, once one is added who is called `name`, and is `subject` as an
    /// applicant: whom the provider knows would come in by it as if they had never been revoked. They are taken up again by that
    /// name, or as the same applicant.
    #[must_use]
    pub fn once_replaced(&self, name: &OperatorName, subject: Option<&Subject>) -> Option<(OperatorName, Self)> {
        let former = OperatorName::of_digits(self.identity?);
        let is_they = former == *name || (subject.is_some() && self.subject.as_ref() == subject);
        (!is_they).then(|| (former, self.clone()))
    }
}

#[cfg(test)]
mod tests {
    use ring::hmac;

    use super::*;
    use crate::verification::operator::Role;

    const NOW: Timestamp = Timestamp::from_unix(1_784_000_000);

    fn name(text: &str) -> OperatorName {
        text.to_owned().try_into().unwrap()
    }

    fn identity(sub: &str) -> Identity {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
        Identity::derive_of_operator(&key, "https://op.example", sub)
    }

    fn subject(user_id: &str) -> Subject {
        let (tenant, user_id) = ("acme.eu.auth0.test".to_owned(), user_id.to_owned());
        Subject { tenant: tenant.try_into().unwrap(), user_id: user_id.try_into().unwrap() }
    }

    fn recognized(sub: &str, names: &[&str], subject: Option<Subject>) -> Recognized {
        let names = names.iter().map(|text| name(text)).collect();
        Recognized { identity: identity(sub), names, roles: [Role::Reviewer].into_iter().collect(), subject }
    }

    fn added(subject: Option<Subject>) -> OperatorRecord {
        OperatorRecord::added([Role::Desk].into_iter().collect(), subject, NOW)
    }

    #[test]
    fn somebody_new_has_the_first_name_that_nobody_has() {
        let known = vec![(name("ada"), added(None))];
        let (called, record) = recognize(&known, recognized("1", &["ada", "ada-1f"], None), NOW).unwrap();
        assert_eq!((called, record.identity, record.added_at), (name("ada-1f"), Some(identity("1")), NOW));
        assert_eq!(recognize(&known, recognized("1", &["ada"], None), NOW), None);
        // Cyrillic.
        let (called, _) = recognize(&known, recognized("1", &["аdа", "Ada", "ada-1f"], None), NOW).unwrap();
        assert_eq!(called, name("ada-1f"), "nor one that is taken for it");
        let (called, _) = recognize(&known, recognized("1", &["root", "Ada (root)", "ada-1f"], None), NOW).unwrap();
        assert_eq!(called, name("ada-1f"), "nor one of the machine's own");
    }

    #[test]
    fn who_comes_again_is_known_by_who_they_are_there_and_has_the_roles_of_today() {
        let before = OperatorRecord { identity: Some(identity("1")), ..added(None) };
        let known = vec![(name("ada"), before), (name("bob"), added(None))];
        let (called, record) = recognize(&known, recognized("1", &["bob"], None), NOW).unwrap();
        assert_eq!((called, record.roles.include(Role::Desk)), (name("ada"), false));
        assert!(record.roles.include(Role::Reviewer));
    }

    /// Whoever had been revoked came in once more, as somebody new, as soon as another was added by their name.
    #[test]
    fn who_was_revoked_is_known_by_their_digits_once_another_has_their_name() {
        let [they, digits] = [identity("1"), identity("2")].map(OperatorName::of_digits);
        assert_ne!(they, digits);
        let revoked = OperatorRecord { identity: Some(identity("1")), revoked_at: Some(NOW), ..added(None) };
        let ada = name("ada");
        assert_eq!(revoked.once_replaced(&ada, None), Some((they.clone(), revoked.clone())));
        assert_eq!(revoked.once_replaced(&they, None), None, "they are taken up again");
        assert_eq!(added(None).once_replaced(&ada, None), None, "nobody is known by a link");
        let of_tenant = OperatorRecord { subject: Some(subject("auth0|1")), ..revoked.clone() };
        let other = subject("auth0|2");
        assert_eq!(of_tenant.once_replaced(&ada, Some(&other)), Some((they.clone(), of_tenant.clone())));
        assert_eq!(
            of_tenant.once_replaced(&ada, of_tenant.subject.as_ref()),
            None,
            "it is said that they are the same"
        );
        let known = vec![(name("ada"), added(None)), (they.clone(), revoked)];
        let (called, record) = recognize(&known, recognized("1", &["ada", "a"], None), NOW).unwrap();
        assert_eq!((called, record.revoked_at), (they.clone(), Some(NOW)));
        // Added again by that name, they are who they were; and nobody else is.
        let known = vec![(name("ada"), added(None)), (they.clone(), added(None))];
        let (called, record) = recognize(&known, recognized("1", &["ada", "a"], None), NOW).unwrap();
        assert_eq!((called, record.identity, record.revoked_at), (they, Some(identity("1")), None));
        let (called, _) = recognize(&known, recognized("2", &["ada", "a"], None), NOW).unwrap();
        assert_eq!(called, name("a"));
    }

    #[test]
    fn who_was_added_by_a_link_is_the_same_applicant_or_another_person() {
        let known = vec![(name("ada"), added(Some(subject("auth0|1"))))];
        let (called, record) = recognize(&known, recognized("auth0|1", &["a"], Some(subject("auth0|1"))), NOW).unwrap();
        assert_eq!((called, record.identity), (name("ada"), Some(identity("auth0|1"))));
        let (called, _) = recognize(&known, recognized("auth0|2", &["a"], Some(subject("auth0|2"))), NOW).unwrap();
        assert_eq!(called, name("a"));
        // Who was known before is who they were, though another was added as the same applicant since.
        let bound = OperatorRecord { identity: Some(identity("1")), ..added(Some(subject("auth0|1"))) };
        let known = vec![(name("ada"), added(Some(subject("auth0|1")))), (name("zoe"), bound)];
        assert_eq!(recognize(&known, recognized("1", &["a"], Some(subject("auth0|1"))), NOW).unwrap().0, name("zoe"));
        // Two of whom nothing is known are not one.
        let known = vec![(name("ada"), added(None))];
        assert_eq!(recognize(&known, recognized("1", &["a"], None), NOW).unwrap().0, name("a"));
        // Whose identity is known is nobody else, though they be the same applicant.
        let bound = OperatorRecord { identity: Some(identity("1")), ..added(Some(subject("auth0|1"))) };
        let known = vec![(name("ada"), bound)];
        assert_eq!(recognize(&known, recognized("2", &["a"], Some(subject("auth0|1"))), NOW).unwrap().0, name("a"));
    }
}
