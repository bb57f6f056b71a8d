//! OpenID Connect: somebody else verifies the person.

pub mod jose;
