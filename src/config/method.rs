//! `[methods]`: each method's section is in a file of its own, and this is their list.

use std::sync::Arc;

pub use self::oidc::credentials::ProviderConfig;
use super::problem::Problem;
use super::reader::{Findings, Reader};
use super::secret::Source;
use super::typed::TypedTenant;
use crate::verification::method::document::Policies;
use crate::verification::method::{Credentials, Methods, ProviderName};
use crate::verification::tenant::Host;

mod desk;
mod document;
pub mod oidc;

/// All of `[methods]`, as typed.
pub(super) struct Typed {
    desk: desk::Typed,
    oidc: oidc::Typed,
    document: document::Typed,
}

/// All of it, as meant.
pub(super) struct Meant {
    /// What is enabled.
    pub(super) methods: Methods,
    /// What names the credentials of the providers among them.
    pub(super) providers: Vec<ProviderConfig>,
    /// By which what they keep has its time.
    pub(super) lasting: Lasting,
}

/// The rules of methods that keep something for a time, be they enabled or not.
#[derive(Clone, Debug)]
pub struct Lasting {
    /// Those of documents.
    pub document: Arc<Policies>,
}

/// What methods do otherwise for a tenant, as typed.
pub(super) struct TypedOfTenant {
    document: document::TypedOfTenant,
}

impl TypedOfTenant {
    /// Reads every method's section of `tenant`.
    pub(super) fn read(tenant: &Reader<'_>) -> Self {
        let document = tenant.table("document");
        let typed = Self { document: document::TypedOfTenant::read(&document) };
        document.finish(|_| false);
        typed
    }
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

    /// The methods as meant. At least one is enabled. What their people ask, `support` answers, where nobody else does.
    pub(super) fn convert(self, tenants: &mut [TypedTenant], support: Option<&str>, findings: &Findings<'_>) -> Meant {
        let enabled = [self.desk.enabled, !self.oidc.is_empty(), self.document.enabled];
        let desk = self.desk.convert(findings);
        let (oidc, providers) = self.oidc.convert(findings);
        let is_document_enabled = self.document.enabled;
        let tenants = tenants.iter_mut().map(|tenant| document::OfTenant {
            tenant: tenant.domain.clone().and_then(|domain| Host::try_from(domain).ok()),
            section: format!("{}.document", tenant.path),
            typed: std::mem::take(&mut tenant.methods.document),
        });
        let rules = self.document.convert(tenants.collect(), support, findings).unwrap_or_default();
        let document = is_document_enabled.then(|| rules.clone());
        let methods = Methods { desk, simulated: false, oidc: oidc.into(), document };
        if !enabled.contains(&true) {
            findings.add("methods.desk.enabled", "leaves no method to verify anyone by", "enable at least one method");
        }
        Meant { methods, providers, lasting: Lasting { document: rules } }
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
