//! Cases of the document method: they are listed, shown, decided and kept at a terminal. Who is at one is not told from another,
//! so that where two people decide, the console is where they do.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::shown::{listed, listed_blind, shown};
use self::verdict::conclude;
use crate::control::asker::Asker;
use crate::control::error::OperationError;
use crate::control::evidence;
use crate::control::listing::PAGE;
use crate::control::note::checked;
use crate::control::office::Office;
use crate::control::operation::new_key;
use crate::control::remark::Remark;
use crate::evidence as pictures;
use crate::ops::account;
use crate::store::StoreError;
use crate::verification::command::{Command, Done, Task};
use crate::verification::event::Sight;
use crate::verification::method::document::dossier::{Dossier, Reviewer, Stage};
use crate::verification::method::document::kind::Slot;
use crate::verification::method::document::policy::Second;
use crate::verification::method::document::review::{Deed, Order, Powers, Refused};
use crate::verification::method::{self, Kind};
use crate::verification::operator::{OperatorRecord, Role};
use crate::verification::subject::Subject;

mod age;
pub mod decoy;
mod shown;
mod verdict;

pub(in crate::control) use self::age::age;
pub use self::verdict::Wanted;

/// What is asked of cases, each by its number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "operation", deny_unknown_fields)]
pub enum Request {
    /// List those that are open.
    #[serde(rename = "document_list")]
    List {
        /// List those after this one.
        #[serde(default)]
        after: Option<u64>,
    },
    /// Show all that is known of one, but pictures.
    #[serde(rename = "document_show")]
    Show {
        /// Which.
        number: u64,
    },
    /// Decide.
    #[serde(rename = "document_decide")]
    Decide {
        /// Which.
        number: u64,
        /// Its revision, as whoever decides was shown it.
        revision: u32,
        /// What they come to.
        verdict: Wanted,
        /// Why: codes, or for better pictures a code for each slot, as in `front=blurred`.
        reasons: Vec<String>,
        /// What they answer: `yes`, `no` or `cannot_tell`, by question; `all` is every one that has no answer of its own.
        answers: BTreeMap<String, String>,
        /// Who decides, as they say.
        by: String,
    },
    /// Show a picture.
    #[serde(rename = "document_picture")]
    Picture {
        /// Of which.
        number: u64,
        /// Which.
        slot: Slot,
    },
    /// Hand out a picture beside all that is known of its person, who is to have those that they did not send too.
    #[serde(rename = "document_copy")]
    Copy {
        /// Of which.
        number: u64,
        /// Which.
        slot: Slot,
    },
    /// Keep everything of it, whatever its time.
    #[serde(rename = "document_hold")]
    Hold {
        /// Which.
        number: u64,
        /// Why.
        reason: String,
    },
    /// Let time go on.
    #[serde(rename = "document_unhold")]
    Unhold {
        /// Which.
        number: u64,
    },
    /// Take it from the reviewer who has it.
    #[serde(rename = "document_unclaim")]
    Unclaim {
        /// Which.
        number: u64,
    },
    /// Delete its pictures now.
    #[serde(rename = "document_forget")]
    Forget {
        /// Which.
        number: u64,
    },
}

impl Request {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::List { .. } => "document_list",
            Self::Show { .. } => "document_show",
            Self::Decide { .. } => "document_decide",
            Self::Picture { .. } => "document_picture",
            Self::Copy { .. } => "document_copy",
            Self::Hold { .. } => "document_hold",
            Self::Unhold { .. } => "document_unhold",
            Self::Unclaim { .. } => "document_unclaim",
            Self::Forget { .. } => "document_forget",
        }
    }

    pub(super) const fn changes_the_store(&self) -> bool {
        !matches!(self, Self::List { .. } | Self::Show { .. })
    }

    /// Whether it may wait for every picture.
    pub(super) const fn takes_long(&self) -> bool {
        matches!(self, Self::Forget { .. })
    }

    pub(super) async fn perform(self, office: &Office, asker: Asker) -> Result<Value, OperationError> {
        if !matches!(self, Self::List { .. }) {
            // Whoever decides sees the pictures, and whoever is shown a case what others came to.
            asker.check_account("is shown cases here and decides them; others are in the console")?;
        }
        let (number, deed) = match self {
            Self::List { after } => return list(office, after, &asker).await,
            Self::Show { number } => return show(office, number, &asker).await,
            Self::Decide { number, revision, verdict, reasons, answers, by } => {
                let case = Case::find(office, number)?;
                let are_whole = verdict == Wanted::AskAgain || are_whole(office, &case).await?;
                let conclusion = conclude(&case.dossier, revision, verdict, &reasons, &answers, are_whole)?;
                let by = checked("the reviewer's name", by)?;
                return order(office, case, Deed::Decide(Box::new(conclusion)), &asker, Some(by)).await;
            }
            Self::Picture { number, slot } => {
                return picture(office, Case::find_sent(office, number)?, slot, &asker).await;
            }
            Self::Copy { number, slot } => return copy(office, Case::find(office, number)?, slot, &asker).await,
            Self::Forget { number } => return forget(office, Case::find(office, number)?, &asker).await,
            Self::Hold { number, reason } => (number, Deed::Hold { reason: checked("the reason", reason)? }),
            Self::Unhold { number } => (number, Deed::Unhold),
            Self::Unclaim { number } => (number, Deed::Release),
        };
        order(office, Case::find(office, number)?, deed, &asker, None).await
    }
}

/// Where two people decide and there are not two.
///
/// # Errors
/// [`StoreError`].
pub fn remark(office: &Office) -> Result<Option<Remark>, StoreError> {
    let Some(rules) = &office.config.methods.document else { return Ok(None) };
    // Who signs in by a provider is known once they did.
    if rules.iter().all(|policy| policy.second == Second::Never) {
        return Ok(None);
    }
    let operators = office.store.operators()?;
    let reviews = |record: &OperatorRecord| record.revoked_at.is_none() && record.roles.include(Role::Reviewer);
    let reviewers = operators.iter().filter(|(_, record)| reviews(record)).count();
    Ok((reviewers < 2).then(|| Remark {
        text: format!("two people decide cases of photos, and {reviewers} who may is known to the console"),
        remedy: "have another sign in, or add one: idv operator add NAME --role reviewer".into(),
    }))
}

/// A case, and whose it is.
struct Case {
    subject: Subject,
    dossier: Dossier,
}

impl Case {
    fn find(office: &Office, number: u64) -> Result<Self, OperationError> {
        let none = not_done(Refused::NoCase);
        let Some(subject) = office.store.numbered(number)? else { return Err(none) };
        Self::of(office, subject)?.filter(|case| case.dossier.number == number).ok_or(none)
    }

    /// The same, once it was sent, with the pictures that were: what somebody prepares is theirs.
    fn find_sent(office: &Office, number: u64) -> Result<Self, OperationError> {
        let Self { subject, dossier } = Self::find(office, number)?;
        if matches!(dossier.stage, Stage::Draft { .. }) {
            return Err(not_done(Refused::NotNow));
        }
        let pictures = dossier.sent().copied().collect();
        Ok(Self { subject, dossier: Dossier { pictures, ..dossier } })
    }

    /// That of `subject`.
    fn of(office: &Office, subject: Subject) -> Result<Option<Self>, StoreError> {
        let standing = office.store.kept_of(Kind::Document, &subject)?.into_document();
        Ok(standing.dossier.map(|dossier| Self { subject, dossier: *dossier }))
    }
}

/// What is kept of `subject`.
pub(super) fn exported(office: &Office, subject: &Subject) -> Result<Value, StoreError> {
    let standing = office.store.kept_of(Kind::Document, subject)?.into_document();
    let (rules, now) = (office.config.lasting.document.of(&subject.tenant), office.clock.now());
    let case = standing.dossier.map(|dossier| shown(subject, &dossier, rules, now));
    let is_nothing = case.is_none() && standing.sent.is_empty();
    Ok(if is_nothing { Value::Null } else { json!({ "case": case, "sent_at": standing.sent }) })
}

/// A page of those that are open, with the numbers of those that cannot be read, and the one after which the next begins.
async fn list(office: &Office, after: Option<u64>, asker: &Asker) -> Result<Value, OperationError> {
    let (numbers, now) = (office.store.numbers(after.unwrap_or(0), PAGE)?, office.clock.now());
    let next = numbers.last().filter(|_| numbers.len() == PAGE).map(|(number, _)| *number);
    let (mut cases, mut damaged, mut tenants) = (Vec::new(), Vec::new(), BTreeMap::<_, u64>::new());
    // Reviewers may be in the group of the desk.
    let listed = if account::is_of_the_service(&asker.account) { listed } else { listed_blind };
    for (number, subject) in numbers {
        let Some(case) = StoreError::skipped(Case::of(office, subject))? else {
            damaged.push(number);
            continue;
        };
        let Some(case) = case.filter(|case| case.dossier.is_open() && case.dossier.is_there(now)) else { continue };
        *tenants.entry(case.subject.tenant.clone()).or_default() += 1;
        cases.push(listed(&case.subject, &case.dossier, now));
    }
    for (tenant, count) in tenants {
        office.look(tenant, Sight::Cases(count), asker).await?;
    }
    Ok(json!({ "cases": cases, "damaged": damaged, "next": next }))
}

/// All that is known of it but pictures. It is recorded before it is shown.
async fn show(office: &Office, number: u64, asker: &Asker) -> Result<Value, OperationError> {
    let Case { subject, dossier } = Case::find_sent(office, number)?;
    let (rules, now) = (office.config.lasting.document.of(&subject.tenant), office.clock.now());
    let answer = shown(&subject, &dossier, rules, now);
    office.look_at(subject, Sight::Case { number, slot: None, reason: None }, asker).await?;
    Ok(answer)
}

/// The picture in `slot`, in clear. It is recorded before it is shown.
async fn picture(office: &Office, case: Case, slot: Slot, asker: &Asker) -> Result<Value, OperationError> {
    let Case { subject, dossier } = case;
    let Some(filled) = dossier.filled(slot).copied() else {
        return Err(OperationError::Unknown("photo of the case", slot.as_str().to_owned()));
    };
    let (keeper, tenant, number) = (evidence::begun(office)?.clone(), subject.tenant.clone(), dossier.number);
    let opened = pictures::apart(async move { keeper.picture(&tenant, number, &filled) });
    let jpeg = opened.await.map_err(evidence::failed)?;
    office.look_at(subject, Sight::Case { number, slot: Some(slot), reason: None }, asker).await?;
    Ok(json!({ "jpeg": BASE64.encode(&jpeg) }))
}

/// The same for its person. Of one that does not open they hear why: nobody goes without all else for it.
async fn copy(office: &Office, case: Case, slot: Slot, asker: &Asker) -> Result<Value, OperationError> {
    match picture(office, case, slot, asker).await {
        Err(OperationError::Evidence(problem)) => Ok(json!({ "missing": problem })),
        copied => copied,
    }
}

/// Whether every picture opens, and is the one that the case names.
async fn are_whole(office: &Office, case: &Case) -> Result<bool, OperationError> {
    let keeper = evidence::begun(office)?.clone();
    let (tenant, dossier) = (case.subject.tenant.clone(), case.dossier.clone());
    let looked = pictures::apart(async move { keeper.damaged(&tenant, &dossier) });
    Ok(looked.await.map_err(evidence::failed)?.is_empty())
}

/// Deletes the pictures, and what opens them.
async fn forget(office: &Office, case: Case, asker: &Asker) -> Result<Value, OperationError> {
    let mut forgotten = order(office, case, Deed::Forget, asker, None).await?;
    if !office.evidence.is_there() {
        return Ok(forgotten);
    }
    // What is deleted stays so; where it cannot be shredded now, the service tries it again soon.
    let rotated = evidence::rotate(office).await.map_err(|error| {
        office.evidence.hasten();
        OperationError::Evidence(format!("the photos are deleted, and what opens them is there yet: {error}"))
    })?;
    forgotten["left"] = rotated["left"].clone();
    if forgotten["left"] != 0 {
        office.evidence.hasten();
    }
    Ok(forgotten)
}

/// Orders `deed` for `case`, from the account of `asker`.
async fn order(
    office: &Office,
    case: Case,
    deed: Deed,
    asker: &Asker,
    by: Option<String>,
) -> Result<Value, OperationError> {
    let Case { subject, dossier } = case;
    let Asker { account, claimed } = asker.clone();
    let claimed = by.or(claimed);
    let order = Order {
        number: dossier.number,
        by: Reviewer { account: account.clone(), claimed: claimed.clone() },
        rules: office.config.lasting.document.of(&subject.tenant).clone(),
        // Whoever is root may do whatever one person may.
        powers: Powers { is_supervisor: true, is_signed_in: false, subject: None },
        deed,
    };
    let task = Task::Order(method::Order::Document(order));
    let command =
        Command { subject: subject.clone(), account, claimed, task, new_key: new_key(), now: office.clock.now() };
    match office.store.carry_out(command).await?.0 {
        Done::Refused(method::Refused::Document(refused)) => Err(not_done(refused)),
        done @ (Done::Changed | Done::Unchanged) => {
            let state = Case::of(office, subject)?.map(|case| case.dossier.state());
            Ok(json!({ "changed": done == Done::Changed, "state": state }))
        }
    }
}

/// Why something is not done with a case, and what to do.
fn not_done(refused: Refused) -> OperationError {
    let told = match refused {
        Refused::NoCase => "there is no case of that number; see idv case list",
        Refused::NotNow => "the case does not stand so that this can be done; see idv case show",
        Refused::Claimed => {
            "a reviewer has the case to themselves; see idv case show, or take it from them: idv case unclaim"
        }
        Refused::NotClaimed => "nobody has the case to themselves",
        Refused::Changed => "the case changed since it was shown; look at it again: idv case show",
        Refused::Incomplete => {
            "the reasons and answers do not go with that: an approval wants every question answered yes, a rejection wants all \
             answered, one of them no, and a reason, and better photos want a slot each with its reason; see idv case show"
        }
        Refused::OwnVerdict => "this account decided of the case before; somebody else does now",
        Refused::Supervisor => "only a supervisor does that",
        Refused::SignIn => {
            "two people decide this case, and at a terminal nobody is told from another: they sign in to the console"
        }
        Refused::Rounds => "photos were asked for as often as they may be; approve or reject",
        Refused::Held => {
            "the case is on hold, so that none of its photos may be deleted; first lift the hold: idv case unhold"
        }
        Refused::Damaged => {
            "a photo of the case does not open, or is not the one that was sent: nobody decides by what cannot be seen; ask for \
             better photos: idv case ask-again"
        }
        Refused::Known => "something is known of that person; a decoy is of nobody's",
    };
    OperationError::Refused { name: refused.as_str(), told }
}
