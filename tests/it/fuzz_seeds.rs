//! The fuzzer's seeds and what it has found, once more through the same functions.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

#[test]
fn every_seed_of_every_target_holds() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds");
    let mut names = BTreeSet::new();
    for (name, _) in fuzz::TARGETS {
        let files: Vec<_> = fs::read_dir(seeds.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!files.is_empty(), "{name} has seeds");
        for file in files {
            println!("{}", file.display());
            fuzz::fuzz(name, &fs::read(&file).unwrap());
        }
        names.insert(name.to_owned());
    }
    let folders = fs::read_dir(&seeds).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(folders.collect::<BTreeSet<_>>(), names, "seeds of targets, and of nothing else");
}
