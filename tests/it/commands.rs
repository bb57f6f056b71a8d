//! The commands, by the real binary.

mod action;
mod check;
mod desk;
mod doctor;
mod link;
mod secret;
mod subject;
mod trial;
