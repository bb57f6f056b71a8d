//! Both sides of an identity card.

use super::canvas::{Colour, Point, View};
use super::holder::{Holder, NUMBER};
use super::letters::Pen;
use super::print::{self, INK, field};
use super::{STATE, face, zone};

/// Of a side.
pub(super) const SIZE: Point = (1200.0, 757.0);

const GROUND: Colour = Colour([232, 226, 238]);
const WAVES: Colour = Colour([208, 200, 226]);

/// Draws the side with the portrait.
pub(super) fn draw_front(side: &mut View<'_>, holder: &Holder) {
    print::paper(side, SIZE, GROUND, WAVES);
    side.block((0.0, 0.0), (SIZE.0, 84.0), Colour([120, 96, 150]));
    side.write((40.0, 30.0), Pen { height: 26.0, width: 4.0, colour: Colour([255; 3]) }, "UTOPIA · IDENTITY CARD");
    side.part((50.0, 130.0), 3.6, 0.0, face::SIZE).block((0.0, 0.0), face::SIZE, Colour([222, 220, 230]));
    face::draw(&mut side.part((50.0, 130.0), 3.6, 0.0, face::SIZE), &holder.looks);
    for (at, label, value) in [
        ((470.0, 130.0), "SURNAME", holder.surname.as_str()),
        ((470.0, 220.0), "GIVEN NAMES", holder.given_names.as_str()),
        ((470.0, 310.0), "DATE OF BIRTH", holder.birth),
        ((470.0, 400.0), "CARD NO.", NUMBER),
        ((800.0, 400.0), "STATE", STATE),
        ((470.0, 490.0), "DATE OF EXPIRY", "31 DEC 2099"),
    ] {
        field(side, at, label, value);
    }
}

/// Draws the other side.
pub(super) fn draw_back(side: &mut View<'_>, holder: &Holder) {
    print::paper(side, SIZE, GROUND, WAVES);
    side.block((0.0, 40.0), (SIZE.0, 130.0), INK);
    for (at, label, value) in [
        ((60.0, 180.0), "ADDRESS", "1 NO STREET · NOWHERE"),
        ((60.0, 270.0), "DATE OF ISSUE", "01 JAN 2020"),
        ((600.0, 270.0), "AUTHORITY", "NOBODY"),
        ((60.0, 360.0), "REMARKS", "FOR TRIALS ALONE"),
    ] {
        field(side, at, label, value);
    }
    side.block((0.0, 480.0), SIZE, Colour([246, 246, 242]));
    print::zone(side, (60.0, 530.0), 34.0, &zone::of_card(holder));
}
