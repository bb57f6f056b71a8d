//! The process among others: its clock, its allowances, its randomness, its logs, its service manager and its
//! certificate's time.

pub mod allowance;
pub mod clock;
pub mod file;
pub mod log;
pub mod presence;
pub mod random;
pub mod service_manager;
pub mod validity;
