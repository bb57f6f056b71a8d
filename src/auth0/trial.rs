//! The trial's world: a model of an Auth0 tenant with a few applications and people, around the real idv.
//!
//! In its [`world`], [`model`] is Auth0's part of a login, by the very Action that is shipped; [`site`] is what a browser sees of
//! it, [`operator`] what the organisation does beside it, [`eid`] whom it trusts to verify people, [`specimen`] what people
//! show of themselves, and a decoy what reviewers are not to take for it.

mod decoy;
pub mod eid;
mod fields;
pub mod model;
pub mod operator;
pub mod page;
pub mod site;
pub mod specimen;
pub mod world;
