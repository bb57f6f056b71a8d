//! The report: what an audit log says of a range of time, for whoever answers to an auditor or a data protection officer.
//!
//! Lines in, figures out: a [`Tally`] reads one entry after the other and grows with none of them. What it counted is told
//! as JSON, as text, and as one page that needs nothing but itself.

use serde::Serialize;

pub use figures::Figures;
pub use heading::{Checkpoint, Heading, Log, Proof};
pub use range::{Range, RangeError, begins, ends};
pub use tally::Tally;

mod actions;
mod bounded;
mod chart;
mod durations;
mod figures;
mod heading;
mod opening;
mod page;
mod people;
mod range;
mod sections;
mod tally;
mod text;
mod words;

/// What is told of a range of time. As JSON it is as it stands here: instants by RFC 3339, durations in seconds.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Of what, and from where.
    #[serde(flatten)]
    pub heading: Heading,
    /// What was counted.
    #[serde(flatten)]
    pub figures: Figures,
}

impl Report {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        text::of(self)
    }

    /// One page of HTML with all that it needs. It runs and loads nothing.
    #[must_use]
    pub fn page(&self) -> String {
        page::of(self)
    }
}
