//! What all specimens have in common: paper with fine lines, fields with labels, and the notice over everything.

use super::NOTICE;
use super::canvas::{Canvas, Colour, Point, View};
use super::letters::Pen;

/// What is written for people.
pub(super) const INK: Colour = Colour([40, 44, 60]);
const LABELS: Colour = Colour([96, 100, 120]);
const RED: Colour = Colour([196, 24, 32]);

/// Paper of `ground` with fine waves.
pub(super) fn paper(view: &mut View<'_>, size: Point, ground: Colour, waves: Colour) {
    view.block((0.0, 0.0), size, ground);
    let wave = |row: u8| -> Vec<Point> {
        let across = |step: u8| {
            let x = f32::from(step) * size.0 / 60.0;
            (x, f32::from(row) * size.1 / 26.0 + 14.0 * (x / 70.0 + f32::from(row) * 0.5).sin())
        };
        (0..=60).map(across).collect()
    };
    (0..28).for_each(|row| view.line(&wave(row), 1.6, waves));
}

/// A field with its label above it.
pub(super) fn field(view: &mut View<'_>, at: Point, label: &str, value: &str) {
    view.write(at, Pen { height: 11.0, width: 1.6, colour: LABELS }, label);
    view.write((at.0, at.1 + 19.0), Pen { height: 23.0, width: 3.2, colour: INK }, value);
}

/// What a machine reads, below each other.
pub(super) fn zone(view: &mut View<'_>, at: Point, advance: f32, lines: &[String]) {
    let mut top = at.1;
    for line in lines {
        view.write((at.0, top), Pen { height: advance, width: 3.0, colour: Colour([20; 3]) }, line);
        top += advance * 1.9;
    }
}

/// Prints over the picture what it is, three times across and once below.
pub(super) fn over(canvas: &mut Canvas) {
    let (width, height) = (f32::from(canvas.width), f32::from(canvas.height));
    let mut whole = canvas.whole();
    let across = Pen { height: width / 30.0, width: width / 230.0, colour: RED };
    let mut faint = whole.faint(0.5);
    for share in [0.3, 0.6, 0.9] {
        let mut line = faint.part((width * 0.06, height * share), 1.0, -14.0, (width * 1.2, height));
        line.write((0.0, 0.0), across, NOTICE);
    }
    let below = Pen { height: 13.0, width: 2.2, colour: RED };
    let length = below.length(NOTICE) + 30.0;
    whole.block((0.0, height - 30.0), (length, height), Colour([255; 3]));
    whole.write((15.0, height - 22.0), below, NOTICE);
}
