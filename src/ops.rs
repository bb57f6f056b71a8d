//! The process among others: its machine's accounts, its allowances, its clock, its descriptors, its directories and files
//! and whose rights it has there, its presence, its randomness, its service manager, its terminal, its sizes, its
//! certificate's time, and what it tells: a [`journal`] of what happened, which is [counted](count) too, [`report`]s of
//! itself, the [`log`] that both are written to, and the [`noise`] that is kept out of it.

pub mod account;
pub mod allowance;
pub mod clock;
pub mod count;
pub mod descriptors;
pub mod directory;
pub mod file;
pub mod journal;
pub mod log;
pub mod noise;
pub mod owner;
pub mod presence;
pub mod random;
pub mod report;
pub mod service_manager;
pub mod size;
pub mod text;
pub mod validity;
