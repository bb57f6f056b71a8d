//! Where a provider may be asked: on hosts that the configuration names.

use super::provider::Provider;
use crate::verification::url::Url;

/// Whether `url` may be asked on behalf of `provider`: https, on one of its authorities, by a name or an address of IPv4. A
/// trial's own provider may be on this very machine by plain HTTP.
#[must_use]
pub fn is_allowed(url: &str, provider: &Provider) -> bool {
    let url = Url::parse_with_loopback(url).filter(|url| url.is_https() || provider.is_of_trial);
    url.is_some_and(|url| !url.host().contains(':') && provider.authorities.contains(&url.authority()))
}
