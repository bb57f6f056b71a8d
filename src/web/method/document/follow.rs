//! For scripts that follow along: whether anything changed since a page was made. Nothing is written, ever.

use hyper::StatusCode;
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;

use super::applicant::Applicant;
use crate::verification::method::document::{Dossier, Stage};
use crate::web::{Answer, page};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// `GET …/state?seen=REVISION`: nothing (204) where that is still so, else how it stands.
pub(super) fn state(applicant: &Applicant<'_>, parts: &Parts) -> Answer {
    let seen = parts.uri.query().and_then(|query| query.strip_prefix("seen="));
    let (revision, phase) = applicant.dossier().map_or((0, "none"), |dossier| (dossier.revision, phase(dossier)));
    let is_seen = applicant.dossier().is_some() && seen == Some(revision.to_string().as_str());
    if is_seen {
        return page::plain(StatusCode::NO_CONTENT, "");
    }
    let mut answer = page::plain(StatusCode::OK, format!(r#"{{"revision":{revision},"phase":"{phase}"}}"#));
    answer.headers_mut().insert(header::CONTENT_TYPE, JSON);
    answer
}

const fn phase(dossier: &Dossier) -> &'static str {
    match dossier.stage {
        Stage::Draft { .. } => "draft",
        Stage::Waiting { .. } => "waiting",
        Stage::AskedAgain { .. } => "asked",
        Stage::Decided { .. } => "decided",
        Stage::Lapsed { .. } => "lapsed",
    }
}
