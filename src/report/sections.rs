//! What a report says, part by part: the same for text and for the page.

use super::chart::{self, Chart};
use super::figures::{Deed, Endings, Figures};
use super::{Report, words};
use crate::verification::audit::entry::{Entry, EventOutcome};

/// A part of a report.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: Vec<String>,
    pub(super) exhibits: Vec<Exhibit>,
}

/// A table, and the chart that shows it, if one does.
pub(super) struct Exhibit {
    pub(super) chart: Option<Chart>,
    pub(super) table: Table,
}

/// A table.
pub(super) struct Table {
    pub(super) caption: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
    /// What is said where it has no row.
    pub(super) none: &'static str,
}

/// A column of a table.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// What a column has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words.
    Text,
    /// Times, which stand on one line.
    Instant,
    /// Figures, which stand below each other by their last digits.
    Figure,
}

impl Kind {
    /// The class of its cells.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Instant => "instant",
            Self::Figure => "figure",
        }
    }
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

const fn instant(name: &'static str) -> Column {
    Column { name, kind: Kind::Instant }
}

const fn figure(name: &'static str) -> Column {
    Column { name, kind: Kind::Figure }
}

impl From<Table> for Exhibit {
    fn from(table: Table) -> Self {
        Self { chart: None, table }
    }
}

/// All parts.
pub(super) fn all(report: &Report) -> Vec<Section> {
    let figures = &report.figures;
    let mut sections =
        vec![checks(figures), times(figures), refusals(figures), people(figures), looks(figures), acts(figures)];
    if report.heading.tenant.is_none() {
        sections.push(operations(figures));
    }
    sections.push(erasure(figures));
    sections.push(other(figures));
    sections.push(reading(report));
    sections
}

fn endings(name: String, endings: &Endings) -> Vec<String> {
    let counts = [
        endings.verified,
        endings.not_verified,
        endings.undecided,
        endings.left,
        endings.timed_out,
        endings.other,
        endings.total(),
    ];
    [name].into_iter().chain(counts.map(words::count)).collect()
}

const ENDINGS: [Column; 7] = [
    figure("verified"),
    figure("not verified"),
    figure("undecided"),
    figure("left"),
    figure("timed out"),
    figure("other"),
    figure("all"),
];

fn by_ending(caption: &'static str, first: Column, rows: Vec<Vec<String>>) -> Table {
    let columns = [first].into_iter().chain(ENDINGS).collect();
    Table { caption, columns, rows, none: "No session ended." }
}

fn checks(figures: &Figures) -> Section {
    let (all, timeline) = (figures.endings(), &figures.timeline);
    let mut by_method: Vec<_> =
        figures.checks.iter().map(|row| endings(words::grounds(row.grounds.as_ref()).into(), &row.endings)).collect();
    if by_method.len() > 1 {
        by_method.push(endings("all".into(), &all));
    }
    let by_time = timeline.parts.iter().filter(|part| part.endings.total() > 0);
    let by_time = by_time.map(|part| endings(timeline.step.name(part.from), &part.endings)).collect();
    let chart = chart::endings(&figures.checks);
    let methods = Exhibit { chart, table: by_ending("Sessions by method and ending", text("method"), by_method) };
    let time = Exhibit {
        chart: chart::timeline(timeline),
        table: by_ending(
            "Sessions by time and ending; times without any are left out",
            instant(timeline.step.word()),
            by_time,
        ),
    };
    let ended = match all.total() {
        0 => "No session ended.".to_owned(),
        total => format!(
            "{} ended, {} of them with the person verified.",
            words::counted(total, "session", "sessions"),
            words::share(all.verified, total)
        ),
    };
    let lead = format!(
        "{ended} Who left or ran out of time was not decided on. A decided case was left open \
         by an earlier session; handed over is a success of just before, in the same browser, that had not reached Auth0.",
    );
    Section { id: "checks", title: "Checks by method and outcome", lead: vec![lead], exhibits: vec![time, methods] }
}

fn times(figures: &Figures) -> Section {
    let timed = figures.checks.iter().filter_map(|row| {
        let times = row.time_to_decision?;
        let name = words::grounds(row.grounds.as_ref()).into_owned();
        let [median, p90, longest] = words::times(Some(times));
        Some(vec![name, words::count(times.count), median, p90, longest])
    });
    let table = Table {
        caption: "Time from the request token to the decision",
        columns: vec![
            text("method"),
            figure("decisions"),
            figure("median"),
            figure("90th percentile"),
            figure("longest"),
        ],
        rows: timed.collect(),
        none: "No decision with its time.",
    };
    let lead = "From when Auth0 made the request token to the decision, which the person spent at it. Who left or ran out of time \
                is not among them.";
    let exhibit = Exhibit { chart: chart::times(&figures.checks), table };
    Section { id: "times", title: "Time from start to decision", lead: vec![lead.into()], exhibits: vec![exhibit] }
}

fn refusals(figures: &Figures) -> Section {
    let row = |refusal: &super::figures::Refusal| {
        let what = match refusal.action.as_deref() {
            Some("check-concluded") => "Check failed".into(),
            action => words::action(action),
        };
        let [by, why] = [&refusal.method, &refusal.reason].map(|text| words::or_dash(text.as_deref()).into_owned());
        vec![what.into_owned(), by, why, words::count(refusal.count)]
    };
    let table = Table {
        caption: "Refused answers and failed checks by reason",
        columns: vec![text("what"), text("method"), text("reason"), figure("times")],
        rows: figures.refusals.iter().map(row).collect(),
        none: "None.",
    };
    let lead = "A refused answer did not end its session: the person could try again. Of what a provider does not attest, a person has one \
                entry a minute at the most.";
    let title = "Refusals and failed checks";
    Section { id: "refusals", title, lead: vec![lead.into()], exhibits: vec![table.into()] }
}

fn people(figures: &Figures) -> Section {
    let people = &figures.people;
    let row = |name: &str, value: String, unit: &str| vec![name.to_owned(), value, unit.to_owned()];
    let person = |name, estimate| row(name, words::estimate(estimate), "people");
    let code = |name, count| row(name, words::count(count), "codes");
    let codes = figures.codes;
    let table = |caption, rows| Table {
        caption,
        columns: vec![text("what"), figure("how many"), text("unit")],
        rows,
        none: "",
    };
    let met = table(
        "People",
        vec![
            person("met: a session of theirs ended", people.met),
            person("verified", people.verified),
            person("of these for the first time in this log", people.verified_first),
        ],
    );
    let codes = table(
        "One-time codes",
        vec![
            code("issued", codes.issued),
            code("used", codes.used),
            code("revoked", codes.revoked),
            code("exhausted by wrong codes", codes.exhausted),
        ],
    );
    let lead =
        "Codes may be issued in one month and used in the next; one that is issued anew replaces the one before.";
    let title = "People and codes";
    Section { id: "people", title, lead: vec![lead.into()], exhibits: vec![met.into(), codes.into()] }
}

fn deeds(caption: &'static str, deeds: &[Deed]) -> Table {
    let row = |deed: &Deed| {
        vec![
            words::actor(deed.actor.as_deref()).into_owned(),
            words::or_dash(deed.claimed.as_deref()).into_owned(),
            words::action(deed.action.as_deref()).into_owned(),
            words::count(deed.count),
            words::count(deed.failed),
            if deed.people == 0 { "–".into() } else { words::count(deed.people) },
        ]
    };
    let columns = vec![
        text("who, as proven"),
        text("who, by their own word"),
        text("what"),
        figure("times"),
        figure("not successful"),
        figure("people concerned"),
    ];
    Table { caption, columns, rows: deeds.iter().map(row).collect(), none: "None." }
}

fn looks(figures: &Figures) -> Section {
    let table = deeds("Looks and exports by who did it", &figures.looks);
    Section {
        id: "looks",
        title: "Looks at people’s records, and exports",
        lead: Vec::new(),
        exhibits: vec![table.into()],
    }
}

fn acts(figures: &Figures) -> Section {
    let table = deeds("Acts of operators by who did it", &figures.acts);
    let lead = "A case that was decided against its person is counted as not successful.";
    Section { id: "acts", title: "Acts of operators", lead: vec![lead.into()], exhibits: vec![table.into()] }
}

fn operations(figures: &Figures) -> Section {
    let row = |operation: &super::figures::Operation| {
        let name = words::action(operation.action.as_deref()).into_owned();
        vec![name, words::count(operation.count), words::count(operation.failed)]
    };
    let counted = Table {
        caption: "Operations by kind",
        columns: vec![text("what"), figure("times"), figure("not successful")],
        rows: figures.operations.iter().map(row).collect(),
        none: "None.",
    };
    let each = Table {
        caption: "Operations one by one",
        columns: vec![
            instant("when (UTC)"),
            text("what"),
            text("who, as proven"),
            text("who, by their own word"),
            text("details"),
        ],
        rows: figures.journal.iter().map(journal_row).collect(),
        none: "None.",
    };
    let more = match figures.journal_left_out {
        0 => Vec::new(),
        more => vec![format!("{} more are counted, and not told one by one.", words::count(more))],
    };
    Section { id: "operations", title: "Operations", lead: more, exhibits: vec![counted.into(), each.into()] }
}

fn journal_row(entry: &Entry) -> Vec<String> {
    let number = |number: Option<u64>, one, many| number.map(|number| words::counted(number, one, many));
    let details = [
        (entry.outcome == EventOutcome::Failure).then(|| "failed".to_owned()),
        entry.reason.as_deref().map(|reason| words::seen(reason).into_owned()),
        entry.version.as_deref().map(|version| format!("version {}", words::seen(version))),
        (!entry.changed.is_empty()).then(|| format!("changed: {}", words::seen(&entry.changed.join(", ")))),
        number(entry.subjects, "person", "people"),
        number(entry.checks, "check", "checks"),
    ];
    let details: Vec<_> = details.into_iter().flatten().collect();
    vec![
        entry.at.to_string().replace('T', " ").replace('Z', ""),
        words::action(Some(&entry.action)).into_owned(),
        words::actor(entry.actor.as_deref()).into_owned(),
        words::or_dash(entry.claimed.as_deref()).into_owned(),
        if details.is_empty() { "–".into() } else { details.join("; ") },
    ]
}

fn erasure(figures: &Figures) -> Section {
    let erasure = &figures.erasure;
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String, unit: &str| rows.push(vec![name.to_owned(), value, unit.to_owned()]);
    if erasure.erased + erasure.failed > 0 {
        let [median, p90, longest] = words::times(erasure.time);
        row("erased", words::count(erasure.erased), "people");
        row("erasures that failed", words::count(erasure.failed), "times");
        row("time to erase, median", median, "time");
        row("time to erase, 90th percentile", p90, "time");
        row("time to erase, longest", longest, "time");
    }
    if erasure.sweeps > 0 {
        row("retention applied", words::count(erasure.sweeps), "times");
        row("removed by retention", words::count(erasure.people_removed), "people");
        row("removed by retention", words::count(erasure.checks_removed), "checks");
    }
    let none = "No person was erased, and retention removed nothing.";
    let columns = vec![text("what"), figure("how many"), text("unit")];
    let table = Table { caption: "Erasures, and what retention removed", columns, rows, none };
    Section { id: "erasure", title: "Erasure and retention", lead: Vec::new(), exhibits: vec![table.into()] }
}

fn other(figures: &Figures) -> Section {
    let row = |named: &super::figures::Named| {
        vec![words::action(named.action.as_deref()).into_owned(), words::count(named.count)]
    };
    let table = Table {
        caption: "Entries that this version does not know",
        columns: vec![text("event.action"), figure("entries")],
        rows: figures.other.iter().map(row).collect(),
        none: "None.",
    };
    Section { id: "other", title: "Other entries", lead: Vec::new(), exhibits: vec![table.into()] }
}

/// How the figures were made.
fn reading(report: &Report) -> Section {
    let Report { heading, figures } = report;
    let entries = &figures.entries;
    let mut lead = vec![
        format!(
            "The log has {}. Of these {} are in this report, {} are of another time, {} of this time are of another tenant or of \
             none, {} are left out of what was read, and {} could not be read.",
            words::counted(entries.read, "entry", "entries"),
            words::count(entries.told),
            words::count(entries.of_another_time),
            words::count(entries.of_another_tenant),
            words::count(entries.left_out),
            words::count(entries.unreadable),
        ),
        format!(
            "All times are UTC. The range begins at {} and ends before {}.",
            heading.range.from,
            heading.range.until
        ),
        "Durations are in whole seconds, and exact up to 4,095 s; longer ones are counted up to 0.05 % too short. The median of an \
         even number is the mean of the two in the middle. The 90th percentile is the shortest that is not shorter than nine in \
         ten."
            .into(),
        match figures.people.met.standard_error.max(figures.people.verified.standard_error) {
            0 => "People are counted by a pseudonym that dies with their record, exactly.".into(),
            _ => "People are counted by a pseudonym that dies with their record. There are so many that their number is estimated by \
                  a sample; ± is the standard error."
                .to_owned(),
        } + " Who was erased and came again is counted as another person.",
        "Who did something is proven by the machine as far as “as proven” says, where a group member is anybody who may use idv’s \
         commands; by their own word they may be called anything."
            .into(),
    ];
    if heading.tenant.is_some() {
        lead.push("What was done to the service, its configuration and its store belongs to no tenant and is not in this report.".into());
    }
    Section { id: "reading", title: "How to read this", lead, exhibits: Vec::new() }
}
