//! What supports a check by document: who looked at what, and what they came to. No picture is in it.

use serde::{Deserialize, Serialize};

use super::dossier::{Consent, Dossier, Given};
use super::kind::{DocumentKind, Selfie};
use super::policy::Policy;
use crate::verification::time::Timestamp;

/// The evidence of a check. It is kept as long as the check is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// The URI of how the organisation verified people when it was decided. It claims no level.
    pub trust_framework: String,
    /// Of which case.
    pub number: u64,
    /// Which document was shown.
    pub document: DocumentKind,
    /// What the applicant's own picture showed.
    pub selfie: Selfie,
    /// To what the applicant agreed.
    pub consent: Consent,
    /// In which round.
    pub round: u8,
    /// Who decided, in order, without what they noted for colleagues.
    pub verdicts: Vec<Given>,
    /// What reviewers came to before that, which came to nothing, the same way.
    pub earlier: Vec<Given>,
    /// SHA-256 of the pictures that they saw.
    #[serde(with = "crate::verification::hex::each")]
    pub digests: Vec<[u8; 32]>,
    /// Whether a phone took any of them.
    pub by_phone: bool,
    /// Whether the decision was taken back by a supervisor.
    pub is_undone: bool,
    /// Since when it waited for that.
    pub sent_at: Option<Timestamp>,
}

impl Reviewed {
    /// The same without what anybody came to.
    #[must_use]
    pub fn without_verdicts(self) -> Self {
        Self { verdicts: Vec::new(), earlier: Vec::new(), ..self }
    }

    /// What `verdicts` of `dossier` are the evidence of, under `rules`.
    #[must_use]
    pub fn of(dossier: &Dossier, verdicts: &[Given], rules: &Policy) -> Self {
        let unnoted = |given: &Given| Given { note: None, ..given.clone() };
        Self {
            trust_framework: rules.framework.clone(),
            number: dossier.number,
            document: dossier.document,
            selfie: dossier.selfie,
            consent: dossier.consent,
            round: dossier.round,
            verdicts: verdicts.iter().map(unnoted).collect(),
            earlier: dossier.earlier.iter().map(unnoted).collect(),
            digests: dossier.digests(),
            by_phone: dossier.by_phone,
            is_undone: false,
            sent_at: dossier.waits_since(),
        }
    }
}
