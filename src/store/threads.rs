//! The threads and queues of the group commit: the system's, or in builds with `--cfg shuttle` those of a scheduler that
//! runs every step of every thread in whatever order.

#[cfg(shuttle)]
pub(super) use shuttle::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
};
#[cfg(not(shuttle))]
pub(super) use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
};
