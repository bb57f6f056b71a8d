//! `[methods.document]`: the document method, as typed and as meant; and `[tenants.document]`, by which a tenant differs.

use std::sync::Arc;
use std::time::Duration;

use crate::config::branding::Contact;
use crate::config::reader::{Findings, Reader};
use crate::verification::method::document::policy::Second;
use crate::verification::method::document::{DocumentKind, Policies, Policy, Selfie};
use crate::verification::tenant::Host;
use crate::verification::time::DAY;

/// What the configuration calls the section.
const SECTION: &str = "methods.document";

/// The section as typed.
#[expect(clippy::struct_excessive_bools, reason = "as it is typed")]
pub(super) struct Typed {
    /// Whether people may be verified by document. Default: false.
    pub(super) enabled: bool,
    /// The URI of how the organisation verifies people. No default.
    policy: Option<String>,
    /// The issuing states. Default: any.
    issuers: Vec<String>,
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
    /// In how many cases of a hundred two people decide, where `second` is `sample`. Default: 10.
    sample_per_hundred: u64,
    /// Where to complain. Default: the organisation's support.
    contact: Option<String>,
    /// What a tenant may have otherwise.
    usual: TypedOfTenant,
}

/// What each tenant may have otherwise, as typed. Default: as in `[methods.document]`.
#[derive(Default)]
pub(in crate::config) struct TypedOfTenant {
    /// The kinds of documents. Default there: all.
    kinds: Option<Vec<String>>,
    /// What the applicant's own picture shows. Default there: `code_on_paper`.
    selfie: Option<String>,
    /// When two people decide. Default there: `never`.
    second: Option<String>,
    /// How long an open case may take. Default there: 7.
    answer_within_days: Option<u64>,
    /// How long a decision may be taken. Default there: 30.
    deliver_within_days: Option<u64>,
    /// How long pictures of an approved case are kept. Default there: 7.
    keep_approved_days: Option<u64>,
    /// How long those of a rejected one are. Default there: 30.
    keep_rejected_days: Option<u64>,
}

impl TypedOfTenant {
    /// Reads the section `document`.
    pub(in crate::config) fn read(document: &Reader<'_>) -> Self {
        Self {
            kinds: document.optional("kinds"),
            selfie: document.optional("selfie"),
            second: document.optional("second"),
            answer_within_days: document.optional("answer_within_days"),
            deliver_within_days: document.optional("deliver_within_days"),
            keep_approved_days: document.optional("keep_approved_days"),
            keep_rejected_days: document.optional("keep_rejected_days"),
        }
    }
}

impl Typed {
    /// Reads the section.
    pub(super) fn read(document: &Reader<'_>) -> Self {
        Self {
            enabled: document.optional("enabled").unwrap_or(false),
            policy: document.optional("policy"),
            issuers: document.optional("issuers").unwrap_or_default(),
            may_cover: document.optional("may_cover").unwrap_or(true),
            choose_photo: document.optional("choose_photo").unwrap_or(true),
            handoff: document.optional("handoff").unwrap_or(true),
            submissions: document.optional("submissions").unwrap_or(5),
            submissions_window_secs: document.optional("submissions_window_secs").unwrap_or(21_600),
            rounds: document.optional("rounds").unwrap_or(3),
            sample_per_hundred: document.optional("sample_per_hundred").unwrap_or(10),
            contact: document.optional("contact"),
            usual: TypedOfTenant::read(document),
        }
    }

    /// The rules that it means, be it enabled or not, for what is kept has its time; none if `findings` tells what is wrong.
    /// `tenants` may have others. Whoever has no contact for this has the organisation's `support`.
    pub(super) fn convert(
        self,
        tenants: Vec<OfTenant>,
        support: Option<&str>,
        findings: &Findings<'_>,
    ) -> Option<Arc<Policies>> {
        let key = |name: &str| format!("{SECTION}.{name}");
        if self.enabled && self.policy.is_none() {
            let remedy =
                "name the URI of how you verify people, such as policy = \"https://acme.example/identity-policy\"";
            findings.add(&key("policy"), "is missing", remedy);
        }
        if self.policy.as_deref().is_some_and(|policy| !is_uri(policy)) {
            let remedy = "write a URI, such as \"https://acme.example/identity-policy\"";
            findings.add(&key("policy"), "is not a URI", remedy);
        }
        if !self.issuers.iter().all(|issuer| is_state(issuer)) {
            let remedy =
                "write the two or three capital letters of ISO 3166 or ICAO 9303 for each, such as \"NL\" or \"D\"";
            findings.add(&key("issuers"), "names what is no issuing state", remedy);
        }
        if self.contact.as_deref().is_some_and(|contact| Contact::parse(contact).is_none()) {
            let remedy = "write a mail address, such as \"privacy@acme.example\", or https://HOST/…";
            findings.add(&key("contact"), "is neither a mail address nor a web address", remedy);
        }
        let in_range = Ranged { section: SECTION, findings };
        let sample = in_range.small("sample_per_hundred", self.sample_per_hundred, 100);
        let submissions = in_range.small("submissions", self.submissions, 100);
        let window = in_range.value("submissions_window_secs", self.submissions_window_secs, 60, 30 * DAY.as_secs());
        let rounds = in_range.small("rounds", self.rounds, 10);
        let policy = Policy {
            framework: self.policy.unwrap_or_default(),
            issuers: self.issuers,
            may_cover: self.may_cover,
            choose_photo: self.choose_photo,
            hand_off: self.handoff,
            submissions,
            window: Duration::from_secs(window),
            rounds,
            sample,
            contact: self.contact.or_else(|| support.map(str::to_owned)),
            ..Policy::default()
        };
        let usual = self.usual.over(&policy, SECTION, findings);
        // All of it is looked at, so that everything is told at once.
        let own: Vec<_> = tenants.into_iter().map(|tenant| tenant.own(usual.as_ref(), findings)).collect();
        let usual = usual?;
        let own: Vec<_> = own.into_iter().collect::<Option<_>>()?;
        let of_tenants = own.into_iter().filter(|(_, own)| **own != usual).collect();
        Some(Arc::new(Policies { usual: Arc::new(usual), of_tenants }))
    }
}

/// What a tenant has otherwise.
pub(in crate::config) struct OfTenant {
    /// Which; none where that is told to be wrong.
    pub(in crate::config) tenant: Option<Host>,
    /// Where it stands.
    pub(in crate::config) section: String,
    /// What.
    pub(in crate::config) typed: TypedOfTenant,
}

impl OfTenant {
    fn own(self, usual: Option<&Policy>, findings: &Findings<'_>) -> Option<(Host, Arc<Policy>)> {
        let usual = usual.cloned().unwrap_or_default();
        let own = self.typed.over(&usual, &self.section, findings)?;
        Some((self.tenant?, Arc::new(own)))
    }
}

impl TypedOfTenant {
    /// The rules of `usual`, with what stands in `section` in their place.
    fn over(self, usual: &Policy, section: &str, findings: &Findings<'_>) -> Option<Policy> {
        let key = |name: &str| format!("{section}.{name}");
        let kinds = match self.kinds {
            None => Some(usual.kinds.clone()),
            Some(typed) => {
                let kinds: Option<Vec<_>> = typed.iter().map(|kind| DocumentKind::parse(kind)).collect();
                let kinds = kinds.filter(|kinds| !kinds.is_empty());
                if kinds.is_none() {
                    let remedy = "choose from passport, identity_card, residence_permit and driving_licence";
                    findings.add(&key("kinds"), "names a kind that is not known, or none", remedy);
                }
                kinds
            }
        };
        let selfie = self.selfie.map_or(Some(usual.selfie), |typed| {
            let selfie = Selfie::parse(&typed);
            if selfie.is_none() {
                let remedy = "choose none, plain, code_on_paper, document_in_hand or pose";
                findings.add(&key("selfie"), "is not known", remedy);
            }
            selfie
        });
        let second = self.second.map_or(Some(usual.second), |typed| {
            let second = Second::parse(&typed, usual.sample);
            if second.is_none() {
                findings.add(&key("second"), "is not known", "choose never, always, sample or doubt");
            }
            second
        });
        let in_range = Ranged { section, findings };
        let period = |name, typed: Option<u64>, usual, least, most| {
            typed.map_or(usual, |typed| days(in_range.value(name, typed, least, most)))
        };
        Some(Policy {
            kinds: kinds?,
            selfie: selfie?,
            second: second?,
            // A case counts for thirty days from when it was last sent.
            answer_within: period("answer_within_days", self.answer_within_days, usual.answer_within, 1, 29),
            deliver_within: period("deliver_within_days", self.deliver_within_days, usual.deliver_within, 1, 30),
            keep_approved: period("keep_approved_days", self.keep_approved_days, usual.keep_approved, 0, 3650),
            keep_rejected: period("keep_rejected_days", self.keep_rejected_days, usual.keep_rejected, 0, 3650),
            ..usual.clone()
        })
    }
}

/// Holds numbers of a section against their ranges.
struct Ranged<'f> {
    section: &'f str,
    findings: &'f Findings<'f>,
}

impl Ranged<'_> {
    fn value(&self, name: &str, value: u64, least: u64, most: u64) -> u64 {
        if !(least..=most).contains(&value) {
            let key = format!("{}.{name}", self.section);
            self.findings.add(&key, "is out of range", format!("choose {least} to {most}"));
        }
        value.clamp(least, most)
    }

    fn small(&self, name: &str, value: u64, most: u8) -> u8 {
        u8::try_from(self.value(name, value, 1, most.into())).unwrap_or(most)
    }
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * DAY.as_secs())
}

/// Whether `text` has a scheme and something after it, and nothing that has to be escaped.
fn is_uri(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
    let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(is_scheme)
            && !rest.is_empty()
    });
    is_plain && has_scheme && text.len() <= 512
}

/// Whether `code` may be an issuing state: two letters of ISO 3166-1, three of it or of ICAO 9303, or Germany's one.
fn is_state(code: &str) -> bool {
    (1..=3).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_uppercase())
        && (code.len() > 1 || code == "D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_a_uri() {
        for fit in ["https://acme.example/policy", "urn:acme:policy", "tag:acme.example,2026:p"] {
            assert!(is_uri(fit), "{fit}");
        }
        let long = format!("urn:{}", "x".repeat(509));
        for unfit in ["", "acme", ":x", "https:", "1x:y", "https://acme.example/a b", "urn:\u{e9}", "urn:a\"b", &long] {
            assert!(!is_uri(unfit), "{unfit}");
        }
    }

    #[test]
    fn an_issuing_state_is_two_or_three_capital_letters_or_germanys_one() {
        for fit in ["NL", "NLD", "D", "UTO", "EUE"] {
            assert!(is_state(fit), "{fit}");
        }
        for unfit in ["", "N", "nl", "NLDX", "N1", "D<<"] {
            assert!(!is_state(unfit), "{unfit}");
        }
    }
}
