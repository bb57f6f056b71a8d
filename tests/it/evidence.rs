//! Photos at rest: sealed, named by what is committed, and gone for ever when they are to be.

mod commands;
mod faults;
mod keeping;
mod keys;
mod kill;
pub(crate) mod shredding;
