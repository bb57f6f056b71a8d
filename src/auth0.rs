//! Auth0's side of the integration: the Action, the packages that carry it into a tenant, and a model of a tenant that
//! runs it.

pub mod deploy_cli;
pub mod engine;
pub mod terraform;
pub mod trial;

use serde::Serialize;

/// The Action, as an administrator pastes it into Auth0.
pub const ACTION: &str = include_str!("auth0/action.js");

/// Its name in the tenant, the same in every package: whoever changes from one to another keeps the Action.
const NAME: &str = "Identity verification";
/// The newest Node.js that Actions run on (contract 18).
const RUNTIME: &str = "node22";
const TRIGGER: &str = "post-login";
const TRIGGER_VERSION: &str = "v3";
/// `IDV_EXPIRES_IN` of a package: 30 days, in seconds.
const EXPIRES_IN: &str = "2592000";
/// `IDV_PROFILE` of a package, which names it and leaves it out.
const PROFILE: &str = "family_name birthdate";

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct File {
    /// Where it belongs, below the package's directory.
    pub path: String,
    /// What it holds. Never a secret.
    pub text: String,
}

/// The Action alone, to paste.
#[must_use]
pub fn script() -> Vec<File> {
    vec![File { path: "code.js".into(), text: ACTION.into() }]
}
