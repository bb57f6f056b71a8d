//! Attacks on the wire, against the real binary.

mod idle;
mod slow;
