//! The rules of the method, as configured.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::kind::{DocumentKind, Selfie, Slot};
use crate::verification::tenant::Host;
use crate::verification::time::DAY;

/// The rules, for each tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Those of a tenant that has none of its own.
    pub usual: Arc<Policy>,
    /// Those of tenants that have.
    pub of_tenants: BTreeMap<Host, Arc<Policy>>,
}

/// The rules for the subjects of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The URI of how the organisation verifies people: `trust_framework` of the evidence.
    pub framework: String,
    /// The kinds of documents that it accepts. At least one.
    pub kinds: Vec<DocumentKind>,
    /// The issuing states that it accepts, by their codes; any, where there are none.
    pub issuers: Vec<String>,
    /// What the applicant's own picture shows.
    pub selfie: Selfie,
    /// Whether people are told what of the document they may cover.
    pub may_cover: bool,
    /// Whether a picture that exists may be chosen. Not to offer it proves nothing.
    pub choose_photo: bool,
    /// Whether a computer may hand over to a phone.
    pub hand_off: bool,
    /// How often pictures may be sent within [`window`](Self::window).
    pub submissions: u8,
    /// Within which time.
    pub window: Duration,
    /// How often better pictures may be asked for, the first round included.
    pub rounds: u8,
    /// When two people decide.
    pub second: Second,
    /// In how many cases of a hundred they do, where a tenant has that drawn.
    pub sample: u8,
    /// How long an open case may take, and better pictures may be sent.
    pub answer_within: Duration,
    /// How long what was decided may be taken by a login.
    pub deliver_within: Duration,
    /// How long the pictures of an approved case are kept after a login took it.
    pub keep_approved: Duration,
    /// How long those of a rejected one are kept after the decision.
    pub keep_rejected: Duration,
    /// Where to complain, and to have everything erased.
    pub contact: Option<String>,
}

/// When a second reviewer decides, blind to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// Never.
    Never,
    /// Always.
    Always,
    /// In so many cases of a hundred, drawn at random.
    Sample(u8),
    /// Where the first reviewer wishes it.
    Doubt,
}

impl Second {
    /// The one called `name`, which is drawn in `sample` cases of a hundred where it is drawn.
    #[must_use]
    pub fn parse(name: &str, sample: u8) -> Option<Self> {
        Some(match name {
            "never" => Self::Never,
            "always" => Self::Always,
            "sample" => Self::Sample(sample),
            "doubt" => Self::Doubt,
            _ => return None,
        })
    }

    /// Whether a case wants a second reviewer from the start, for which `random` was drawn.
    #[must_use]
    pub fn is_drawn(self, random: u32) -> bool {
        match self {
            Self::Never | Self::Doubt => false,
            Self::Always => true,
            // In hundredths of all that can be drawn.
            Self::Sample(percent) => (u64::from(random) * 100) >> u32::BITS < u64::from(percent),
        }
    }
}

impl Default for Policy {
    /// As where nothing is configured.
    fn default() -> Self {
        Self {
            framework: String::new(),
            kinds: DocumentKind::ALL.to_vec(),
            issuers: Vec::new(),
            selfie: Selfie::CodeOnPaper,
            may_cover: true,
            choose_photo: true,
            hand_off: true,
            submissions: 5,
            window: Duration::from_hours(6),
            rounds: 3,
            second: Second::Never,
            sample: 10,
            answer_within: DAY * 7,
            deliver_within: DAY * 30,
            keep_approved: DAY * 7,
            keep_rejected: DAY * 30,
            contact: None,
        }
    }
}

impl Policies {
    /// Those of every tenant.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        std::iter::once(&self.usual).chain(self.of_tenants.values()).map(Arc::as_ref)
    }

    /// The rules for the subjects of `tenant`.
    #[must_use]
    pub fn of(&self, tenant: &Host) -> &Arc<Policy> {
        self.of_tenants.get(tenant).unwrap_or(&self.usual)
    }
}

/// The slots that a document of `kind` fills, and then the applicant.
pub fn slots(kind: DocumentKind, selfie: Selfie) -> impl Iterator<Item = Slot> {
    let back = kind.has_back().then_some(Slot::Back);
    std::iter::once(Slot::Front).chain(back).chain(selfie.slots().iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_hundred_cases_so_many_are_drawn_as_the_rules_say() {
        let draws = || (0..10_000_u64).map(|number| u32::try_from(((2 * number + 1) << 31) / 10_000).unwrap());
        for percent in [0, 1, 10, 50, 99, 100] {
            let second = Second::Sample(percent);
            let count = draws().filter(|draw| second.is_drawn(*draw)).count();
            assert_eq!(count, usize::from(percent) * 100, "{percent}");
        }
        assert!(Second::Sample(100).is_drawn(u32::MAX) && !Second::Sample(99).is_drawn(u32::MAX));
        assert!(Second::Sample(1).is_drawn(0) && !Second::Sample(0).is_drawn(0));
        assert!([0, u32::MAX].iter().all(|draw| Second::Always.is_drawn(*draw) && !Second::Doubt.is_drawn(*draw)));
    }

    #[test]
    fn when_two_decide_is_known_by_its_name_alone() {
        let known = [("never", Second::Never), ("always", Second::Always), ("doubt", Second::Doubt)];
        for (name, second) in known.into_iter().chain([("sample", Second::Sample(7))]) {
            assert_eq!(Second::parse(name, 7), Some(second), "{name}");
        }
        assert_eq!(["", "Never", "sometimes"].map(|name| Second::parse(name, 7)), [None; 3]);
    }

    #[test]
    fn every_document_has_its_front_before_its_back_and_the_person_last() {
        let of = |kind, selfie| slots(kind, selfie).collect::<Vec<_>>();
        assert_eq!(of(DocumentKind::Passport, Selfie::Plain), [Slot::Front, Slot::Selfie]);
        assert_eq!(of(DocumentKind::IdentityCard, Selfie::Plain), [Slot::Front, Slot::Back, Slot::Selfie]);
        assert_eq!(of(DocumentKind::Passport, Selfie::None), [Slot::Front]);
    }
}
