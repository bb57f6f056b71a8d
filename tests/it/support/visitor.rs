//! Somebody who sends photos to a running service, and whoever decides there of what they sent.

use std::io;

use idv::control::method::document::{Request, Wanted};
use idv::control::{self, Answer, client};
use serde_json::Value;

use super::process::{Installation, Login, Service};
use super::wire;

/// What an installation is configured with that verifies people by document.
pub(crate) const METHOD: &str =
    "[methods.document]\nenabled = true\npolicy = \"https://acme.example/identity-policy\"\n";

/// A visitor in their session. What is not acknowledged is none.
pub(crate) struct Visitor<'s> {
    service: &'s Service,
    login: Login,
}

impl<'s> Visitor<'s> {
    /// `subject` begins a login, agrees, and has a passport.
    pub(crate) fn begin(service: &'s Service, subject: &str, jti: &str) -> Option<Self> {
        let visitor = Self { service, login: service.try_begin_now(subject, jti)? };
        let page = visitor.get("/begin").ok()?;
        let (_, rest) = page.split_once("name=\"notice\" value=\"")?;
        let notice = rest.split_once('"')?.0;
        visitor.post("/begin", &format!("consent=yes&kind=passport&notice={notice}"))?;
        Some(visitor)
    }

    fn address(&self, step: &str) -> String {
        format!("{}/document{step}", self.login.path)
    }

    pub(crate) fn get(&self, step: &str) -> io::Result<String> {
        self.service.exchange(&wire::get(&self.address(step), &self.login.cookie))
    }

    /// Where a form at `step` leads.
    pub(crate) fn post(&self, step: &str, form: &str) -> Option<String> {
        leads_to(self.service.exchange(&wire::post(&self.address(step), &self.login.cookie, form)))
    }

    /// Where a photo for `slot` leads.
    pub(crate) fn upload(&self, slot: &str, file: &[u8]) -> Option<String> {
        leads_to(self.service.exchange(&wire::upload(&self.address(&format!("/{slot}")), &self.login.cookie, file)))
    }

    /// They take a photo and want it so.
    pub(crate) fn take(&self, slot: &str, file: &[u8]) -> Option<String> {
        let check = self.upload(slot, file)?;
        if !check.ends_with("/check") {
            return None;
        }
        let page = self.get(&format!("/{slot}/check")).ok()?;
        let (_, rest) = page.split_once("name=\"object\" value=\"")?;
        self.post(&format!("/{slot}/keep"), &format!("object={}", rest.split_once('"')?.0))
    }

    /// They take all photos of a passport and send them.
    pub(crate) fn send(&self, file: &[u8]) -> Option<String> {
        self.take("front", file)?;
        self.take("selfie", file)?;
        self.post("/send", "")
    }
}

/// Where an answer leads that was wholly given.
fn leads_to(answer: io::Result<String>) -> Option<String> {
    let answer = answer.ok().filter(|answer| answer.starts_with("HTTP/1.1 303") && answer.contains("\r\n\r\n"))?;
    wire::header(&answer, "location").map(str::to_owned)
}

/// What whoever is root asks of cases; none if it was refused or the service was killed.
pub(crate) fn ask(installation: &Installation, request: Request) -> Option<Value> {
    match client::ask(&installation.path("control.sock"), &control::Request::Method(request.into()), Some("ada")) {
        Ok(Some(Answer::Done(done))) => Some(done),
        _ => None,
    }
}

/// The open case of `subject`, as it is listed.
pub(crate) fn listed(installation: &Installation, subject: &str) -> Option<Value> {
    let mut after = None;
    loop {
        let page = ask(installation, Request::List { after })?;
        let mut cases = page["cases"].as_array()?.iter();
        match (cases.find(|case| case["subject"] == subject), page["next"].as_u64()) {
            (Some(case), _) => return Some(case.clone()),
            (None, next) => after = Some(next?),
        }
    }
}

/// Somebody approves the open case of `subject`.
pub(crate) fn approve(installation: &Installation, subject: &str) -> Option<()> {
    let number = listed(installation, subject)?["number"].as_u64()?;
    let shown = ask(installation, Request::Show { number })?;
    let revision = shown["revision"].as_u64().and_then(|revision| u32::try_from(revision).ok())?;
    let answers = [("all".to_owned(), "yes".to_owned())].into();
    let (verdict, by) = (Wanted::Approve, "ada".into());
    ask(installation, Request::Decide { number, revision, verdict, reasons: vec![], answers, by }).map(drop)
}
