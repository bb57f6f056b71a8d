//! What people are told before they send photos, with all periods: for the organisation's own privacy statement.

use serde_json::json;

use crate::cli::output;
use crate::config::Config;
use crate::verification::method::document::Policy;
use crate::web;

/// Prints it in `language`, as people read it, for all tenants, and for each that differs.
pub(super) fn print(config: &Config, language: &str, json: bool) -> anyhow::Result<()> {
    let rules = &config.lasting.document;
    let usual = (None, &rules.usual);
    let all = std::iter::once(usual).chain(rules.of_tenants.iter().map(|(host, own)| (Some(host), own)));
    if json {
        let notices = all.map(|(tenant, policy)| json!({ "tenant": tenant, "notice": notice(policy, language) }));
        return Ok(output::json(&json!(notices.collect::<Vec<_>>()))?);
    }
    for (tenant, policy) in all {
        if let Some(tenant) = tenant {
            output::line(&format!("At {tenant}:"))?;
            output::line("")?;
        }
        output::lines(&notice(policy, language))?;
    }
    Ok(())
}

fn notice(policy: &Policy, language: &str) -> String {
    web::notice_to_applicants(policy, language).unwrap_or_default()
}

/// Reads the tag of a language that pages speak.
pub(super) fn language(tag: &str) -> Result<String, String> {
    let mut ours = web::language::tags();
    if ours.any(|ours| ours == tag) {
        return Ok(tag.to_owned());
    }
    Err(format!("pages speak {}", web::language::tags().collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_notice_names_every_period_of_the_configuration_and_the_states_whose_documents_count() {
        let of_days = |days: u64| Duration::from_hours(24 * days);
        let policy = Policy {
            answer_within: of_days(11),
            deliver_within: of_days(22),
            keep_approved: of_days(1),
            keep_rejected: of_days(44),
            contact: Some("privacy@acme.test".into()),
            may_cover: false,
            issuers: vec!["NL".into(), "D".into()],
            ..Policy::default()
        };
        let told = notice(&policy, "en");
        for words in [
            "after 11 days",
            "within 22 days",
            "1 day after the login",
            "44 days after the decision",
            "privacy@acme.test",
            "NL, D",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert!(!told.contains("may cover"), "{told}");
        assert!(!notice(&Policy::default(), "en").contains("states"), "where any state's count, none is named");
        assert!(notice(&policy, "de").contains("44 Tage nach der Entscheidung"));
        assert_eq!(language("de").as_deref(), Ok("de"));
        assert_eq!(language("tlh").unwrap_err(), "pages speak en, de, fr, es, pt, it, nl, pl, ja, ar");
    }
}
