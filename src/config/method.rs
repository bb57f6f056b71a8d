//! `[methods]`: each method's section is in a file of its own, and this is their list.

pub use self::oidc::credentials::ProviderConfig;
use super::problem::Problem;
use super::reader::{Findings, Reader};
use super::secret::Source;
use crate::verification::method::{Credentials, Methods, ProviderName};

mod desk;
mod document;
pub mod oidc;

/// All of `[methods]`, as typed.
pub(super) struct Typed {
    desk: desk::Typed,
    oidc: oidc::Typed,
    document: document::Typed,
}

impl Typed {
    /// Reads every method's section of `methods`. Returns all these tables too, to be [`finish`](Reader::finish)ed.
    pub(super) fn read(methods: Reader<'_>) -> (Self, [Reader<'_>; 3]) {
        let desk = methods.table("desk");
        let document = methods.table("document");
        let oidc = oidc::Typed::read(methods.tables("oidc"));
        let typed = Self { desk: desk::Typed::read(&desk), oidc, document: document::Typed::read(&document) };
        (typed, [desk, document, methods])
    }

    /// Where the methods' secrets are.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.oidc.sources()
    }

    /// The methods as meant, and what names the credentials of the providers among them. At least one is enabled.
    pub(super) fn convert(self, findings: &Findings<'_>) -> (Methods, Vec<ProviderConfig>) {
        let enabled = [self.desk.enabled, !self.oidc.is_empty(), self.document.enabled];
        let desk = self.desk.convert(findings);
        let (oidc, providers) = self.oidc.convert(findings);
        let document = self.document.convert(findings);
        let methods = Methods { desk, simulated: false, oidc: oidc.into(), document };
        if !enabled.contains(&true) {
            findings.add("methods.desk.enabled", "leaves no method to verify anyone by", "enable at least one method");
        }
        (methods, providers)
    }
}

/// What of `methods` is asked where nobody may be, unless `private` lists it.
pub(super) fn check_addresses(methods: &Methods, private: &[String], findings: &Findings<'_>) {
    oidc::check_addresses(&methods.oidc, private, findings);
}

/// Reads what shows each of `providers` that we are its client.
pub(super) fn read_providers(providers: &[ProviderConfig]) -> Result<Vec<(ProviderName, Credentials)>, Vec<Problem>> {
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for provider in providers {
        match provider.read() {
            Ok(credentials) => read.push((provider.name, credentials)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}
