//! `idv`: a self-hosted identity verification appliance for Auth0 logins.
//!
//! The modules in the order in which a login passes through them.

pub mod archive;
pub mod auth0;
pub mod cli;
pub mod config;
pub mod control;
pub mod doctor;
pub mod egress;
pub mod monitoring;
pub mod ops;
pub mod report;
pub mod server;
pub mod service;
pub mod store;
pub mod verification;
pub mod web;
