//! Verification by an OpenID Provider, and the provider of the tests' own.

mod contract;
mod liar;
mod modules;
mod person;
mod provider;
mod scene;
