//! People are verified by document: what applicants, reviewers and time do to an attempt.

mod ageing;
mod applicants;
mod claims;
mod decoys;
mod model;
mod overtaken;
mod recorded;
mod relay;
mod remembered;
mod reviewers;
mod terminal;
