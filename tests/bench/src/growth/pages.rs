//! What the file is made of, table by table: so that it is seen which one grows, and by what.

use super::column::Column;
use anyhow::Result;
use redb::{Database, ReadableDatabase, ReadableTableMetadata, TableDefinition};
use std::path::Path;

/// Tables of one record or more for each person.
const TABLES: [&str; 3] = ["subjects", "checks", "spent"];

/// Walks all pages of the closed store at `path`.
pub(super) fn measure(path: &Path, column: &mut Column) -> Result<()> {
    let database = Database::open(path)?;
    let transaction = database.begin_read()?;
    for name in TABLES {
        let table = transaction.open_table(TableDefinition::<&[u8], &[u8]>::new(name))?;
        let (stats, records) = (table.stats()?, table.len()?);
        #[expect(clippy::cast_precision_loss, reason = "no table here has 2^53 bytes")]
        let [stored, all, records] =
            [stats.stored_bytes(), stats.stored_bytes() + stats.metadata_bytes() + stats.fragmented_bytes(), records]
                .map(|number| number as f64);
        column.add(format!("  `{name}`, bytes per record"), 0, [all / records]);
        column.add("    of them key and value, %", 0, [100.0 * stored / all]);
        column.add("    pages from root to record", 0, [f64::from(stats.tree_height())]);
    }
    Ok(())
}
