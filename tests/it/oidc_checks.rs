//! What a provider answers, by bytes alone: an honest exchange is taken, and whatever one thing is wrong with it is named by
//! a fault of its own.

mod boundaries;
mod defects;
mod exchange;
mod readers;
mod rules;
