//! What operators ask of the store as a whole.

use serde_json::{Map, Value, json};

use super::asker::Asker;
use super::error::OperationError;
use super::office::Office;
use crate::ops::report::Report;
use crate::store::space::space;
use crate::store::stats::Stats;

/// Notes that a backup is whole. Whoever could not have made one does not say so.
pub(super) async fn note_backup(office: &Office, asker: &Asker) -> Result<Value, OperationError> {
    asker.check_account("makes backups")?;
    let now = office.clock.now();
    office.store.note_backup(now).await?;
    Report::BackedUp.tell();
    Ok(json!({ "backed_up_at": now }))
}

/// Looks at every record, while logins go on.
pub(super) async fn check(office: &Office) -> Result<Value, OperationError> {
    let store = office.store.clone();
    let failed = OperationError::Examination;
    let looked = tokio::task::spawn_blocking(move || store.look_through()).await;
    let contents = looked.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
    Ok(json!({ "subjects": contents.subjects, "checks": contents.checks, "records": contents.records }))
}

/// What is in the store, and how much room it has.
pub(super) fn stats(office: &Office) -> Result<Value, OperationError> {
    let Stats { schema, idv, commit, backed_up_at, records } = office.store.stats()?;
    let records = records.into_iter().map(|(table, count)| (table.to_owned(), count.into()));
    let space = space(&office.config.store_path).ok();
    Ok(json!({
        "schema": schema,
        "idv": idv,
        "commits": commit,
        "backed_up_at": backed_up_at,
        "records": records.collect::<Map<_, _>>(),
        "store_bytes": space.map(|space| space.file),
        "free_bytes": space.map(|space| space.free),
    }))
}
