//! The commands, by the real binary.

mod action;
mod backup;
mod check;
mod desk;
mod doctor;
mod link;
mod oidc;
mod oidc_keys;
mod ops;
mod secret;
mod subject;
mod trial;
