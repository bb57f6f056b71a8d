//! Verification by an OpenID Provider, and the provider of the tests' own.

mod attacker;
mod callbacks;
mod contract;
mod faults;
mod liar;
mod modules;
mod page;
mod person;
mod provider;
pub(crate) mod scene;
