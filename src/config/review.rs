//! `[review]`: the operators' console, as typed and as meant.

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::sign_in::SignIn;
use super::listen::{self, Listen};
use super::meant::TenantConfig;
use super::method::oidc;
use super::public_url::PublicUrl;
use super::reader::{Findings, Reader};
use super::secret::Source;

mod sign_in;

/// The longest that a session may rest: its whole time.
const IDLE_LIMIT: u64 = 8 * 60;

/// The console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Where operators reach it: a host name of its own, since cookies do not know ports.
    pub url: PublicUrl,
    /// Where it listens.
    pub listen: Vec<Listen>,
    /// The directory of the organisation's specimens, shown beside documents of their kind.
    pub specimens: Option<PathBuf>,
    /// The directory of the organisation's pairs, from which new reviewers learn.
    pub pairs: Option<PathBuf>,
    /// How long a session may rest before it is over.
    pub idle: Duration,
    /// The organisation's provider, by which operators sign in; without it, by one-time links alone.
    pub sign_in: Option<SignIn>,
}

/// The section as typed.
pub(super) struct Typed {
    url: Option<String>,
    /// Default: port 8444 of this machine alone.
    listen: Vec<String>,
    /// Default: none.
    specimens: Option<PathBuf>,
    /// Default: none.
    pairs: Option<PathBuf>,
    /// Default: 30.
    idle_minutes: u64,
    sign_in: Option<sign_in::Typed>,
}

impl Typed {
    /// Reads the section; none if it does not stand there.
    pub(super) fn read(review: Reader<'_>, is_there: bool) -> Option<Self> {
        let remedy = "name the URL where operators reach the console, such as url = \"https://review.idv.example.com\": a host \
                      name of its own";
        let typed = Self {
            url: if is_there { review.required("url", remedy) } else { review.optional("url") },
            listen: review.optional("listen").unwrap_or_else(|| vec!["127.0.0.1:8444".into()]),
            specimens: review.optional("specimens"),
            pairs: review.optional("pairs"),
            idle_minutes: review.optional("idle_minutes").unwrap_or(30),
            sign_in: sign_in::Typed::read(review.table("oidc"), review.has("oidc")),
        };
        review.finish(|_| false);
        is_there.then_some(typed)
    }

    /// Where its secrets are.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sign_in.iter().filter_map(|sign_in| sign_in.client_secret.as_ref())
    }

    /// What it means; none if something that nothing can stand in for is wrong, which `findings` then tells. Where nobody may
    /// be asked, its provider is not, unless `private` lists it.
    pub(super) fn convert(self, private: &[String], findings: &Findings<'_>) -> Option<Review> {
        let listen = listen::convert(&self.listen, "review.listen", findings);
        if self.listen.is_empty() {
            findings.add("review.listen", "is empty", "name at least one address, such as \"127.0.0.1:8444\"");
        }
        if !(1..=IDLE_LIMIT).contains(&self.idle_minutes) {
            let remedy = format!("choose 1 to {IDLE_LIMIT}: no session lasts longer than eight hours");
            findings.add("review.idle_minutes", "is out of range", remedy);
        }
        let sign_in = self.sign_in.and_then(|sign_in| sign_in.convert(findings));
        let providers = sign_in.as_ref().map(|sign_in| std::slice::from_ref(&sign_in.provider));
        oidc::check_addresses(providers.unwrap_or_default(), private, findings);
        Some(Review {
            url: PublicUrl::of(self.url.as_deref()?, "review.url", "operators can be sent to", findings)?,
            listen,
            specimens: self.specimens,
            pairs: self.pairs,
            idle: Duration::from_mins(self.idle_minutes),
            sign_in,
        })
    }
}

impl Review {
    /// The directories that it names, each with its key.
    pub fn directories(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let all = [("review.specimens", &self.specimens), ("review.pairs", &self.pairs)];
        all.into_iter().filter_map(|(key, path)| Some((key, path.as_deref()?)))
    }

    /// What of it is in another's place: it shares neither host nor socket with the logins, nor with who watches, nor with a
    /// tenant.
    pub(super) fn check_apart(
        &self,
        public_url: &PublicUrl,
        [listen, ops_listen]: [&[Listen]; 2],
        tenants: &[TenantConfig],
        findings: &Findings<'_>,
    ) {
        let host = self.url.host();
        if host == public_url.host() {
            let problem = format!("{host} is the host of public_url, and cookies do not know ports");
            let remedy = "give the console a host name of its own, such as review.HOST, that leads to this machine too";
            findings.add("review.url", problem, remedy);
        }
        if tenants.iter().flat_map(TenantConfig::hosts).any(|known| known.as_str() == host) {
            findings.add("review.url", format!("{host} is a tenant's host"), "name a host that leads to this machine");
        }
        for (others, whose) in [(listen, "logins come to"), (ops_listen, "who watches the service asks")] {
            let is_taken = |place: &&Listen| others.iter().any(|other| other.covers(place) || place.covers(other));
            if let Some(place) = self.listen.iter().find(is_taken) {
                let remedy = "name another port, such as 127.0.0.1:8444";
                findings.add("review.listen", format!("{place} is where {whose}"), remedy);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;
    use crate::config::{Config, Problem, Problems};
    use crate::verification::operator::Role;

    const BEFORE: &str = r#"
public_url = "https://idv.example.test"
ops.listen = ["127.0.0.1:9464"]
[[tenants]]
domain = "acme.eu.auth0.test"
token_secrets = [{ env = "ONE" }]
"#;
    const OIDC: &str = r#"
[review.oidc]
issuer = "https://acme.eu.auth0.test/"
client_id = "c"
client_secret = { env = "REVIEW" }
claim = "https://acme.example/idv"
reviewer = ["reviewer"]
supervisor = ["lead", "boss"]
"#;

    fn read(section: &str) -> Result<Config, Vec<Problem>> {
        parse(&format!("{BEFORE}{section}")).0.map_err(|Problems(problems)| problems)
    }

    #[test]
    fn a_console_has_a_host_and_a_socket_of_its_own() {
        let review = read("[review]\nurl = \"https://review.example.test\"").unwrap().review.unwrap();
        let listen: Vec<_> = review.listen.iter().map(ToString::to_string).collect();
        assert_eq!(
            (review.url.host(), listen.as_slice()),
            ("review.example.test", ["127.0.0.1:8444".to_owned()].as_slice())
        );
        assert_eq!((review.idle.as_secs(), review.sign_in), (1800, None));
        assert_eq!(read("").unwrap().review, None);
        for (section, key, told) in [
            ("[review]", "review.url", "is missing"),
            ("[review.oidc]", "review.url", "is missing"),
            ("[review]\nurl = \"https://idv.example.test:8444\"", "review.url", "host of public_url"),
            ("[review]\nurl = \"https://acme.eu.auth0.test\"", "review.url", "a tenant's host"),
            ("[review]\nurl = \"http://review.example.test\"", "review.url", "no"),
            ("[review]\nurl = \"https://review.example.test/console\"", "review.url", "no"),
            ("[review]\nurl = \"https://r.example.test\"\nlisten = []", "review.listen", "is empty"),
            ("[review]\nurl = \"https://r.example.test\"\nlisten = [\"[::]:443\"]", "review.listen", "logins come to"),
            ("[review]\nurl = \"https://r.example.test\"\nlisten = [\"0.0.0.0:9464\"]", "review.listen", "who watches"),
            ("[review]\nurl = \"https://r.example.test\"\nidle_minutes = 0", "review.idle_minutes", "out of range"),
            ("[review]\nurl = \"https://r.example.test\"\nidle_minutes = 481", "review.idle_minutes", "out of range"),
            (
                "[review]\nurl = \"https://r.example.test\"\ndecoys_per_hundred = 1",
                "review.decoys_per_hundred",
                "known",
            ),
        ] {
            let problems = read(section).unwrap_err();
            let found = problems.iter().find(|problem| problem.key == key && problem.problem.contains(told));
            assert!(found.is_some_and(|problem| !problem.remedy.is_empty()), "{section}: {problems:?}");
        }
    }

    #[test]
    fn who_signs_in_there_has_the_roles_of_a_claim() {
        let section = format!("[review]\nurl = \"https://review.example.test\"{OIDC}");
        let config = read(&section).unwrap();
        let sign_in = config.review.as_ref().unwrap().sign_in.as_ref().unwrap();
        let roles: Vec<_> = ["reviewer", "boss", "lead", "desk", ""].map(|value| sign_in.terms.role(value)).into();
        assert_eq!(roles, [Some(Role::Reviewer), Some(Role::Supervisor), Some(Role::Supervisor), None, None]);
        assert_eq!(config.destinations(), [("acme.eu.auth0.test".to_owned(), 443)]);
        for (from, to, key) in [
            ("https://acme.example/idv", "https://acme.auth0.com/idv", "review.oidc.claim"),
            ("https://acme.example/idv", "http://auth0.com", "review.oidc.claim"),
            ("https://acme.example/idv", "", "review.oidc.claim"),
            ("claim =", "# claim =", "review.oidc.claim"),
            ("issuer =", "# issuer =", "review.oidc.issuer"),
            ("client_secret =", "# client_secret =", "review.oidc.client_secret"),
            ("client_id =", "# client_id =", "review.oidc.client_id"),
            ("\"boss\"", "\"reviewer\"", "review.oidc"),
            ("\"boss\"", "\"\"", "review.oidc.supervisor"),
            ("[\"reviewer\"]", "[]\nsupervisor = []\n#", "review.oidc"),
        ] {
            let mut changed = section.replacen(from, to, 1);
            if key == "review.oidc" && to.starts_with("[]") {
                changed = changed.replace("supervisor = [\"lead\", \"boss\"]", "");
            }
            let problems = read(&changed).unwrap_err();
            assert!(problems.iter().any(|problem| problem.key == key), "{to}: {problems:?}");
        }
    }
}
