//! Every parser of idv, each behind a function that takes any bytes: `tests/fuzz/run` gives them to libFuzzer, and the
//! project's own tests give them the seeds.
//!
//! None may panic, whatever it is given; what else must hold stands in each.

#![allow(unreachable_pub, reason = "a crate for the fuzzer, a module for the project's tests")]

mod archive;
mod audit;
mod configuration;
mod control;
mod form;
mod jose;
mod language;
mod oidc;
mod picture;
mod router;
mod session;
mod start;
mod store;
mod token;
mod world;

/// Takes any bytes, and panics where something is wrong.
pub type Target = fn(&[u8]);

/// What is fuzzed, by name.
pub const TARGETS: [(&str, Target); 30] = [
    ("archive", archive::stream),
    ("archive_members", archive::members),
    ("audit_checkpoint", audit::checkpoint),
    ("audit_export", audit::export),
    ("code", form::code),
    ("colour", configuration::colour),
    ("configuration", configuration::text),
    ("control", control::line),
    ("cookie", session::cookie),
    ("cookie_plaintext", session::plaintext),
    ("form", form::body),
    ("jose_keys", jose::key_set),
    ("jose_signed", jose::signed),
    ("json", jose::tree),
    ("language", language::negotiation),
    ("logo", configuration::logo),
    ("multipart", form::multipart),
    ("oidc_answer", oidc::answer),
    ("oidc_metadata", oidc::metadata),
    ("oidc_token", oidc::token),
    ("picture", picture::upload),
    ("picture_gate", picture::gate),
    ("profile", token::profile),
    ("query", start::query),
    ("record", store::record),
    ("router", router::request),
    ("token", token::text),
    ("token_header", token::header),
    ("token_payload", token::payload),
    ("transaction", session::transaction),
];

/// Gives `data` to the target `name`.
///
/// # Panics
/// Where the target finds something wrong, or where there is no such target.
pub fn fuzz(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target of the list");
    target(data);
}
