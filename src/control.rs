//! What operators do, from the command line: through the running service's control socket, or on the store itself.
//!
//! One [`Request`] and one [`Answer`] per connection, each one line of JSON. Only the service's group may connect.

mod asker;
pub mod audit;
pub mod client;
mod error;
pub mod evidence;
pub mod examination;
mod listing;
mod members;
pub mod method;
mod note;
mod office;
pub mod operation;
pub mod operator;
mod person;
pub mod reload;
pub mod remark;
mod request;
pub mod running;
pub mod server;
mod storage;
mod subject;

pub use asker::{Asked, Asker};
pub use error::OperationError;
pub use note::NoteError;
pub use office::Office;
pub use request::{Answer, Request};
pub use subject::{Impossible, SubjectError, possible_subject, subject};
