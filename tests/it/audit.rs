//! The audit log: what is in it, that it can be verified by others, and that it agrees with the records whatever happens.

mod commands;
mod recorded;
mod verifiers;
