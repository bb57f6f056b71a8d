//! What is examined of the methods: each method's part is in a file of its own, and this is their list.

use super::finding::Finding;
use crate::config::Config;

mod document;
mod oidc;

pub(super) use self::oidc::ask;
pub use self::oidc::{Judgement, sources};

/// What of the rules of `config` is odd and, if its [`sources`] are to be read, whether they are what they should be.
#[must_use]
pub fn judge(config: &Config, are_read: bool) -> Judgement {
    let mut judgement = oidc::judge(config, are_read);
    judgement.warnings.extend(document::warnings(config));
    judgement
}

/// What can be said without asking anybody.
pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let of_documents = document::warnings(config).into_iter();
    let of_documents = of_documents.map(|warning| Finding::of_warning("document", warning));
    oidc::examine(config).into_iter().chain(of_documents).collect()
}
