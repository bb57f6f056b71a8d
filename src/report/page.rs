//! A report as one page: with its style inside, without a script, and with a policy that lets nothing else in.

use askama::Template;
use data_encoding::BASE64;
use ring::digest::{SHA256, digest};

use super::chart::Shape;
use super::opening::{self, Fact};
use super::sections::{self, Section};
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
        organization: report.heading.whose().map(|name| words::seen(name).into_owned()),
        range: report.heading.range.words(),
        warnings: opening::warnings(report),
        facts: opening::facts(report),
        highlights: opening::highlights(&report.figures),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Checkpoint, Heading, Log, Proof, Range, Tally};
    use crate::verification::audit::entry::{Entry, EventOutcome};
    use crate::verification::time::Timestamp;

    const EVIL: &str = "<script>\"'&\u{202e}";

    /// A page whose every text from elsewhere is hostile.
    fn evil() -> String {
        let text = || Some(EVIL.to_owned());
        let now = Timestamp::from_unix(1_784_000_000);
        let range = Range::new(Some("2026-07-01"), Some("2026-07-31"), now).unwrap();
        let mut tally = Tally::new(range, text());
        for action in ["check-concluded", "answer-refused", "code-issued", "subject-viewed", "subject-erased", EVIL] {
            let entry = Entry {
                reason: text(),
                tenant: text(),
                user: text(),
                method: text(),
                status: Some("success".into()),
                version: text(),
                changed: vec![EVIL.into()],
                actor: text(),
                claimed: text(),
                duration: Some(7_000_000_000),
                ..Entry::new(now, action, EventOutcome::Failure)
            };
            tally.add(&entry.line());
        }
        tally.add(EVIL.as_bytes());
        let checkpoint = Checkpoint { origin: EVIL.into(), entries: 7, root: EVIL.into() };
        let log =
            Log { source: EVIL.into(), checkpoint: Some(checkpoint), proof: Proof::NotVerified { why: EVIL.into() } };
        let heading = Heading { organization: text(), range, tenant: text(), made_at: now, version: "0.1.0", log };
        of(&tally.report(heading))
    }

    #[test]
    fn nothing_of_a_log_becomes_a_part_of_the_page() {
        let page = evil();
        assert!(!page.contains("<script") && !page.contains(EVIL) && !page.contains('\u{202e}'), "{page}");
        let escaped = "&#60;script&#62;&#34;&#39;&#38;\\u{202e}";
        assert!(page.matches(escaped).count() > 20, "{page}");
    }

    #[test]
    fn it_runs_and_loads_nothing_and_its_policy_lets_in_its_style_alone() {
        let page = evil();
        let (_, style) = page.split_once("<style>").unwrap();
        let (style, rest) = style.split_once("</style>").unwrap();
        let digest = BASE64.encode(digest(&SHA256, style.as_bytes()).as_ref());
        assert!(page.contains(&format!("style-src &#39;sha256-{digest}&#39;;")), "{page}");
        for forbidden in ["<style", " style=", " src=", " href=", "url(", "@import", "javascript:", "<a ", "<img"] {
            assert!(!rest.contains(forbidden) && !style.contains(forbidden), "{forbidden}");
        }
        let tags = rest.split('<').filter_map(|part| part.split_once('>')).flat_map(|(tag, _)| tag.split_whitespace());
        let mut attributes = tags.filter_map(|word| word.split_once('='));
        assert!(attributes.all(|(name, _)| !name.starts_with("on")), "{page}");
    }

    #[test]
    fn every_chart_has_a_title_a_description_and_a_table() {
        let page = evil();
        assert!(page.matches("<svg").count() >= 3, "{page}");
        for part in ["<title id=", "<desc id=", "<figcaption>"] {
            assert_eq!(page.matches(part).count(), page.matches("<svg").count(), "{part}");
        }
        let (_, charts) = page.split_once("<svg").unwrap();
        assert!(charts.split("<svg").all(|chart| chart.contains("<table")), "{page}");
    }

    #[test]
    fn every_colour_has_the_contrast_that_wcag_aa_asks_for_in_light_and_in_dark() {
        use crate::config::colour::Colour;
        let (light, dark) = STYLE.split_once("prefers-color-scheme: dark").unwrap();
        for part in [light, dark] {
            let colour = |name: &str| {
                let (_, rest) = part.split_once(&format!("--{name}: ")).unwrap();
                Colour::parse(rest.split_once(';').unwrap().0).unwrap()
            };
            let texts = [
                ("ink", "sheet"),
                ("quiet", "sheet"),
                ("ink", "band"),
                ("quiet", "band"),
                ("problem", "problem-ground"),
            ];
            for (text, ground) in texts {
                assert!(colour(text).contrast(colour(ground)) >= 4.5, "{text} on {ground}");
            }
            for shape in ["verified", "refused", "neither"] {
                assert!(colour(shape).contrast(colour("sheet")) >= 3.0, "{shape}");
            }
        }
    }
}
