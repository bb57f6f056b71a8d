//! Aligned plain text on stdout, and progress on stderr.

/// A titled table: the first column is set left, the others right.
pub(crate) struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table whose columns are all named by the empty string prints no head.
    pub(crate) fn new(title: impl Into<String>, columns: &[&str]) -> Self {
        let head = columns.iter().map(|&name| name.to_owned()).collect();
        Self { title: title.into(), rows: vec![head] }
    }

    pub(crate) fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub(crate) fn print(&self) {
        println!("{}", self.title);
        let widths = self.widths();
        let headless = self.rows[0].iter().all(String::is_empty);
        for row in self.rows.iter().skip(usize::from(headless)) {
            println!("  {}", line(row, &widths, headless));
        }
        println!();
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows[0].len();
        (0..columns)
            .map(|column| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect()
    }
}

/// Says on stderr what is being measured.
pub(crate) fn progress(what: &str) {
    eprintln!("{what}");
}

fn line(row: &[String], widths: &[usize], left: bool) -> String {
    let mut line = String::new();
    for (column, (cell, &wide)) in row.iter().zip(widths).enumerate() {
        let gap = " ".repeat(wide.saturating_sub(width(cell)));
        if column > 0 {
            line.push_str("   ");
        }
        if left || column == 0 {
            line.push_str(cell);
            line.push_str(&gap);
        } else {
            line.push_str(&gap);
            line.push_str(cell);
        }
    }
    line.trim_end().to_owned()
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}
