//! `/`: the cases that wait, oldest first, and for supervisors those that need them. `/next`: the first that nobody has.

use std::collections::BTreeMap;

use askama::Template;
use hyper::{HeaderMap, StatusCode};

use super::case::words::{age, claimed_by, document};
use super::figures::usually;
use super::gate::Visit;
use super::keys;
use super::pace;
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::search::SearchForm;
use super::seat::{Opened, Seat, name};
use super::words::say;
use crate::verification::method::document::due::stands_since;
use crate::verification::method::document::policy::Second;
use crate::verification::method::document::standpoint::Standpoint;
use crate::verification::time::{DAY, Timestamp};
use crate::web::Answer;
use crate::web::page::see_other;

/// The most rows of a list.
const ROWS: usize = 100;
/// How many checks are looked through for how long people wait, the newest first.
const CHECKS: usize = 1000;

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
    /// How long people wait.
    median: Option<String>,
    has_pairs: bool,
    waiting: Vec<Row>,
    /// How many there are beyond those.
    more: usize,
    /// Of supervisors alone.
    search: Option<SearchForm>,
    /// Lists of supervisors, with their titles.
    lists: Vec<(&'static str, Vec<Row>)>,
}

/// `GET /`.
pub(super) async fn page(visit: &Visit<'_>, headers: &HeaderMap) -> Result<Answer, Refusal> {
    let Queue { waiting, count, lists } = visit.gather(Queue::default(), Queue::take).await?;
    let more = count.saturating_sub(ROWS);
    let lists = ["disputed-title", "untaken-title", "held-title"].into_iter().zip(lists);
    let median = usually(visit, CHECKS).await?;
    let page = QueuePage {
        frame: Frame::inside(visit, "queue-title", "/"),
        script: visit.console.script.path(),
        has_keys: keys::are_on(visit.console, headers),
        is_tired: pace::of(visit.console, headers).is_some_and(|pace| pace.is_long(visit.now)),
        median,
        has_pairs: !visit.console.exhibits.pairs().is_empty(),
        waiting: waiting.into_values().collect(),
        more,
        search: SearchForm::of(visit, ""),
        lists: lists.filter(|(_, rows)| !rows.is_empty()).collect(),
    };
    Ok(page::html(StatusCode::OK, &page))
}

/// `GET /next`: the oldest that is theirs already, or that nobody has.
pub(super) async fn next(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    // What is theirs comes first, then what waits longest.
    let first = visit.gather(None, |first: &mut Option<(bool, Timestamp, u64)>, seat, case| {
        let is_mine = case.is_claimed_by(seat);
        if case.standpoint == Standpoint::Reviews && (is_mine || case.dossier.claim(seat.now).is_none()) {
            let this = (!is_mine, stands_since(&case.dossier), case.dossier.number);
            *first = Some(first.map_or(this, |first| first.min(this)));
        }
    });
    Ok(see_other(&first.await?.map_or_else(|| "/".to_owned(), |(.., number)| format!("/case/{number}"))))
}

/// The cases of a page: however many there are, no more are held than are shown.
#[derive(Default)]
struct Queue {
    /// Those that wait longest for any reviewer, the oldest first.
    waiting: BTreeMap<(Timestamp, u64), Row>,
    /// How many wait.
    count: usize,
    /// Those that two differ about, that no login took, and that are kept.
    lists: [Vec<Row>; 3],
}

impl Queue {
    fn take(&mut self, seat: &Seat, case: &Opened) {
        if case.standpoint == Standpoint::Reviews {
            self.count += 1;
            let place = (stands_since(&case.dossier), case.dossier.number);
            if self.waiting.len() == ROWS && self.waiting.last_key_value().is_some_and(|(last, _)| place < *last) {
                self.waiting.pop_last();
            }
            if self.waiting.len() < ROWS {
                self.waiting.insert(place, row(case, seat));
            }
        }
        let belongs = [
            case.standpoint == Standpoint::Settles,
            case.dossier.is_untaken(seat.now),
            case.standpoint == Standpoint::Oversees && case.dossier.hold.is_some(),
        ];
        for (list, _) in self.lists.iter_mut().zip(belongs).filter(|(list, belongs)| *belongs && list.len() < ROWS) {
            list.push(row(case, seat));
        }
    }
}

fn row(case: &Opened, seat: &Seat) -> Row {
    let Opened { dossier, rules, standpoint, .. } = case;
    // That a second is wished says what the first thought of it.
    let wants_two = dossier.wants_second && rules.second != Second::Doubt;
    let lapses_at = stands_since(&case.dossier).later(rules.answer_within);
    let is_late = *standpoint == Standpoint::Reviews && lapses_at <= seat.now.later(DAY);
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
        age: age(stands_since(&case.dossier), seat.now),
        document: document(dossier.document),
        round: dossier.round,
        marks: marks.chain(claim).collect(),
    }
}
