//! Charts, as the shapes of which they are drawn. Along the page they are measured in parts of its width, so that they fit
//! a phone and paper, and across it in pixels; letters keep their size.

use std::fmt;

use super::durations::Times;
use super::figures::{Checks, Endings, Timeline};
use super::words;

/// The height of columns, from the axis to the greatest number, in pixels.
const COLUMNS: f64 = 150.0;
/// Above them is room for that number, and below for the dates.
const ABOVE: f64 = 22.0;
const BELOW: f64 = 24.0;
/// The height of a row, in pixels.
const ROW: f64 = 46.0;
/// The longest name in a chart, in characters. The table has it whole.
const NAME: usize = 24;

/// A chart.
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: String,
    /// What is to be seen in it, for who does not see it.
    pub(super) description: String,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
    pub(super) labels: Vec<Label>,
    /// Whether its colours are those of endings.
    pub(super) has_legend: bool,
}

/// What is drawn.
pub(super) enum Shape {
    Box { class: &'static str, x: Percent, y: f64, width: Percent, height: f64 },
    Line { class: &'static str, from: (Percent, f64), to: (Percent, f64) },
    Dot { class: &'static str, x: Percent, y: f64 },
}

/// What is written.
pub(super) struct Label {
    pub(super) x: Percent,
    pub(super) y: f64,
    /// At its `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    pub(super) is_quiet: bool,
    pub(super) text: String,
}

/// A part of the width.
#[derive(Clone, Copy)]
pub(super) struct Percent(f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}%", self.0)
    }
}

const fn start(x: f64, y: f64, text: String) -> Label {
    Label { x: Percent(x), y, anchor: "start", is_quiet: false, text }
}

const fn quiet(x: f64, y: f64, anchor: &'static str, text: String) -> Label {
    Label { x: Percent(x), y, anchor, is_quiet: true, text }
}

fn rule(y: f64, class: &'static str) -> Shape {
    Shape::Line { class, from: (Percent(0.0), y), to: (Percent(100.0), y) }
}

/// Sessions over time: a column for each part.
pub(super) fn timeline(timeline: &Timeline) -> Option<Chart> {
    let (parts, step) = (&timeline.parts, timeline.step);
    let greatest = parts.iter().map(|part| part.endings.total()).max().filter(|greatest| *greatest > 0)?;
    let top = round_above(greatest);
    let axis = ABOVE + COLUMNS;
    let slot = 100.0 / number(parts.len());
    let width = (slot * 0.74).min(12.0);
    let mut shapes = vec![rule(ABOVE, "grid"), rule(ABOVE + COLUMNS / 2.0, "grid")];
    for (place, part) in (0_u32..).zip(parts) {
        let x = f64::from(place) * slot + (slot - width) / 2.0;
        let mut y = axis;
        for (class, count) in stacked(&part.endings) {
            let height = COLUMNS * share(count, top);
            y -= height;
            // A line of the ground between two parts of a column.
            let height = if height > 2.0 { height - 1.0 } else { height };
            shapes.push(Shape::Box { class, x: Percent(x), y, width: Percent(width), height });
        }
    }
    shapes.push(rule(axis, "axis"));
    let name = |place: usize| step.name(parts[place].from);
    let last = parts.len() - 1;
    let mut labels = vec![quiet(0.0, ABOVE - 7.0, "start", words::counted(top, "session", "sessions"))];
    labels.push(quiet(0.0, axis + BELOW - 7.0, "start", name(0)));
    if last > 0 {
        labels.push(quiet(100.0, axis + BELOW - 7.0, "end", name(last)));
    }
    if last > 7 {
        let x = (number(last / 2) + 0.5) * slot;
        labels.push(quiet(x, axis + BELOW - 7.0, "middle", name(last / 2)));
    }
    let busiest = parts.iter().find(|part| part.endings.total() == greatest)?;
    let description = format!(
        "A column for each {}, from {} to {}. The highest is of {}, with {}. The table has every figure.",
        step.word(),
        name(0),
        name(last),
        step.name(busiest.from),
        words::counted(greatest, "session", "sessions"),
    );
    let title = format!("Sessions by {} and ending", step.word());
    Some(Chart { id: "timeline", title, description, height: axis + BELOW, shapes, labels, has_legend: true })
}

/// How sessions ended, by what they rest on: a row for each.
pub(super) fn endings(checks: &[Checks]) -> Option<Chart> {
    let greatest = checks.iter().map(|row| row.endings.total()).max()?;
    let (mut shapes, mut labels) = (Vec::new(), Vec::new());
    for (row, y) in checks.iter().zip(rows()) {
        let total = row.endings.total();
        labels.push(start(0.0, y + 14.0, name(row)));
        labels.push(quiet(100.0, y + 14.0, "end", words::count(total)));
        let mut x = 0.0;
        for (class, count) in stacked(&row.endings) {
            let width = 100.0 * share(count, greatest);
            shapes.push(Shape::Box {
                class,
                x: Percent(x),
                y: y + 22.0,
                width: Percent((width - 0.3).max(0.2)),
                height: 12.0,
            });
            x += width;
        }
    }
    let longest = checks.iter().find(|row| row.endings.total() == greatest)?;
    let description = format!(
        "A bar for each method or other ground, as long as its sessions are many. The longest is {}, with {}, {} of them \
         verified. The table has every figure.",
        name(longest),
        words::counted(greatest, "session", "sessions"),
        words::share(longest.endings.verified, greatest),
    );
    let title = "Sessions by method and ending".to_owned();
    Some(Chart {
        id: "endings",
        title,
        description,
        height: ROW * number(checks.len()),
        shapes,
        labels,
        has_legend: true,
    })
}

/// How long decisions took: for each row of checks a dot at the median, and a line from there to what nine in ten took.
pub(super) fn times(checks: &[Checks]) -> Option<Chart> {
    let timed: Vec<(&Checks, Times)> = checks.iter().filter_map(|row| Some((row, row.time_to_decision?))).collect();
    let (slowest, greatest) = timed.iter().map(|(row, times)| (row, times.p90)).max_by_key(|(_, p90)| *p90)?;
    let scale = round_time_above(greatest.as_secs_f64());
    let (mut shapes, mut labels) = (Vec::new(), Vec::new());
    for ((row, times), y) in timed.iter().zip(rows()) {
        let at = |seconds: f64| Percent(1.0 + 98.0 * seconds / scale);
        let (median, p90) = (at(times.median.as_secs_f64()), at(times.p90.as_secs_f64()));
        let both = format!("{} – {}", words::duration(times.median), words::duration(times.p90));
        labels.push(start(0.0, y + 14.0, name(row)));
        labels.push(quiet(100.0, y + 14.0, "end", both));
        shapes.push(rule(y + 28.0, "grid"));
        shapes.push(Shape::Line { class: "span", from: (median, y + 28.0), to: (p90, y + 28.0) });
        shapes.push(Shape::Line { class: "end", from: (p90, y + 22.0), to: (p90, y + 34.0) });
        shapes.push(Shape::Dot { class: "median", x: median, y: y + 28.0 });
    }
    let axis = ROW * number(timed.len());
    let most = std::time::Duration::from_secs_f64(scale);
    shapes.push(rule(axis, "axis"));
    labels.push(quiet(0.0, axis + 17.0, "start", "0 s".into()));
    labels.push(quiet(100.0, axis + 17.0, "end", words::duration(most)));
    let description = format!(
        "For each method or other ground a dot at the median and a line from there to the 90th percentile, on a scale from 0 to \
         {}. The slowest is {}, where nine in ten took at most {}. The table has every figure.",
        words::duration(most),
        name(slowest),
        words::duration(greatest),
    );
    let title = "Time to decision, median to 90th percentile".to_owned();
    Some(Chart { id: "times", title, description, height: axis + BELOW, shapes, labels, has_legend: false })
}

/// The parts of a bar that are not nothing.
fn stacked(endings: &Endings) -> impl Iterator<Item = (&'static str, u64)> + use<> {
    let parts = [("verified", endings.verified), ("refused", endings.not_verified), ("neither", endings.neither())];
    parts.into_iter().filter(|(_, count)| *count > 0)
}

fn name(row: &Checks) -> String {
    let name = words::grounds(row.grounds.as_ref());
    if name.chars().count() <= NAME {
        return name.into_owned();
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}

fn rows() -> impl Iterator<Item = f64> {
    (0_u32..).map(|place| f64::from(place) * ROW)
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[expect(clippy::cast_precision_loss, reason = "parts of a drawing")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// The next of 1, 2, 5, 10, 20, 50 and so on.
fn round_above(number: u64) -> u64 {
    let powers = (0..=19).map(|power| 10_u64.pow(power));
    let mut round = powers.flat_map(|power| [1, 2, 5].into_iter().filter_map(move |one| power.checked_mul(one)));
    round.find(|round| *round >= number).unwrap_or(u64::MAX)
}

/// The next time that people count by, in seconds.
fn round_time_above(seconds: f64) -> f64 {
    let usual = [10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_200.0, 1_800.0, 3_600.0];
    let longer = (1..=u16::MAX).map(|hours| 7_200.0 * f64::from(hours));
    usual.into_iter().chain(longer).find(|round| *round >= seconds).unwrap_or(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number() {
        for (number, round) in [(1, 1), (2, 2), (3, 5), (5, 5), (6, 10), (84, 100), (101, 200), (u64::MAX, u64::MAX)] {
            assert_eq!(round_above(number), round, "{number}");
        }
        for (seconds, round) in [(0.0, 10.0), (10.0, 10.0), (47.5, 60.0), (3_601.0, 7_200.0), (7_201.0, 14_400.0)] {
            assert!((round_time_above(seconds) - round).abs() < f64::EPSILON, "{seconds}");
        }
    }
}
