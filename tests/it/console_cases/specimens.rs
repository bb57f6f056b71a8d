//! `[review] specimens`: genuine documents beside the questions.

use std::fs;
use std::path::Path;

use hyper::StatusCode;
use idv::config::load;
use idv::review::Exhibits;
use tempfile::TempDir;

use crate::support::browser::Page;
use crate::support::cases::Cases;
use crate::support::photo::photo;

/// The addresses of the organisation's own pictures on `page`.
pub(super) fn pictures(page: &Page) -> Vec<String> {
    let parts = page.body.split("src=\"/exhibit/").skip(1);
    parts.map(|part| format!("/exhibit/{}", part.split('"').next().unwrap())).collect()
}

fn small() -> Vec<u8> {
    photo(640, 600, |_| {})
}

#[test]
fn who_decides_has_those_of_the_documents_kind_beside_the_questions() {
    let named = [
        ("specimens/passport-de.jpg", small()),
        ("specimens/passport.jpg", photo(600, 660, |_| {})),
        ("specimens/driving_licence.jpg", small()),
    ];
    let cases = Cases::showing(&named);
    cases.send(1);
    let (mut rita, mut nobody) = (cases.reviewer("rita"), cases.reviewer("nora"));
    assert!(pictures(&rita.get("/case/1")).is_empty(), "before the claim there are no questions");
    rita.post("/case/1/claim", "");
    let page = rita.get("/case/1");
    let shown = pictures(&page);
    assert_eq!(shown.len(), 2, "of a passport");
    for name in ["Genuine, as issued: de<", "Genuine, as issued<"] {
        assert!(page.body.contains(name), "{}", page.body);
    }
    for address in &shown {
        let picture = rita.get(address);
        assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, Some("image/jpeg")));
        assert_eq!(picture.header("cache-control"), Some("no-store"));
        assert_eq!(picture.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        assert_ne!(picture.bytes, named[0].1, "it was made anew");
        assert_eq!(nobody.get(address).bytes, picture.bytes, "it is of nobody");
    }
    nobody.cookies.clear();
    assert_eq!(nobody.get(&shown[0]).location(), "/sign-in");
    for wrong in ["/exhibit/", "/exhibit/passport.jpg", "/exhibit/..%2f", &format!("/exhibit/{}", "0".repeat(64))] {
        assert_eq!(rita.get(wrong).status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

/// What is wrong where `directory` stands at `key`: the place, the problem and what to do.
pub(super) fn problems(key: &str, directory: &Path) -> Result<(), Vec<(String, String, String)>> {
    let directory = directory.display();
    let config = format!(
        "public_url = \"https://idv.example.test\"\n[review]\nurl = \"https://review.example.test\"\n\
         {key} = \"{directory}\"\n[[tenants]]\ndomain = \"acme.eu.auth0.test\"\ntoken_secrets = [{{ env = \"ONE\" }}]\n"
    );
    let config = load::parse(&config).0.unwrap();
    Exhibits::read(config.review.as_ref()).map(drop).map_err(|problems| {
        let each = problems.into_iter().map(|problem| {
            assert!(problem.key == format!("review.{key}") && !problem.remedy.is_empty());
            (problem.place, problem.problem, problem.remedy)
        });
        each.collect()
    })
}

fn read(directory: &Path) -> Result<(), Vec<(String, String, String)>> {
    problems("specimens", directory)
}

#[test]
fn a_directory_with_anything_else_in_it_is_refused_whole_and_each_file_named() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("specimens");
    assert_eq!(read(&path).unwrap_err().len(), 1, "there is none");
    fs::create_dir(&path).unwrap();
    assert!(read(&path).is_ok(), "an empty one shows nothing");
    let wrong: [(&str, Vec<u8>, &str); 7] = [
        ("passport-a.jpg", b"GIF89a".to_vec(), "not a JPEG"),
        ("passport-b.jpg", small()[..9000].to_vec(), "incomplete"),
        ("passport-c.jpg", photo(599, 800, |_| {}), "too small"),
        ("passport-d.jpg", vec![0xff; 12 * 1024 * 1024 + 1], "larger than 12 MiB"),
        ("passport-e.jpg", Vec::new(), "not a JPEG"),
        ("notes.txt", small(), "not named as specimens are"),
        ("visa.jpg", small(), "not named as specimens are"),
    ];
    fs::write(path.join("passport.jpg"), small()).unwrap();
    for (name, bytes, _) in &wrong {
        fs::write(path.join(name), bytes).unwrap();
    }
    fs::create_dir(path.join("passport-f.jpg")).unwrap();
    std::os::unix::fs::symlink("nowhere", path.join("passport-g.jpg")).unwrap();
    let problems = read(&path).unwrap_err();
    for (name, _, told) in wrong {
        let of = problems.iter().find(|(place, ..)| place.ends_with(name));
        assert!(of.is_some_and(|(_, problem, _)| problem.contains(told)), "{name}: {problems:?}");
    }
    assert_eq!(problems.len(), 9, "a directory and a link to nowhere are named too: {problems:?}");
}

#[test]
fn there_are_sixteen_at_the_most() {
    let directory = TempDir::new().unwrap();
    let name = |n: usize| directory.path().join(format!("passport-{n}.jpg"));
    let file = small();
    for n in 0..16 {
        fs::write(name(n), &file).unwrap();
    }
    assert!(read(directory.path()).is_ok());
    fs::write(name(16), &file).unwrap();
    assert!(read(directory.path()).unwrap_err()[0].1.contains("more than 16"));
}
