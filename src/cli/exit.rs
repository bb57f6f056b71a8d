//! The exit codes that mean something of their own to those who start idv.

/// A bad configuration (`EX_CONFIG` of `sysexits.h`).
pub(super) const BAD_CONFIGURATION: u8 = 78;
/// A service whose store only a person can mend (`EX_DATAERR`).
pub(super) const BAD_STORE: u8 = 65;
