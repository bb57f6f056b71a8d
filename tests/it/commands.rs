//! The commands, by the real binary.

mod action;
mod backup;
mod check;
mod desk;
mod doctor;
mod link;
mod oidc;
mod secret;
mod subject;
mod trial;
