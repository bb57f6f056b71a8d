//! Sockets beside those of the logins: a service that its unit leaves no network has them from the service manager alone.

use crate::config::listen::Listen;
use crate::config::{Config, Problem};

/// What keeps a service without a network from listening where `config` says, unless the socket units that take the place of
/// it are enabled.
pub(super) fn unheard(config: &Config, is_enabled: impl Fn(&str) -> bool) -> Vec<Problem> {
    let console = config.review.as_ref().map(|review| review.listen.as_slice()).unwrap_or_default();
    let all = [
        ("ops.listen", config.ops_listen.as_slice(), "idv-ops.socket"),
        ("review.listen", console, "idv-review.socket"),
    ];
    let problem = |(key, listen, unit): (&str, &[Listen], &str)| {
        let place = listen.iter().find(|place| matches!(place, Listen::Address(_)))?;
        (!is_enabled(unit)).then(|| Problem {
            place: config.place.clone(),
            key: key.into(),
            problem: format!("is {place}, and the unit leaves the service no network to listen in"),
            remedy: format!("{unit} takes its place: systemctl enable {unit} && systemctl restart idv"),
        })
    };
    all.into_iter().filter_map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load::parse;

    fn keys(more: &str, enabled: &[&str]) -> Vec<String> {
        let text = format!(
            "public_url = \"https://idv.example.com\"\n{more}\n[[tenants]]\ndomain = \"acme.eu.auth0.com\"\n\
             token_secrets = [{{ env = \"X\" }}]\n"
        );
        let problems = unheard(&parse(&text).0.unwrap(), |unit| enabled.contains(&unit));
        assert!(problems.iter().all(|problem| problem.remedy.contains("systemctl enable")));
        problems.into_iter().map(|problem| problem.key).collect()
    }

    const OPS: &str = "ops.listen = [\"127.0.0.1:9464\"]";
    const REVIEW: &str = "review.url = \"https://review.example.com\"";

    #[test]
    fn an_address_is_listened_on_by_the_socket_unit_that_is_enabled_for_it() {
        assert_eq!(keys(OPS, &[]), ["ops.listen"]);
        assert_eq!(keys(REVIEW, &[]), ["review.listen"], "its usual place");
        assert_eq!(keys(&format!("{OPS}\n{REVIEW}"), &["idv-ops.socket"]), ["review.listen"]);
        assert_eq!(keys(&format!("{OPS}\n{REVIEW}"), &["idv-ops.socket", "idv-review.socket"]), [""; 0]);
    }

    #[test]
    fn who_has_neither_needs_no_unit_and_a_path_needs_no_network() {
        assert_eq!(keys("", &[]), [""; 0]);
        let paths = "ops.listen = [\"unix:/run/idv/ops.sock\"]\nreview.listen = [\"unix:/run/idv/review.sock\"]";
        assert_eq!(keys(&format!("{paths}\n{REVIEW}"), &[]), [""; 0]);
    }
}
