//! The style sheet, the scripts and the logo. A digest of each in its name lets browsers keep them for ever.

use std::fmt::Write as _;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use hyper::Response;
use hyper::header::{self, HeaderValue};
use ring::digest;

use super::Answer;
use crate::config::branding::{Branding, Logo};
use crate::config::colour::Colour;

/// The files that pages load.
pub struct Assets {
    pub(super) style: Asset,
    pub(super) submit: Asset,
    pub(super) select: Asset,
    pub(super) capture: Asset,
    pub(super) camera: Asset,
    pub(super) follow: Asset,
    pub(super) logo: Option<Asset>,
}

/// One of them.
pub(crate) struct Asset {
    path: String,
    content_type: &'static str,
    policy: Option<HeaderValue>,
    content: Bytes,
}

/// For a drawing that somebody opens by itself: it runs nothing and loads nothing.
const DRAWING_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

impl Assets {
    /// The files of an installation that looks like `branding`, with its logo.
    #[must_use]
    pub fn new(branding: &Branding, logo: Option<Logo>) -> Self {
        let style = style(branding).into_bytes();
        let script = |name, content: &[u8]| Asset::new(name, "js", "text/javascript; charset=utf-8", content.to_vec());
        Self {
            style: Asset::new("idv", "css", "text/css; charset=utf-8", style),
            submit: script("submit", include_bytes!("assets/submit.js")),
            select: script("select", include_bytes!("assets/select.js")),
            capture: script("capture", include_bytes!("assets/capture.js")),
            camera: script("camera", include_bytes!("assets/camera.js")),
            follow: script("follow", include_bytes!("assets/follow.js")),
            logo: logo.map(|logo| match logo {
                Logo::Png(content) => Asset::new("logo", "png", "image/png", content),
                Logo::Svg(content) => {
                    let drawing = Asset::new("logo", "svg", "image/svg+xml; charset=utf-8", content);
                    Asset { policy: Some(DRAWING_POLICY), ..drawing }
                }
            }),
        }
    }

    pub(super) fn named(&self, name: &str) -> Option<&Asset> {
        let mut all = [&self.style, &self.submit, &self.select, &self.capture, &self.camera, &self.follow]
            .into_iter()
            .chain(&self.logo);
        all.find(|asset| asset.path.strip_prefix("/assets/") == Some(name))
    }
}

/// The style sheet, with the organisation's accent last, so that it wins.
pub(crate) fn style(branding: &Branding) -> String {
    let mut style = include_str!("assets/idv.css").to_owned();
    if let Some(accent) = branding.accent {
        let rule = |accent: Colour| format!(":root {{ --accent: {accent}; --on-accent: {}; }}", accent.text_on());
        let (light, dark) = (rule(accent.light), rule(accent.dark));
        let written = write!(style, "{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n");
        written.expect("writing to memory does not fail");
    }
    style
}

impl Asset {
    pub(crate) fn new(stem: &str, extension: &str, content_type: &'static str, content: Vec<u8>) -> Self {
        let digest = HEXLOWER.encode(&digest::digest(&digest::SHA256, &content).as_ref()[..8]);
        let path = format!("/assets/{stem}-{digest}.{extension}");
        Self { path, content_type, policy: None, content: content.into() }
    }

    /// Where pages find it.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn answer(&self) -> Answer {
        let mut answer = Response::new(self.content.clone().into());
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CACHE_CONTROL, IMMUTABLE);
        if let Some(policy) = &self.policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: &str = include_str!("assets/idv.css");

    /// The colour that `name` has in `part` of the style sheet.
    fn colour(part: &str, name: &str) -> Colour {
        let (_, rest) = part.split_once(&format!("--{name}: ")).unwrap();
        Colour::parse(rest.split_once(';').unwrap().0).unwrap()
    }

    #[test]
    fn every_colour_has_the_contrast_that_wcag_aa_asks_for_in_light_and_in_dark() {
        let (light, dark) = STYLE.split_once("prefers-color-scheme: dark").unwrap();
        for part in [light, dark] {
            let texts = [("ink", "sheet"), ("ink", "ground"), ("quiet", "sheet"), ("problem", "problem-ground")];
            for (text, ground) in texts.into_iter().chain([("on-accent", "accent")]) {
                assert!(colour(part, text).contrast(colour(part, ground)) >= 4.5, "{text} on {ground}");
            }
            for (control, ground) in
                [("line", "sheet"), ("accent", "sheet"), ("accent", "ground"), ("problem", "sheet")]
            {
                assert!(colour(part, control).contrast(colour(part, ground)) >= 3.0, "{control} on {ground}");
            }
        }
    }

    #[test]
    fn nothing_is_wider_than_a_phone_and_every_word_may_break() {
        assert!(STYLE.contains("overflow-wrap: anywhere;"));
        assert!(!STYLE.contains("white-space: nowrap") && !STYLE.contains("min-inline-size"));
        // Widths are parts of the page, and sides are those of the writing.
        let sides = [" width:", "margin-left", "margin-right", "padding-left", "padding-right", "text-align: left"];
        assert!(sides.iter().all(|side| !STYLE.contains(side)));
        let widths = STYLE.lines().filter_map(|line| line.trim().strip_prefix("inline-size: "));
        assert!(widths.into_iter().all(|width| width == "100%;"));
    }
}
