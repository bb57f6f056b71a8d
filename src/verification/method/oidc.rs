//! Somebody else verifies the person, by OpenID Connect.

pub mod names;
