//! Auth0's side of the integration.

/// The Action, as an administrator pastes it into Auth0.
pub const ACTION: &str = include_str!("auth0/action.js");
