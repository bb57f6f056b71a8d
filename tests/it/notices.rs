//! `/robots.txt`, `/.well-known/security.txt`, `/favicon.ico`.

use hyper::StatusCode;
use idv::config::load::parse;

use crate::support::world::World;

fn supported_by(contact: &str) -> World {
    let text = format!(
        "public_url = \"https://idv.example.test\"\n[[tenants]]\ndomain = \"acme.eu.auth0.test\"\ntoken_secrets = [{{ env = \"X\" }}]\n\
         [server]\nlisten = [\"127.0.0.1:1\"]\n[branding]\nsupport = \"{contact}\"\n"
    );
    World::branded(parse(&text).0.unwrap().branding)
}

#[test]
fn security_txt_names_the_contact_and_expires() {
    // RFC 9116 §2.5. The test's clock stands at 2027-01-15T08:00:00Z; 180 days later it is July.
    for (contact, uri) in [
        ("security@acme.example", "mailto:security@acme.example"),
        ("https://acme.example/security", "https://acme.example/security"),
    ] {
        let page = supported_by(contact).browser().get("/.well-known/security.txt");
        assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, Some("text/plain; charset=utf-8")));
        assert_eq!(
            page.body,
            format!(
                "Contact: {uri}\nExpires: 2027-07-14T08:00:00Z\nPreferred-Languages: en, de, fr, es, pt, it, nl, pl, ja, ar\n\
                 Canonical: https://idv.example.test/.well-known/security.txt\n"
            )
        );
    }
}

#[test]
fn without_a_contact_there_is_no_security_txt() {
    let world = World::new();
    for path in ["/.well-known/security.txt", "/.well-known", "/.well-known/", "/.well-known/security.txt/"] {
        assert_eq!(world.browser().get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn search_engines_keep_out() {
    let page = World::new().browser().get("/robots.txt");
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "User-agent: *\nDisallow: /\n"));
}

#[test]
fn the_icon_that_browsers_ask_for_is_no_error() {
    let page = World::new().browser().get("/favicon.ico");
    assert_eq!((page.status, page.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(page.header("cache-control"), Some("public, max-age=86400"));
}
