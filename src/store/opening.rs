//! How a store is opened: what of it is kept in memory, and what of it is looked at before anything is used.

const MIB: usize = 1024 * 1024;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The page cache, in bytes. Look-ups beyond it are served by the system's own.
    pub cache: usize,
    /// The longest file, in bytes, of which every page is looked at before anything is used. After a clean end, a longer
    /// one answers look-ups at once, and decides nothing until its pages were looked at.
    pub looked_through_first: u64,
}

impl Opening {
    /// How the service opens its store, with `cache_mib` MiB of it in memory. What is as long as is looked through in a
    /// fraction of a second is, before anybody is served.
    #[must_use]
    pub const fn of_the_service(cache_mib: usize) -> Self {
        Self { cache: cache_mib * MIB, looked_through_first: 64 * MIB as u64 }
    }
}

impl Default for Opening {
    /// Everything is looked at first.
    fn default() -> Self {
        Self { cache: 64 * MIB, looked_through_first: u64::MAX }
    }
}
