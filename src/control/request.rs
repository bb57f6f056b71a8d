//! What is asked and what is answered.

use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::audit::Purpose;
use super::members;
use super::method;
use super::operator;
use super::reload::Proposal;
use crate::verification::account::Account;

/// What is asked: a flat object, whose `operation` says what the other members are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(remote = "Self", tag = "operation", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// An act of a method, which reads and writes itself.
    #[serde(skip)]
    Method(method::Request),
    /// What is done to operators of the console, likewise.
    #[serde(skip)]
    Operator(operator::Request),
    /// Show what is known of a subject.
    SubjectShow {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
    },
    /// List subjects.
    SubjectList {
        /// The tenant.
        tenant: String,
        /// List those after this one.
        #[serde(default)]
        after: Option<String>,
    },
    /// Hand out all that is known of a subject, but pictures.
    SubjectExport {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
    },
    /// Erase all that is known of a subject.
    SubjectErase {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
        /// Why, in a word of [`Reason`](crate::verification::erasure::Reason).
        reason: String,
    },
    /// Make a start URL with a freshly signed request token.
    Link {
        /// The tenant.
        tenant: String,
        /// The Auth0 `user_id`.
        subject: String,
    },
    /// Open the audit log, to hand it out or to report of it: that is an entry itself.
    AuditOpen {
        /// What for.
        purpose: Purpose,
        /// Of which tenant alone.
        #[serde(default)]
        tenant: Option<String>,
    },
    /// A page of its lines.
    AuditPage {
        /// The number of the first.
        from: u64,
    },
    /// Its head, signed, and what verifies that.
    AuditHead,
    /// Have another key sign it.
    AuditRenew,
    /// Copy the store into a file beside it.
    Copy,
    /// Note that a backup is whole.
    BackedUp,
    /// Look at every record of the store.
    StoreCheck,
    /// Tell what is in the store.
    StoreStats,
    /// Tell how many pictures there are, and how much room.
    EvidenceStats,
    /// Shred pictures that were deleted.
    EvidenceRotate,
    /// Open every picture.
    EvidenceCheck,
    /// Tell about the running service itself.
    Examine,
    /// Reload the running service.
    Reload(Proposal),
    /// Tell whether the running service is ready.
    Health,
}

/// The longest request, in bytes with the end of its line.
const LIMIT: usize = 64 * 1024;
/// The longest that root may send: a [`Reload`](Request::Reload) brings certificates, keys, a logo.
pub(super) const LIMIT_OF_A_RELOAD: usize = 512 * 1024;

impl Request {
    /// Whether it may change what is in the store.
    #[must_use]
    pub const fn changes_the_store(&self) -> bool {
        match self {
            Self::Method(request) => request.changes_the_store(),
            Self::Operator(request) => request.changes_the_store(),
            // Whoever looks at the pictures mends the file of their keys, which no two may do at once.
            Self::EvidenceStats | Self::EvidenceRotate | Self::EvidenceCheck | Self::SubjectErase { .. } => true,
            _ => false,
        }
    }

    /// Its name: `operation` on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Method(request) => request.name(),
            Self::Operator(request) => request.name(),
            Self::SubjectShow { .. } => "subject_show",
            Self::SubjectList { .. } => "subject_list",
            Self::SubjectExport { .. } => "subject_export",
            Self::SubjectErase { .. } => "subject_erase",
            Self::Link { .. } => "link",
            Self::AuditOpen { .. } => "audit_open",
            Self::AuditPage { .. } => "audit_page",
            Self::AuditHead => "audit_head",
            Self::AuditRenew => "audit_renew",
            Self::Copy => "copy",
            Self::Examine => "examine",
            Self::Health => "health",
            Self::Reload(_) => "reload",
            Self::BackedUp => "backed_up",
            Self::StoreCheck => "store_check",
            Self::StoreStats => "store_stats",
            Self::EvidenceStats => "evidence_stats",
            Self::EvidenceRotate => "evidence_rotate",
            Self::EvidenceCheck => "evidence_check",
        }
    }

    /// Whether its answer is of what the store holds.
    #[must_use]
    pub const fn goes_by_the_store(&self) -> bool {
        !matches!(self, Self::Link { .. } | Self::Examine | Self::Reload(_) | Self::Health)
    }

    /// Whether it is an entry of the audit log that it was asked. Whatever shows what is known of people is.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        match self {
            Self::Operator(request) => request.changes_the_store(),
            Self::Method(_)
            | Self::SubjectShow { .. }
            | Self::SubjectList { .. }
            | Self::SubjectExport { .. }
            | Self::SubjectErase { .. }
            | Self::AuditOpen { .. }
            | Self::AuditRenew
            | Self::AuditHead => true,
            Self::AuditPage { .. }
            | Self::Link { .. }
            | Self::Copy
            | Self::BackedUp
            | Self::StoreCheck
            | Self::StoreStats
            | Self::EvidenceStats
            | Self::EvidenceRotate
            | Self::EvidenceCheck
            | Self::Examine
            | Self::Reload(_)
            | Self::Health => false,
        }
    }

    /// What takes it back if nobody could get its answer; none if nothing has to be.
    #[must_use]
    pub fn revocation(&self) -> Option<Self> {
        match self {
            Self::Method(request) => request.revocation().map(Self::Method),
            Self::Operator(request) => request.revocation().map(Self::Operator),
            _ => None,
        }
    }

    /// How long it may be as a line, in bytes.
    #[must_use]
    pub const fn limit(&self) -> usize {
        match self {
            Self::Reload(_) => LIMIT_OF_A_RELOAD,
            _ => LIMIT,
        }
    }

    /// How much of a line from `account` is read at the most.
    pub(super) fn limit_for(account: &Account) -> usize {
        if *account == Account::Root { LIMIT_OF_A_RELOAD } else { LIMIT }
    }

    /// How long its answer may take.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        match self {
            Self::Copy
            | Self::StoreCheck
            | Self::EvidenceCheck
            | Self::EvidenceRotate
            | Self::SubjectExport { .. }
            | Self::SubjectErase { .. } => Duration::from_hours(1),
            Self::Method(request) if request.takes_long() => Duration::from_hours(1),
            // Each picture for reviewers takes a part of a second.
            Self::Reload(_) => Duration::from_mins(1),
            _ => Duration::from_secs(10),
        }
    }
}

/// All but a method's by what is derived above, which `remote` makes functions of the type itself.
impl Serialize for Request {
    fn serialize<S: Serializer>(&self, wire: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Method(request) => request.serialize(wire),
            Self::Operator(request) => request.serialize(wire),
            _ => Self::serialize(self, wire),
        }
    }
}

/// As it is written: a method's by the name of the operation, all others by what is derived.
impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(wire: D) -> Result<Self, D::Error> {
        let members = members::read(wire)?;
        Self::of(&members).map_err(D::Error::custom)
    }
}

impl Request {
    /// The request with `members`.
    pub(super) fn of(members: &Map<String, Value>) -> serde_json::Result<Self> {
        if let Some(request) = method::Request::read(members) {
            return request.map(Self::Method);
        }
        match operator::Request::read(members) {
            Some(request) => request.map(Self::Operator),
            None => Self::deserialize(members),
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// It was done.
    Done(Value),
    /// It was not.
    Refused {
        /// Why, and what to do.
        error: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Request, String> {
        serde_json::from_str(line).map_err(|error| error.to_string())
    }

    #[test]
    fn every_operation_is_written_as_it_was_read() {
        for line in [
            r#"{"operation":"desk_issue","tenant":"t","subject":"s","by":"b","note":"n"}"#,
            r#"{"operation":"desk_issue","tenant":"t","subject":"s","by":"b","note":null}"#,
            r#"{"operation":"desk_list","tenant":"t","after":"s"}"#,
            r#"{"operation":"desk_revoke","tenant":"t","subject":"s"}"#,
            r#"{"operation":"oidc_unbind","tenant":"t","subject":"s","provider":"p"}"#,
            r#"{"operation":"oidc_forget","provider":"p"}"#,
            r#"{"operation":"operator_add","name":"ada","roles":["desk","supervisor"],"subject":"s","tenant":"t"}"#,
            r#"{"operation":"operator_link","name":"ada"}"#,
            r#"{"operation":"operator_list"}"#,
            r#"{"operation":"operator_certify","name":"ada"}"#,
            r#"{"operation":"operator_revoke","name":"ada"}"#,
            r#"{"operation":"operator_end","session":"0123456789abcdef0123456789abcdef"}"#,
            r#"{"operation":"document_list","after":7}"#,
            r#"{"operation":"document_show","number":7}"#,
            r#"{"operation":"document_decide","number":7,"revision":3,"verdict":"ask_again","reasons":["front=blurred"],"answers":{"genuine":"yes"},"by":"b"}"#,
            r#"{"operation":"document_picture","number":7,"slot":"front"}"#,
            r#"{"operation":"document_hold","number":7,"reason":"r"}"#,
            r#"{"operation":"document_unhold","number":7}"#,
            r#"{"operation":"document_unclaim","number":7}"#,
            r#"{"operation":"document_forget","number":7}"#,
            r#"{"operation":"subject_show","tenant":"t","subject":"s"}"#,
            r#"{"operation":"subject_list","tenant":"t","after":null}"#,
            r#"{"operation":"subject_export","tenant":"t","subject":"s"}"#,
            r#"{"operation":"subject_erase","tenant":"t","subject":"s","reason":"request"}"#,
            r#"{"operation":"link","tenant":"t","subject":"s"}"#,
            r#"{"operation":"audit_open","purpose":"export","tenant":null}"#,
            r#"{"operation":"audit_page","from":500}"#,
            r#"{"operation":"audit_head"}"#,
            r#"{"operation":"audit_renew"}"#,
            r#"{"operation":"copy"}"#,
            r#"{"operation":"backed_up"}"#,
            r#"{"operation":"store_check"}"#,
            r#"{"operation":"store_stats"}"#,
            r#"{"operation":"evidence_stats"}"#,
            r#"{"operation":"evidence_rotate"}"#,
            r#"{"operation":"evidence_check"}"#,
            r#"{"operation":"examine"}"#,
            r#"{"operation":"reload","configuration":"a = 1","held":[{"source":{"file":"/f"},"bytes":"AA=="}],"problems":[],"is_question":true}"#,
            r#"{"operation":"health"}"#,
        ] {
            let request = read(line).unwrap();
            assert_eq!(serde_json::to_string(&request).unwrap(), line);
            assert_eq!(serde_json::from_str::<Value>(line).unwrap()["operation"], request.name());
        }
        // In any order, and without what is optional.
        for line in [
            r#"{"subject":"s","by":"b","tenant":"t","operation":"desk_issue"}"#,
            r#"{"tenant":"t","operation":"desk_list"}"#,
        ] {
            assert!(matches!(read(line).unwrap(), Request::Method(_)), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told_by_its_name() {
        for (line, told) in [
            (r#"{"operation":"desk_issue","tenant":"t","subject":"s","by":"b","as":"root"}"#, &["`as`", "`note`"][..]),
            (r#"{"operation":"desk_issue","tenant":"t","subject":"s"}"#, &["missing field `by`"]),
            (r#"{"operation":"desk_revoke","tenant":1,"subject":"s"}"#, &["integer `1`", "a string"]),
            (
                r#"{"operation":"desk_burn","tenant":"t"}"#,
                &["`desk_burn`", "`desk_issue`", "`desk_list`", "`desk_revoke`"],
            ),
            (r#"{"operation":"oidc_forget","provider":"P"}"#, &["a-z, 0-9 and -"]),
            (r#"{"operation":"oidc_burn"}"#, &["`oidc_burn`", "`oidc_unbind`", "`oidc_forget`"]),
            (r#"{"operation":"document_burn"}"#, &["`document_burn`", "`document_list`", "`document_forget`"]),
            (
                r#"{"operation":"document_decide","number":7,"revision":3,"verdict":"maybe"}"#,
                &["`maybe`", "`ask_again`"],
            ),
            (r#"{"operation":"desk"}"#, &["`desk`", "`subject_show`", "`copy`"]),
            (r#"{"operation":"method"}"#, &["`method`", "`link`", "`examine`"]),
            (r#"{"operation":"link","tenant":"t","subject":"s","after":"x"}"#, &["`after`", "`tenant`"]),
            (r#"{"operation":"desk_list","tenant":"t","tenant":"u"}"#, &["duplicate field `tenant`"]),
            (r#"{"operation":"copy","operation":"examine"}"#, &["duplicate field `operation`"]),
            (r#"{"tenant":"t"}"#, &["missing field `operation`"]),
            (r#"{"operation":7}"#, &["integer `7`"]),
            (r#"["copy"]"#, &["an object"]),
            (r#""copy""#, &["an object"]),
        ] {
            let error = read(line).unwrap_err();
            assert!(told.iter().all(|told| error.contains(told)), "{line}: {error}");
        }
    }

    #[test]
    fn only_what_is_handed_out_is_taken_back() {
        let issue = r#"{"operation":"desk_issue","tenant":"t","subject":"s","by":"b"}"#;
        let revocation = read(issue).unwrap().revocation().unwrap();
        let revoke = r#"{"operation":"desk_revoke","tenant":"t","subject":"s"}"#;
        assert_eq!(serde_json::to_string(&revocation).unwrap(), revoke);
        assert!(read(issue).unwrap().changes_the_store() && revocation.changes_the_store());
        let forget = r#"{"operation":"oidc_forget","provider":"p"}"#;
        for line in [revoke, forget, r#"{"operation":"desk_list","tenant":"t"}"#, r#"{"operation":"copy"}"#] {
            assert!(read(line).unwrap().revocation().is_none(), "{line}");
        }
        for line in [r#"{"operation":"desk_list","tenant":"t"}"#, r#"{"operation":"copy"}"#] {
            assert!(!read(line).unwrap().changes_the_store(), "{line}");
        }
        assert!(read(forget).unwrap().changes_the_store());
    }

    #[test]
    fn what_looks_at_everybody_may_take_long() {
        for (line, patience) in [
            (r#"{"operation":"copy"}"#, Duration::from_hours(1)),
            (r#"{"operation":"store_check"}"#, Duration::from_hours(1)),
            (r#"{"operation":"store_stats"}"#, Duration::from_secs(10)),
            (r#"{"operation":"evidence_check"}"#, Duration::from_hours(1)),
            (r#"{"operation":"evidence_rotate"}"#, Duration::from_hours(1)),
            (r#"{"operation":"evidence_stats"}"#, Duration::from_secs(10)),
            (r#"{"operation":"backed_up"}"#, Duration::from_secs(10)),
            (r#"{"operation":"oidc_forget","provider":"p"}"#, Duration::from_hours(1)),
            (r#"{"operation":"oidc_unbind","tenant":"t","subject":"s","provider":"p"}"#, Duration::from_secs(10)),
            (r#"{"operation":"desk_list","tenant":"t"}"#, Duration::from_secs(10)),
            (r#"{"operation":"examine"}"#, Duration::from_secs(10)),
            (r#"{"operation":"reload","configuration":"","held":[],"is_question":false}"#, Duration::from_mins(1)),
        ] {
            assert_eq!(read(line).unwrap().patience(), patience, "{line}");
        }
    }
}
