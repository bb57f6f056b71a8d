//! The audit log: what was decided and done, for whoever has to answer for it.

pub mod entry;
