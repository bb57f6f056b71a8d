//! What is drawn on: shapes by their distance, smooth at their edges, shifted, scaled and turned.

/// Across, and down.
pub(super) type Point = (f32, f32);

/// Red, green and blue.
#[derive(Clone, Copy)]
pub(super) struct Colour(pub(super) [u8; 3]);

/// A picture.
pub(super) struct Canvas {
    /// Three bytes each, row by row.
    pub(super) pixels: Vec<u8>,
    /// In pixels.
    pub(super) width: u16,
    /// In pixels.
    pub(super) height: u16,
}

/// A part of a picture with measures of its own.
pub(super) struct View<'c> {
    canvas: &'c mut Canvas,
    /// Where its corner is in the picture.
    origin: Point,
    /// Where a step across leads in the picture.
    step: Point,
    /// Nothing is drawn beyond it.
    size: Point,
    /// How much of what is below a shape is covered by it, 0 to 1.
    opacity: f32,
}

impl Canvas {
    /// A picture of one colour.
    pub(super) fn new(width: u16, height: u16, ground: Colour) -> Self {
        let pixels = usize::from(width) * usize::from(height);
        Self { pixels: ground.0.repeat(pixels), width, height }
    }

    /// The whole picture.
    pub(super) fn whole(&mut self) -> View<'_> {
        let size = (self.width.into(), self.height.into());
        View { canvas: self, origin: (0.0, 0.0), step: (1.0, 0.0), size, opacity: 1.0 }
    }

    /// Makes it lighter towards one side, as where a window is: by `most` at the border where `towards` points.
    pub(super) fn light(&mut self, towards: Point, most: f32) {
        let (width, height) = (f32::from(self.width), f32::from(self.height));
        for (y, row) in (0..self.height).zip(self.pixels.chunks_exact_mut(usize::from(self.width) * 3)) {
            for (x, pixel) in (0..self.width).zip(row.chunks_exact_mut(3)) {
                let (across, down) = (f32::from(x) / width - 0.5, f32::from(y) / height - 0.5);
                let factor = 1.0 + most * (across * towards.0 + down * towards.1);
                for part in pixel {
                    *part = byte(f32::from(*part) * factor);
                }
            }
        }
    }
}

impl View<'_> {
    /// A part of it: its corner at `at`, so many times larger, turned clockwise, with a size in measures of its own.
    pub(super) fn part(&mut self, at: Point, scale: f32, degrees: f32, size: Point) -> View<'_> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let origin = self.outside(at);
        let across = self.outside((at.0 + scale * cos, at.1 + scale * sin));
        let step = (across.0 - origin.0, across.1 - origin.1);
        View { canvas: self.canvas, origin, step, size, opacity: self.opacity }
    }

    /// The same, through which what is below is seen.
    pub(super) fn faint(&mut self, opacity: f32) -> View<'_> {
        View { canvas: self.canvas, origin: self.origin, step: self.step, size: self.size, opacity }
    }

    /// Fills a rectangle between two corners.
    pub(super) fn block(&mut self, from: Point, to: Point, colour: Colour) {
        let (middle, half) = (between(from, to), ((to.0 - from.0) / 2.0, (to.1 - from.1) / 2.0));
        self.fill([from, to], colour, |(x, y)| ((x - middle.0).abs() - half.0).max((y - middle.1).abs() - half.1));
    }

    /// Fills an ellipse.
    pub(super) fn ellipse(&mut self, middle: Point, radii: Point, colour: Colour) {
        let bounds = [(middle.0 - radii.0, middle.1 - radii.1), (middle.0 + radii.0, middle.1 + radii.1)];
        self.fill(bounds, colour, ellipse(middle, radii));
    }

    /// Draws a line through points, with round ends.
    pub(super) fn line(&mut self, points: &[Point], width: f32, colour: Colour) {
        for pair in points.windows(2) {
            let &[from, to] = pair else { continue };
            let bounds = [
                (from.0.min(to.0) - width, from.1.min(to.1) - width),
                (from.0.max(to.0) + width, from.1.max(to.1) + width),
            ];
            self.fill(bounds, colour, |point| from_line(point, from, to) - width / 2.0);
        }
    }

    /// Fills where `distance` is below zero, within two corners: how far outside the shape a point is.
    pub(super) fn fill(&mut self, within: [Point; 2], colour: Colour, distance: impl Fn(Point) -> f32) {
        let scale = self.step.0.hypot(self.step.1);
        let ([left, right], [top, bottom]) = self.pixels_of(within);
        for y in top..bottom {
            for x in left..right {
                let point = self.inside((f32::from(x) + 0.5, f32::from(y) + 0.5));
                let is_beyond = !(0.0..=self.size.0).contains(&point.0) || !(0.0..=self.size.1).contains(&point.1);
                let covered = (0.5 - distance(point) * scale).clamp(0.0, 1.0) * self.opacity;
                if !is_beyond && covered > 0.0 {
                    self.canvas.mix(x, y, colour, covered);
                }
            }
        }
    }

    /// The pixels that may be within two corners.
    fn pixels_of(&self, [from, to]: [Point; 2]) -> ([u16; 2], [u16; 2]) {
        let corners = [from, to, (from.0, to.1), (to.0, from.1)].map(|corner| self.outside(corner));
        let range = |most: u16, part: fn(&Point) -> f32| {
            let least = corners.iter().map(part).fold(f32::INFINITY, f32::min);
            let greatest = corners.iter().map(part).fold(f32::NEG_INFINITY, f32::max);
            [pixel(least - 1.0).min(most), pixel(greatest + 2.0).min(most)]
        };
        (range(self.canvas.width, |corner| corner.0), range(self.canvas.height, |corner| corner.1))
    }

    fn outside(&self, (x, y): Point) -> Point {
        let (across, down) = self.step;
        (self.origin.0 + x * across - y * down, self.origin.1 + x * down + y * across)
    }

    fn inside(&self, (x, y): Point) -> Point {
        let (across, down) = self.step;
        let (x, y) = (x - self.origin.0, y - self.origin.1);
        let square = across * across + down * down;
        ((x * across + y * down) / square, (y * across - x * down) / square)
    }
}

impl Canvas {
    fn mix(&mut self, x: u16, y: u16, colour: Colour, share: f32) {
        let at = 3 * (usize::from(y) * usize::from(self.width) + usize::from(x));
        for (part, new) in self.pixels[at..at + 3].iter_mut().zip(colour.0) {
            *part = byte(f32::from(*part) * (1.0 - share) + f32::from(new) * share);
        }
    }
}

/// How far a point is outside an ellipse, nearly.
pub(super) fn ellipse(middle: Point, radii: Point) -> impl Fn(Point) -> f32 {
    move |(x, y)| {
        let (x, y) = ((x - middle.0) / radii.0, (y - middle.1) / radii.1);
        (x.hypot(y) - 1.0) * radii.0.min(radii.1)
    }
}

fn from_line(point: Point, from: Point, to: Point) -> f32 {
    let (along, away) = ((to.0 - from.0, to.1 - from.1), (point.0 - from.0, point.1 - from.1));
    let square = (along.0 * along.0 + along.1 * along.1).max(f32::MIN_POSITIVE);
    let share = ((away.0 * along.0 + away.1 * along.1) / square).clamp(0.0, 1.0);
    (away.0 - share * along.0).hypot(away.1 - share * along.1)
}

fn between(from: Point, to: Point) -> Point {
    (f32::midpoint(from.0, to.0), f32::midpoint(from.1, to.1))
}

/// The nearest of 0 to 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of this kind keeps to the bounds")]
fn byte(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// The pixel at `value`; those before the first are the first.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of this kind keeps to the bounds")]
fn pixel(value: f32) -> u16 {
    value as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Colour = Colour([255; 3]);
    const BLACK: Colour = Colour([0; 3]);

    fn at(canvas: &Canvas, x: usize, y: usize) -> u8 {
        canvas.pixels[3 * (y * usize::from(canvas.width) + x)]
    }

    #[test]
    fn a_shape_covers_what_is_inside_it_and_nothing_else() {
        let mut canvas = Canvas::new(20, 20, WHITE);
        canvas.whole().block((5.0, 5.0), (10.0, 15.0), BLACK);
        assert_eq!([at(&canvas, 4, 10), at(&canvas, 5, 10), at(&canvas, 9, 14), at(&canvas, 10, 10)], [255, 0, 0, 255]);
        let mut canvas = Canvas::new(20, 20, WHITE);
        canvas.whole().ellipse((10.0, 10.0), (8.0, 4.0), BLACK);
        assert_eq!([at(&canvas, 10, 10), at(&canvas, 3, 10), at(&canvas, 10, 3)], [0, 0, 255]);
    }

    #[test]
    fn a_part_has_its_own_measures_and_draws_nothing_beyond_itself() {
        let mut canvas = Canvas::new(20, 20, WHITE);
        canvas.whole().part((10.0, 0.0), 2.0, 90.0, (4.0, 4.0)).block((0.0, 0.0), (9.0, 9.0), BLACK);
        // Turned by 90 degrees it lies to the left of its corner.
        assert_eq!([at(&canvas, 3, 4), at(&canvas, 9, 4), at(&canvas, 1, 4), at(&canvas, 11, 4)], [0, 0, 255, 255]);
        assert_eq!([at(&canvas, 5, 7), at(&canvas, 5, 9)], [0, 255]);
    }

    #[test]
    fn what_lies_outside_the_picture_is_not_drawn() {
        let mut canvas = Canvas::new(8, 8, WHITE);
        canvas.whole().line(&[(-50.0, 4.0), (50.0, 4.0)], 2.0, BLACK);
        assert_eq!([at(&canvas, 0, 4), at(&canvas, 7, 4), at(&canvas, 7, 0)], [0, 0, 255]);
        canvas.whole().block((-9.0, -9.0), (-1.0, -1.0), BLACK);
        assert_eq!(at(&canvas, 0, 0), 255);
    }
}
