//! The actions that an audit log knows, by what a report does with them.

/// What a report does with an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A session ended.
    Check,
    /// An answer was refused, or a provider did not attest it.
    Refusal,
    /// An operator did something about a person.
    Act,
    /// A person did something in their session that did not end it.
    Step,
    /// Somebody looked at what is known of people, or took it away.
    Look,
    /// Something was done to the service, its configuration, its keys or its store.
    Operation,
    /// A person was erased.
    Erasure,
    /// What had been kept long enough was removed.
    Sweep,
}

/// All, each with its words.
const ACTIONS: [(&str, Kind, &str); 47] = [
    ("check-concluded", Kind::Check, "Check concluded"),
    ("answer-refused", Kind::Refusal, "Answer refused"),
    ("not-attested", Kind::Refusal, "Not attested by a provider"),
    ("code-issued", Kind::Act, "Code issued"),
    ("code-revoked", Kind::Act, "Code revoked"),
    ("identity-released", Kind::Act, "Identity at a provider released"),
    ("identities-forgotten", Kind::Act, "All identities of a provider forgotten"),
    ("case-decided", Kind::Act, "Case decided"),
    ("link-made", Kind::Act, "Start link made"),
    ("operator-signed-in", Kind::Operation, "Operator signed in"),
    ("operator-changed", Kind::Operation, "Operator of the console changed"),
    ("case-begun", Kind::Step, "Case begun"),
    ("case-sent", Kind::Step, "Photos of a case sent"),
    ("case-withdrawn", Kind::Step, "Case withdrawn by its person"),
    ("handoff-used", Kind::Step, "Phone handed over to"),
    ("handoff-reported", Kind::Step, "Phone reported as somebody else's"),
    ("case-claimed", Kind::Act, "Case claimed"),
    ("case-released", Kind::Act, "Case released"),
    ("case-verdict", Kind::Act, "Verdict on a case given"),
    ("case-held", Kind::Act, "Case put on hold"),
    ("case-unheld", Kind::Act, "Hold of a case lifted"),
    ("case-reopened", Kind::Act, "Decision on a case taken back"),
    ("picture-turned", Kind::Act, "Photo of a case turned"),
    ("subject-viewed", Kind::Look, "Record of a person viewed"),
    ("subject-exported", Kind::Look, "All that is known of a person handed out"),
    ("subjects-listed", Kind::Look, "People listed"),
    ("codes-listed", Kind::Look, "Waiting codes listed"),
    ("cases-listed", Kind::Look, "Cases listed"),
    ("case-searched", Kind::Look, "Case searched for"),
    ("case-viewed", Kind::Look, "Case, or a photo of it, viewed"),
    ("own-case-refused", Kind::Look, "Own case asked for, and refused"),
    ("audit-exported", Kind::Look, "Audit log exported"),
    ("report-made", Kind::Look, "Report made"),
    ("store-copied", Kind::Operation, "Store backed up"),
    ("store-restored", Kind::Operation, "Store restored"),
    ("service-started", Kind::Operation, "Service started"),
    ("service-stopped", Kind::Operation, "Service stopped"),
    ("configuration-reloaded", Kind::Operation, "Configuration reloaded"),
    ("reload-refused", Kind::Operation, "Reload refused"),
    ("signing-key-made", Kind::Operation, "Signing key of the audit log made"),
    ("decoy-loaded", Kind::Operation, "Decoy loaded"),
    ("decoy-decided", Kind::Operation, "Decoy decided"),
    ("subject-erased", Kind::Erasure, "Person erased"),
    ("case-lapsed", Kind::Sweep, "Case lapsed"),
    ("evidence-deleted", Kind::Sweep, "Photos deleted"),
    ("evidence-shredded", Kind::Sweep, "Photos shredded"),
    ("retention-swept", Kind::Sweep, "Retention applied"),
];

/// What a report does with `action`; none if this version does not know it.
pub(super) fn kind(action: &str) -> Option<Kind> {
    known(action).map(|(_, kind, _)| *kind)
}

/// The words for `action`; its own name if this version does not know it.
pub(super) fn words(action: &str) -> &str {
    known(action).map_or(action, |(_, _, words)| words)
}

fn known(action: &str) -> Option<&'static (&'static str, Kind, &'static str)> {
    ACTIONS.iter().find(|(name, ..)| *name == action)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const DOCUMENT: &str = include_str!("../../systemd/README.md");

    #[test]
    fn an_auditor_reads_of_each_action_that_there_is_and_of_no_other() {
        let table = DOCUMENT.lines().skip_while(|line| !line.starts_with("| `event.action` | of what |"));
        let rows = table.skip(2).map_while(|line| line.strip_prefix("| ")?.split_once(" |"));
        let told: Vec<_> = rows.flat_map(|(actions, _)| actions.split('`').skip(1).step_by(2)).collect();
        let distinct: BTreeSet<_> = told.iter().copied().collect();
        assert_eq!(told.len(), distinct.len(), "each has one row");
        // A report counts it where a log has it, and nothing writes it.
        let known = ACTIONS.iter().map(|(action, ..)| *action).filter(|action| *action != "retention-swept");
        assert_eq!(distinct, known.collect());
    }
}
