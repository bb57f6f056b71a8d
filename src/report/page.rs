//! A report as one page: with its style inside, without a script, and with a policy that lets nothing else in.

use askama::Template;
use data_encoding::BASE64;
use ring::digest::{SHA256, digest};

use super::chart::Shape;
use super::sections::{self, Fact, Section};
use super::{Report, words};

const STYLE: &str = include_str!("templates/report.css");

#[derive(Template)]
#[template(path = "report.html", config = "src/report/askama.toml")]
struct Page {
    organization: Option<String>,
    range: String,
    warnings: Vec<String>,
    facts: Vec<(&'static str, String)>,
    highlights: Vec<Fact>,
    sections: Vec<Section>,
    style: &'static str,
    policy: String,
}

pub(super) fn of(report: &Report) -> String {
    let page = Page {
        organization: report.heading.organization.as_deref().map(|name| words::seen(name).into_owned()),
        range: report.heading.range.words(),
        warnings: sections::warnings(report),
        facts: sections::facts(report),
        highlights: sections::highlights(&report.figures),
        sections: sections::all(report),
        style: STYLE,
        policy: policy(),
    };
    page.render().expect("templates write to memory and call nothing that fails")
}

/// The style is let in by its digest (CSP 3 §2.3.1).
fn policy() -> String {
    let style = BASE64.encode(digest(&SHA256, STYLE.as_bytes()).as_ref());
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}
