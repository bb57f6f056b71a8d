//! `/case/N`: one attempt of somebody to be verified, for who looks at it and decides.
//!
//! What was decided is what was seen: the form of a verdict brings along what its page showed, and the decision is about that
//! or not at all. A second reviewer has the page of a first. Whose it is, is shown to who has it to themselves, or to a
//! supervisor who says why, and that is an entry of the audit log before it is shown.

use hyper::body::{Body, Bytes};
use hyper::header;
use hyper::{HeaderMap, StatusCode};

use self::picture::{Look, damaged, may_look};
use self::ticked::{Shown, Ticked};
use super::gate::Visit;
use super::pace;
use super::refusal::Refusal;
use super::route::CaseAct;
use super::seat::Opened;
use crate::ops::{random, text};
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::command::{Command, Done, Task};
use crate::verification::event::Sight;
use crate::verification::method;
use crate::verification::method::document::kind::{Cue, Slot};
use crate::verification::method::document::review::{Deed, NOTE, Order, Refused};
use crate::verification::method::document::standpoint::Standpoint;
use crate::web::Answer;
use crate::web::error::Refusal as Malformed;
use crate::web::form::{Fields, Form};
use crate::web::page::see_other;

pub(super) mod picture;
pub(super) mod ticked;
mod told;
mod view;
pub(super) mod words;

/// What a page of a case says beside the case.
#[derive(Default)]
struct Said {
    ticked: Ticked,
    /// By the names of sentences.
    problems: Vec<&'static str>,
    look: Option<Look>,
}

/// `GET`.
pub(super) async fn page(
    visit: &Visit<'_>,
    number: u64,
    look: Option<Look>,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    show(visit, number, Said { look, ..Said::default() }, StatusCode::OK, headers).await
}

async fn show(
    visit: &Visit<'_>,
    number: u64,
    said: Said,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let case = visit.open(number).await?;
    let damaged = damaged(visit, &case).await?;
    if may_look(visit, &case, said.look) {
        let sight = Sight::Case { number, slot: None, reason: said.look.map(Look::as_str) };
        visit.record(case.subject.tenant.clone(), Some(case.subject.clone()), sight).await?;
    }
    view::page(visit, &case, &said, &damaged, status, headers).await
}

/// `POST` of one of the forms.
pub(super) async fn act<B>(visit: &Visit<'_>, number: u64, act: CaseAct, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let headers = &form.parts.headers;
    let fields = form.fields().await?;
    let case = match act {
        CaseAct::Verdict => visit.find(number).await?,
        _ => visit.open(number).await?,
    };
    let ticked = Ticked::read(&case.dossier, |name| fields.value(name));
    let deed = match act {
        CaseAct::Claim => Deed::Claim { is_taken_over: !fields.value("take_over").is_empty() },
        CaseAct::Release => Deed::Release,
        CaseAct::Verdict => return verdict(visit, case, ticked, &fields.value("step"), headers).await,
        CaseAct::Turn => Deed::Turn(Slot::parse(&fields.value("turn")).ok_or(Malformed::NotFound)?),
        CaseAct::Hold => match reason(&fields) {
            Some(reason) => Deed::Hold { reason },
            None => return refuse(visit, number, ticked, &["problem-hold"], headers).await,
        },
        CaseAct::Unhold => Deed::Unhold,
        CaseAct::Undo => Deed::Undo,
    };
    match order(visit, &case, deed).await? {
        Err(Refused::NotNow) if act == CaseAct::Hold => {
            let said = Said { ticked, problems: vec!["problem-on-hold"], look: None };
            show(visit, number, said, StatusCode::CONFLICT, headers).await
        }
        Err(refused) => not_done(visit, &case, ticked, refused, headers).await,
        Ok(()) if act == CaseAct::Release => Ok(see_other("/")),
        Ok(()) if ticked.is_empty() => Ok(see_other(&format!("/case/{number}"))),
        Ok(()) => show(visit, number, Said { ticked, ..Said::default() }, StatusCode::OK, headers).await,
    }
}

/// Why everything is to be kept, if that can be read.
fn reason(fields: &Fields) -> Option<String> {
    let reason = fields.value("reason").trim().to_owned();
    ((1..=NOTE).contains(&reason.len()) && text::unseen(&reason).is_none()).then_some(reason)
}

/// A verdict: looked at, shown once more to be confirmed, and given.
async fn verdict(
    visit: &Visit<'_>,
    case: Opened,
    ticked: Ticked,
    step: &str,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let (seat, number) = (visit.seat(), case.dossier.number);
    if !case.standpoint.decides() {
        return told::gone(visit, &case, &ticked);
    }
    if ticked.shown != Shown::of(&case.dossier) {
        return Ok(told::changed(visit, &case, &ticked));
    }
    if !case.is_claimed_by(&seat) {
        let others = case.dossier.claim(seat.now).is_some();
        let refused = if others { Refused::Claimed } else { Refused::NotClaimed };
        return not_done(visit, &case, ticked, refused, headers).await;
    }
    if step == "back" {
        return show(visit, number, Said { ticked, ..Said::default() }, StatusCode::OK, headers).await;
    }
    let is_damaged = !damaged(visit, &case).await?.is_empty();
    let problems = ticked.problems(&case.dossier, &case.rules, is_damaged);
    if !problems.is_empty() {
        return refuse(visit, number, ticked, &problems, headers).await;
    }
    if step != "confirmed" {
        return Ok(told::confirm(visit, &case, &ticked));
    }
    let conclusion = ticked.clone().conclusion(!is_damaged, Cue::from_random(random::bytes()));
    let deed = Deed::Decide(Box::new(conclusion.ok_or(Malformed::Bug)?));
    if let Err(refused) = order(visit, &case, deed).await? {
        return not_done(visit, &case, ticked, refused, headers).await;
    }
    let mut answer = see_other("/");
    answer.headers_mut().append(header::SET_COOKIE, pace::after(visit.console, headers, visit.now));
    Ok(answer)
}

/// Has `deed` done to `case`.
async fn order(visit: &Visit<'_>, case: &Opened, deed: Deed) -> Result<Result<(), Refused>, Refusal> {
    let (seat, subject) = (visit.seat(), case.subject.clone());
    let (number, rules, account) = (case.dossier.number, case.rules.clone(), seat.by.account.clone());
    let order = Order { number, by: seat.by, rules, powers: seat.powers, deed };
    let task = Task::Order(method::Order::Document(order));
    let new_key = PersonKey::from_random(random::bytes());
    let command = Command { subject, account, claimed: None, task, new_key, now: visit.now };
    let (done, _happened) = visit.console.office.store.carry_out(command).await?;
    Ok(match done {
        Done::Changed | Done::Unchanged => Ok(()),
        Done::Refused(method::Refused::Document(refused)) => Err(refused),
    })
}

/// What was not done, with all that was ticked.
async fn not_done(
    visit: &Visit<'_>,
    case: &Opened,
    ticked: Ticked,
    refused: Refused,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let number = case.dossier.number;
    let problem = match refused {
        Refused::NoCase | Refused::Known => return Err(Refusal::NoCase),
        Refused::Supervisor => return Err(Refusal::NotTheirs(visit.operator.name.clone())),
        Refused::SignIn => "problem-sign-in",
        Refused::Changed | Refused::NotNow | Refused::OwnVerdict => {
            let case = visit.find(number).await?;
            return match case.standpoint {
                Standpoint::Reviews | Standpoint::Settles => Ok(told::changed(visit, &case, &ticked)),
                _ => told::gone(visit, &case, &ticked),
            };
        }
        Refused::Incomplete => return refuse(visit, number, ticked, &["problem-incomplete"], headers).await,
        Refused::Rounds => return refuse(visit, number, ticked, &["problem-rounds"], headers).await,
        Refused::Held => return refuse(visit, number, ticked, &["problem-held"], headers).await,
        Refused::Damaged => return refuse(visit, number, ticked, &["problem-damaged"], headers).await,
        Refused::Claimed => "problem-claimed",
        Refused::NotClaimed => "problem-not-claimed",
    };
    let said = Said { ticked, problems: vec![problem], look: None };
    show(visit, number, said, StatusCode::CONFLICT, headers).await
}

/// What the reviewer may mend, with all that was ticked.
async fn refuse(
    visit: &Visit<'_>,
    number: u64,
    ticked: Ticked,
    problems: &[&'static str],
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let said = Said { ticked, problems: problems.to_vec(), look: None };
    show(visit, number, said, StatusCode::UNPROCESSABLE_ENTITY, headers).await
}
