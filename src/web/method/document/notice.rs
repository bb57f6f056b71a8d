//! What applicants are told before they agree: what is needed, why, who sees it, when it is deleted. What they agreed to is
//! kept by its digest, so that it is the text itself that counts, in the language in which they read it.

use std::time::Duration;

use ring::digest::{SHA256, digest};

use super::TEXTS;
use crate::verification::method::document::{Policy, Selfie};
use crate::verification::time::DAY;
use crate::web::language::{Catalogue, Language};

/// What they are told.
pub(super) struct Notice {
    /// Sentences, each few with their heading.
    pub(super) sections: Vec<(&'static str, Vec<String>)>,
}

impl Notice {
    /// What `rules` come to, in `language`.
    pub(super) fn of(rules: &Policy, language: Language) -> Self {
        let texts: &'static Catalogue = TEXTS.of(language);
        let say = |name| texts.say(name).to_owned();
        let person = match rules.selfie {
            Selfie::None => None,
            Selfie::CodeOnPaper => Some("document-need-paper"),
            Selfie::Plain | Selfie::DocumentInHand | Selfie::Pose => Some("document-need-face"),
        };
        let issuers = (!rules.issuers.is_empty())
            .then(|| texts.say_with("document-issuers", "states", &rules.issuers.join(", ")));
        let cover = rules.may_cover.then_some("document-may-cover");
        let besides = person.into_iter().chain(cover).map(say);
        let needed = [say("document-need-document")].into_iter().chain(issuers).chain(besides);
        let contact = rules.contact.as_ref().map(|contact| texts.say_with("document-contact", "contact", contact));
        let sections = vec![
            (texts.say("document-needed"), needed.collect()),
            (texts.say("document-why"), vec![say("document-why-text")]),
            (texts.say("document-who"), [say("document-who-text")].into_iter().chain(contact).collect()),
            (texts.say("document-deleted"), kept(rules, texts)),
            (texts.say("document-duration"), vec![say("document-duration-text")]),
        ];
        Self { sections }
    }

    /// The whole of it.
    pub(super) fn text(&self) -> String {
        let lines = self
            .sections
            .iter()
            .flat_map(|(heading, lines)| [*heading].into_iter().chain(lines.iter().map(String::as_str)).chain([""]));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// SHA-256 of it.
    pub(super) fn digest(&self) -> [u8; 32] {
        let digest = digest(&SHA256, self.text().as_bytes());
        digest.as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

/// What applicants are told under `rules`, in the language of this `tag`; none if no page speaks it.
#[must_use]
pub fn notice(rules: &Policy, tag: &str) -> Option<String> {
    Language::tagged(tag).map(|language| Notice::of(rules, language).text())
}

/// SHA-256 of what applicants are told under `rules`, in English.
#[must_use]
pub fn notice_digest(rules: &Policy) -> [u8; 32] {
    Notice::of(rules, Language::FIRST).digest()
}

/// How long pictures are kept.
fn kept(rules: &Policy, texts: &'static Catalogue) -> Vec<String> {
    let count = |name, time: Duration| texts.count(name, "days", time.as_secs().div_ceil(DAY.as_secs()));
    let approved = if rules.keep_approved.is_zero() {
        texts.say("document-kept-approved-at-once").to_owned()
    } else {
        count("document-kept-approved", rules.keep_approved)
    };
    let rejected = count("document-kept-rejected", rules.keep_rejected);
    let open = count("document-kept-open", rules.answer_within);
    let untaken = count("document-kept-untaken", rules.deliver_within);
    let [unsent, withdrawn, record] = ["document-kept-unsent", "document-kept-withdrawn", "document-kept-record"]
        .map(|name| texts.say(name).to_owned());
    vec![unsent, withdrawn, approved, rejected, untaken, open, record]
}
