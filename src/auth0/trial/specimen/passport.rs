//! The page of a passport with the portrait.

use super::canvas::{Colour, Point, View};
use super::holder::{Holder, NUMBER};
use super::letters::Pen;
use super::print::{self, INK, field};
use super::{STATE, face, zone};

/// Of the page.
pub(super) const SIZE: Point = (1200.0, 845.0);

/// Draws it.
pub(super) fn draw(page: &mut View<'_>, holder: &Holder) {
    print::paper(page, SIZE, Colour([236, 238, 230]), Colour([206, 216, 222]));
    page.write((40.0, 40.0), Pen { height: 30.0, width: 4.2, colour: INK }, "STATE OF UTOPIA");
    page.write((700.0, 46.0), Pen { height: 22.0, width: 3.0, colour: INK }, "PASSPORT");
    page.part((40.0, 120.0), 3.4, 0.0, face::SIZE).block((0.0, 0.0), face::SIZE, Colour([214, 222, 226]));
    face::draw(&mut page.part((40.0, 120.0), 3.4, 0.0, face::SIZE), &holder.looks);
    for (at, label, value) in [
        ((430.0, 120.0), "TYPE", "P"),
        ((570.0, 120.0), "STATE", STATE),
        ((760.0, 120.0), "PASSPORT NO.", NUMBER),
        ((430.0, 200.0), "SURNAME", holder.surname.as_str()),
        ((430.0, 280.0), "GIVEN NAMES", holder.given_names.as_str()),
        ((430.0, 360.0), "NATIONALITY", "UTOPIAN"),
        ((760.0, 360.0), "DATE OF BIRTH", holder.birth),
        ((430.0, 440.0), "PLACE OF BIRTH", "NOWHERE"),
        ((430.0, 520.0), "DATE OF ISSUE", "01 JAN 2020"),
        ((760.0, 520.0), "DATE OF EXPIRY", "31 DEC 2099"),
    ] {
        field(page, at, label, value);
    }
    page.block((0.0, 640.0), SIZE, Colour([246, 246, 242]));
    print::zone(page, (50.0, 690.0), 25.0, &zone::of_passport(holder));
}
