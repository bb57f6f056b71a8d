//! The organisation's look: its name, logo and accent, and where its people find help.

use std::fmt;

use super::colour::Colour;
use super::problem::Problem;
use super::reader::Findings;
use super::secret::Source;
use super::typed::TypedBranding;
use crate::verification::tenant::Host;

/// What the pages show of the organisation. Everything is optional.
#[derive(Clone, Debug, Default)]
pub struct Branding {
    /// The organisation's name.
    pub name: Option<String>,
    /// Where its logo is, still unread. Never without a name, which is what stands in for it.
    pub logo: Option<Source>,
    /// The colour of buttons and of the focus.
    pub accent: Option<Accent>,
    /// Who helps people.
    pub support: Option<Contact>,
    /// The privacy policy.
    pub privacy: Option<WebAddress>,
    /// The terms of use.
    pub terms: Option<WebAddress>,
}

/// The accent, one colour for light pages and one for dark ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On [`LIGHT`].
    pub light: Colour,
    /// On [`DARK`].
    pub dark: Colour,
}

/// The page and the sheet on it, as in the style sheet.
pub const LIGHT: [Colour; 2] = [Colour::new(0xf4, 0xf5, 0xf7), Colour::WHITE];
/// As [`LIGHT`], where people prefer dark pages.
pub const DARK: [Colour; 2] = [Colour::new(0x10, 0x13, 0x16), Colour::new(0x1a, 0x1e, 0x23)];
/// How well a control must stand out (WCAG 2.2, success criterion 1.4.11).
const LEAST_CONTRAST: f64 = 3.0;

/// The longest name, in characters: what fits a heading on a phone.
const NAME_LIMIT: usize = 60;
/// The longest address, in bytes.
const ADDRESS_LIMIT: usize = 512;
/// The largest logo, in bytes.
const LOGO_LIMIT: usize = 64 * 1024;

/// An address that begins with `https://`, in visible ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("https://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let has_port = port.is_none_or(|port| !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok());
        let is_plain = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
        let is_good = Host::try_from(host.to_owned()).is_ok()
            && has_port
            && text.len() <= ADDRESS_LIMIT
            && rest.bytes().all(is_plain);
        is_good.then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where people find help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    /// By mail.
    Mail(String),
    /// On a page.
    Web(WebAddress),
}

impl Contact {
    /// The address as a link's target.
    #[must_use]
    pub fn uri(&self) -> String {
        match self {
            Self::Mail(address) => format!("mailto:{address}"),
            Self::Web(address) => address.to_string(),
        }
    }

    /// The address as people read it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Mail(address) => address,
            Self::Web(WebAddress(address)) => address.trim_start_matches("https://").trim_end_matches('/'),
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let Some((local, host)) = text.split_once('@').filter(|_| !text.contains("://")) else {
            return WebAddress::parse(text).map(Self::Web);
        };
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._+-".contains(&b);
        let is_good = (1..=64).contains(&local.len())
            && local.bytes().all(is_plain)
            && Host::try_from(host.to_ascii_lowercase()).is_ok();
        is_good.then(|| Self::Mail(text.to_owned()))
    }
}

impl Accent {
    /// `colour` on light pages, and on dark ones the nearest of its tints that stands out there.
    ///
    /// # Errors
    /// How little it stands out from light pages, and the nearest of its shades that stands out enough.
    fn derive(colour: Colour) -> Result<Self, (f64, Colour)> {
        let contrast = LIGHT.iter().map(|ground| colour.contrast(*ground)).fold(f64::INFINITY, f64::min);
        if contrast < LEAST_CONTRAST {
            return Err((contrast, colour.until_it_stands_out(Colour::BLACK, &LIGHT, LEAST_CONTRAST)));
        }
        Ok(Self { light: colour, dark: colour.until_it_stands_out(Colour::WHITE, &DARK, LEAST_CONTRAST) })
    }
}

/// What `typed` means. What is wrong is left out and told.
pub(super) fn convert(typed: TypedBranding, findings: &Findings<'_>) -> Branding {
    let wrong = |key: &str, problem: &str, remedy: &str| findings.add(&format!("branding.{key}"), problem, remedy);
    let web = |key: &str, text: Option<String>| {
        let address = WebAddress::parse(text.as_deref()?);
        if address.is_none() {
            wrong(key, "is not a web address", "write https://HOST/… without spaces, its host in lower case");
        }
        address
    };
    let (privacy, terms) = (web("privacy", typed.privacy), web("terms", typed.terms));
    let support = typed.support.and_then(|text| {
        let contact = Contact::parse(&text);
        if contact.is_none() {
            wrong("support", "is neither a mail address nor a web address", "write NAME@HOST or https://HOST/…");
        }
        contact
    });
    let name = typed.name.filter(|name| {
        let is_good = (1..=NAME_LIMIT).contains(&name.trim().chars().count()) && !name.contains(char::is_control);
        if !is_good {
            wrong("name", "is not a name to show", "write 1 to 60 characters on one line");
        }
        is_good
    });
    let logo = typed.logo.map(Source::from);
    if logo.is_some() && name.is_none() {
        wrong("logo", "has no words for who cannot see it", "set branding.name too");
    }
    let accent = typed.accent.and_then(|text| convert_accent(&text, findings));
    Branding { name: name.map(|name| name.trim().to_owned()), logo, accent, support, privacy, terms }
}

fn convert_accent(text: &str, findings: &Findings<'_>) -> Option<Accent> {
    let Some(colour) = Colour::parse(text) else {
        findings.add("branding.accent", "is not a colour", "write \"#rrggbb\", such as \"#0b57d0\"");
        return None;
    };
    let derived = Accent::derive(colour).map_err(|(contrast, darker)| {
        // Cut off, not rounded: 2.996 must not read as enough.
        let shown = (contrast * 100.0).floor() / 100.0;
        findings.add(
            "branding.accent",
            format!(
                "stands out from the page by {shown:.2}:1 only; a button needs {LEAST_CONTRAST:.0}:1 (WCAG 2.2 AA)"
            ),
            format!("choose a darker colour, such as \"{darker}\""),
        );
    });
    derived.ok()
}

/// A logo, read and looked at.
#[derive(Clone, Debug)]
pub enum Logo {
    /// A drawing without scripts and styles.
    Svg(Vec<u8>),
    /// A picture.
    Png(Vec<u8>),
}

impl Branding {
    /// Whether a page has anywhere to lead people for help or fine print.
    #[must_use]
    pub const fn has_links(&self) -> bool {
        self.support.is_some() || self.privacy.is_some() || self.terms.is_some()
    }

    /// Reads the logo, if there is one.
    ///
    /// # Errors
    /// It is unreadable, larger than 64 KiB, or nothing that a page may show.
    pub fn read_logo(&self) -> Result<Option<Logo>, Problem> {
        let Some(source) = &self.logo else { return Ok(None) };
        let problem = |problem: String, remedy: &str| Problem {
            place: source.to_string(),
            key: "branding.logo".into(),
            problem,
            remedy: remedy.into(),
        };
        let bytes = source.read_public().map_err(|error| problem(error.to_string(), &error.remedy()))?;
        let logo = Logo::parse(&bytes);
        logo.map(Some).map_err(|(what, remedy)| problem(what.into(), remedy))
    }
}

impl Logo {
    /// The logo that `bytes` are, if a page may show it.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    pub fn parse(bytes: &[u8]) -> Result<Self, (&'static str, &'static str)> {
        if bytes.len() > LOGO_LIMIT {
            return Err(("is larger than 64 KiB", "save it smaller; it is shown 40 pixels high"));
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Ok(Self::Png(bytes.to_vec()));
        }
        let text = std::str::from_utf8(bytes).unwrap_or_default().to_ascii_lowercase();
        if !(text.trim_start_matches('\u{feff}').trim_start().starts_with('<') && text.contains("<svg")) {
            return Err(("is neither an SVG nor a PNG file", "save it as one of them"));
        }
        if needs_what_is_off(&text) {
            return Err((
                "holds styles, scripts or foreign objects, which its Content-Security-Policy would switch off",
                "save it as an SVG with attributes (fill=\"…\") in place of styles, or as a PNG",
            ));
        }
        Ok(Self::Svg(bytes.to_vec()))
    }
}

/// Whether the drawing `text`, in lower case, has anything that its response switches off (`headers::DRAWING_POLICY`). A
/// logo that some browsers then show in black is none.
fn needs_what_is_off(text: &str) -> bool {
    let is_blank = |c: char| c.is_ascii_whitespace();
    let mut names = text.split('<').filter_map(|rest| rest.split(|c| is_blank(c) || c == '/' || c == '>').next());
    // An element may have any prefix, and an attribute stand apart from its equals sign.
    names.any(|name| {
        let name = name.rsplit(':').next().unwrap_or(name);
        ["script", "style", "foreignobject", "?xml-stylesheet", "!entity", "!attlist"].contains(&name)
    }) || text
        .split('=')
        .filter_map(|before| before.trim_end_matches(is_blank).rsplit(|c| is_blank(c) || c == '"' || c == '\'').next())
        .any(|attribute| attribute == "style")
        || text.contains("javascript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let style = include_str!("../web/assets/idv.css");
        let (light, dark) = style.split_once("prefers-color-scheme: dark").unwrap();
        for (text, [ground, sheet]) in [(light, LIGHT), (dark, DARK)] {
            assert!(text.contains(&format!("--ground: {ground};")) && text.contains(&format!("--sheet: {sheet};")));
        }
    }

    #[test]
    fn an_accent_stands_out_by_three_to_one_exactly_or_is_refused() {
        // On #f4f5f7, the nearest greys on either side of 3:1.
        let grey = |part| Accent::derive(Colour::new(part, part, part));
        let last = (0..=255).rev().find(|part| grey(*part).is_ok()).unwrap();
        assert!(Colour::new(last, last, last).contrast(LIGHT[0]) >= 3.0);
        assert!(Colour::new(last + 1, last + 1, last + 1).contrast(LIGHT[0]) < 3.0);
        let (contrast, darker) = grey(last + 1).unwrap_err();
        assert!(contrast < 3.0 && Accent::derive(darker).is_ok());
    }

    #[test]
    fn an_accent_too_dark_for_dark_pages_gets_a_tint_there_and_no_other_does() {
        let navy = Accent::derive(Colour::new(0, 0, 0x80)).unwrap();
        assert_ne!(navy.light, navy.dark);
        assert!(DARK.iter().all(|ground| navy.dark.contrast(*ground) >= 3.0));
        let blue = Colour::new(0x1a, 0x73, 0xe8);
        assert_eq!(Accent::derive(blue).unwrap(), Accent { light: blue, dark: blue });
    }
}
