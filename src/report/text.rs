//! A report for a terminal.

use std::fmt::Write;

use super::sections::{self, Kind, Table};
use super::{Report, opening, words};

/// The report as lines. The first column of a table is as wide as need be; figures end below each other.
pub(super) fn of(report: &Report) -> String {
    let mut text = String::new();
    write(&mut text, report).expect("writing to memory does not fail");
    text
}

fn write(text: &mut String, report: &Report) -> std::fmt::Result {
    let whose = report.heading.whose().map(|name| format!("{}: ", words::seen(name)));
    writeln!(text, "{}identity verification report", whose.unwrap_or_default())?;
    for warning in opening::warnings(report) {
        writeln!(text, "\n! {warning}")?;
    }
    writeln!(text)?;
    for (name, value) in opening::facts(report) {
        writeln!(text, "{name:<12}{value}")?;
    }
    for section in sections::all(report) {
        writeln!(text, "\n{}\n{}", section.title, "=".repeat(section.title.chars().count()))?;
        for sentence in section.lead {
            writeln!(text, "{sentence}")?;
        }
        for exhibit in section.exhibits {
            writeln!(text)?;
            write_table(text, &exhibit.table)?;
        }
    }
    Ok(())
}

fn write_table(text: &mut String, table: &Table) -> std::fmt::Result {
    if table.rows.is_empty() {
        return writeln!(text, "{}: {}", table.caption, table.none);
    }
    writeln!(text, "{}", table.caption)?;
    let names: Vec<_> = table.columns.iter().map(|column| column.name.to_owned()).collect();
    let lines: Vec<_> = [&names].into_iter().chain(&table.rows).collect();
    let wide = |place: usize| lines.iter().map(|line| line[place].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..names.len()).map(wide).collect();
    for line in lines {
        let cells = line.iter().zip(&widths).zip(&table.columns).map(|((cell, width), column)| {
            if column.kind == Kind::Figure { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        writeln!(text, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}
