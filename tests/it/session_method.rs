//! `/session/ID/METHOD`, what is below it, and `/METHOD/callback`: which methods and steps have an address.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::StatusCode;
use idv::verification::method::{Kind, Methods};

use crate::support::world::{POLICY, World};

fn with_both() -> World {
    World::with_methods(Methods { desk: Some(POLICY), simulated: true, oidc: Arc::default(), document: None })
}

#[test]
fn several_methods_are_offered_each_by_its_own_name_and_page() {
    let world = with_both();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("several"));
    let page = browser.get(&session);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("How would you like to verify yourself?"), "{}", page.body);
    for (method, name, title) in [
        ("desk", "With a code from my organisation", "Enter your verification code"),
        ("simulated", "Simulate it, in this trial", "How shall this verification end?"),
    ] {
        let link = format!("<a class=\"button\" href=\"{session}/{method}\">{name}</a>");
        assert!(page.body.contains(&link), "{link} in {}", page.body);
        let page = browser.get(&format!("{session}/{method}"));
        assert_eq!(page.status, StatusCode::OK, "{method}");
        assert!(page.body.contains(title) && page.body.contains(&format!("action=\"{session}/{method}\"")), "{method}");
    }
}

#[test]
fn what_no_method_has_is_no_page() {
    let [one, both] = [World::new(), with_both()];
    for (world, more) in [(one, "simulated"), (both, "nowhere")] {
        let mut browser = world.browser();
        let session = browser.begin(&world.token("no page"));
        let missing =
            [more, "Desk", "desk/", "desk/code", "desk/../desk", "desk/x/y", "simulated/", "simulated/outcome"];
        for path in missing.map(|path| format!("{session}/{path}")) {
            for method in ["GET", "POST"] {
                let page = browser.send(method, &path, "code=x");
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path}");
            }
        }
        assert_eq!(browser.get(&format!("{session}/desk")).status, StatusCode::OK);
    }
}

#[test]
fn nobody_comes_back_for_a_method_that_sends_nobody_away() {
    let world = with_both();
    let mut browser = world.browser();
    browser.begin(&world.token("callback"));
    for path in
        ["desk/callback", "desk/callback?state=x", "nowhere/callback", "callback", "desk/callback/", "desk/callback/x"]
    {
        let page = browser.get(&format!("/{path}"));
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.body.contains("This page does not exist"), "{}", page.body);
    }
    let page = browser.post("/desk/callback", "");
    assert_eq!((page.status, page.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("GET")));
}

#[test]
fn the_pages_of_a_method_have_the_usual_terms() {
    let world = with_both();
    let mut browser = world.browser();
    let session = browser.begin(&world.token("terms"));
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
                  frame-ancestors 'none'";
    for path in ["", "/desk", "/simulated"] {
        let page = browser.get(&format!("{session}{path}"));
        assert_eq!(page.header("content-security-policy"), Some(policy), "{path}");
        let permissions = Some("camera=(), geolocation=(), microphone=()");
        assert_eq!(page.header("permissions-policy"), permissions, "{path}");
    }
    let page = browser.post(&format!("{session}/desk"), "code=x");
    assert_eq!((page.status, page.header("content-security-policy")), (StatusCode::UNPROCESSABLE_ENTITY, Some(policy)));
    for (status, length) in [(StatusCode::UNPROCESSABLE_ENTITY, 8192), (StatusCode::PAYLOAD_TOO_LARGE, 8193)] {
        let form = format!("code=x{}", "&".repeat(length - "code=x".len()));
        assert_eq!(browser.post(&format!("{session}/desk"), &form).status, status, "{length}");
    }
}

/// The files that may know a method by its name: as `src/verification/method.rs` lists them.
fn listed() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/verification/method.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once(" | "));
    let quoted =
        rows.flat_map(|(files, _)| files.split('`').filter(|file| file.contains('/') || file.ends_with(".rs")));
    quoted.map(|file| format!("src/{file}")).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `directory`, by its path from the top.
fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
        }
    }
    found
}

/// The words of the product's code in the file at `path`: no comments, no tests.
fn words(path: &str) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(&fs::read(root().join(path)).unwrap()).into_owned();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let is_code = |line: &&str| !["//", "*", "/**"].iter().any(|comment| line.trim_start().starts_with(comment));
    let words = code.lines().filter(is_code).flat_map(|line| line.split(|c: char| !c.is_alphanumeric()));
    words.map(str::to_lowercase).collect()
}

#[test]
fn no_file_knows_a_method_by_its_name_but_its_own_and_the_lists() {
    let listed = listed();
    assert!(listed.len() > 10, "{listed:?}");
    for path in files(&root().join("src")) {
        let mut words = words(&path);
        if Path::new(&path).extension().is_some_and(|extension| extension == "js") {
            // In a browser that is the page.
            words.remove("document");
        }
        for method in Kind::ALL.map(Kind::as_str).into_iter().filter(|method| words.contains(*method)) {
            let place = |listed: &&String| {
                let listed = listed.replace("NAME", method);
                path == listed || (listed.ends_with('/') && path.starts_with(&listed))
            };
            assert!(listed.iter().any(|listed| place(&listed)), "{path} knows {method}");
        }
    }
    let is_there =
        |path: &String| Kind::ALL.into_iter().any(|method| root().join(path.replace("NAME", method.as_str())).exists());
    let stale: Vec<_> = listed.iter().filter(|path| !is_there(path)).collect();
    assert!(stale.is_empty(), "no method has these: {stale:?}");
}
