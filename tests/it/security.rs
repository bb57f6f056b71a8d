//! OWASP ASVS 5.0: what no other test shows, by theme.

mod failure;
mod http2;
mod input;
mod logging;
mod sessions;
mod surface;
mod transport;
