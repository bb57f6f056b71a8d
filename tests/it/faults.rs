//! Faults: killed, cut off, out of space, damaged, all at once, a wrong clock. By the real binary where that can be.

mod clock;
mod damage;
mod disk_full;
mod failing_disk;
mod kill;
mod photos;
mod power_cut;
mod provider;
mod race;
mod slow_log;
mod soak;
