//! How whoever watches the service sees it: what it [counts](crate::ops::count), whether it is [ready](readiness), and the
//! [`listener`] that says so, apart from the logins and on this machine alone.
//!
//! Nothing of it names a person, a session, an address or a URL: labels are of closed lists, or of the configuration.

mod cases;
pub mod listener;
mod process;
pub mod readiness;
pub mod scrape;

pub use self::readiness::Readiness;
