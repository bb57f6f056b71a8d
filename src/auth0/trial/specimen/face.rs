//! A face of nobody: ellipses and lines.

use super::canvas::{Colour, Point, View, ellipse};
use super::holder::Looks;

/// How large a face is, with its shoulders.
pub(super) const SIZE: Point = (100.0, 130.0);

const MIDDLE: Point = (50.0, 58.0);
const HEAD: Point = (25.0, 33.0);
const DARK: Colour = Colour([40, 30, 30]);

/// Draws a face that looks so.
pub(super) fn draw(view: &mut View<'_>, looks: &Looks) {
    behind(view, looks);
    view.ellipse(MIDDLE, HEAD, looks.skin);
    if looks.has_beard {
        lower_half(view, looks);
    }
    features(view, looks);
    fringe(view, looks);
    if looks.has_glasses {
        glasses(view);
    }
}

/// What the head is before.
fn behind(view: &mut View<'_>, looks: &Looks) {
    if looks.has_long_hair {
        view.ellipse((50.0, 64.0), (34.0, 44.0), looks.hair);
    }
    view.block((41.0, 80.0), (59.0, 112.0), darker(looks.skin));
    view.ellipse((50.0, 138.0), (47.0, 35.0), looks.clothes);
    view.ellipse((50.0, 104.0), (11.0, 7.0), darker(looks.skin));
    for x in [25.0, 75.0] {
        view.ellipse((x, 60.0), (4.0, 7.0), darker(looks.skin));
    }
}

fn features(view: &mut View<'_>, looks: &Looks) {
    for (x, side) in [(40.0, -1.0), (60.0, 1.0)] {
        view.ellipse((x, 57.0), (5.2, 3.2), Colour([250; 3]));
        view.ellipse((x, 57.0), (2.7, 2.9), looks.iris);
        view.ellipse((x, 57.0), (1.2, 1.3), DARK);
        view.line(&[(x - 5.5, 55.2), (x, 53.4), (x + 5.5, 55.2)], 0.9, DARK);
        view.line(&[(x - side * 5.5, 49.2), (x, 47.4), (x + side * 6.0, 49.0)], 1.7, looks.hair);
    }
    view.line(&[(50.5, 57.0), (47.0, 68.5), (51.5, 70.0)], 1.0, darker(looks.skin));
    view.line(&[(42.0, 78.0), (46.5, 80.0), (53.5, 80.0), (58.0, 78.0)], 2.0, Colour([165, 80, 80]));
}

fn fringe(view: &mut View<'_>, looks: &Looks) {
    let around = ellipse((50.0, 53.0), (28.0, 34.0));
    let forehead = ellipse((52.0, 66.0), (23.0, 29.0));
    view.fill([(20.0, 15.0), (80.0, 70.0)], looks.hair, |point| {
        let below = point.1 - if looks.has_long_hair { 66.0 } else { 52.0 };
        around(point).max(-forehead(point)).max(below)
    });
}

fn lower_half(view: &mut View<'_>, looks: &Looks) {
    let (head, cheeks) = (ellipse(MIDDLE, HEAD), ellipse((50.0, 57.0), (21.0, 17.5)));
    view.fill([(20.0, 58.0), (80.0, 95.0)], looks.hair, |point| head(point).max(-cheeks(point)).max(62.0 - point.1));
}

fn glasses(view: &mut View<'_>) {
    for x in [40.0, 60.0] {
        let glass = ellipse((x, 57.5), (8.0, 6.5));
        view.fill([(x - 10.0, 49.0), (x + 10.0, 66.0)], DARK, |point| glass(point).abs() - 0.6);
    }
    view.line(&[(48.0, 56.5), (52.0, 56.5)], 1.1, DARK);
}

fn darker(colour: Colour) -> Colour {
    Colour(colour.0.map(|part| part / 8 * 7))
}
