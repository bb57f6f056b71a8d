//! The audit log of a store, read and held against its tree; and the journal.

use std::fs::File;
use std::io::{Read, Seek};
use std::sync::Arc;

use idv::store::Store;
use idv::verification::audit::entry::Entry;
use idv::verification::audit::tree::{Edge, leaf};

/// All lines of `store`'s log.
///
/// # Panics
/// Where its tree is not the one over them.
pub(crate) fn lines(store: &Store) -> Vec<Vec<u8>> {
    let (mut lines, mut edge) = (Vec::new(), Edge::default());
    loop {
        let page = store.entries(edge.size(), 500).unwrap();
        if page.is_empty() {
            assert_eq!(store.audit_edge().unwrap(), edge, "the tree is over the lines");
            return lines;
        }
        for (number, line) in page {
            assert_eq!(number, edge.size());
            edge.push(leaf(&line));
            lines.push(line);
        }
    }
}

/// All entries of `store`'s log, likewise.
pub(crate) fn entries(store: &Store) -> Vec<Entry> {
    lines(store).iter().map(|line| Entry::parse(line).expect("a line is an entry")).collect()
}

/// What they are of.
pub(crate) fn actions(store: &Store) -> Vec<String> {
    entries(store).into_iter().map(|entry| entry.action).collect()
}

/// What the journal is told by `work`, on this thread.
pub(crate) fn told(work: impl FnOnce()) -> String {
    let mut lines = tempfile::tempfile().unwrap();
    let writer = Arc::new(File::try_clone(&lines).unwrap());
    tracing::subscriber::with_default(tracing_subscriber::fmt().json().with_writer(writer).finish(), work);
    let mut text = String::new();
    lines.rewind().unwrap();
    lines.read_to_string(&mut text).unwrap();
    text
}
