//! What people are told before they send photos, with all periods: for the organisation's own privacy statement.

use std::time::Duration;

use serde_json::json;

use crate::cli::output;
use crate::config::Config;
use crate::verification::method::document::{DocumentKind, Policy, Selfie};

const DAY: u64 = 86_400;

/// Prints it for all tenants, and for each that differs.
pub(super) fn print(config: &Config, json: bool) -> anyhow::Result<()> {
    let rules = &config.lasting.document;
    let usual = (None, &rules.usual);
    let all: Vec<_> =
        std::iter::once(usual).chain(rules.of_tenants.iter().map(|(host, own)| (Some(host), own))).collect();
    if json {
        let notices = all.iter().map(|(tenant, policy)| json!({ "tenant": tenant, "notice": sentences(policy) }));
        return Ok(output::json(&json!(notices.collect::<Vec<_>>()))?);
    }
    for (tenant, policy) in all {
        if let Some(tenant) = tenant {
            output::line("")?;
            output::line(&format!("At {tenant}:"))?;
        }
        sentences(policy).iter().try_for_each(|sentence| output::line(sentence))?;
    }
    Ok(())
}

fn sentences(policy: &Policy) -> Vec<String> {
    let kinds: Vec<_> = policy.kinds.iter().map(|kind| of_kind(*kind)).collect();
    let selfie = match policy.selfie {
        Selfie::None => "",
        Selfie::Plain | Selfie::Pose => ", and of yourself",
        Selfie::CodeOnPaper => ", and of yourself with a code on paper",
        Selfie::DocumentInHand => ", and of yourself with it in your hand",
    };
    let mut sentences = vec![
        format!("You take photos of one of these: {}{selfie}.", kinds.join(", ")),
        "People of our organisation look at them and decide. No machine compares or decides anything.".into(),
        "The photos are stored encrypted on our own server, and in no backup. Nobody else gets them.".into(),
        "Of a photo that you do not send nothing is kept once your login is over.".into(),
        format!("If nobody decides within {}, the photos are deleted.", days(policy.answer_within)),
        format!(
            "If we verify you, they are deleted {} after the login that takes the decision.",
            days(policy.keep_approved)
        ),
        format!("A decision that you do not come for within {} counts no more.", days(policy.deliver_within)),
        format!("If we do not verify you, they are deleted {} after the decision.", days(policy.keep_rejected)),
        "You may withdraw as long as nothing is decided: then the photos are deleted at once.".into(),
        "A record is kept of when and how you were checked, by whom, with which kind of document, and of the photos' \
         fingerprints, from which no photo can be made."
            .into(),
        "The photos may be kept longer where the law demands it.".into(),
    ];
    if policy.may_cover {
        sentences.push("You may cover what is not needed: the document's number, your address, your signature.".into());
    }
    sentences.extend(
        policy.contact.as_ref().map(|contact| format!("To complain, or to have everything deleted: {contact}")),
    );
    sentences
}

const fn of_kind(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "your passport",
        DocumentKind::IdentityCard => "both sides of your identity card",
        DocumentKind::ResidencePermit => "both sides of your residence permit",
        DocumentKind::DrivingLicence => "both sides of your driving licence",
    }
}

fn days(period: Duration) -> String {
    match period.as_secs() / DAY {
        1 => "1 day".into(),
        days => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_names_every_period_of_the_configuration() {
        let of_days = |days: u64| Duration::from_secs(days * DAY);
        let policy = Policy {
            answer_within: of_days(11),
            deliver_within: of_days(22),
            keep_approved: of_days(1),
            keep_rejected: of_days(44),
            contact: Some("privacy@acme.test".into()),
            may_cover: false,
            ..Policy::default()
        };
        let notice = sentences(&policy).join("\n");
        for told in ["11 days", "22 days", "1 day ", "44 days", "privacy@acme.test", "your passport", "a code on paper"]
        {
            assert!(notice.contains(told), "{told}: {notice}");
        }
        assert!(!notice.contains("may cover"), "{notice}");
    }
}
