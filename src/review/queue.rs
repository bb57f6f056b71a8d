//! `/`: the cases that wait, oldest first, and for supervisors those that need them. `/next`: the first that nobody has.

use askama::Template;
use hyper::{HeaderMap, StatusCode};

use super::case::words::{age, claimed_by, document};
use super::gate::Visit;
use super::keys;
use super::pace;
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::seat::{Opened, Seat, name};
use super::words::say;
use crate::verification::method::document::dossier::Stage;
use crate::verification::method::document::policy::Second;
use crate::verification::method::document::standpoint::Standpoint;
use crate::verification::time::Timestamp;
use crate::web::Answer;
use crate::web::page::see_other;

/// The most rows of a list.
const ROWS: usize = 100;

/// A case in a list.
struct Row {
    number: u64,
    age: String,
    document: &'static str,
    round: u8,
    /// What else there is to know, in words.
    marks: Vec<String>,
}

#[derive(Template)]
#[template(path = "queue.html", config = "src/review/askama.toml")]
struct QueuePage<'a> {
    frame: Frame<'a>,
    script: &'a str,
    has_keys: bool,
    /// Whether they have been at it for long.
    is_tired: bool,
    waiting: Vec<Row>,
    /// How many there are beyond those.
    more: usize,
    /// Lists of supervisors, with their titles.
    lists: Vec<(&'static str, Vec<Row>)>,
}

/// `GET /`.
pub(super) async fn page(visit: &Visit<'_>, headers: &HeaderMap) -> Result<Answer, Refusal> {
    let (cases, seat) = (visit.cases().await?, visit.seat());
    let row = |case: &Opened| row(case, &seat);
    let waiting = waiting(&cases);
    let more = waiting.len().saturating_sub(ROWS);
    let list = |title, belongs: fn(&Opened) -> bool| {
        let rows: Vec<_> = cases.iter().filter(|case| belongs(case)).take(ROWS).map(row).collect();
        (title, rows)
    };
    let lists = [
        list("disputed-title", |case| case.standpoint == Standpoint::Settles),
        list("untaken-title", |case| matches!(case.dossier.stage, Stage::Decided { closed_at: None, .. })),
        list("held-title", |case| case.standpoint == Standpoint::Oversees && case.dossier.hold.is_some()),
    ];
    let page = QueuePage {
        frame: Frame::inside(visit, "queue-title", "/"),
        script: visit.console.script.path(),
        has_keys: keys::are_on(visit.console, headers),
        is_tired: pace::of(visit.console, headers).is_some_and(|pace| pace.is_long(visit.now)),
        waiting: waiting.into_iter().take(ROWS).map(row).collect(),
        more,
        lists: lists.into_iter().filter(|(_, rows)| !rows.is_empty()).collect(),
    };
    Ok(page::html(StatusCode::OK, &page))
}

/// `GET /next`: the oldest that is theirs already, or that nobody has.
pub(super) async fn next(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    let (cases, seat) = (visit.cases().await?, visit.seat());
    let waiting = waiting(&cases);
    let mine = waiting.iter().find(|case| case.is_claimed_by(&seat));
    let next = mine.or_else(|| waiting.iter().find(|case| case.dossier.claim(seat.now).is_none()));
    Ok(see_other(&next.map_or_else(|| "/".to_owned(), |case| format!("/case/{}", case.dossier.number))))
}

/// Those that wait for any reviewer, the oldest first.
fn waiting(cases: &[Opened]) -> Vec<&Opened> {
    let mut waiting: Vec<_> = cases.iter().filter(|case| case.standpoint == Standpoint::Reviews).collect();
    waiting.sort_by_key(|case| (since(case), case.dossier.number));
    waiting
}

/// Since when it stands as it does.
fn since(case: &Opened) -> Timestamp {
    match &case.dossier.stage {
        Stage::Waiting { since, .. } => *since,
        Stage::Decided { at, .. } | Stage::Lapsed { at, .. } => *at,
        Stage::Draft { .. } | Stage::AskedAgain { .. } => case.dossier.consent.at,
    }
}

fn row(case: &Opened, seat: &Seat) -> Row {
    let Opened { dossier, rules, standpoint, .. } = case;
    // That a second is wished says what the first thought of it.
    let wants_two = dossier.wants_second && rules.second != Second::Doubt;
    let lapses_at = since(case).later(rules.answer_within);
    let is_late = *standpoint == Standpoint::Reviews && lapses_at <= seat.now.later(pace::DAY);
    let marks = [
        (wants_two, "mark-two"),
        (dossier.round > 1, "mark-again"),
        (is_late, "mark-late"),
        (dossier.hold.is_some(), "mark-held"),
    ];
    let marks = marks.into_iter().filter(|(applies, _)| *applies).map(|(_, mark)| say(mark).to_owned());
    let claim = dossier
        .claim(seat.now)
        .map(|claim| if claim.by == seat.by { say("claimed-by-you").to_owned() } else { claimed_by(&name(&claim.by)) });
    Row {
        number: dossier.number,
        age: age(since(case), seat.now),
        document: document(dossier.document),
        round: dossier.round,
        marks: marks.chain(claim).collect(),
    }
}
