//! The process among others: its clock, its allowances, its randomness, its logs and its service manager.

pub mod allowance;
pub mod clock;
pub mod descriptors;
pub mod file;
pub mod log;
pub mod presence;
pub mod random;
pub mod service_manager;
