//! A link as a drawing that a phone's camera reads.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// The margin that readers want around it, in dots (ISO/IEC 18004).
const MARGIN: i32 = 4;

/// A drawing of dots.
pub(super) struct Drawing {
    /// How many dots its sides have, margins included.
    pub(super) size: i32,
    /// The dark ones, as the path of an SVG.
    pub(super) path: String,
}

/// `link` as a drawing; none if it is too long for one.
pub(super) fn draw(link: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(link, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let width = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            let width = i32::try_from(width).ok()?;
            if width > 0 {
                write!(path, "M{} {}h{width}v1h-{width}z", x + MARGIN, y + MARGIN).ok()?;
            }
            x += width + 1;
        }
    }
    Some(Drawing { size: code.size() + 2 * MARGIN, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_in_capitals_has_few_dots_and_each_is_drawn() {
        let link = "HTTPS://IDV.ACME.EXAMPLE/H/0123456789ABCDEFGHJKMNPQRS";
        let drawing = draw(link).unwrap();
        assert_eq!(drawing.size, 29 + 8, "version 3");
        assert!(draw(&link.to_lowercase()).unwrap().size > drawing.size);
        let code = QrCode::encode_text(link, QrCodeEcc::Medium).unwrap();
        let dark = (0..29).flat_map(|y| (0..29).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y)).count();
        let runs = drawing.path.split('M').skip(1).map(|run| run.split(['h', 'v']).nth(1).unwrap());
        assert_eq!(runs.map(|width| width.parse::<usize>().unwrap()).sum::<usize>(), dark);
        assert!(drawing.path.len() < 6000, "{}", drawing.path.len());
    }
}
