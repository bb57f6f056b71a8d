//! The process among others: its machine's accounts, its allowances, its clock, its descriptors, its directories and files and
//! whose rights it has there, its journal, its logs and the noise in them, its presence, its randomness, its service manager, its terminal
//! and its certificate's time.

pub mod account;
pub mod allowance;
pub mod clock;
pub mod descriptors;
pub mod directory;
pub mod file;
pub mod journal;
pub mod log;
pub mod noise;
pub mod owner;
pub mod presence;
pub mod random;
pub mod service_manager;
pub mod text;
pub mod validity;
