//! The commands, by the real binary.

mod action;
mod backup;
mod backup_stream;
mod check;
mod desk;
mod doctor;
mod link;
mod oidc;
mod oidc_keys;
mod operator;
mod ops;
mod report;
mod secret;
mod store;
mod subject;
mod trial;
