//! What operators ask of the pictures as a whole.

use std::sync::Arc;

use serde_json::{Value, json};

use super::error::OperationError;
use super::office::Office;
use crate::config::{Config, Problem};
use crate::evidence::{self, Checked, EvidenceError, Keeper, Place, PlaceError, Rotated};
use crate::store::Store;

/// The keeper of what `config` says, for `store`.
#[must_use]
pub fn keeper(config: &Config, store: &Store) -> Arc<Keeper> {
    Arc::new(Keeper::new(store.clone(), place(config), config.evidence.space))
}

fn place(config: &Config) -> Place {
    let (directory, store) = (config.evidence.directory.clone(), config.store_path.clone());
    Place { directory, store, may_be_in_memory: false }
}

/// What keeps pictures from lying where `config` wants them; none where it wants none.
#[must_use]
pub fn misplaced(config: &Config) -> Option<Problem> {
    config.methods.iter().find(|method| method.kind().takes_photos())?;
    place(config).examine().err().map(|error| unfit(config, &error))
}

/// What is wrong with the place that `config` has for pictures.
#[must_use]
pub fn unfit(config: &Config, error: &PlaceError) -> Problem {
    Problem {
        place: config.place.clone(),
        key: "evidence.directory".into(),
        problem: error.to_string(),
        remedy: error.remedy(),
    }
}

/// How many there are, and how much room.
pub(super) fn stats(office: &Office) -> Result<Value, OperationError> {
    let keeper = begun(office)?;
    let figures = keeper.count().map_err(failed)?;
    let space = keeper.space().ok();
    Ok(json!({
        "off": keeper.off().map(|off| format!("{off}; {}", off.remedy())),
        "photos": figures.living,
        "deleted": figures.deleted,
        "oldest_deleted_at": figures.oldest_deleted_at,
        "epochs": figures.epochs,
        "bytes": space.map(|space| space.bytes),
        "limit_bytes": space.map(|space| space.limit),
        "free_bytes": space.map(|space| space.free),
    }))
}

/// Shreds what was deleted.
pub(super) async fn rotate(office: &Office) -> Result<Value, OperationError> {
    let (keeper, now) = (begun(office)?.clone(), office.clock.now());
    let Rotated { shredded, left } = evidence::apart(async move { keeper.rotate(now).await }).await.map_err(failed)?;
    Ok(json!({ "shredded": shredded, "left": left }))
}

/// Opens each.
pub(super) async fn check(office: &Office) -> Result<Value, OperationError> {
    let keeper = begun(office)?.clone();
    let Checked { whole, damaged, deleted } = evidence::apart(async move { keeper.check() }).await.map_err(failed)?;
    Ok(json!({ "whole": whole, "damaged": damaged, "deleted": deleted }))
}

/// The keeper, which looks at what there is. Where there is nothing, nothing is made.
pub(super) fn begun(office: &Office) -> Result<&Arc<Keeper>, OperationError> {
    if office.evidence.is_there() {
        office.evidence.begin().map_err(|error| OperationError::Evidence(format!("{error}; {}", error.remedy())))?;
    }
    Ok(&office.evidence)
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls it with")]
pub(super) fn failed(error: EvidenceError) -> OperationError {
    OperationError::Evidence(error.to_string())
}
