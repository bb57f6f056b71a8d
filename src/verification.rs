//! What the product decides, without any input or output: bytes, time as a value and keys go in, decisions come out.
//!
//! In the order of a login: a [`jws`] is taken apart, [`token`] authenticates it as the request of a [`tenant`] and opens
//! the [`profile`] in it, [`session`] carries the subject through the pages, a [`method`] judges what the person answers, the
//! [`decision`] says what becomes of the session (a [`command`] is what [operators](operator) do), and [`result`] signs the [`outcome`]
//! for the way back. What is kept of it are [`record`]s: what became of the token ([`spent`]), the [`check`], the [`case`],
//! by an [`identity`] who the subject is elsewhere, and what opens a picture ([`object`]); what is told is an [`event`], and
//! what has to be answered for is an entry of the [`audit`] log.

pub mod account;
pub mod asks;
pub mod audit;
pub mod case;
pub mod changes;
pub mod check;
pub mod command;
pub mod decision;
pub mod erasure;
pub mod event;
pub(crate) mod hex;
pub mod identity;
pub mod json;
pub mod jws;
pub mod method;
pub mod object;
pub mod operator;
pub mod outcome;
pub mod percent;
pub mod profile;
pub mod record;
pub mod result;
pub mod session;
pub mod spent;
pub mod subject;
pub mod tenant;
pub mod ticket;
pub mod time;
pub mod token;
pub mod url;

mod bits;
mod seal;
