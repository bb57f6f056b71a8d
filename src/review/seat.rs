//! Who has signed in, as cases know them, and what a case is to them.

use tokio::task::spawn_blocking;

use super::gate::Visit;
use super::refusal::Refusal;
use crate::control::Office;
use crate::ops::{journal, random};
use crate::store::{Store, StoreError};
use crate::verification::account::Account;
use crate::verification::audit::entry::Entry;
use crate::verification::audit::pseudonym::PersonKey;
use crate::verification::event::{Event, Sight};
use crate::verification::method::document::dossier::Reviewer;
use crate::verification::method::document::review::Powers;
use crate::verification::method::document::standpoint::Standpoint;
use crate::verification::method::document::{Dossier, Rules};
use crate::verification::method::{Kept, Kind};
use crate::verification::operator::Role;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::verification::time::Timestamp;
use crate::web::error::Refusal as Malformed;

/// How many numbers are read at a time.
const PAGE: usize = 1000;

/// Who has signed in, as cases know them.
#[derive(Clone)]
pub(super) struct Seat {
    pub(super) by: Reviewer,
    pub(super) powers: Powers,
    pub(super) now: Timestamp,
}

/// A case that is there for them.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) subject: Subject,
    pub(super) dossier: Dossier,
    pub(super) standpoint: Standpoint,
    pub(super) rules: Rules,
}

impl Visit<'_> {
    pub(super) fn seat(&self) -> Seat {
        let operator = &self.operator;
        let account = Account::Operator(operator.name.clone());
        let is_supervisor = operator.session.roles.include(Role::Supervisor);
        // Where there is a provider, its supervisors make links: one who reads a link that is another's would be two people.
        let by_provider = self.console.office.config.review.as_ref().is_some_and(|review| review.sign_in.is_some());
        let is_signed_in = operator.session.by.is_by_provider() || !by_provider;
        let powers = Powers { is_supervisor, is_signed_in, subject: operator.subject.clone() };
        Seat { by: Reviewer { account, claimed: None }, powers, now: self.now }
    }

    /// The case `number`, if it is there for them.
    pub(super) async fn open(&self, number: u64) -> Result<Opened, Refusal> {
        let opened = self.find(number).await?;
        if opened.standpoint == Standpoint::Outside { Err(Refusal::NoCase) } else { Ok(opened) }
    }

    /// The case `number`, be it there for them or not. Their own is not, in any case, and that they asked for it is recorded.
    pub(super) async fn find(&self, number: u64) -> Result<Opened, Refusal> {
        let (office, seat) = (&self.console.office, self.seat());
        let (subject, dossier) = find(&office.store, number)?.ok_or(Refusal::NoCase)?;
        let opened = seat.take(office, subject, dossier);
        if opened.standpoint == Standpoint::Own {
            self.record(opened.subject.tenant.clone(), Some(opened.subject), Sight::OwnCase(number)).await?;
            return Err(Refusal::NoCase);
        }
        Ok(opened)
    }

    /// Records that they look at something at `tenant`, of `subject` if it is of anybody's.
    pub(super) async fn record(&self, tenant: Host, subject: Option<Subject>, at: Sight) -> Result<(), Refusal> {
        let (asker, store) = (self.asker(), &self.console.office.store);
        let event = Event::Looked { tenant, account: asker.account.clone(), at };
        if let Some(entry) = Entry::of(&event, self.now) {
            let entry = entry.by(&asker.account, None);
            match subject {
                Some(subject) => store.record_of(subject, PersonKey::from_random(random::bytes()), entry).await?,
                None => store.record(entry).await?,
            }
        }
        journal::tell(&event);
        Ok(())
    }

    /// What `gathered` is once it took every case that is there for them.
    pub(super) async fn gather<G: Send + 'static>(
        &self,
        mut gathered: G,
        take: impl Fn(&mut G, &Seat, &Opened) + Send + 'static,
    ) -> Result<G, Refusal> {
        let (office, seat) = (self.console.office.clone(), self.seat());
        apart(move || {
            each_number(&office.store, |number, subject| {
                let dossier = StoreError::skipped(dossier(&office.store, number, &subject))?;
                let taken = dossier.flatten().map(|dossier| seat.take(&office, subject, dossier));
                let taken = taken.filter(|case| !matches!(case.standpoint, Standpoint::Outside | Standpoint::Own));
                if let Some(case) = taken {
                    take(&mut gathered, &seat, &case);
                }
                Ok(())
            })?;
            Ok::<_, StoreError>(gathered)
        })
        .await
    }
}

impl Seat {
    /// What the case of `subject` is to them. Whoever sent photos is answered, be the method for others any more or not.
    pub(super) fn take(&self, office: &Office, subject: Subject, dossier: Dossier) -> Opened {
        let rules = office.config.lasting.document.of(&subject.tenant).clone();
        let standpoint = dossier.standpoint(&subject, &self.by, &self.powers, self.now);
        Opened { subject, dossier, standpoint, rules }
    }
}

impl Opened {
    /// Whether `seat` has it to themselves.
    pub(super) fn is_claimed_by(&self, seat: &Seat) -> bool {
        self.dossier.claim(seat.now).is_some_and(|claim| claim.by == seat.by)
    }
}

/// What `account` is called.
pub(super) fn name(reviewer: &Reviewer) -> String {
    match (&reviewer.account, &reviewer.claimed) {
        (Account::Operator(name), _) => name.to_string(),
        (account, Some(claimed)) => format!("{claimed} ({account})"),
        (account, None) => account.to_string(),
    }
}

fn find(store: &Store, number: u64) -> Result<Option<(Subject, Dossier)>, StoreError> {
    let Some(subject) = store.numbered(number)? else { return Ok(None) };
    Ok(dossier(store, number, &subject)?.map(|dossier| (subject, dossier)))
}

fn dossier(store: &Store, number: u64, subject: &Subject) -> Result<Option<Dossier>, StoreError> {
    Ok(case_of(store, subject)?.filter(|dossier| dossier.number == number))
}

/// The case of `subject`, if they have one.
pub(super) fn case_of(store: &Store, subject: &Subject) -> Result<Option<Dossier>, StoreError> {
    let Kept::Document(standing) = store.kept_of(Kind::Document, subject)? else { return Ok(None) };
    Ok(standing.dossier.map(|dossier| *dossier))
}

/// Does `work` with the number of each case, and whose it is, in their order.
pub(super) fn each_number(
    store: &Store,
    mut work: impl FnMut(u64, Subject) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut last = 0;
    loop {
        let numbers = store.numbers(last, PAGE)?;
        let Some((end, _)) = numbers.last() else { return Ok(()) };
        last = *end;
        numbers.into_iter().try_for_each(|(number, subject)| work(number, subject))?;
    }
}

/// Does `work` where a disk, or a long list, may be waited for.
pub(super) async fn apart<T: Send + 'static, E: Send + 'static + Into<Refusal>>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Refusal> {
    match spawn_blocking(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(_) => Err(Malformed::Bug.into()),
    }
}
