//! What tests share.

pub(crate) mod acts;
pub(crate) mod album;
pub(crate) mod branded;
pub(crate) mod browser;
pub(crate) mod bureau;
pub(crate) mod chance;
pub(crate) mod disk;
pub(crate) mod faulty;
pub(crate) mod figure;
pub(crate) mod framing;
pub(crate) mod http2;
pub(crate) mod internet;
pub(crate) mod ledger;
pub(crate) mod liar;
pub(crate) mod log;
pub(crate) mod names;
pub(crate) mod peer;
pub(crate) mod probe;
pub(crate) mod process;
pub(crate) mod providers;
pub(crate) mod token;
pub(crate) mod usage;
pub(crate) mod watcher;
pub(crate) mod wire;
pub(crate) mod world;
