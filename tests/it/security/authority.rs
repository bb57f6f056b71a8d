//! V8: who may do what. The table of every URL is what the router does, and is complete.

use std::collections::BTreeSet;
use std::fs;

use hyper::StatusCode;
use idv::review::{Admits, addresses};
use idv::verification::method::document::Policy;

use super::document;
use super::surface::METHODS;
use crate::support::world::World;

/// The addresses in the router's `match`, such as `/session/ID/METHOD`.
fn routed() -> BTreeSet<String> {
    let source = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/route.rs")).unwrap();
    let patterns = source.lines().filter_map(|line| line.trim().strip_prefix('(')?.split_once(") => ")?.0.into());
    let mut addresses = BTreeSet::new();
    for pattern in patterns {
        let parts: Vec<_> = pattern.split(", ").collect();
        let rest = parts[1..].iter().take_while(|part| !["None", "_"].contains(*part)).map(|part| {
            let part = part.trim_start_matches("Some(").trim_end_matches(')');
            let literal = part.trim_matches('"');
            if literal == part { format!("/{}", variable(part)) } else { format!("/{literal}") }
        });
        let rest: String = rest.collect();
        addresses.extend(parts[0].split(" | ").map(|first| match first.strip_prefix('"') {
            Some(literal) => format!("/{}{rest}", literal.trim_matches('"')),
            None => format!("/{}{rest}", variable(first)),
        }));
    }
    addresses
}

/// How the table calls what the pattern does.
fn variable(name: &str) -> String {
    name.trim_start_matches('_').to_uppercase()
}

#[test]
fn every_url_is_in_the_table_and_refuses_whoever_lacks_what_it_asks_for() {
    let listed: BTreeSet<_> = document::first_column("Every URL").into_iter().map(str::to_owned).collect();
    assert_eq!(listed, routed());
    let world = World::with_document(Policy::default());
    for cells in document::rows("Every URL") {
        let [addresses, allowed, _, without] = cells[..] else { panic!("four cells: {cells:?}") };
        let allowed: Vec<_> = allowed.split(", ").collect();
        for address in document::quoted(addresses) {
            let path = address.replace("/ID", "/AAAAAAAAAAAAAAAAAAAAAA").replace("WORD", &"0".repeat(32));
            let path = path.replace("METHOD", "desk");
            for method in METHODS {
                let status = world.browser().send(method, &path, "").status;
                if allowed.contains(&method) {
                    assert_eq!(status.as_str(), without, "{method} {address}");
                } else {
                    let refused = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_FOUND];
                    assert!(refused.contains(&status), "{method} {address}: {status}");
                }
            }
        }
    }
}

/// How the table calls whom an address of the console admits.
fn admitted(admits: Admits) -> String {
    match admits {
        Admits::Anybody => "anybody".into(),
        Admits::Operators => "every operator".into(),
        Admits::Only(role) => format!("`{}`", role.as_str()),
        Admits::Anew(role) => format!("`{}`, anew", role.as_str()),
    }
}

/// The console's own tests try each with each role.
#[test]
fn every_url_of_the_console_is_in_its_table_with_whom_it_is_for() {
    let rows = document::rows("Every URL of the console").into_iter();
    let listed: BTreeSet<_> = rows
        .flat_map(|cells| {
            document::quoted(cells[0]).map(move |address| [address, cells[1], cells[2]].map(str::to_owned))
        })
        .collect();
    let routed = addresses().map(|(path, allowed, admits)| [path.into(), allowed.into(), admitted(admits)]);
    let asset = ["/assets/*", "GET, HEAD", "anybody"].map(str::to_owned);
    assert_eq!(listed, routed.chain([asset]).collect());
}
