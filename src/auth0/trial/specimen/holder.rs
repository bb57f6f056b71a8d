//! Who is on the specimens: the sample people, with faces of nobody.

use super::canvas::{Canvas, Colour, Point, View};

/// The number of each document, which no state gives.
pub(super) const NUMBER: &str = "SPECIMEN0";
/// When each ends, as in its zone.
pub(super) const EXPIRES: &str = "991231";

/// Of the photos of documents: small, and everything on them can be read.
const SIZE: [u16; 2] = [1020, 765];
/// How large a document is on them.
const SCALE: f32 = 0.75;

/// Somebody who holds specimens.
pub(super) struct Holder {
    pub(super) surname: String,
    pub(super) given_names: String,
    /// When, as in the zone.
    pub(super) born: &'static str,
    /// The same for people.
    pub(super) birth: &'static str,
    pub(super) looks: Looks,
    pub(super) pose: Pose,
    photo: Photo,
}

/// How a drawn face differs from another.
#[derive(Clone, Copy)]
pub(super) struct Looks {
    pub(super) skin: Colour,
    pub(super) hair: Colour,
    pub(super) iris: Colour,
    pub(super) clothes: Colour,
    pub(super) has_long_hair: bool,
    pub(super) has_glasses: bool,
    pub(super) has_beard: bool,
}

/// How they take photos.
#[derive(Clone, Copy)]
struct Photo {
    table: Colour,
    at: Point,
    degrees: f32,
    window: Point,
}

/// Where they are in their selfies.
#[derive(Clone, Copy)]
pub(super) struct Pose {
    pub(super) wall: Colour,
    /// Where the window is.
    pub(super) window: f32,
    pub(super) at: Point,
    pub(super) scale: f32,
    pub(super) degrees: f32,
}

const LOOKS: [Looks; 3] = [
    Looks {
        skin: Colour([240, 205, 180]),
        hair: Colour([82, 52, 38]),
        iris: Colour([70, 105, 70]),
        clothes: Colour([110, 60, 110]),
        has_long_hair: true,
        has_glasses: false,
        has_beard: false,
    },
    Looks {
        skin: Colour([232, 190, 160]),
        hair: Colour([176, 132, 70]),
        iris: Colour([70, 110, 150]),
        clothes: Colour([50, 85, 120]),
        has_long_hair: false,
        has_glasses: true,
        has_beard: true,
    },
    Looks {
        skin: Colour([172, 122, 88]),
        hair: Colour([30, 26, 28]),
        iris: Colour([64, 42, 30]),
        clothes: Colour([160, 70, 50]),
        has_long_hair: true,
        has_glasses: true,
        has_beard: false,
    },
];

const PHOTOS: [Photo; 3] = [
    Photo { table: Colour([120, 92, 66]), at: (60.0, 67.0), degrees: 1.5, window: (0.5, -0.3) },
    Photo { table: Colour([64, 70, 78]), at: (50.0, 120.0), degrees: -3.0, window: (-0.6, 0.2) },
    Photo { table: Colour([168, 160, 150]), at: (82.0, 45.0), degrees: 3.5, window: (0.1, 0.6) },
];

const POSES: [Pose; 3] = [
    Pose { wall: Colour([196, 206, 200]), window: 620.0, at: (40.0, 250.0), scale: 7.9, degrees: -1.5 },
    Pose { wall: Colour([150, 168, 186]), window: -60.0, at: (110.0, 420.0), scale: 6.6, degrees: 2.0 },
    Pose { wall: Colour([222, 206, 184]), window: 330.0, at: (-70.0, 160.0), scale: 8.6, degrees: -4.0 },
];

const BIRTHS: [(&str, &str); 3] = [("900101", "01 JAN 1990"), ("850615", "15 JUN 1985"), ("951231", "31 DEC 1995")];

impl Holder {
    /// The person with this number and name.
    pub(super) fn of(number: usize, name: &str) -> Self {
        let (given_names, surname) = name.rsplit_once(' ').unwrap_or(("", name));
        let (born, birth) = BIRTHS[number % BIRTHS.len()];
        Self {
            surname: surname.into(),
            given_names: given_names.into(),
            born,
            birth,
            looks: LOOKS[number % LOOKS.len()],
            pose: POSES[number % POSES.len()],
            photo: PHOTOS[number % PHOTOS.len()],
        }
    }

    /// What `draw` draws, lying on their table.
    pub(super) fn photographed(&self, size: Point, draw: impl FnOnce(&mut View<'_>)) -> Canvas {
        let Photo { table, at, degrees, window } = self.photo;
        let mut canvas = Canvas::new(SIZE[0], SIZE[1], table);
        let mut whole = canvas.whole();
        let mut shadow = whole.faint(0.35);
        shadow.part((at.0 + 7.0, at.1 + 8.0), SCALE, degrees, size).block((0.0, 0.0), size, Colour([0; 3]));
        draw(&mut whole.part(at, SCALE, degrees, size));
        canvas.light(window, 0.3);
        canvas
    }
}
