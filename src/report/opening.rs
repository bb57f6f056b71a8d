//! What a report says above its parts: of what it is, what matters most, and what a reader must know first.

use std::time::Duration;

use super::figures::Figures;
use super::{Proof, Report, words};

/// The log of an installation has the report itself for its end, in the second that ends a range without an end.
const SECOND: Duration = Duration::from_secs(1);

/// A fact above everything.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) unit: String,
}

/// Of what the report is.
pub(super) fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let Report { heading, figures } = report;
    let entries = &figures.entries;
    let mut facts = vec![
        ("Range", heading.range.words()),
        (
            "Tenant",
            heading.tenant.as_deref().map_or("all, and the machine".into(), |tenant| words::seen(tenant).into()),
        ),
        ("Entries", format!("{} of {} in the log", words::count(entries.told), words::count(entries.read))),
    ];
    if let (Some(first), Some(last)) = (entries.first_at, entries.last_at) {
        facts.push(("The log", format!("{first} to {last}")));
    }
    facts.push(("Read from", words::seen(&heading.log.source).into()));
    facts.push(match &heading.log.checkpoint {
        Some(checkpoint) => {
            let entries = words::counted(checkpoint.entries, "entry", "entries");
            let (origin, root) = (words::seen(&checkpoint.origin), words::seen(&checkpoint.root));
            ("Checkpoint", format!("{origin}, {entries}, root {root}"))
        }
        None => ("Checkpoint", "none at hand".into()),
    });
    facts.push(match &heading.log.proof {
        Proof::Verified { by } => {
            ("Verified", format!("the entries are those of the checkpoint, by {}", words::seen(by)))
        }
        Proof::NotVerified { why } => ("Verified", format!("NO: {}", words::seen(why))),
    });
    facts.push(("Made", format!("{}, by idv {}", heading.made_at, heading.version)));
    facts
}

/// What somebody wants to know who reads no further.
pub(super) fn highlights(figures: &Figures) -> Vec<Fact> {
    let endings = figures.endings();
    let median = figures.time_to_decision.map_or("–".into(), |times| words::duration(times.median));
    let people = figures.people.verified;
    // How far it may be wrong stands below it: beside it, in large letters, there is no room.
    let people_unit = match people.standard_error {
        0 => "people".into(),
        error => format!("people, about (± {})", words::count(error)),
    };
    vec![
        Fact { name: "Sessions ended", value: words::count(endings.total()), unit: "sessions".into() },
        Fact {
            name: "Of these verified",
            value: words::share(endings.verified, endings.total()),
            unit: "of sessions".into(),
        },
        Fact { name: "People verified", value: words::count(people.people), unit: people_unit },
        Fact { name: "Median to decision", value: median, unit: "from the request token on".into() },
    ]
}

/// What is not as a reader may take it to be: said above everything.
pub(super) fn warnings(report: &Report) -> Vec<String> {
    let Report { heading, figures } = report;
    let entries = &figures.entries;
    let mut warnings = Vec::new();
    if let Proof::NotVerified { why } = &heading.log.proof {
        warnings.push(format!("These entries do not verify: {}. No figure below can be relied on.", words::seen(why)));
    }
    if let Some(first) = entries.first_unreadable {
        let (lines, first) = (words::counted(entries.unreadable, "line", "lines"), words::count(first));
        warnings.push(format!(
            "{lines} of the log could not be read as entries, from number {first} on. They are in no figure."
        ));
    }
    if entries.left_out > 0 {
        let left_out = words::counted(entries.left_out, "entry", "entries");
        warnings.push(format!("{left_out} of the log are left out of what was read, and in no figure."));
    }
    match entries.first_at {
        Some(first) if entries.left_out == 0 && first > heading.range.from => {
            warnings
                .push(format!("The log begins at {first}, after the range does: of before, nothing is known here."));
        }
        None => warnings.push("There is no entry in what was read.".into()),
        Some(_) => {}
    }
    if heading.range.is_open(heading.made_at) {
        warnings.push("The range was not over when this was made.".into());
    } else if let Some(last) = entries.last_at.filter(|last| last.later(SECOND) < heading.range.until)
        && entries.left_out == 0
    {
        warnings.push(format!(
            "The log that was read ends at {last}, before the range does: of after, nothing is known here."
        ));
    }
    warnings
}
