//! What of a provider's claims makes somebody an operator, and of which roles.

use ring::hmac;
use serde_json::Value;
use thiserror::Error;

use super::recognition::Recognized;
use super::{OperatorName, Role, Roles};
use crate::verification::identity::Identity;
use crate::verification::method::oidc::claims::Claims;
use crate::verification::method::oidc::fault::Fault;
use crate::verification::method::oidc::provider::Provider;
use crate::verification::method::oidc::rules;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;
use crate::verification::url::Url;

/// What the key is derived for by which operators are known again.
pub const KEY: &str = "operator identity";
/// Claims by which somebody may be called, the best first (OIDC Core §5.1). They change, so that nobody is known by them.
const NAMES: [&str; 2] = ["preferred_username", "name"];

/// What makes somebody an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The claim of the ID token that gives roles: a text, or a list of such.
    pub claim: String,
    /// Which value of it gives which.
    pub roles: Vec<(String, Role)>,
    /// One of these is among `amr` of the ID token. Empty: it does not matter.
    pub amr: Vec<String>,
}

/// Why somebody whom the provider knows is no operator.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Denied {
    /// What has to hold of every sign-in there does not.
    #[error("{}", .0.as_str())]
    Fault(Fault),
    /// The ID token does not have the claim that gives roles.
    #[error("the ID token has no claim {0:?}")]
    ClaimMissing(String),
    /// It has, and no value of it gives one.
    #[error("no value of the claim {0:?} gives a role")]
    NoRole(String),
    /// They did not sign in there as they have to.
    #[error("amr has none of review.oidc.accept.amr")]
    Amr,
}

impl Terms {
    /// The role that `value` of the claim gives, if it gives one.
    #[must_use]
    pub fn role(&self, value: &str) -> Option<Role> {
        self.roles.iter().find(|(known, _)| known == value).map(|(_, role)| *role)
    }

    /// Who `claims` of `provider`, checked before, are about, as the `key` has them. Where the provider's host is a tenant's,
    /// as `tenant` tells, they are an applicant there.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn recognize(
        &self,
        provider: &Provider,
        claims: &Claims,
        key: &hmac::Key,
        tenant: impl FnOnce(&str) -> Option<Host>,
        now: Timestamp,
    ) -> Result<Recognized, Denied> {
        rules::judge(provider, claims, now).map_err(Denied::Fault)?;
        if !self.amr.is_empty() && !texts(claims, "amr").any(|way| self.amr.iter().any(|known| known == way)) {
            return Err(Denied::Amr);
        }
        if claims.id_token.get(&self.claim).is_none() {
            return Err(Denied::ClaimMissing(self.claim.clone()));
        }
        let roles: Roles = texts(claims, &self.claim).filter_map(|value| self.role(value)).collect();
        if roles.is_empty() {
            return Err(Denied::NoRole(self.claim.clone()));
        }
        let sub = claims.id_token.text("sub").ok_or(Denied::Fault(Fault::IdTokenSub))?;
        let identity = Identity::derive_of_operator(key, &provider.issuer, sub);
        Ok(Recognized { identity, names: names(claims, identity), roles, subject: subject(provider, sub, tenant) })
    }
}

/// The texts at `name` of the ID token: one, or a list of them.
fn texts<'c>(claims: &'c Claims, name: &str) -> impl Iterator<Item = &'c str> {
    let value = claims.id_token.get(name);
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.filter(|value| value.is_string()).into_iter().chain(list).filter_map(Value::as_str)
}

/// What they may be called; last, what nobody else is.
fn names(claims: &Claims, identity: Identity) -> Vec<OperatorName> {
    let told = NAMES.into_iter().filter_map(|name| claims.id_token.text(name).map(str::to_owned));
    told.filter_map(|text| text.try_into().ok()).chain([OperatorName::of_digits(identity)]).collect()
}

fn subject(provider: &Provider, sub: &str, tenant: impl FnOnce(&str) -> Option<Host>) -> Option<Subject> {
    let issuer = Url::parse(&provider.issuer)?;
    Some(Subject { tenant: tenant(issuer.host())?, user_id: sub.to_owned().try_into().ok()? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::verification::method::oidc::name::ProviderName;
    use crate::verification::method::oidc::object::Object;
    use crate::verification::method::oidc::provider::{Accept, Authentication, IdentityRules, Shape};

    const ISSUER: &str = "https://login.acme.example/";

    fn provider() -> Provider {
        Provider {
            name: ProviderName::parse("console").unwrap(),
            label: String::new(),
            issuer: ISSUER.into(),
            metadata: None,
            authorities: vec![],
            client_id: "c".into(),
            authentication: Authentication::SecretBasic,
            request: None,
            scopes: vec![],
            acr_values: vec![],
            claims: None,
            verified_claims_as: Shape::Object,
            parameters: vec![],
            login_hint: false,
            max_age: None,
            userinfo: false,
            algorithms: vec![],
            clock_leeway: std::time::Duration::ZERO,
            accept: Accept { login_alone: true, ..Accept::default() },
            identity: IdentityRules {
                pointer: "/sub".into(),
                one_account: false,
                same_person: false,
                matched: vec![],
                expected: vec![],
            },
            is_of_trial: false,
        }
    }

    fn recognize(id_token: &Value, tenant: Option<&str>) -> Result<Recognized, Denied> {
        let terms = Terms { claim: "idv".into(), roles: vec![("r".into(), Role::Reviewer)], amr: vec![] };
        let claims = Claims { id_token: Object::read(id_token.to_string().as_bytes()).unwrap(), userinfo: None };
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
        let tenant = |host: &str| {
            assert_eq!(host, "login.acme.example");
            tenant.map(|domain| domain.to_owned().try_into().unwrap())
        };
        terms.recognize(&provider(), &claims, &key, tenant, Timestamp::from_unix(0))
    }

    #[test]
    fn where_the_provider_is_a_tenant_its_sub_is_whom_they_are_as_an_applicant() {
        let id_token = json!({ "sub": "auth0|1", "idv": "r" });
        let recognized = recognize(&id_token, Some("acme.eu.auth0.test")).unwrap();
        let subject = recognized.subject.unwrap();
        assert_eq!((subject.tenant.as_str(), subject.user_id.as_str()), ("acme.eu.auth0.test", "auth0|1"));
        assert_eq!(recognize(&id_token, None).unwrap().subject, None);
    }

    #[test]
    fn who_is_called_nothing_fit_is_called_by_digits_of_whom_they_are() {
        let recognized = recognize(&json!({ "sub": "1", "idv": ["r"], "name": "a\nb" }), None).unwrap();
        let [name] = &recognized.names[..] else { panic!("one name") };
        let digits = name.as_str().strip_prefix("operator-").unwrap();
        assert!(recognized.identity.to_string().starts_with(digits) && digits.len() == 8);
        let other = recognize(&json!({ "sub": "2", "idv": "r" }), None).unwrap();
        assert_ne!(other.identity, recognized.identity);
    }
}
