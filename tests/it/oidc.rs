//! Verification by an OpenID Provider, and the provider of the tests' own.

mod liar;
mod modules;
mod provider;
mod scene;
