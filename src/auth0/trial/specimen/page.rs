//! Where people find the specimens.

use askama::Template;
use http_body_util::Full;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use super::Specimen;
use crate::auth0::trial::fields::{Fields, number, text};
use crate::auth0::trial::model::Person;
use crate::auth0::trial::page::{html, missing};
use crate::web::Answer;

#[derive(Template)]
#[template(path = "specimens.html", config = "src/auth0/trial/askama.toml")]
struct SpecimensPage<'a> {
    people: &'a [Person],
    number: usize,
    person: &'a Person,
    paper: &'a str,
}

impl SpecimensPage<'_> {
    /// Where the picture is.
    fn address(&self, specimen: Specimen) -> String {
        let mut query = form_urlencoded::Serializer::new("/specimen?".to_owned());
        query.append_pair("person", &self.number.to_string()).append_pair("show", specimen.as_str());
        if specimen == Specimen::Selfie && !self.paper.is_empty() {
            query.append_pair("paper", self.paper);
        }
        query.finish()
    }

    /// What the file is called.
    fn file(&self, specimen: Specimen) -> String {
        let name = self.person.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
        format!("{name}-{}.jpg", specimen.as_str())
    }

    /// What the picture shows, for who cannot see it.
    fn description(&self, specimen: Specimen) -> String {
        let paper = if specimen == Specimen::Selfie && !self.paper.is_empty() {
            format!(", with a paper that reads {}", self.paper)
        } else {
            String::new()
        };
        format!("{} of {}, drawn{paper}", specimen.label(), self.person.name)
    }
}

/// The specimens of the person that `query` names, or of the first.
pub(in crate::auth0::trial) fn specimens(people: &[Person], query: &Fields) -> Answer {
    let number = number(query, "person").unwrap_or(0);
    let Some(person) = people.get(number) else { return missing() };
    html(StatusCode::OK, &SpecimensPage { people, number, person, paper: text(query, "paper").trim() })
}

/// The picture that `query` names.
pub(in crate::auth0::trial) fn picture(people: &[Person], query: &Fields) -> Answer {
    let person = number(query, "person").and_then(|number| Some((number, people.get(number)?)));
    let Some(((number, person), specimen)) = person.zip(Specimen::parse(text(query, "show"))) else {
        return missing();
    };
    let mut answer = Response::new(Full::from(specimen.jpeg(number, person.name, text(query, "paper"))));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    answer
}
