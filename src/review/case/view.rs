//! What the page of a case has, for who looks at it.

use askama::Template;
use hyper::{HeaderMap, StatusCode};

use super::picture::{Look, may_look};
use super::ticked::{
    Outcome, Shown, Ticked, answer_name, ask_name, ask_reasons, inner_name, reject_name, reject_reasons,
};
use super::{Said, words};
use crate::review::exhibits::Specimen;
use crate::review::gate::Visit;
use crate::review::page::{self, Frame};
use crate::review::refusal::Refusal;
use crate::review::seat::{Opened, Seat, apart, name};
use crate::review::words::{say, say_with, when};
use crate::review::{Console, keys, pace};
use crate::verification::check::CheckRecord;
use crate::verification::method::Evidence;
use crate::verification::method::document::checklist::{Item, Response, questions};
use crate::verification::method::document::dossier::{Filled, Given, Stage, Verdict};
use crate::verification::method::document::kind::{Selfie, Slot};
use crate::verification::method::document::policy::Second;
use crate::verification::method::document::reason::InnerReason;
use crate::verification::method::document::standpoint::Standpoint;
use crate::verification::time::Timestamp;
use crate::web::Answer;

/// How many of the subject's checks of before are shown.
const CHECKS: usize = 20;
/// How many pictures of other cases are named.
const ALIKE: usize = 10;

#[derive(Template)]
#[template(path = "case.html", config = "src/review/askama.toml")]
struct CasePage<'a> {
    frame: Frame<'a>,
    script: &'a str,
    has_keys: bool,
    is_tired: bool,
    number: u64,
    /// Where it stands, and who has it.
    standing: String,
    problems: Vec<&'static str>,
    facts: Vec<(&'static str, String)>,
    claim: Claim,
    /// What was ticked before the case was lost.
    carried: Vec<(String, String)>,
    /// None where they may not be looked at.
    pictures: Option<Pictures>,
    /// None where that is not to be seen either.
    person: Option<Person>,
    verdicts: Vec<Told>,
    /// What came to nothing.
    earlier: Vec<Told>,
    form: Option<VerdictForm>,
    oversight: Option<Oversight>,
}

/// What can be done about who has it.
#[derive(PartialEq, Eq)]
enum Claim {
    /// Nothing.
    None,
    Free,
    Mine,
    /// Somebody else's, from whom a supervisor may take it.
    Others,
}

/// Whose it is, by what was there before.
struct Person {
    alike: Vec<String>,
    history: Vec<[String; 3]>,
}

struct Pictures {
    /// The side with the portrait and the applicant, at one size.
    faces: Vec<Shot>,
    others: Vec<Shot>,
    /// Whether they can be turned.
    can_turn: bool,
}

struct Shot {
    slot: &'static str,
    name: &'static str,
    address: String,
    turns: u8,
    is_damaged: bool,
}

/// What somebody came to.
struct Told {
    by: String,
    at: String,
    verdict: &'static str,
    lines: Vec<(&'static str, String)>,
}

struct VerdictForm {
    /// Genuine documents of the kind, each with what it is.
    specimens: Vec<(String, String)>,
    shown: Shown,
    digests: String,
    outcomes: Vec<Choice>,
    questions: Vec<Question>,
    asks: Vec<(&'static str, Vec<Choice>)>,
    rejects: Vec<Choice>,
    inner: Vec<Choice>,
    note: String,
    second: Option<Choice>,
}

struct Question {
    text: &'static str,
    answers: Vec<Choice>,
}

/// Something that can be ticked.
struct Choice {
    name: String,
    value: &'static str,
    text: &'static str,
    is_ticked: bool,
    is_possible: bool,
}

/// What a supervisor can do beside deciding.
struct Oversight {
    held: Option<(String, String, String)>,
    can_undo: bool,
    /// Why pictures may be looked at, if they are not anyway.
    looks: Vec<(&'static str, &'static str)>,
}

pub(super) async fn page(
    visit: &Visit<'_>,
    case: &Opened,
    said: &Said,
    damaged: &[Slot],
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let (seat, dossier, console) = (visit.seat(), &case.dossier, visit.console);
    let is_mine = case.is_claimed_by(&seat);
    let decides = is_mine && case.standpoint.decides();
    let looks = may_look(visit, case, said.look);
    let person = if looks { Some(person(visit, case).await?) } else { None };
    let title = format!("{} {} · {} {}", say("case-title"), dossier.number, say("round"), dossier.round);
    let page = CasePage {
        frame: Frame::inside(visit, "case-title", "/").titled(title),
        script: console.script.path(),
        has_keys: keys::are_on(console, headers),
        is_tired: pace::of(console, headers).is_some_and(|pace| pace.is_long(visit.now)),
        number: dossier.number,
        standing: standing(case, &seat),
        problems: said.problems.iter().map(|problem| say(problem)).collect(),
        facts: facts(case, &seat, looks),
        claim: claim(case, &seat),
        carried: if decides || said.ticked.is_empty() { Vec::new() } else { said.ticked.fields() },
        pictures: looks.then(|| pictures(case, said.look, damaged, decides)),
        person,
        verdicts: told_of(case, case.dossier.verdicts()),
        earlier: told_of(case, &case.dossier.earlier),
        form: decides.then(|| form(console, case, &said.ticked, !damaged.is_empty())),
        oversight: seat.powers.is_supervisor.then(|| oversight(case, decides, visit.now)),
    };
    Ok(page::html(status, &page))
}

fn standing(case: &Opened, seat: &Seat) -> String {
    let dossier = &case.dossier;
    match (&dossier.stage, dossier.claim(seat.now)) {
        (_, Some(claim)) if claim.by == seat.by => say_with("claimed-until", "until", &when(claim.until)),
        (_, Some(claim)) => {
            format!("{} {}", words::claimed_by(&name(&claim.by)), words::since(claim.since))
        }
        (Stage::Waiting { .. }, None) => say("standing-free").to_owned(),
        (Stage::AskedAgain { .. }, _) => say("standing-asked").to_owned(),
        (Stage::Decided { is_verified: true, .. }, _) => say("standing-approved").to_owned(),
        (Stage::Decided { .. }, _) => say("standing-rejected").to_owned(),
        (Stage::Draft { .. } | Stage::Lapsed { .. }, _) => say("standing-lapsed").to_owned(),
    }
}

/// What is known of it; whose it is, where they `look` at it.
fn facts(case: &Opened, seat: &Seat, looks: bool) -> Vec<(&'static str, String)> {
    let Opened { dossier, subject, rules, .. } = case;
    let yes = |applies: bool| say(if applies { "answer-yes" } else { "answer-no" }).to_owned();
    let waiting = match &dossier.stage {
        Stage::Waiting { since, .. } => {
            Some((say("sent"), format!("{} ({})", when(*since), words::age(*since, seat.now))))
        }
        _ => None,
    };
    let cue = match dossier.selfie {
        Selfie::CodeOnPaper => Some((say("cue"), dossier.cue.code())),
        Selfie::Pose => Some((say("pose"), words::pose(dossier.cue.pose()).to_owned())),
        Selfie::None | Selfie::Plain | Selfie::DocumentInHand => None,
    };
    let issuers = (!rules.issuers.is_empty()).then(|| (say("issuers"), rules.issuers.join(", ")));
    let kinds: Vec<_> = rules.kinds.iter().map(|kind| words::document(*kind)).collect();
    let document = [(say("document"), words::document(dossier.document).to_owned())];
    let whose = looks
        .then(|| [(say("account"), subject.user_id.as_str().to_owned()), (say("tenant"), subject.tenant.to_string())]);
    let first = document.into_iter().chain(whose.into_iter().flatten());
    let first = first.chain([(say("selfie"), words::selfie(dossier.selfie).to_owned())]);
    let last = [
        (say("accepted"), kinds.join(", ")),
        (say("may-cover"), yes(rules.may_cover)),
        (say("consent"), when(dossier.consent.at)),
        (say("by-phone"), yes(dossier.by_phone)),
    ];
    let reported = dossier.is_reported.then(|| (say("reported"), say("reported-text").to_owned()));
    first.chain(cue).chain(waiting).chain(issuers).chain(last).chain(reported).collect()
}

fn claim(case: &Opened, seat: &Seat) -> Claim {
    if !case.standpoint.decides() {
        return Claim::None;
    }
    match case.dossier.claim(seat.now) {
        None => Claim::Free,
        Some(claim) if claim.by == seat.by => Claim::Mine,
        Some(_) if seat.powers.is_supervisor => Claim::Others,
        Some(_) => Claim::None,
    }
}

fn pictures(case: &Opened, look: Option<Look>, damaged: &[Slot], can_turn: bool) -> Pictures {
    let number = case.dossier.number;
    let why = look.filter(|_| !can_turn).map_or_else(String::new, |look| format!("&for={}", look.as_str()));
    let shot = |filled: &Filled| Shot {
        slot: filled.slot.as_str(),
        name: words::slot(filled.slot),
        address: format!("/case/{number}/picture/{}?{}{why}", filled.slot.as_str(), filled.picture.object),
        turns: filled.picture.turns % 4,
        is_damaged: damaged.contains(&filled.slot),
    };
    let is_face = |filled: &&Filled| matches!(filled.slot, Slot::Front | Slot::Selfie);
    let (faces, others): (Vec<_>, Vec<_>) = case.dossier.sent().partition(is_face);
    Pictures { faces: faces.into_iter().map(shot).collect(), others: others.into_iter().map(shot).collect(), can_turn }
}

async fn person(visit: &Visit<'_>, case: &Opened) -> Result<Person, Refusal> {
    Ok(Person { alike: alike(visit, case).await?, history: history(visit, case)? })
}

/// The pictures of other cases that are like those of this.
async fn alike(visit: &Visit<'_>, case: &Opened) -> Result<Vec<String>, Refusal> {
    let (store, subject, dossier) = (visit.console.office.store.clone(), case.subject.clone(), case.dossier.clone());
    let alike = apart(move || store.alike(&subject, &dossier)).await?;
    Ok(alike.iter().take(ALIKE).map(words::alike).collect())
}

/// The checks of before. One of this very case says what somebody came to, which stands below for who may see that.
fn history(visit: &Visit<'_>, case: &Opened) -> Result<Vec<[String; 3]>, Refusal> {
    let store = &visit.console.office.store;
    let Some(record) = store.subject(&case.subject)? else { return Ok(Vec::new()) };
    let is_of_case = |check: &CheckRecord| match &check.evidence {
        Evidence::Reviewed(reviewed) => reviewed.number == case.dossier.number,
        _ => false,
    };
    let checks = store.checks(&record, CHECKS)?.into_iter();
    let row = |check: CheckRecord| {
        let method = match &check.evidence {
            Evidence::Reviewed(reviewed) => format!("{} {}", say("case-title"), reviewed.number),
            evidence => evidence.method().to_string(),
        };
        [when(check.at), method, words::status(check.status).to_owned()]
    };
    Ok(checks.filter(|check| !is_of_case(check)).map(row).collect())
}

/// What was `given` of it, for who may see that.
fn told_of(case: &Opened, given: &[Given]) -> Vec<Told> {
    if case.standpoint.sees_verdicts() { given.iter().map(told).collect() } else { Vec::new() }
}

fn told(given: &Given) -> Told {
    let Given { by, at, verdict, checklist, inner, note, .. } = given;
    let (outcome, reasons) = match verdict {
        Verdict::Approve => (Outcome::Approve, Vec::new()),
        Verdict::Reject(reasons) => {
            (Outcome::Reject, reasons.iter().map(|reason| words::reject(*reason).to_owned()).collect())
        }
        Verdict::AskAgain(wanted) => {
            let line = |(slot, reason): &(_, _)| format!("{}: {}", words::slot(*slot), words::ask(*reason));
            (Outcome::AskAgain, wanted.iter().map(line).collect())
        }
    };
    let reasons = reasons.into_iter().map(|reason: String| (say("reason"), reason));
    let inner = inner.iter().map(|reason| (say("reason-inner"), words::inner(*reason).to_owned()));
    let answers = checklist.iter().map(|(item, given)| (words::item(*item), words::response(*given).to_owned()));
    let note = note.iter().map(|note| (say("note"), note.clone()));
    let lines = reasons.chain(inner).chain(answers).chain(note).collect();
    Told { by: name(by), at: when(*at), verdict: words::outcome(outcome), lines }
}

fn form(console: &Console, case: &Opened, ticked: &Ticked, is_damaged: bool) -> VerdictForm {
    let Opened { dossier, rules, .. } = case;
    let on = |name, text, is_ticked| Choice { name, value: "on", text, is_ticked, is_possible: true };
    let outcome = |outcome| {
        let is_possible = match outcome {
            Outcome::AskAgain => dossier.round < rules.rounds && dossier.hold.is_none(),
            Outcome::Approve | Outcome::Reject => !is_damaged,
        };
        let (name, value, is_ticked) = ("outcome".to_owned(), outcome.as_str(), ticked.outcome == Some(outcome));
        Choice { name, value, text: words::outcome(outcome), is_ticked, is_possible }
    };
    let asks = |slot| {
        let reasons = ask_reasons(slot);
        let choice = |reason| on(ask_name(slot, reason), words::ask(reason), ticked.ask.contains(&(slot, reason)));
        (words::slot(slot), reasons.map(choice).collect())
    };
    let reject = |reason| on(reject_name(reason), words::reject(reason), ticked.reject.contains(&reason));
    let inner = |reason: &InnerReason| on(inner_name(*reason), words::inner(*reason), ticked.inner.contains(reason));
    let second = || on("wants_second".into(), say("second-wish"), ticked.wants_second);
    let shown = Shown::of(dossier);
    let specimen = |specimen: &Specimen| {
        let words = Some(specimen.words.as_str()).filter(|words| !words.is_empty());
        let name = words.map_or_else(|| say("specimen").to_owned(), |words| format!("{}: {words}", say("specimen")));
        (name, specimen.picture.address())
    };
    VerdictForm {
        specimens: console.exhibits.specimens(dossier.document).map(specimen).collect(),
        digests: shown.digests(),
        shown,
        outcomes: Outcome::ALL.map(outcome).into(),
        questions: questions(dossier).map(|item| question(item, ticked)).collect(),
        asks: dossier.slots().map(asks).collect(),
        rejects: reject_reasons().map(reject).collect(),
        inner: InnerReason::ALL.iter().map(inner).collect(),
        note: ticked.note.clone(),
        second: (rules.second == Second::Doubt && case.standpoint == Standpoint::Reviews).then(second),
    }
}

fn question(item: Item, ticked: &Ticked) -> Question {
    let answer = |response: Response| Choice {
        name: answer_name(item),
        value: response.as_str(),
        text: words::response(response),
        is_ticked: ticked.answers.contains(&(item, response)),
        is_possible: true,
    };
    Question { text: words::item(item), answers: Response::ALL.map(answer).into() }
}

fn oversight(case: &Opened, decides: bool, now: Timestamp) -> Oversight {
    let dossier = &case.dossier;
    let held = dossier.hold.as_ref().map(|hold| (name(&hold.by), when(hold.at), hold.reason.clone()));
    let looks = if decides || dossier.sent().next().is_none() { &[][..] } else { &Look::ALL };
    Oversight {
        held,
        can_undo: dossier.is_untaken(now),
        looks: looks.iter().map(|look| (look.as_str(), words::look(*look))).collect(),
    }
}
