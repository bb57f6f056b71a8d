//! A selfie, with a paper where one is asked for.

use super::canvas::{Canvas, Colour, Point, View};
use super::face;
use super::holder::{Holder, Pose};
use super::letters::Pen;
use super::print::INK;

const SIZE: [u16; 2] = [720, 960];
/// The same in measures of what is drawn.
const ROOM: Point = (960.0, 1280.0);
/// Of the paper.
const PAPER: Point = (430.0, 300.0);

/// Draws `holder`, who holds a paper with these lines, if there are any.
pub(super) fn draw(holder: &Holder, lines: &[String]) -> Canvas {
    let Pose { wall, window, at, scale, degrees } = holder.pose;
    let mut canvas = Canvas::new(SIZE[0], SIZE[1], wall);
    let mut whole = canvas.whole();
    let mut room = whole.part((0.0, 0.0), 0.75, 0.0, ROOM);
    room.block((window, 0.0), (window + 280.0, 520.0), Colour([226, 236, 240]));
    room.line(&[(window + 140.0, 0.0), (window + 140.0, 520.0)], 12.0, Colour([150, 140, 128]));
    room.block((0.0, 1120.0), (960.0, 1280.0), Colour([150, 138, 120]));
    face::draw(&mut room.part(at, scale, degrees, face::SIZE), &holder.looks);
    canvas.light((if window > 300.0 { 0.6 } else { -0.6 }, -0.2), 0.25);
    if !lines.is_empty() {
        paper(&mut canvas.whole().part((0.0, 0.0), 0.75, 0.0, ROOM), holder, lines);
    }
    canvas
}

fn paper(room: &mut View<'_>, holder: &Holder, lines: &[String]) {
    let mut paper = room.part((520.0, 900.0), 1.0, -5.0, PAPER);
    paper.block((0.0, 0.0), PAPER, Colour([252, 252, 246]));
    let longest = lines.iter().map(|line| line.chars().count()).fold(5, usize::max);
    let height = f32::from(u8::try_from(360 / longest).unwrap_or(u8::MAX)).min(64.0);
    let mut top = 30.0;
    for line in lines {
        paper.write((32.0, top), Pen { height, width: 7.0, colour: INK }, line);
        top += height * 1.45;
    }
    for y in [1085.0, 1125.0, 1165.0, 1205.0] {
        room.line(&[(940.0, y + 14.0), (880.0, y - 22.0)], 38.0, holder.looks.skin);
    }
}
