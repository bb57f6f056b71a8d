//! What a reviewer has ticked and written so far, as the form of a verdict has it. Pure.

use crate::ops::text;
use crate::verification::method::document::checklist::{Checklist, Item, Response, questions};
use crate::verification::method::document::dossier::{Dossier, Verdict};
use crate::verification::method::document::kind::{Cue, Slot};
use crate::verification::method::document::policy::Policy;
use crate::verification::method::document::reason::{AskReason, InnerReason, RejectReason};
use crate::verification::method::document::review::{Conclusion, NOTE};

/// What a reviewer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::review) enum Outcome {
    Approve,
    AskAgain,
    Reject,
}

impl Outcome {
    pub(in crate::review) const ALL: [Self; 3] = [Self::Approve, Self::AskAgain, Self::Reject];

    /// Its name in forms.
    pub(in crate::review) const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::AskAgain => "ask_again",
            Self::Reject => "reject",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// Everything that was ticked and written. Nothing is where nobody did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::review) struct Ticked {
    pub(in crate::review) outcome: Option<Outcome>,
    pub(in crate::review) answers: Checklist,
    pub(in crate::review) ask: Vec<(Slot, AskReason)>,
    pub(in crate::review) reject: Vec<RejectReason>,
    pub(in crate::review) inner: Vec<InnerReason>,
    pub(in crate::review) note: String,
    pub(in crate::review) wants_second: bool,
    pub(in crate::review) shown: Shown,
}

/// What the page showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::review) struct Shown {
    pub(in crate::review) revision: u32,
    pub(in crate::review) round: u8,
    pub(in crate::review) digests: Vec<[u8; 32]>,
}

impl Shown {
    /// What a page shows of `dossier`.
    pub(in crate::review) fn of(dossier: &Dossier) -> Self {
        Self { revision: dossier.revision, round: dossier.round, digests: dossier.digests() }
    }

    /// The digests in one text.
    pub(in crate::review) fn digests(&self) -> String {
        self.digests.iter().map(|digest| data_encoding::HEXLOWER.encode(digest)).collect()
    }
}

/// Whether `reason` can be one for the picture in `slot`.
pub(in crate::review) fn fits(reason: AskReason, slot: Slot) -> bool {
    match reason {
        AskReason::Restored => false,
        AskReason::FaceNotVisible | AskReason::SeveralFaces | AskReason::CueNotDone => slot.is_of_person(),
        AskReason::WrongSide
        | AskReason::SideMissing
        | AskReason::WrongDocument
        | AskReason::NotAcceptedKind
        | AskReason::ExpiredHaveAnother
        | AskReason::DamagedHaveAnother => !slot.is_of_person(),
        AskReason::Blurred
        | AskReason::Dark
        | AskReason::Glare
        | AskReason::CutOff
        | AskReason::Covered
        | AskReason::TooSmall
        | AskReason::CopyOrScreen => true,
    }
}

/// The names of the form's fields.
pub(in crate::review) fn answer_name(item: Item) -> String {
    format!("check.{}", item.as_str())
}

pub(in crate::review) fn ask_name(slot: Slot, reason: AskReason) -> String {
    format!("ask.{}.{}", slot.as_str(), reason.as_str())
}

pub(in crate::review) fn reject_name(reason: RejectReason) -> String {
    format!("reject.{}", reason.as_str())
}

pub(in crate::review) fn inner_name(reason: InnerReason) -> String {
    format!("inner.{}", reason.as_str())
}

/// What a reason is chosen of: [`RejectReason::OtherEvidence`] is what is told of an inner one.
pub(in crate::review) fn reject_reasons() -> impl Iterator<Item = RejectReason> {
    RejectReason::ALL.iter().copied().filter(|reason| *reason != RejectReason::OtherEvidence)
}

pub(in crate::review) fn ask_reasons(slot: Slot) -> impl Iterator<Item = AskReason> {
    AskReason::ALL.iter().copied().filter(move |reason| fits(*reason, slot))
}

impl Ticked {
    /// What was ticked about `dossier`, where `value` is the value of a field.
    pub(in crate::review) fn read(dossier: &Dossier, value: impl Fn(&str) -> String) -> Self {
        let is_ticked = |name: String| !value(&name).is_empty();
        let answer = |item| Some((item, Response::parse(&value(&answer_name(item)))?));
        let asks = dossier.slots().flat_map(|slot| ask_reasons(slot).map(move |reason| (slot, reason)));
        let digests = data_encoding::HEXLOWER.decode(value("digests").as_bytes()).unwrap_or_default();
        Self {
            outcome: Outcome::parse(&value("outcome")),
            answers: questions(dossier).filter_map(answer).collect(),
            ask: asks.filter(|(slot, reason)| is_ticked(ask_name(*slot, *reason))).collect(),
            reject: reject_reasons().filter(|reason| is_ticked(reject_name(*reason))).collect(),
            inner: InnerReason::ALL.iter().copied().filter(|reason| is_ticked(inner_name(*reason))).collect(),
            // Browsers send a line's end as two characters.
            note: value("note").replace("\r\n", "\n").trim().to_owned(),
            wants_second: is_ticked("wants_second".into()),
            shown: Shown {
                revision: value("revision").parse().unwrap_or_default(),
                round: value("round").parse().unwrap_or_default(),
                digests: digests.as_chunks().0.to_vec(),
            },
        }
    }

    /// Whether nothing is.
    pub(in crate::review) fn is_empty(&self) -> bool {
        *self == Self { shown: self.shown.clone(), ..Self::default() }
    }

    /// The same as fields, for a form that brings it along.
    pub(in crate::review) fn fields(&self) -> Vec<(String, String)> {
        let on = |name: String| (name, "on".to_owned());
        let answers = self.answers.iter().map(|(item, given)| (answer_name(*item), given.as_str().to_owned()));
        let outcome = self.outcome.map(|outcome| ("outcome".to_owned(), outcome.as_str().to_owned()));
        let second = self.wants_second.then(|| on("wants_second".into()));
        answers
            .chain(outcome)
            .chain(self.ask.iter().map(|(slot, reason)| on(ask_name(*slot, *reason))))
            .chain(self.reject.iter().map(|reason| on(reject_name(*reason))))
            .chain(self.inner.iter().map(|reason| on(inner_name(*reason))))
            .chain(second)
            .chain([
                ("note".to_owned(), self.note.clone()),
                ("revision".to_owned(), self.shown.revision.to_string()),
                ("round".to_owned(), self.shown.round.to_string()),
                ("digests".to_owned(), self.shown.digests()),
            ])
            .collect()
    }

    /// What keeps it from being a verdict about `dossier` under `rules`, by the names of sentences. The decision itself looks
    /// at all of it once more.
    pub(in crate::review) fn problems(&self, dossier: &Dossier, rules: &Policy, is_damaged: bool) -> Vec<&'static str> {
        let is_unanswered = questions(dossier).count() != self.answers.len();
        let has = |response| self.answers.iter().any(|(_, given)| *given == response);
        let of_outcome: &[(bool, &'static str)] = match self.outcome {
            None => &[(true, "problem-outcome")],
            Some(Outcome::Approve) => &[
                (is_damaged, "problem-damaged"),
                (is_unanswered, "problem-unanswered"),
                (has(Response::No), "problem-approve-no"),
                (has(Response::CannotTell), "problem-approve-cannot-tell"),
            ],
            Some(Outcome::Reject) => &[
                (is_damaged, "problem-damaged"),
                (is_unanswered, "problem-unanswered"),
                (!has(Response::No), "problem-reject-no"),
                (self.reject.is_empty() && self.inner.is_empty(), "problem-reject-reason"),
            ],
            Some(Outcome::AskAgain) => &[
                (dossier.hold.is_some(), "problem-held"),
                (dossier.round >= rules.rounds, "problem-rounds"),
                (self.ask.is_empty(), "problem-ask-reason"),
            ],
        };
        let of_note =
            (self.note.len() > NOTE || text::unseen(&self.note.replace('\n', " ")).is_some(), "problem-verdict-note");
        let all = of_outcome.iter().copied().chain([of_note]);
        all.filter(|(applies, _)| *applies).map(|(_, problem)| problem).collect()
    }

    /// The verdict that it is, where the pictures `are_whole` or not; none without an outcome.
    pub(in crate::review) fn conclusion(self, are_whole: bool, cue: Cue) -> Option<Conclusion> {
        let mut inner = Vec::new();
        let verdict = match self.outcome? {
            Outcome::Approve => Verdict::Approve,
            Outcome::AskAgain => Verdict::AskAgain(self.ask),
            Outcome::Reject => {
                inner = self.inner;
                let untold = Some(RejectReason::OtherEvidence).filter(|_| !inner.is_empty());
                Verdict::Reject(self.reject.into_iter().chain(untold).collect())
            }
        };
        let note = Some(self.note).filter(|note| !note.is_empty());
        let (checklist, wants_second) = (self.answers, self.wants_second);
        let Shown { revision, digests, .. } = self.shown;
        Some(Conclusion { verdict, checklist, inner, note, wants_second, revision, digests, are_whole, cue })
    }
}
