//! Auth0's side of the integration: the Action, and a model of the tenant that runs it.

pub mod engine;
pub mod trial;

/// The Action, as an administrator pastes it into Auth0.
pub const ACTION: &str = include_str!("auth0/action.js");
