//! `/figures`: how reviewing goes, for supervisors alone. There is no ranking and no target: they show where two look at the
//! same thing differently.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use askama::Template;
use hyper::StatusCode;

use self::decoys::Decoys;
use super::case::words::lasting;
use super::gate::Visit;
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::seat::{apart, name};
use super::words::{say, say_with};
use crate::store::StoreError;
use crate::verification::method::Evidence;
use crate::verification::method::document::checklist::Response;
use crate::verification::method::document::{Reviewed, waits};
use crate::verification::operator::tally::Tally;
use crate::verification::time::Timestamp;
use crate::web::Answer;

mod decoys;

/// How many checks are looked through, the newest first.
const CHECKS: usize = 10_000;

/// What is known of the verdicts of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Figures {
    verdicts: usize,
    /// How long each took from its claim, where that is known; in order.
    took: Vec<Duration>,
    /// In how many cases two decided, of whom they were one.
    seconds: usize,
    /// In how many of those both came to the same.
    agreed: usize,
    answers: usize,
    cannot_tell: usize,
    /// What they made of decoys; none of who looks at it.
    decoys: Tally,
}

/// What follows from cases that were decided, by who decided.
fn figures<'r>(decided: impl Iterator<Item = &'r Reviewed>) -> BTreeMap<String, Figures> {
    let mut all: BTreeMap<String, Figures> = BTreeMap::new();
    for Reviewed { verdicts, .. } in decided {
        let agree = match verdicts.as_slice() {
            [first, second, ..] => Some(first.verdict.agrees_with(&second.verdict)),
            _ => None,
        };
        for (place, given) in verdicts.iter().enumerate() {
            let figures = all.entry(name(&given.by)).or_default();
            let is_one_of_two = agree.is_some() && place < 2;
            figures.verdicts += 1;
            figures.took.extend(given.claimed_at.map(|claimed_at| claimed_at.until(given.at)));
            figures.seconds += usize::from(is_one_of_two);
            figures.agreed += usize::from(is_one_of_two && agree == Some(true));
            figures.answers += given.checklist.len();
            let cannot_tell = given.checklist.iter().filter(|(_, answer)| *answer == Response::CannotTell);
            figures.cannot_tell += cannot_tell.count();
        }
    }
    for figures in all.values_mut() {
        figures.took.sort_unstable();
    }
    all
}

/// That below which `part` of a hundred of `sorted` lie.
fn percentile(sorted: &[Duration], part: usize) -> Option<Duration> {
    sorted.get((sorted.len() * part / 100).min(sorted.len().saturating_sub(1))).copied()
}

struct Row {
    name: String,
    verdicts: usize,
    median: String,
    tenth: String,
    agreed: String,
    cannot_tell: String,
    decoys: String,
}

#[derive(Template)]
#[template(path = "figures.html", config = "src/review/askama.toml")]
struct FiguresPage<'a> {
    frame: Frame<'a>,
    /// How long people wait.
    median: Option<String>,
    rows: Vec<Row>,
}

/// `GET`.
pub(super) async fn page(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    let (decided, decoys) = decided(visit, CHECKS).await?;
    let median = waited(&decided);
    let mut figures = figures(decided.iter().map(|(reviewed, _)| reviewed));
    for (name, record) in visit.console.office.store.operators()? {
        let tally = decoys.told(&name, record.tally);
        // Whoever saw their own rise would know that the last one was a decoy.
        if tally != Tally::default() && name != visit.operator.name {
            figures.entry(name.to_string()).or_default().decoys = tally;
        }
    }
    let rows = figures.into_iter().map(|(name, figures)| row(name, &figures)).collect();
    let frame = Frame::inside(visit, "figures-title", "/figures");
    Ok(page::html(StatusCode::OK, &FiguresPage { frame, median, rows }))
}

/// A decision, with its time.
type Decision = (Reviewed, Timestamp);

/// The decisions among the last `checks`, and those of the decoys that there are, the newest first; and what those say.
async fn decided(visit: &Visit<'_>, checks: usize) -> Result<(Vec<Decision>, Decoys), Refusal> {
    let (office, seat) = (visit.console.office.clone(), visit.seat());
    apart(move || {
        let reviewed = office.store.last_checks(checks)?.into_iter().filter_map(|check| match check.evidence {
            Evidence::Reviewed(reviewed) if !reviewed.is_undone => Some((reviewed, check.at)),
            _ => None,
        });
        let decoys = Decoys::of(&office, &seat)?;
        let mut decided: Vec<_> = reviewed.chain(decoys.decided.iter().cloned()).collect();
        decided.sort_by_key(|(_, at)| Reverse(*at));
        Ok::<_, StoreError>((decided, decoys))
    })
    .await
}

/// How long people waited for the last decisions among the last `checks`, and among decoys.
pub(super) async fn usually(visit: &Visit<'_>, checks: usize) -> Result<Option<String>, Refusal> {
    let (decided, _) = decided(visit, checks).await?;
    Ok(waited(&decided))
}

/// How long people waited for the last of `decided`, in words; none where those are too few.
fn waited(decided: &[Decision]) -> Option<String> {
    let median = waits::median(decided.iter().map(|(reviewed, at)| (reviewed, *at)))?;
    Some(say_with("usually", "time", &lasting(median)))
}

fn row(name: String, figures: &Figures) -> Row {
    let time = |time: Option<Duration>| time.map_or_else(|| say("none").to_owned(), lasting);
    let share = |of: usize, all: usize| match all {
        0 => say("none").to_owned(),
        all => format!("{} % ({of}/{all})", of * 100 / all),
    };
    let Tally { right, wrong } = figures.decoys;
    let decoys = match u64::from(right) + u64::from(wrong) {
        0 => say("none").to_owned(),
        all => format!("{right}/{all}"),
    };
    Row {
        name,
        decoys,
        verdicts: figures.verdicts,
        median: time(percentile(&figures.took, 50)),
        tenth: time(percentile(&figures.took, 10)),
        agreed: share(figures.agreed, figures.seconds),
        cannot_tell: share(figures.cannot_tell, figures.answers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::account::Account;
    use crate::verification::method::document::checklist::Item;
    use crate::verification::method::document::dossier::{Consent, Given, Reviewer, Verdict};
    use crate::verification::method::document::reason::RejectReason;
    use crate::verification::method::document::{DocumentKind, kind::Selfie};

    fn given(by: &str, minutes: u64, verdict: Verdict, answer: Response) -> Given {
        Given {
            by: Reviewer { account: Account::Operator(by.to_owned().try_into().unwrap()), claimed: None },
            at: Timestamp::from_unix(minutes * 60),
            claimed_at: Some(Timestamp::from_unix(0)),
            verdict,
            checklist: vec![(Item::Genuine, answer), (Item::TextEven, Response::Yes)],
            inner: Vec::new(),
            note: None,
        }
    }

    fn decided(verdicts: Vec<Given>) -> Reviewed {
        Reviewed {
            trust_framework: "https://acme.test/policy".into(),
            number: 1,
            document: DocumentKind::Passport,
            selfie: Selfie::Plain,
            consent: Consent { at: Timestamp::from_unix(0), notice: [0; 32] },
            round: 1,
            verdicts,
            earlier: Vec::new(),
            digests: Vec::new(),
            by_phone: false,
            is_undone: false,
            sent_at: None,
        }
    }

    #[test]
    fn two_who_differ_agree_in_none_and_who_settles_is_not_counted_as_one_of_them() {
        let reject = || Verdict::Reject(vec![RejectReason::Expired]);
        let cases = [
            decided(vec![given("ada", 2, Verdict::Approve, Response::Yes)]),
            decided(vec![
                given("ada", 4, Verdict::Approve, Response::Yes),
                given("bea", 6, Verdict::Approve, Response::Yes),
            ]),
            decided(vec![
                given("ada", 6, Verdict::Approve, Response::Yes),
                given("bea", 8, reject(), Response::CannotTell),
                given("cora", 9, reject(), Response::No),
            ]),
        ];
        let all = figures(cases.iter());
        let of = |name: &str| (all[name].verdicts, all[name].seconds, all[name].agreed, all[name].cannot_tell);
        assert_eq!([of("ada"), of("bea"), of("cora")], [(3, 2, 1, 0), (2, 2, 1, 1), (1, 0, 0, 0)]);
        let took = &all["ada"].took;
        assert_eq!(percentile(took, 50), Some(Duration::from_mins(4)));
        assert_eq!(percentile(took, 10), Some(Duration::from_mins(2)));
        assert_eq!(percentile(&[], 50), None);
    }
}
