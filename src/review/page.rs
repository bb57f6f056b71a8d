//! What all pages share: the frame around them, with the ways that are open to who looks at them.

use askama::Template;
use hyper::StatusCode;
use hyper::header::HeaderValue;
use std::borrow::Cow;
use std::time::Duration;

use super::gate::Visit;
use super::{Console, words};
use crate::verification::operator::{Operator, Role, Roles};
use crate::web::language::Catalogue;
use crate::web::terms::{NO_PERMISSIONS, Terms};
use crate::web::{Answer, page};

/// What holds for every page. Nobody's redirect leads a form of ours elsewhere, so that `form-action` can be as strict as all
/// else.
pub(super) static TERMS: Terms = Terms {
    body_limit: 16 * 1024,
    patience: Duration::from_secs(10),
    pace: None,
    discard_limit: 0,
    permissions: &NO_PERMISSIONS,
    policy: &POLICY,
};
static POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// A page that the frame leads to.
pub(super) struct Place {
    pub(super) path: &'static str,
    /// What it is called.
    pub(super) word: &'static str,
    /// Whose it is; none where it is everybody's who has signed in.
    role: Option<Role>,
}

/// The first that is theirs is where somebody begins.
static PLACES: [Place; 6] = [
    Place { path: "/", word: "queue-title", role: Some(Role::Reviewer) },
    Place { path: "/desk", word: "desk-title", role: Some(Role::Desk) },
    Place { path: "/operators", word: "operators-title", role: Some(Role::Supervisor) },
    Place { path: "/figures", word: "figures-title", role: Some(Role::Supervisor) },
    Place { path: "/decoys", word: "decoys-title", role: Some(Role::Supervisor) },
    Place { path: "/me", word: "me-title", role: None },
];

/// The places of who has `roles`.
pub(super) fn places(roles: Roles) -> impl Iterator<Item = &'static Place> {
    PLACES.iter().filter(move |place| place.role.is_none_or(|role| roles.include(role)))
}

/// The frame of a page.
pub(super) struct Frame<'a> {
    pub(super) style: &'a str,
    pub(super) organisation: Option<&'a str>,
    pub(super) title: Cow<'static, str>,
    pub(super) operator: Option<&'a Operator>,
    /// The path of the place that it is.
    here: Option<&'static str>,
    words: &'static Catalogue,
}

impl<'a> Frame<'a> {
    /// Of a page for whoever comes, called `title`.
    pub(super) fn outside(console: &'a Console, title: &'static str) -> Self {
        let organisation = console.office.config.branding.name.as_deref();
        Self {
            style: console.style.path(),
            organisation,
            title: words::say(title).into(),
            operator: None,
            here: None,
            words: words::catalogue(),
        }
    }

    /// Of a page in the place `here` for who has signed in.
    pub(super) fn inside(visit: &'a Visit<'_>, title: &'static str, here: &'static str) -> Self {
        Self { operator: Some(&visit.operator), here: Some(here), ..Self::outside(visit.console, title) }
    }

    /// The same, called `title`.
    pub(super) fn titled(self, title: String) -> Self {
        Self { title: title.into(), ..self }
    }

    pub(super) fn say(&self, name: &'static str) -> &'static str {
        self.words.say(name)
    }

    pub(super) fn places(&self) -> impl Iterator<Item = &'static Place> {
        self.operator.into_iter().flat_map(|operator| places(operator.session.roles))
    }

    pub(super) fn is_here(&self, place: &Place) -> bool {
        self.here == Some(place.path)
    }
}

/// A page.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Answer {
    page::form(status, page, &TERMS)
}
