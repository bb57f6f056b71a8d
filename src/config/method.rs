//! `[methods]`: each method's section is in a file of its own, and this is their list.

use std::sync::Arc;

use super::reader::{Findings, Reader};
use crate::verification::method::Methods;

mod desk;

/// All of `[methods]`, as typed.
pub(super) struct Typed {
    desk: desk::Typed,
}

impl Typed {
    /// Reads every method's section of `methods`. Returns all these tables too, to be [`finish`](Reader::finish)ed.
    pub(super) fn read(methods: Reader<'_>) -> (Self, [Reader<'_>; 2]) {
        let desk = methods.table("desk");
        (Self { desk: desk::Typed::read(&desk) }, [desk, methods])
    }

    /// The methods as meant. At least one is enabled.
    pub(super) fn convert(self, findings: &Findings<'_>) -> Methods {
        let enabled = [self.desk.enabled];
        let methods = Methods { desk: self.desk.convert(findings), simulated: false, oidc: Arc::default() };
        if !enabled.contains(&true) {
            findings.add("methods.desk.enabled", "leaves no method to verify anyone by", "enable at least one method");
        }
        methods
    }
}
