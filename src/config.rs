//! Configuration: as typed in `idv.toml` and the environment, then as meant.
//!
//! [`load`](load::load) reads both; every problem is told at once, each with its place and its remedy, before anything starts.

pub mod branding;
pub mod colour;
pub mod egress;
mod environment;
pub mod evidence;
pub mod listen;
pub mod load;
pub mod meant;
pub mod method;
pub mod problem;
pub mod public_url;
mod reader;
pub mod review;
pub mod rotation;
pub mod secret;
pub mod settings;
pub mod sockets;
pub mod spelling;
mod typed;

pub use load::load;
pub use meant::Config;
pub use problem::{Problem, Problems};
