//! One entry: a line of JSON whose names are the Elastic Common Schema's where that has one. A line is written once; its
//! bytes are what is signed.

use serde::{Deserialize, Serialize};

use crate::verification::time::Timestamp;

/// What was decided or done. Members that do not apply are left out. None holds a person's name, Auth0 id, code, ticket or
/// token, nor a text that an operator wrote about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, to the second.
    #[serde(rename = "@timestamp", with = "instant")]
    pub at: Timestamp,
    /// What, such as `check-concluded`: lower case, words joined by hyphens.
    #[serde(rename = "event.action")]
    pub action: String,
    /// How it went.
    #[serde(rename = "event.outcome")]
    pub outcome: EventOutcome,
    /// Why not, where it did not go well: a cause as the log has it.
    #[serde(rename = "event.reason", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How long it took from the request token to the decision, in nanoseconds.
    #[serde(rename = "event.duration", default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// At which tenant.
    #[serde(rename = "organization.name", default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Of whom: an HMAC under a random key of that person, which dies with their record.
    #[serde(rename = "user.hash", default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// By which method.
    #[serde(rename = "idv.method", default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The status with which a session or a case ended (contract 12).
    #[serde(rename = "idv.status", default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// On what of before a session's end rests: `case` or `hand_over`.
    #[serde(rename = "idv.grounds", default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
    /// How many people it is about.
    #[serde(rename = "idv.subjects", default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<u64>,
    /// How many checks it is about.
    #[serde(rename = "idv.checks", default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<u64>,
    /// How many pictures it is about.
    #[serde(rename = "idv.pictures", default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<u64>,
    /// The number of a case.
    #[serde(rename = "idv.case", default, skip_serializing_if = "Option::is_none")]
    pub case: Option<u64>,
    /// Which of its pictures.
    #[serde(rename = "idv.slot", default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// What a reviewer came to of it: `approve`, `reject` or `ask_again`. Not why: that is of a person, and goes with their
    /// record.
    #[serde(rename = "idv.verdict", default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// The keys of the configuration that changed.
    #[serde(rename = "idv.changed", default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// Which operator of the console it is about.
    #[serde(rename = "idv.operator", default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// What became of them, or how they signed in.
    #[serde(rename = "idv.change", default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// The version of idv that began or ended.
    #[serde(rename = "idv.version", default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The key by which checkpoints are signed from then on, as a verifier key of C2SP.
    #[serde(rename = "idv.key", default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The signature over that text by the key of before, in base64.
    #[serde(rename = "idv.key_signature", default, skip_serializing_if = "Option::is_none")]
    pub key_signature: Option<String>,
    /// Who did it, as far as the machine or a sign-in proves it: `root`, `group`, the number of an account, or
    /// `operator:NAME`.
    #[serde(rename = "idv.actor.verified", default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Who did it, by their own word.
    #[serde(rename = "idv.actor.claimed", default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<String>,
}

/// `event.outcome` of the Elastic Common Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventOutcome {
    /// It was done, or the person is verified.
    Success,
    /// It was refused, or the person is not verified.
    Failure,
    /// Neither is said by it: it is pending, or the person left.
    Unknown,
}

impl Entry {
    /// That `action` was done `at`, of which nothing more is known.
    #[must_use]
    pub fn new(at: Timestamp, action: &str, outcome: EventOutcome) -> Self {
        Self {
            at,
            action: action.into(),
            outcome,
            reason: None,
            duration: None,
            tenant: None,
            user: None,
            method: None,
            status: None,
            grounds: None,
            subjects: None,
            checks: None,
            pictures: None,
            case: None,
            slot: None,
            verdict: None,
            changed: Vec::new(),
            operator: None,
            change: None,
            version: None,
            key: None,
            key_signature: None,
            actor: None,
            claimed: None,
        }
    }

    /// Its line, without a line end. JSON escapes control characters, so that it is one.
    ///
    /// # Panics
    /// Never: its members are texts and numbers.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are JSON")
    }

    /// The entry that `line` is; none if it is not one.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}

/// An instant as RFC 3339 has it, in UTC.
mod instant {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::verification::time::Timestamp;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls it with")]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, wire: S) -> Result<S::Ok, S::Error> {
        wire.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(wire: D) -> Result<Timestamp, D::Error> {
        let instant: jiff::Timestamp = String::deserialize(wire)?.parse().map_err(D::Error::custom)?;
        instant.try_into().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_what_applies_and_is_read_as_it_was_written() {
        let at = Timestamp::from_unix(1_784_000_000);
        let short = Entry::new(at, "service-started", EventOutcome::Success);
        let line =
            r#"{"@timestamp":"2026-07-14T03:33:20Z","event.action":"service-started","event.outcome":"success"}"#;
        assert_eq!(String::from_utf8(short.line()).unwrap(), line);
        let full = Entry {
            reason: Some("line\nend".into()),
            duration: Some(5_000_000_000),
            tenant: Some("acme.eu.auth0.com".into()),
            user: Some("00ff".into()),
            changed: vec!["tenants.0.token_secrets".into()],
            ..short
        };
        assert!(!full.line().contains(&b'\n'), "one line");
        assert_eq!(Entry::parse(&full.line()), Some(full));
        assert_eq!(Entry::parse(b"{}"), None);
    }

    #[test]
    fn an_auditor_reads_what_each_member_is() {
        let source = include_str!("entry.rs").split("#[cfg(test)]").next().unwrap_or_default();
        let members = source.split("rename = \"").skip(1).filter_map(|rest| rest.split('"').next());
        let document = include_str!("../../../systemd/README.md");
        let untold: Vec<_> = members.filter(|member| !document.contains(&format!("`{member}`"))).collect();
        assert_eq!(untold, [""; 0]);
    }
}
