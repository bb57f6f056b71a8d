//! From checked claims to what a provider attests.

use ring::hmac;

use super::claims::Claims;
use super::fault::Fault;
use super::names::Name;
use super::provider::Provider;
use super::{Attested, comparison, identity, rules};
use crate::verification::profile::Profile;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;

/// Whose verification it is.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// The tenant.
    pub tenant: &'a Host,
    /// What Auth0 knows of it, where the Action says so.
    pub profile: Option<&'a Profile>,
    /// What of that this transaction has sent to the provider.
    pub sent: &'a [Name],
}

/// What `provider` attests of the person by its `claims`. The `key` is that of identities.
///
/// # Errors
/// V1 to V4, W1 and W4, in this order.
pub fn attest(
    provider: &Provider,
    claims: &Claims,
    account: Account<'_>,
    key: &hmac::Key,
    now: Timestamp,
) -> Result<Attested, Fault> {
    let accepted = rules::judge(provider, claims, now)?;
    let identity = identity::of(provider, claims, key, account.tenant)?;
    let names = &provider.identity;
    let mismatch = comparison::mismatch(&names.matched, accepted.attributes, account.profile, account.sent)?;
    Ok(Attested {
        provider: provider.name,
        registration: provider.registration(),
        identity,
        basis: accepted.basis,
        verified_at: accepted.verified_at,
        reference: accepted.reference,
        mismatch,
        one_account: names.one_account,
        same_person: names.same_person,
    })
}
