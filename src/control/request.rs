//! What is asked and what is answered.

use std::fmt;
use std::time::Duration;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::audit::Purpose;
use super::method;

/// What is asked: a flat object, whose `operation` says what the other members are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(remote = "Self", tag = "operation", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// An act of a method, which reads and writes itself.
    #[serde(skip)]
    Method(method::Request),
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
    /// Tell about the running service itself.
    Examine,
}

impl Request {
    /// Whether it may change what is in the store.
    #[must_use]
    pub const fn changes_the_store(&self) -> bool {
        match self {
            Self::Method(request) => request.changes_the_store(),
            _ => false,
        }
    }

    /// Whether it is an entry of the audit log that it was asked. Whatever shows what is known of people is.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        match self {
            Self::Method(_)
            | Self::SubjectShow { .. }
            | Self::SubjectList { .. }
            | Self::AuditOpen { .. }
            | Self::AuditRenew
            | Self::AuditHead => true,
            Self::AuditPage { .. } | Self::Link { .. } | Self::Copy | Self::Examine => false,
        }
    }

    /// What takes it back if nobody could get its answer; none if nothing has to be.
    #[must_use]
    pub fn revocation(&self) -> Option<Self> {
        match self {
            Self::Method(request) => request.revocation().map(Self::Method),
            _ => None,
        }
    }

    /// How long its answer may take.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        match self {
            Self::Copy => Duration::from_hours(1),
            Self::Method(request) if request.takes_long() => Duration::from_hours(1),
            _ => Duration::from_secs(10),
        }
    }
}

/// All but a method's by what is derived above, which `remote` makes functions of the type itself.
impl Serialize for Request {
    fn serialize<S: Serializer>(&self, wire: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Method(request) => request.serialize(wire),
            _ => Self::serialize(self, wire),
        }
    }
}

/// As it is written: a method's by the name of the operation, all others by what is derived.
impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(wire: D) -> Result<Self, D::Error> {
        Self::of(&members(wire)?).map_err(D::Error::custom)
    }
}

impl Request {
    /// The request with `members`.
    pub(super) fn of(members: &Map<String, Value>) -> serde_json::Result<Self> {
        match method::Request::read(members) {
            Some(request) => request.map(Self::Method),
            None => Self::deserialize(members),
        }
    }
}

/// The members of an object.
pub(super) fn members<'de, D: Deserializer<'de>>(wire: D) -> Result<Map<String, Value>, D::Error> {
    wire.deserialize_map(Members)
}

/// Reads the members of an object, each of which stands there once.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with an operation")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut wire: A) -> Result<Self::Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = wire.next_entry::<String, Value>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            members.insert(name, value);
        }
        Ok(members)
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
            r#"{"operation":"subject_show","tenant":"t","subject":"s"}"#,
            r#"{"operation":"subject_list","tenant":"t","after":null}"#,
            r#"{"operation":"link","tenant":"t","subject":"s"}"#,
            r#"{"operation":"audit_open","purpose":"export","tenant":null}"#,
            r#"{"operation":"audit_page","from":500}"#,
            r#"{"operation":"audit_head"}"#,
            r#"{"operation":"audit_renew"}"#,
            r#"{"operation":"copy"}"#,
            r#"{"operation":"examine"}"#,
        ] {
            assert_eq!(serde_json::to_string(&read(line).unwrap()).unwrap(), line);
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
            (r#"{"operation":"oidc_forget","provider":"p"}"#, Duration::from_hours(1)),
            (r#"{"operation":"oidc_unbind","tenant":"t","subject":"s","provider":"p"}"#, Duration::from_secs(10)),
            (r#"{"operation":"desk_list","tenant":"t"}"#, Duration::from_secs(10)),
            (r#"{"operation":"examine"}"#, Duration::from_secs(10)),
        ] {
            assert_eq!(read(line).unwrap().patience(), patience, "{line}");
        }
    }
}
