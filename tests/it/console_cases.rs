//! `/case/N`: who may see it, what they may do, and that what was decided is what was seen.

mod blind;
mod changed;
mod claims;
mod damaged;
mod decoys;
mod pairs;
mod person;
mod pictures;
mod queue;
mod roles;
mod search;
mod second;
mod specimens;
mod verdicts;
