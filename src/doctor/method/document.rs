//! What of the rules for documents works, and is probably not meant.

use std::time::Duration;

use crate::config::Config;
use crate::doctor::finding::Warning;
use crate::verification::method::document::policy::Second;
use crate::verification::method::document::{Policy, Selfie};
use crate::verification::tenant::Host;

/// The longest that pictures are kept without somebody being asked whether that is meant.
const LONG: Duration = Duration::from_hours(24 * 365);

/// What there is to say of the rules of each tenant, where people are verified so.
pub(super) fn warnings(config: &Config) -> Vec<Warning> {
    let Some(rules) = &config.methods.document else { return vec![] };
    let of_tenants = rules.of_tenants.iter().map(|(tenant, own)| (Some(tenant), own));
    let mut warnings = odd(&rules.usual, None);
    if config.review.is_none() {
        let needs_two = rules.iter().any(|policy| policy.second != Second::Never);
        warnings.push(if needs_two {
            let text = "methods.document.second: two people decide where they sign in, and without [review] nobody can";
            Warning::new(text, "set up the console in [review], or choose second = \"never\"")
        } else {
            let text = "methods.document: without [review] cases can only be decided by root, with idv case";
            Warning::new(text, "set up the console in [review], unless that is what you want")
        });
    }
    for (tenant, own) in of_tenants {
        // What is odd for all is said once.
        let usual = odd(&rules.usual, tenant);
        let is_new = |warning: &Warning| usual.iter().all(|other| other.text != warning.text);
        warnings.extend(odd(own, tenant).into_iter().filter(is_new));
    }
    warnings
}

fn odd(policy: &Policy, tenant: Option<&Host>) -> Vec<Warning> {
    let section =
        tenant.map_or_else(|| "methods.document".to_owned(), |tenant| format!("tenants.document of {tenant}"));
    let mut warnings = Vec::new();
    if policy.selfie == Selfie::None {
        warnings.push(Warning::new(
            format!(
                "{section}: without a selfie nobody compares the document with a person, and whoever has a photo of it is verified"
            ),
            "choose another selfie than \"none\", unless a copy of a document is all that you want to see",
        ));
    }
    for (key, kept) in [("keep_approved_days", policy.keep_approved), ("keep_rejected_days", policy.keep_rejected)] {
        if kept > LONG {
            warnings.push(Warning::new(
                format!("{section}.{key}: photos of documents and faces are kept for more than a year"),
                "keep them only as long as somebody may have to look at them again",
            ));
        }
    }
    if policy.contact.is_none() && tenant.is_none() {
        warnings.push(Warning::new(
            "methods.document: people are told of nobody to complain to, or to have their photos deleted by",
            "name methods.document.contact, or branding.support",
        ));
    }
    warnings
}
