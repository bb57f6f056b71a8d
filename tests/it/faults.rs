//! Faults, by the real binary: killed, out of space.

mod disk_full;
mod kill;
