//! The process among others: its clock, its allowances, its randomness, its files, its logs and its service manager.

pub mod allowance;
pub mod clock;
pub mod directory;
pub mod file;
pub mod log;
pub mod owner;
pub mod presence;
pub mod random;
pub mod service_manager;
