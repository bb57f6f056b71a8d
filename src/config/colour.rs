//! Colours, and whether they can be told apart (WCAG 2.2, success criteria 1.4.3 and 1.4.11).

use std::fmt;

/// A colour of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// White.
    pub const WHITE: Self = Self([0xff; 3]);
    /// Black.
    pub const BLACK: Self = Self([0; 3]);

    /// The colour of these parts of red, green and blue.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// The colour that `text` names as `#rrggbb`, in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?.to_ascii_lowercase();
        let parts = data_encoding::HEXLOWER.decode(digits.as_bytes()).ok()?;
        Some(Self(parts.try_into().ok()?))
    }

    /// How well `self` stands out from `other`: 1 not at all, 21 the most.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever reads better on this colour. The better of the two always has 4.5:1, the least that
    /// text may have: where white falls short of it, black has 21 / 4.5 and more.
    #[must_use]
    pub fn text_on(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }

    /// This colour, or the first of its mixtures with `towards` that stands out from each of `grounds` by `least`;
    /// `towards` itself if none does.
    #[must_use]
    pub fn until_it_stands_out(self, towards: Self, grounds: &[Self], least: f64) -> Self {
        let mixtures = (0..=100).map(|percent| self.mixed(towards, percent));
        let mut distinct = mixtures.filter(|colour| grounds.iter().all(|ground| colour.contrast(*ground) >= least));
        distinct.next().unwrap_or(towards)
    }

    fn mixed(self, other: Self, percent: u16) -> Self {
        let part = |index: usize| {
            let mixture = u16::from(self.0[index]) * (100 - percent) + u16::from(other.0[index]) * percent;
            u8::try_from(mixture / 100).unwrap_or(u8::MAX)
        };
        Self([part(0), part(1), part(2)])
    }

    /// The relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126f64.mul_add(red, 0.7152f64.mul_add(green, 0.0722 * blue))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_wcag_defines_it() {
        assert!((Colour::WHITE.contrast(Colour::BLACK) - 21.0).abs() < 1e-9);
        assert!((Colour::WHITE.contrast(Colour::WHITE) - 1.0).abs() < 1e-9);
        // The grey that is famous for being just enough on white, and the one just beside it.
        assert!(Colour::new(0x76, 0x76, 0x76).contrast(Colour::WHITE) >= 4.5);
        assert!(Colour::new(0x77, 0x77, 0x77).contrast(Colour::WHITE) < 4.5);
    }

    #[test]
    fn black_or_white_reads_on_every_grey_and_every_pure_colour() {
        for part in 0..=255 {
            for colour in [[part; 3], [part, 0, 0], [0, part, 0], [0, 0, part], [part, part, 0], [255, part, 0]] {
                let colour = Colour(colour);
                assert!(colour.contrast(colour.text_on()) >= 4.5, "{colour}");
            }
        }
    }

    #[test]
    fn a_colour_is_written_in_one_form_only() {
        assert_eq!(Colour::parse("#0B57d0").unwrap().to_string(), "#0b57d0");
        for text in ["0b57d0", "#0b57d", "#0b57d00", "#0b5", "#0b57dg", "blue", "", "#"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }
}
