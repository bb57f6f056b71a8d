//! Time goes on: what was never sent is dropped, what nobody decided or came for lapses, and pictures whose time is over go.

use tokio::task::JoinSet;

use crate::control::listing::PAGE;
use crate::control::office::Office;
use crate::control::operation::new_key;
use crate::ops::account;
use crate::ops::report::Report;
use crate::store::StoreError;
use crate::verification::command::{Command, Done, Task};
use crate::verification::method::document::dossier::Reviewer;
use crate::verification::method::document::due::due;
use crate::verification::method::document::review::{Deed, Order, Powers};
use crate::verification::method::{self, Kind};
use crate::verification::subject::Subject;

/// How many are seen to at once: enough to share a commit, and few enough that no login waits long for them.
const AT_ONCE: usize = 64;
/// What names no case: of a subject who has none, it is forgotten when they sent pictures.
const NONE: u64 = 0;

/// Does to all cases what is due by now. Returns to how many something was.
///
/// # Errors
/// [`StoreError`]; what is left is due the next time.
pub(in crate::control) async fn age(office: &Office) -> Result<usize, StoreError> {
    office.store.examined().await?;
    Ok(age_cases(office).await? + age_others(office).await?)
}

/// By their numbers: so those are found whose tenant is no longer configured.
async fn age_cases(office: &Office) -> Result<usize, StoreError> {
    let (mut after, mut aged, mut damaged) = (0, 0, 0);
    loop {
        let page = office.store.numbers(after, PAGE)?;
        let is_last = page.len() < PAGE;
        after = page.last().map_or(after, |(number, _)| *number);
        let mut all = Vec::new();
        for (number, subject) in page {
            match StoreError::skipped(is_due(office, number, &subject))? {
                Some(true) => all.push((number, subject)),
                Some(false) => {}
                None => damaged += 1,
            }
        }
        aged += order_all(office, all).await?;
        if is_last {
            break;
        }
    }
    if damaged > 0 {
        Report::CasesDamaged(damaged).tell();
    }
    Ok(aged)
}

fn is_due(office: &Office, number: u64, subject: &Subject) -> Result<bool, StoreError> {
    let standing = office.store.kept_of(Kind::Document, subject)?.into_document();
    let (rules, now) = (office.config.lasting.document.of(&subject.tenant), office.clock.now());
    let dossier = standing.dossier.filter(|dossier| dossier.number == number);
    Ok(dossier.is_some_and(|dossier| due(&dossier, rules, now).is_some()))
}

/// Those who have no case any more, and sent pictures.
async fn age_others(office: &Office) -> Result<usize, StoreError> {
    let mut aged = 0;
    for tenant in &office.config.tenants {
        let mut after = None;
        loop {
            // When they sent pictures is remembered longer than it counts, where something there is damaged.
            let page = StoreError::skipped(office.store.kept(Kind::Document, &tenant.domain, after.as_ref(), PAGE))?;
            let Some(page) = page else { break };
            let is_last = page.len() < PAGE;
            after = page.last().map(|(subject, _)| subject.clone());
            let others = page.into_iter().filter(|(_, kept)| kept.number().is_none());
            aged += order_all(office, others.map(|(subject, _)| (NONE, subject)).collect()).await?;
            if is_last {
                break;
            }
        }
    }
    Ok(aged)
}

async fn order_all(office: &Office, all: Vec<(u64, Subject)>) -> Result<usize, StoreError> {
    let (mut aged, mut failed) = (0, None);
    for some in all.chunks(AT_ONCE) {
        let mut waiting = JoinSet::new();
        for (number, subject) in some {
            let (store, command) = (office.store.clone(), command(office, *number, subject.clone()));
            waiting.spawn(async move { store.carry_out(command).await });
        }
        while let Some(done) = waiting.join_next().await {
            match StoreError::skipped(done.unwrap_or(Err(StoreError::Unavailable))) {
                Ok(Some((done, _))) => aged += usize::from(done == Done::Changed),
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
        }
    }
    failed.map_or(Ok(aged), Err)
}

/// In the name of the service itself.
fn command(office: &Office, number: u64, subject: Subject) -> Command {
    let account = account::own();
    let order = Order {
        number,
        by: Reviewer { account: account.clone(), claimed: None },
        rules: office.config.lasting.document.of(&subject.tenant).clone(),
        powers: Powers { is_supervisor: false, is_signed_in: false, subject: None },
        deed: Deed::Age,
    };
    let task = Task::Order(method::Order::Document(order));
    Command { subject, account, claimed: None, task, new_key: new_key(), now: office.clock.now() }
}
