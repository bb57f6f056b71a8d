//! OWASP ASVS 5.0, RFC 8725 and RFC 9700: `tests/security/ASVS.md` held to the tree, and by theme what no other test
//! shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::figure;

mod authority;
mod document;
mod events;
mod failure;
mod http2;
mod input;
mod links;
mod logging;
mod sessions;
mod source;
mod surface;
mod transport;

const REQUIREMENTS: &str = include_str!("../security/asvs-5.0.0.txt");
const VERDICTS: [&str; 4] = ["shown", "written", "does not apply", "not met"];

/// An answer to a requirement, or to an item of an RFC.
struct Answer {
    number: &'static str,
    level: Option<&'static str>,
    verdict: &'static str,
    held_by: &'static str,
}

fn chapters() -> impl Iterator<Item = &'static str> {
    let is_chapter = |heading: &&str| heading.strip_prefix('V').is_some_and(|rest| rest.starts_with(char::is_numeric));
    document::headings().filter(is_chapter)
}

/// The answers of a chapter of the ASVS.
fn chapter(heading: &str) -> Vec<Answer> {
    let rows = document::rows(heading).into_iter();
    rows.map(|cells| {
        let [number, level, _, verdict, held_by] = cells[..] else { panic!("five cells: {cells:?}") };
        Answer { number, level: Some(level), verdict, held_by }
    })
    .collect()
}

/// The answers to an RFC.
fn rfc(heading: &str) -> Vec<Answer> {
    let rows = document::rows(heading).into_iter();
    rows.map(|cells| {
        let [number, _, verdict, held_by] = cells[..] else { panic!("four cells: {cells:?}") };
        Answer { number, level: None, verdict, held_by }
    })
    .collect()
}

fn answers() -> Vec<Answer> {
    let rfcs = document::headings().filter(|heading| heading.starts_with("RFC "));
    chapters().flat_map(chapter).chain(rfcs.flat_map(rfc)).collect()
}

fn is_test(name: &str) -> bool {
    name.contains("::") || name.contains(".test.mjs: ")
}

/// Every test of the tree: `session::a_name` of tests/it, `web::assets::tests::a_name` of src, `FILE: title` of Node.
fn tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    for (root, inner) in [("tests/it", ""), ("src", "::tests")] {
        for path in source::files(root, ".rs") {
            let module = path[root.len() + 1..].trim_end_matches(".rs").replace('/', "::");
            let text = read(&path);
            let functions =
                text.split("#[test]").skip(1).filter_map(|rest| rest.split_once("fn ")?.1.split('(').next());
            tests.extend(functions.map(|function| format!("{module}{inner}::{function}")));
        }
    }
    let node = ["tests/auth0", "tests/browser"].into_iter().flat_map(|directory| source::files(directory, ".test.mjs"));
    for path in node {
        for rest in read(&path).split("test(").skip(1) {
            let Some(mark) = rest.chars().next().filter(|mark| ['"', '`'].contains(mark)) else { continue };
            let title = rest[1..].split(mark).next().unwrap();
            tests.insert(format!("{path}: {title}"));
        }
    }
    tests
}

#[test]
fn every_requirement_stands_once_under_its_chapter_with_its_level() {
    let required: Vec<(&str, &str)> =
        REQUIREMENTS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once(' ').unwrap()).collect();
    let mut answered = Vec::new();
    for heading in chapters() {
        for answer in chapter(heading) {
            let (chapter, _) = answer.number.split_once('.').unwrap();
            assert!(heading.starts_with(&format!("V{chapter} ")), "{} under {heading}", answer.number);
            answered.push((answer.number, answer.level.unwrap()));
        }
    }
    assert_eq!(answered, required);
}

#[test]
fn every_item_of_the_rfcs_stands_once() {
    let numbers = |heading: &str| rfc(heading).iter().map(|answer| answer.number).collect::<Vec<_>>();
    let of_8725 = (1..=9).map(|item| format!("2.{item}")).chain((1..=12).map(|item| format!("3.{item}")));
    assert_eq!(numbers("RFC 8725, JSON Web Token Best Current Practices"), of_8725.collect::<Vec<_>>());
    let of_9700 = (1..=6).map(|item| format!("2.{item}")).chain((1..=17).map(|item| format!("4.{item}")));
    assert_eq!(numbers("RFC 9700, Best Current Practice for OAuth 2.0 Security"), of_9700.collect::<Vec<_>>());
}

#[test]
fn every_row_has_a_verdict_and_what_it_rests_on() {
    for Answer { number, verdict, held_by, .. } in answers() {
        assert!(VERDICTS.contains(&verdict), "{number}: {verdict}");
        let tests = document::quoted(held_by).filter(|name| is_test(name)).count();
        let is_held = match verdict {
            "shown" => tests > 0,
            "written" => held_by.contains("]("),
            _ => held_by.split_whitespace().count() >= 3,
        };
        assert!(is_held, "{number}, {verdict}: {held_by}");
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let tests = tests();
    assert!(tests.contains("security::every_test_that_is_named_exists") && tests.len() > 200, "{}", tests.len());
    let missing: BTreeSet<_> =
        document::quoted(document::TEXT).filter(|name| is_test(name) && !tests.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_section_that_is_named_exists() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/security");
    for link in document::TEXT.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        let (file, section) = link.split_once('#').unwrap_or((link, ""));
        let path = directory.join(if file.is_empty() { "ASVS.md" } else { file });
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{link}"));
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let mut anchors = headings.map(|line| anchor(line.trim_start_matches('#').trim()));
        assert!(section.is_empty() || anchors.any(|anchor| anchor == section), "{link}");
    }
}

/// As Markdown viewers make it of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-'].contains(c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn the_counts_at_the_head_are_those_of_the_rows() {
    let mut total = [0; 4];
    let mut counted = Vec::new();
    for heading in chapters() {
        let answers = chapter(heading);
        let mut counts = VERDICTS.map(|verdict| answers.iter().filter(|answer| answer.verdict == verdict).count());
        let not_met: Vec<_> =
            answers.iter().filter(|answer| answer.verdict == "not met").map(|answer| answer.number).collect();
        let cells = [answers.len(), counts[0], counts[1], counts[2]].map(|count| count.to_string());
        counted.push(
            [
                vec![heading.to_owned()],
                cells.to_vec(),
                vec![if not_met.is_empty() { "none".to_owned() } else { not_met.join(", ") }],
            ]
            .concat(),
        );
        total.iter_mut().zip(&mut counts).for_each(|(total, count)| *total += *count);
    }
    let [shown, written, does_not_apply, not_met] = total;
    let all = total.iter().sum::<usize>();
    counted.push([all, shown, written, does_not_apply, not_met].iter().map(ToString::to_string).collect());
    counted.last_mut().unwrap().insert(0, "all".into());
    let stated = document::rows("What it comes to");
    for (stated, counted) in stated.iter().zip(&counted) {
        assert_eq!(*stated, *counted);
    }
    assert_eq!(stated.len(), counted.len());
    figure::report(
        "attack-asvs",
        "requirements of OWASP ASVS 5.0.0, levels 1 and 2, and 3 for files, sessions, tokens and cryptography",
        all,
        format!("{shown} shown by a test, {written} written down"),
        format!("{does_not_apply} do not apply, {not_met} not met"),
    );
}
