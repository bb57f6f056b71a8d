//! The style sheet and the script, compiled in. A version in their names lets browsers keep them.

use hyper::Response;
use hyper::header::{self, HeaderValue};

use super::Answer;

/// A file that pages load.
pub(super) struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
}

const ASSETS: [Asset; 2] = [
    Asset {
        name: concat!("idv-", env!("CARGO_PKG_VERSION"), ".css"),
        content_type: "text/css; charset=utf-8",
        content: include_str!("assets/idv.css"),
    },
    Asset {
        name: concat!("submit-", env!("CARGO_PKG_VERSION"), ".js"),
        content_type: "text/javascript; charset=utf-8",
        content: include_str!("assets/submit.js"),
    },
];

/// Where pages find the style sheet.
pub(super) const STYLE: &str = concat!("/assets/idv-", env!("CARGO_PKG_VERSION"), ".css");
/// Where the handoff page finds its script.
pub(super) const SUBMIT: &str = concat!("/assets/submit-", env!("CARGO_PKG_VERSION"), ".js");

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

impl Asset {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        const { &ASSETS }.iter().find(|asset| asset.name == name)
    }

    pub(super) fn answer(&self) -> Answer {
        let mut answer = Response::new(self.content.into());
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CACHE_CONTROL, IMMUTABLE);
        answer
    }
}
