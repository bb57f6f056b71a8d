//! Letters as lines: capitals, digits and a few signs, on a grid of 5 by 7 points.

use super::canvas::{Colour, Point, View};

/// From one letter to the next, in parts of the grid.
const ADVANCE: f32 = 6.0;
/// How tall a letter is, in parts of the grid.
const TALL: f32 = 6.0;

/// How text is written.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    /// How tall a letter is.
    pub(super) height: f32,
    /// How wide a line of it is.
    pub(super) width: f32,
    pub(super) colour: Colour,
}

impl Pen {
    /// How long `text` is.
    pub(super) fn length(self, text: &str) -> f32 {
        text.chars().map(|_| ADVANCE).sum::<f32>() * self.height / TALL
    }
}

impl View<'_> {
    /// Writes `text`, whose first letter has its upper left corner at `at`.
    pub(super) fn write(&mut self, at: Point, pen: Pen, text: &str) {
        let unit = pen.height / TALL;
        let mut left = at.0;
        for letter in text.chars().flat_map(char::to_uppercase) {
            let (lines, has_dots) = lines(letter);
            let dots = if has_dots { "A0A0 C0C0" } else { "" };
            for line in lines.split(' ').chain(dots.split(' ')) {
                let points: Vec<_> = line.as_bytes().chunks_exact(2).map(|point| on_grid(point, has_dots)).collect();
                let points: Vec<_> = points.iter().map(|(x, y)| (left + x * unit, at.1 + y * unit)).collect();
                self.line(&points, pen.width, pen.colour);
            }
            left += ADVANCE * unit;
        }
    }
}

/// A point of the grid: a digit across, a digit down. A letter with dots is a little lower, and they stand above it, at `A`
/// and `C`.
fn on_grid(point: &[u8], has_dots: bool) -> Point {
    let digit = |byte: u8| f32::from(byte.saturating_sub(b'0'));
    match point {
        [b'A', _] => (1.0, -0.4),
        [b'C', _] => (3.0, -0.4),
        [x, y] if has_dots => (digit(*x), 1.5 + digit(*y) * 0.75),
        [x, y] => (digit(*x), digit(*y)),
        _ => (0.0, 0.0),
    }
}

/// The lines of `letter`, and whether two dots stand above it. None for what has no shape here.
fn lines(letter: char) -> (&'static str, bool) {
    let lines = match letter {
        'A' | 'Ä' => "062046 1333",
        'B' => "0006364433 0333423200 0333",
        'C' => "4130100105163645",
        'D' => "000626444120 2000",
        'E' => "40000646 0333",
        'F' => "400006 0333",
        'G' => "413010010516364543 4323",
        'H' => "0006 4046 0343",
        'I' => "1030 2026 1636",
        'J' => "3035261605",
        'K' => "0006 4003 0346",
        'L' => "000646",
        'M' => "0600234046",
        'N' => "06004640",
        'O' | 'Ö' => "100105163645413010",
        'P' => "06003041423303",
        'Q' => "100105163645413010 2446",
        'R' => "06003041423303 2346",
        'S' => "41301001021333444536 36160605",
        'T' => "0040 2026",
        'U' | 'Ü' => "0005163645 4540",
        'V' => "002640",
        'W' => "0016233640",
        'X' => "0046 4006",
        'Y' => "002340 2326",
        'Z' => "00400646",
        '0' => "100105163645413010 0541",
        '1' => "112026 1636",
        '2' => "01103041420646",
        '3' => "0040234445361605",
        '4' => "36300444",
        '5' => "40000233444536160605",
        '6' => "3010010516364544330304",
        '7' => "004026",
        '8' => "10010213334445361605041342413010",
        '9' => "43130201103041453616",
        '<' => "410345",
        '-' => "1333",
        '.' => "2626",
        '·' => "2323",
        ':' => "2222 2626",
        '/' => "0640",
        _ => "",
    };
    (lines, matches!(letter, 'Ä' | 'Ö' | 'Ü'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_that_is_written_has_lines_on_the_grid() {
        let written = ('A'..='Z').chain('0'..='9').chain("ÄÖÜ<-.·:/".chars());
        let mut seen = std::collections::HashSet::new();
        for letter in written {
            let (lines, has_dots) = lines(letter);
            assert!(!lines.is_empty(), "{letter} has no lines");
            for point in lines.split(' ').flat_map(|line| line.as_bytes().chunks(2)) {
                assert!(matches!(point, [b'0'..=b'4', b'0'..=b'6']), "{letter}: {point:?}");
            }
            assert!(seen.insert((lines, has_dots)), "{letter} looks like another");
        }
        assert_eq!(lines(' '), ("", false));
    }
}
