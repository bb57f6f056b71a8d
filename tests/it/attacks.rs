//! Attacks on the wire, against the real binary.

mod client_hello;
mod http2;
mod idle;
mod oversize;
mod slow;
mod slowhttptest;
mod smuggling;
