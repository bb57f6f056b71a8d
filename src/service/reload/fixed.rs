//! What of a configuration cannot change while the service runs.

use crate::config::meant::Limits;
use crate::config::review::Review;
use crate::config::{Config, Problem};

/// What differs between two configurations and cannot change while the service runs. Each part of them is named here, so
/// that none comes in without its place.
pub(super) fn fixed(before: &Config, after: &Config) -> Vec<Problem> {
    let Config {
        public_url,
        listen,
        tls,
        store_path,
        cache_mib,
        control_socket,
        ops_listen,
        review,
        log_format,
        // Whoever needs these reads them anew.
        backup_recipients: _,
        tenants: _,
        egress: _,
        evidence,
        methods: _,
        providers: _,
        lasting: _,
        hand_over: _,
        limits: Limits { connections_per_address: _, open_connections_per_address: _, starts_per_subject: _ },
        branding: _,
        // And these are not what it says.
        place,
        written: _,
        strangers: _,
    } = after;
    let of_review = |review: &Option<Review>| {
        let Review { url, listen, specimens: _, pairs: _, idle: _, sign_in: _ } = review.clone()?;
        Some((url, listen))
    };
    let ((url_before, listen_before), (url, review_listen)) =
        (of_review(&before.review).unzip(), of_review(review).unzip());
    let differs = [
        ("public_url", before.public_url != *public_url),
        ("server.listen", before.listen != *listen),
        ("server.tls", before.tls.is_some() != tls.is_some()),
        ("store.path", before.store_path != *store_path),
        ("store.cache_mib", before.cache_mib != *cache_mib),
        ("control.socket", before.control_socket != *control_socket),
        ("ops.listen", before.ops_listen != *ops_listen),
        ("review.url", url_before != url),
        ("review.listen", url.is_some() && listen_before.is_some_and(|before| Some(before) != review_listen)),
        ("log.format", before.log_format != *log_format),
        // Where it is not named it lies beside the store, and the key of that was told.
        ("evidence.directory", before.evidence.directory != evidence.directory && before.store_path == *store_path),
    ];
    let problem = |key: &str| Problem {
        place: place.clone(),
        key: key.into(),
        problem: "needs a restart: it does not change while the service runs".into(),
        remedy: "put back what stood there, or run: systemctl restart idv".into(),
    };
    differs.iter().filter(|(_, differs)| *differs).map(|(key, _)| problem(key)).collect()
}

#[cfg(test)]
mod tests {
    use toml::{Table, Value};

    use super::*;
    use crate::config::{Problems, load};

    const BEFORE: &str = r#"
public_url = "https://idv.example.test"
server.tls.certificate = "/certificate"
server.tls.private_key = "/key"
branding.name = "Acme"
review.url = "https://review.example.test"
review.oidc.issuer = "https://op.example.test"
review.oidc.client_id = "c"
review.oidc.client_secret = { env = "REVIEW" }
review.oidc.claim = "idv"
review.oidc.reviewer = ["r"]
tenants = [{ domain = "acme.eu.auth0.test", token_secrets = [{ env = "ONE" }] }]
"#;

    /// Each key, something else that may stand there, and whether that needs a restart.
    const KEYS: [(&str, &str, bool); 76] = [
        ("public_url", r#""https://other.example.test""#, true),
        ("server.listen", r#"["127.0.0.1:8443"]"#, true),
        ("server.tls.certificate", r#""/other""#, false),
        ("server.tls.private_key", r#""/other""#, false),
        ("store.path", r#""/other.redb""#, true),
        ("store.cache_mib", "65", true),
        ("control.socket", r#""/other.sock""#, true),
        ("ops.listen", r#"["127.0.0.1:9464"]"#, true),
        ("backup.recipients", r#"["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"]"#, false),
        ("tenants.domain", r#""other.eu.auth0.test""#, false),
        ("tenants.custom_domains", r#"["login.acme.test"]"#, false),
        ("tenants.token_secrets", r#"[{ env = "TWO" }]"#, false),
        ("tenants.token_parameter", r#""other""#, false),
        ("tenants.return_method", r#""form_post""#, false),
        ("tenants.result_subject", r#""idv_id""#, false),
        ("tenants.clock_leeway_secs", "61", false),
        ("tenants.document.kinds", r#"["passport"]"#, false),
        ("tenants.document.selfie", r#""plain""#, false),
        ("tenants.document.second", r#""always""#, false),
        ("tenants.document.answer_within_days", "8", false),
        ("tenants.document.deliver_within_days", "29", false),
        ("tenants.document.keep_approved_days", "8", false),
        ("tenants.document.keep_rejected_days", "29", false),
        ("methods.desk.enabled", "true", false),
        ("methods.desk.code_lifetime_secs", "86401", false),
        ("methods.desk.attempts", "4", false),
        ("methods.document.enabled", "false", false),
        ("methods.document.policy", r#""urn:acme:policy""#, false),
        ("methods.document.issuers", r#"["NL"]"#, false),
        ("methods.document.may_cover", "false", false),
        ("methods.document.choose_photo", "false", false),
        ("methods.document.handoff", "false", false),
        ("methods.document.submissions", "4", false),
        ("methods.document.submissions_window_secs", "3600", false),
        ("methods.document.rounds", "2", false),
        ("methods.document.sample_per_hundred", "20", false),
        ("methods.document.contact", r#""privacy@acme.test""#, false),
        ("methods.document.kinds", r#"["passport"]"#, false),
        ("methods.document.selfie", r#""plain""#, false),
        ("methods.document.second", r#""always""#, false),
        ("methods.document.answer_within_days", "8", false),
        ("methods.document.deliver_within_days", "29", false),
        ("methods.document.keep_approved_days", "8", false),
        ("methods.document.keep_rejected_days", "29", false),
        (
            "methods.oidc",
            r#"[{ name = "a", label = "A", issuer = "https://a.test", client_id = "a", client_secret = { env = "A" }, accept = { login_alone = true } }]"#,
            false,
        ),
        ("egress.via", r#""direct""#, false),
        ("egress.socket", r#""/other.sock""#, false),
        ("egress.private", r#"["idp.example.test"]"#, false),
        ("egress.authorities", r#"{ file = "/authorities" }"#, false),
        ("review.url", r#""https://other.example.test""#, true),
        ("review.listen", r#"["127.0.0.1:8445"]"#, true),
        ("review.specimens", r#""/specimens""#, false),
        ("review.pairs", r#""/pairs""#, false),
        ("review.idle_minutes", "29", false),
        ("review.oidc.issuer", r#""https://other.example.test""#, false),
        ("review.oidc.client_id", r#""other""#, false),
        ("review.oidc.client_secret", r#"{ env = "OTHER" }"#, false),
        ("review.oidc.claim", r#""other""#, false),
        ("review.oidc.desk", r#"["d"]"#, false),
        ("review.oidc.reviewer", r#"["other"]"#, false),
        ("review.oidc.supervisor", r#"["s"]"#, false),
        ("review.oidc.accept.acr", r#"["a"]"#, false),
        ("review.oidc.accept.amr", r#"["mfa"]"#, false),
        ("evidence.directory", r#""/other""#, true),
        ("evidence.space", r#""21 GiB""#, false),
        ("session.hand_over_secs", "899", false),
        ("limits.connections_per_address", "1", false),
        ("limits.open_connections_per_address", "1", false),
        ("limits.starts_per_subject", "1", false),
        ("log.format", r#""json""#, true),
        ("branding.name", r#""Other""#, false),
        ("branding.accent", r##""#123456""##, false),
        ("branding.logo", r#""/logo.svg""#, false),
        ("branding.support", r#""https://acme.test/help""#, false),
        ("branding.privacy", r#""https://acme.test/privacy""#, false),
        ("branding.terms", r#""https://acme.test/terms""#, false),
    ];

    /// What `text` comes to with `value` at `key`.
    fn with(key: &str, value: &str) -> Config {
        let mut root: Table = BEFORE.parse().unwrap();
        let value = format!("it = {value}").parse::<Table>().unwrap().remove("it").unwrap();
        let (tables, name) = key.rsplit_once('.').map_or((None, key), |(tables, name)| (Some(tables), name));
        let mut table = &mut root;
        for name in tables.into_iter().flat_map(|tables| tables.split('.')) {
            let inner = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
            table = match inner {
                Value::Array(tables) => tables[0].as_table_mut().unwrap(),
                inner => inner.as_table_mut().unwrap(),
            };
        }
        table.insert(name.to_owned(), value);
        load::parse(&root.to_string()).0.unwrap_or_else(|Problems(problems)| panic!("{key}: {problems:?}"))
    }

    #[test]
    fn every_key_changes_in_flight_or_needs_a_restart() {
        let (before, all) = load::parse(BEFORE);
        let before = before.unwrap();
        let is_section = |key: &str| all.iter().any(|other| other.starts_with(&format!("{key}.")));
        let keys: Vec<_> = all.iter().filter(|key| !is_section(key)).map(String::as_str).collect();
        let mut placed: Vec<_> = KEYS.iter().map(|(key, ..)| *key).collect();
        placed.sort_unstable();
        assert_eq!(placed, keys);
        for (key, value, needs_restart) in KEYS {
            let after = with(key, value);
            let told: Vec<_> = fixed(&before, &after).into_iter().map(|problem| problem.key).collect();
            assert_eq!(told, if needs_restart { vec![key] } else { vec![] }, "{key}");
            let changed: Vec<_> = before.written.changed(&after.written).into_iter().collect();
            assert!(changed.iter().all(|changed| changed.replace(".0.", ".").starts_with(key)), "{key}: {changed:?}");
            assert!(!changed.is_empty(), "{key}");
        }
        let without = BEFORE.lines().filter(|line| !line.starts_with("server.tls")).collect::<Vec<_>>().join("\n");
        let without = load::parse(&format!("{without}\nserver.listen = [\"127.0.0.1:8443\"]")).0.unwrap();
        let told: Vec<_> = fixed(&before, &without).into_iter().map(|problem| problem.key).collect();
        assert_eq!(told, ["server.listen", "server.tls"]);
        let without = BEFORE.lines().filter(|line| !line.starts_with("review")).collect::<Vec<_>>().join("\n");
        let without = load::parse(&without).0.unwrap();
        for (before, after) in [(&before, &without), (&without, &before)] {
            let told: Vec<_> = fixed(before, after).into_iter().map(|problem| problem.key).collect();
            assert_eq!(told, ["review.url"], "a console comes and goes with a restart");
        }
    }
}
