//! `/search`: a case by whose it is, for supervisors: a complaint names a person and no number. Whom they look for is in no
//! address, and that they did is an entry of the audit log, be anything found or not.

use askama::Template;
use hyper::StatusCode;
use hyper::body::{Body, Bytes};

use super::gate::Visit;
use super::page::{self, Frame};
use super::refusal::Refusal;
use super::seat::{Opened, apart, case_of, each_number};
use crate::control::Office;
use crate::store::StoreError;
use crate::verification::event::Sight;
use crate::verification::method::document::Dossier;
use crate::verification::method::document::standpoint::Standpoint;
use crate::verification::operator::Role;
use crate::verification::subject::Subject;
use crate::verification::tenant::Host;
use crate::web::Answer;
use crate::web::error::Refusal as Malformed;
use crate::web::form::Form;
use crate::web::page::see_other;

/// The form of a search.
pub(super) struct SearchForm {
    /// Of which people there are.
    pub(super) tenants: Vec<String>,
    pub(super) tenant: String,
}

#[derive(Template)]
#[template(path = "search.html", config = "src/review/askama.toml")]
struct SearchPage<'a> {
    frame: Frame<'a>,
    search: SearchForm,
}

impl SearchForm {
    /// That of `visit`, if it is theirs.
    pub(super) fn of(visit: &Visit<'_>, tenant: &str) -> Option<Self> {
        if !visit.operator.session.roles.include(Role::Supervisor) {
            return None;
        }
        let tenants: Vec<_> =
            visit.console.office.config.tenants.iter().map(|tenant| tenant.domain.to_string()).collect();
        Some(Self { tenants, tenant: tenant.to_owned() })
    }
}

/// `POST`.
pub(super) async fn search<B>(visit: &Visit<'_>, form: Form<'_, B>) -> Result<Answer, Refusal>
where
    B: Body<Data = Bytes> + Send,
{
    let fields = form.fields().await?;
    let (tenant, who) = (fields.value("tenant"), fields.value("who").trim().to_owned());
    let office = visit.console.office.clone();
    let tenant = office.config.tenant(&tenant).ok_or(Malformed::NotFound)?.domain.clone();
    let searched = tenant.clone();
    let found = apart(move || find(&office, &searched, &who)).await?;
    let opened = found.and_then(|(subject, dossier)| visit.take(subject, dossier));
    let case = opened.as_ref().map(|opened| opened.dossier.number);
    visit.record(tenant.clone(), opened.map(|opened| opened.subject), Sight::Search { case }).await?;
    if let Some(number) = case {
        return Ok(see_other(&format!("/case/{number}")));
    }
    let search = SearchForm::of(visit, tenant.as_str()).ok_or(Malformed::Bug)?;
    Ok(page::html(StatusCode::OK, &SearchPage { frame: Frame::inside(visit, "search-title", "/"), search }))
}

impl Visit<'_> {
    /// What `dossier` of `subject` is to them, if it is there for them.
    fn take(&self, subject: Subject, dossier: Dossier) -> Option<Opened> {
        let opened = self.seat().take(&self.console.office, subject, dossier);
        let is_there = !matches!(opened.standpoint, Standpoint::Outside | Standpoint::Own);
        is_there.then_some(opened)
    }
}

/// The case of who is `who` at `tenant`: by their Auth0 id, or by that of idv's own.
fn find(office: &Office, tenant: &Host, who: &str) -> Result<Option<(Subject, Dossier)>, StoreError> {
    let store = &office.store;
    if let Ok(user_id) = who.to_owned().try_into() {
        let subject = Subject { tenant: tenant.clone(), user_id };
        if let Some(dossier) = case_of(store, &subject)? {
            return Ok(Some((subject, dossier)));
        }
    }
    let mut found = None;
    each_number(store, |number, subject| {
        let is_theirs = found.is_none()
            && subject.tenant == *tenant
            && StoreError::skipped(store.subject(&subject))?
                .flatten()
                .is_some_and(|record| record.idv_id.to_string() == who);
        if is_theirs {
            found = case_of(store, &subject)?.filter(|dossier| dossier.number == number).map(|case| (subject, case));
        }
        Ok(())
    })?;
    Ok(found)
}
