//! The product from outside: every URL through the real router, every command through the real binary.

mod support;

mod archive;
mod audit;
mod branding;
mod configuration;
mod counts;
mod decision;
mod documents;
mod egress;
mod evidence;
mod fuzz_seeds;
mod hostile_starts;
mod id_verification;
mod jose;
mod languages;
mod monitoring;
mod notices;
mod office;
mod oidc;
mod oidc_checks;
mod overload;
mod responses;
mod scenarios;
mod session;
mod session_before;
mod session_cookie;
mod session_desk;
mod session_form;
mod session_method;
mod session_profile;
mod session_return;
mod store;
mod store_bindings;
mod store_commits;
mod store_large;
mod store_login;
mod store_restore;
mod store_versions;
mod token_attacks;
mod vectors;
mod well_known;

mod attacks;
mod commands;
mod faults;
#[cfg(shuttle)]
mod group_commit;
mod package;
mod security;
mod server;
mod service;
mod service_reload;
mod unit;
