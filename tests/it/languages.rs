//! Every page in every language: its tag, its direction of writing, and nothing left untranslated.

use std::sync::Arc;

use idv::verification::method::Methods;

use crate::support::world::{POLICY, World};

const LANGUAGES: [(&str, &str); 10] = [
    ("en", "ltr"),
    ("de", "ltr"),
    ("fr", "ltr"),
    ("es", "ltr"),
    ("pt", "ltr"),
    ("it", "ltr"),
    ("nl", "ltr"),
    ("pl", "ltr"),
    ("ja", "ltr"),
    ("ar", "rtl"),
];

#[test]
fn every_page_in_every_language_says_so() {
    for (tag, direction) in LANGUAGES {
        let world =
            World::with_methods(Methods { desk: Some(POLICY), simulated: true, oidc: Arc::default(), document: None });
        let mut browser = world.browser();
        browser.headers.push(("accept-language".into(), tag.into()));
        let session = browser.begin(&world.token(tag));
        let mut pages = vec![browser.get(&session), browser.get("/"), browser.get("/nowhere"), browser.start("x")];
        pages.extend(["desk", "simulated"].map(|method| browser.get(&format!("{session}/{method}"))));
        pages.extend(
            ["x", "0", "AAAA-AAAA-AAAA"].map(|code| browser.post(&format!("{session}/desk"), &format!("code={code}"))),
        );
        browser.post(&format!("{session}/cancel"), "");
        pages.push(browser.get(&session));
        for page in pages {
            assert!(page.body.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")), "{tag}: {}", page.body);
            assert_eq!(page.body.matches("<h1>").count(), 1, "{tag}");
            assert!(
                !page.body.contains("{ $") && !page.body.contains("-title") && !page.body.contains("-text"),
                "{tag}"
            );
        }
    }
}

#[test]
fn an_error_is_announced_tied_to_its_field_and_first_in_the_title() {
    for (tag, _) in LANGUAGES {
        let world = World::new();
        let mut browser = world.browser();
        browser.headers.push(("accept-language".into(), tag.into()));
        let session = browser.begin(&world.token(tag));
        let (_, calm) =
            browser.get(&session).body.split_once("<title>").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let page = browser.post(&format!("{session}/desk"), "code=x");
        for text in [
            "role=\"alert\"",
            "aria-invalid=\"true\"",
            "aria-describedby=\"code-hint code-problem\"",
            "id=\"code-problem\"",
        ] {
            assert!(page.body.contains(text), "{tag}: {text}");
        }
        let (title, _) = calm.split_once("</title>").unwrap();
        assert!(page.body.contains(&format!(": {title}</title>")), "{tag}: {}", page.body);
    }
}
