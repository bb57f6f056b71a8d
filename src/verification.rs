//! What the product decides, without any input or output: bytes, time as a value and keys go in, decisions come out.
//!
//! In the order of a login: a [`jws`] is taken apart, [`token`] authenticates it as the request of a [`tenant`],
//! [`session`] carries the subject through the pages, a [`method`] judges the evidence, and [`result`] signs the outcome
//! for the way back.

pub mod account;
pub mod jws;
pub mod method;
pub mod outcome;
pub mod result;
pub mod session;
pub mod subject;
pub mod tenant;
pub mod time;
pub mod token;

mod json;
