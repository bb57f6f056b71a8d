//! `[branding]`: what is refused, and what every page shows of it.

use std::fs;
use std::path::PathBuf;

use hyper::StatusCode;
use idv::config::branding::{Accent, Branding};
use idv::config::colour::Colour;
use idv::config::load::parse;
use idv::config::{Config, Problems};
use tempfile::TempDir;

use crate::support::browser::Page;
use crate::support::process::Installation;
use crate::support::world::World;

const LEAST: &str = "public_url = \"https://idv.example.com\"\n[server]\nlisten = [\"127.0.0.1:8080\"]\n[[tenants]]\ndomain = \"acme.eu.auth0.com\"\ntoken_secrets = [{ env = \"X\" }]\n[branding]\n";
const EVERYTHING: &str = "name = \"Acme & <Sons>\"\naccent = \"#5b2a86\"\nsupport = \"help@acme.example\"\nprivacy = \"https://acme.example/privacy?a=1&b=2\"\nterms = \"https://acme.example/terms\"\n";
const SVG: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><rect width=\"1\" height=\"1\" fill=\"#5b2a86\"/></svg>";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn configured(lines: &str) -> Result<Config, Problems> {
    parse(&format!("{LEAST}{lines}")).0
}

fn branding(lines: &str) -> Branding {
    configured(lines).unwrap_or_else(|problems| panic!("{problems}")).branding
}

fn with_logo(content: &[u8]) -> (TempDir, Branding) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("logo");
    fs::write(&path, content).unwrap();
    let branding = branding(&format!("{EVERYTHING}logo = \"{}\"\n", path.display()));
    (directory, branding)
}

/// The value of the attribute that `before` ends with.
fn attribute<'p>(page: &'p Page, before: &str) -> &'p str {
    let (_, rest) = page.body.split_once(before).unwrap_or_else(|| panic!("{before} in {}", page.body));
    rest.split_once('"').unwrap().0
}

#[test]
fn what_cannot_be_shown_is_refused_with_key_and_remedy() {
    let long = "x".repeat(61);
    for (key, value) in [
        ("name", ""),
        ("name", "   "),
        ("name", "two\\nlines"),
        ("name", &long),
        ("accent", "blue"),
        ("accent", "#fff"),
        ("support", "nobody"),
        ("support", "http://acme.example/"),
        ("support", "a b@acme.example"),
        ("support", "a?subject=x@acme.example"),
        ("support", "help@localhost"),
        ("support", "javascript:alert(1)@acme.example"),
        ("privacy", "http://acme.example/"),
        ("privacy", "javascript:alert(1)"),
        ("privacy", "https://acme.example/a b"),
        ("privacy", "https://acme.example/\\\"onclick"),
        ("terms", "https://user@acme.example/"),
        ("terms", "https://acme.example:0/"),
        ("terms", "https:///path"),
        ("logo", "/logo.svg"),
        ("acent", "#000000"),
    ] {
        let Err(Problems(problems)) = configured(&format!("{key} = \"{value}\"\n")) else { panic!("{key} = {value}") };
        assert_eq!(problems.len(), 1, "{key} = {value}: {problems:?}");
        assert_eq!(problems[0].key, format!("branding.{key}"), "{value}");
        assert!(!problems[0].remedy.is_empty());
    }
}

#[test]
fn what_can_be_shown_is_taken() {
    let sixty = "x".repeat(60);
    for (key, value) in [
        ("name", "アクメ 株式会社"),
        ("name", &sixty),
        ("support", "help+idv@Acme.example"),
        ("support", "https://acme.example:8443/help?topic=login#top"),
        ("privacy", "https://acme.example"),
    ] {
        assert!(configured(&format!("{key} = \"{value}\"\n")).is_ok(), "{key} = {value}");
    }
}

#[test]
fn an_accent_that_is_too_pale_is_refused_with_its_ratio_and_a_shade_that_is_not() {
    // The nearest greys on either side of 3:1 on #f4f5f7.
    assert!(configured("accent = \"#8e8e8e\"\n").is_ok());
    let Err(Problems(problems)) = configured("accent = \"#8f8f8f\"\n") else { panic!("2.96:1") };
    assert!(problems[0].problem.contains("2.96:1"), "{}", problems[0].problem);
    let Err(Problems(problems)) = configured("accent = \"#ffd700\"\n") else { panic!("gold on white") };
    assert!(problems[0].problem.contains("1.28:1"), "{}", problems[0].problem);
    let (_, rest) = problems[0].remedy.split_once('"').unwrap();
    let shade = rest.trim_end_matches('"');
    assert!(configured(&format!("accent = \"{shade}\"\n")).is_ok(), "{shade}");
}

#[test]
fn the_accent_reaches_the_style_sheet_and_every_style_sheet_has_a_name_of_its_own() {
    let plain = World::new().browser().get("/");
    let branding = branding(EVERYTHING);
    let Accent { light, dark } = branding.accent.unwrap();
    assert_eq!((light, light.text_on()), (Colour::new(0x5b, 0x2a, 0x86), Colour::WHITE));
    assert_ne!(light, dark, "too dark for dark pages");
    let world = World::branded(branding);
    let page = world.browser().get("/");
    let path = attribute(&page, "<link rel=\"stylesheet\" href=\"");
    assert_ne!(path, attribute(&plain, "<link rel=\"stylesheet\" href=\""));
    let style = world.browser().get(path);
    for accent in [light, dark] {
        let rule = format!(":root {{ --accent: {accent}; --on-accent: {}; }}", accent.text_on());
        assert!(style.body.contains(&rule), "{rule}");
    }
    assert_eq!(style.body.matches('{').count(), style.body.matches('}').count());
}

#[test]
fn every_page_has_the_name_the_logo_and_the_footer() {
    let (_directory, branding) = with_logo(SVG.as_bytes());
    let world = World::branded(branding);
    let mut browser = world.browser();
    let session = browser.begin(&world.token("branding"));
    let mut pages = vec![browser.get(&session), browser.post(&format!("{session}/desk"), "code=x")];
    pages.extend([browser.get("/"), browser.get("/nowhere")]);
    browser.post(&format!("{session}/cancel"), "");
    pages.push(browser.get(&session));
    for page in pages {
        for text in [
            "alt=\"Acme &#38; &#60;Sons&#62;\"",
            " · Acme &#38; &#60;Sons&#62;</title>",
            "<a href=\"mailto:help@acme.example\" rel=\"noopener\">Support</a>",
            "<a href=\"https://acme.example/privacy?a=1&#38;b=2\" rel=\"noopener\">Privacy</a>",
            "<a href=\"https://acme.example/terms\" rel=\"noopener\">Terms of use</a>",
        ] {
            assert!(page.body.contains(text), "{text} in {}", page.body);
        }
        for landmark in ["<header>", "<main>", "<footer>", "<h1>"] {
            assert_eq!(page.body.matches(landmark).count(), 1, "{landmark}");
        }
        let style = browser.get(attribute(&page, "<link rel=\"stylesheet\" href=\""));
        assert!(page.body.len() + style.body.len() + SVG.len() < 30_000, "a page with everything is small");
    }
}

#[test]
fn the_desks_page_names_the_organisation_beside_the_host() {
    let world = World::branded(branding(EVERYTHING));
    let mut browser = world.browser();
    let session = browser.begin(&world.token("named"));
    let page = browser.get(&session);
    assert!(
        page.body.contains("<dt>Organisation</dt>\n<dd><bdi>Acme &#38; &#60;Sons&#62;</bdi></dd>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("acme.eu.auth0.test"));
}

#[test]
fn a_refusal_shows_whom_to_ask_beside_the_reference() {
    let page = World::branded(branding(EVERYTHING)).browser().start("not.a.token");
    let (_, rest) = page.body.split_once("<dt>Reference for support</dt>").unwrap();
    assert!(rest.split_once("</dl>").unwrap().0.contains(">help@acme.example</a>"), "{}", page.body);
}

#[test]
fn a_refusal_with_nobody_to_ask_and_no_reference_has_no_empty_list() {
    let page = World::new().browser().get("/nowhere");
    assert!(!page.body.contains("<dl>"), "{}", page.body);
    let page = World::branded(branding(EVERYTHING)).browser().get("/nowhere");
    let (_, list) = page.body.split_once("<dl>").unwrap();
    assert!(list.contains(">help@acme.example</a>") && !list.contains("Reference"), "{}", page.body);
}

#[test]
fn without_branding_a_page_names_the_service_and_has_no_footer() {
    let page = World::new().browser().get("/");
    assert!(page.body.contains("<p><bdi>idv.example.test</bdi></p>"), "{}", page.body);
    assert!(!page.body.contains("<footer>") && !page.body.contains("<img"));
}

#[test]
fn the_logo_is_served_as_what_it_is_and_can_run_nothing() {
    for (content, content_type, policy) in [
        (SVG.as_bytes(), "image/svg+xml; charset=utf-8", "default-src 'none'; sandbox; "),
        (PNG, "image/png", "default-src 'none'; "),
    ] {
        let (_directory, branding) = with_logo(content);
        let world = World::branded(branding);
        let page = world.browser().get("/");
        let path = attribute(&page, "<img src=\"").to_owned();
        let logo = world.browser().get(&path);
        assert_eq!((logo.status, logo.header("content-type")), (StatusCode::OK, Some(content_type)));
        assert_eq!(logo.body, String::from_utf8_lossy(content));
        assert_eq!(logo.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert!(logo.header("content-security-policy").unwrap().starts_with(policy));
        assert_eq!(logo.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(world.browser().get(&format!("{path}x")).status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn a_logo_that_is_none_is_refused() {
    let fits = [PNG, &vec![0; 64 * 1024 - PNG.len()]].concat();
    assert!(with_logo(&fits).1.read_logo().is_ok());
    let too_large = [&fits[..], &[0]].concat();
    let styled = SVG.replace("fill=\"#5b2a86\"", "\n\tSTYLE=\"fill:red\"");
    for (content, told) in [
        (&too_large[..], "64 KiB"),
        (b"GIF89a", "neither"),
        (b"<html></html>", "neither"),
        (b"", "neither"),
        (b"<svg><script>alert(1)</script></svg>", "scripts"),
        (b"<svg><a href=\"javascript:alert(1)\"/></svg>", "scripts"),
        (b"<svg><foreignObject/></svg>", "foreign objects"),
        (styled.as_bytes(), "styles"),
        (b"<svg style = 'fill:red'/>", "styles"),
        (b"<svg xmlns:s='http://www.w3.org/2000/svg'><s:style/></svg>", "styles"),
        (b"<!DOCTYPE svg [<!ATTLIST svg style CDATA 'fill:red'>]><svg/>", "styles"),
    ] {
        let (_directory, branding) = with_logo(content);
        let problem = branding.read_logo().unwrap_err();
        assert!(problem.problem.contains(told) && problem.key == "branding.logo", "{problem}");
    }
    let missing = branding("name = \"Acme\"\nlogo = \"/nowhere/logo.svg\"\n").read_logo().unwrap_err();
    assert!(missing.problem.contains("cannot be read"), "{missing}");
}

#[test]
fn a_wrong_logo_stops_the_start_and_the_check() {
    let installation = Installation::new();
    let logo: PathBuf = installation.path("logo.svg");
    let lines = format!("[branding]\nname = \"Acme\"\nlogo = \"{}\"\n", logo.display());
    fs::write(installation.path("idv.toml"), installation.configuration() + &lines).unwrap();
    for command in ["check", "serve"] {
        assert_eq!(installation.command(&[command]).status.code(), Some(78), "{command}");
    }
    fs::write(&logo, SVG).unwrap();
    assert!(installation.command(&["check"]).status.success());
}
