//! `[methods.document]`: the document method, as typed and as meant.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::config::reader::{Findings, Reader};
use crate::verification::method::document::policy::Second;
use crate::verification::method::document::{DocumentKind, Policies, Policy, Selfie};

const DAY: u64 = 86_400;

/// The section as typed.
#[expect(clippy::struct_excessive_bools, reason = "as it is typed")]
pub(super) struct Typed {
    /// Whether people may be verified by document. Default: false.
    pub(super) enabled: bool,
    /// The URI of how the organisation verifies people. No default.
    policy: Option<String>,
    /// The kinds of documents. Default: all.
    kinds: Vec<String>,
    /// The issuing states. Default: any.
    issuers: Vec<String>,
    /// What the applicant's own picture shows. Default: `code_on_paper`.
    selfie: String,
    /// Whether people are told what they may cover. Default: true.
    may_cover: bool,
    /// Whether a photo that exists may be chosen. Default: true.
    choose_photo: bool,
    /// Whether a computer may hand over to a phone. Default: true.
    handoff: bool,
    /// How often pictures may be sent. Default: 5.
    submissions: u64,
    /// Within which time. Default: 6 hours.
    submissions_window_secs: u64,
    /// How often pictures may be asked for. Default: 3.
    rounds: u64,
    /// When two people decide. Default: `never`.
    second: String,
    /// In how many cases of a hundred, where that is `sample`. Default: 10.
    sample_per_hundred: u64,
    /// How long an open case may take. Default: 7.
    answer_within_days: u64,
    /// How long a decision may be taken. Default: 30.
    deliver_within_days: u64,
    /// How long pictures of an approved case are kept. Default: 7.
    keep_approved_days: u64,
    /// How long those of a rejected one are. Default: 30.
    keep_rejected_days: u64,
    /// Where to complain. Default: the organisation's support.
    contact: Option<String>,
}

impl Typed {
    /// Reads the section.
    pub(super) fn read(document: &Reader<'_>) -> Self {
        let kinds = || DocumentKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
        Self {
            enabled: document.optional("enabled").unwrap_or(false),
            policy: document.optional("policy"),
            kinds: document.optional("kinds").unwrap_or_else(kinds),
            issuers: document.optional("issuers").unwrap_or_default(),
            selfie: document.optional("selfie").unwrap_or_else(|| Selfie::CodeOnPaper.as_str().into()),
            may_cover: document.optional("may_cover").unwrap_or(true),
            choose_photo: document.optional("choose_photo").unwrap_or(true),
            handoff: document.optional("handoff").unwrap_or(true),
            submissions: document.optional("submissions").unwrap_or(5),
            submissions_window_secs: document.optional("submissions_window_secs").unwrap_or(21_600),
            rounds: document.optional("rounds").unwrap_or(3),
            second: document.optional("second").unwrap_or_else(|| "never".into()),
            sample_per_hundred: document.optional("sample_per_hundred").unwrap_or(10),
            answer_within_days: document.optional("answer_within_days").unwrap_or(7),
            deliver_within_days: document.optional("deliver_within_days").unwrap_or(30),
            keep_approved_days: document.optional("keep_approved_days").unwrap_or(7),
            keep_rejected_days: document.optional("keep_rejected_days").unwrap_or(30),
            contact: document.optional("contact"),
        }
    }

    /// The rules that it means; none if the method is not enabled, or if `findings` tells what is wrong.
    pub(super) fn convert(self, findings: &Findings<'_>) -> Option<Arc<Policies>> {
        let is_enabled = self.enabled;
        let usual = self.policy(findings);
        let usual = usual.filter(|_| is_enabled)?;
        Some(Arc::new(Policies { usual: Arc::new(usual), of_tenants: BTreeMap::new() }))
    }

    fn policy(self, findings: &Findings<'_>) -> Option<Policy> {
        let key = |name: &str| format!("methods.document.{name}");
        if self.enabled && self.policy.is_none() {
            let remedy =
                "name the URI of how you verify people, such as policy = \"https://acme.example/identity-policy\"";
            findings.add(&key("policy"), "is missing", remedy);
        }
        let kinds: Vec<_> = self.kinds.iter().filter_map(|kind| DocumentKind::parse(kind)).collect();
        if kinds.len() != self.kinds.len() || kinds.is_empty() {
            let remedy = "choose from passport, identity_card, residence_permit and driving_licence";
            findings.add(&key("kinds"), "names a kind that is not known", remedy);
        }
        let selfie = Selfie::parse(&self.selfie);
        if selfie.is_none() {
            let remedy = "choose none, plain, code_on_paper, document_in_hand or pose";
            findings.add(&key("selfie"), "is not known", remedy);
        }
        let in_range = |name: &str, value: u64, least: u64, most: u64| {
            if !(least..=most).contains(&value) {
                findings.add(&key(name), "is out of range", format!("choose {least} to {most}"));
            }
            value.clamp(least, most)
        };
        let days = |name: &str, value: u64, least: u64, most: u64| {
            Duration::from_secs(in_range(name, value, least, most) * DAY)
        };
        let small =
            |name: &str, value: u64, most: u8| u8::try_from(in_range(name, value, 1, most.into())).unwrap_or(most);
        let sample = small("sample_per_hundred", self.sample_per_hundred, 100);
        let second = match self.second.as_str() {
            "never" => Some(Second::Never),
            "always" => Some(Second::Always),
            "sample" => Some(Second::Sample(sample)),
            "doubt" => Some(Second::Doubt),
            _ => None,
        };
        if second.is_none() {
            findings.add(&key("second"), "is not known", "choose never, always, sample or doubt");
        }
        Some(Policy {
            framework: self.policy.unwrap_or_default(),
            kinds,
            issuers: self.issuers,
            selfie: selfie?,
            may_cover: self.may_cover,
            choose_photo: self.choose_photo,
            hand_off: self.handoff,
            submissions: small("submissions", self.submissions, 100),
            window: Duration::from_secs(in_range(
                "submissions_window_secs",
                self.submissions_window_secs,
                60,
                30 * DAY,
            )),
            rounds: small("rounds", self.rounds, 10),
            second: second?,
            // A case counts for thirty days from when it was sent.
            answer_within: days("answer_within_days", self.answer_within_days, 1, 29),
            deliver_within: days("deliver_within_days", self.deliver_within_days, 1, 30),
            keep_approved: days("keep_approved_days", self.keep_approved_days, 0, 3650),
            keep_rejected: days("keep_rejected_days", self.keep_rejected_days, 0, 3650),
            contact: self.contact,
        })
    }
}
