//! Where what shows a provider that we are its client is, and reading it.

use crate::config::problem::Problem;
use crate::config::secret::{SecretError, Source};
use crate::verification::method::oidc::credentials::Credentials;
use crate::verification::method::oidc::jose::{ClientKey, SigningAlgorithm};
use crate::verification::method::oidc::name::ProviderName;

/// A provider, its credentials still unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderConfig {
    /// Where in the configuration its section is, such as `methods.oidc.0`.
    pub path: String,
    /// What it is called here.
    pub name: ProviderName,
    /// Where its credentials are.
    pub sources: CredentialSources,
}

/// Where credentials are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSources {
    /// Of the client secret.
    Secret(Source),
    /// Of keys of ours.
    Keys {
        /// Of each. At least one: the first signs, all are published.
        sources: Vec<Source>,
        /// By what the first has to sign, where that is said.
        algorithm: Option<SigningAlgorithm>,
    },
}

impl ProviderConfig {
    /// Where its credentials are.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        match &self.sources {
            CredentialSources::Secret(source) => std::slice::from_ref(source),
            CredentialSources::Keys { sources, .. } => sources,
        }
        .iter()
    }

    /// As [`sources`](Self::sources), to be changed.
    pub fn sources_mut(&mut self) -> impl Iterator<Item = &mut Source> {
        match &mut self.sources {
            CredentialSources::Secret(source) => std::slice::from_mut(source),
            CredentialSources::Keys { sources, .. } => sources,
        }
        .iter_mut()
    }

    /// Reads its credentials.
    ///
    /// # Errors
    /// Each of them that is missing, exposed, no secret or no key, or not for what it has to sign.
    pub fn read(&self) -> Result<Credentials, Vec<Problem>> {
        let path = &self.path;
        match &self.sources {
            CredentialSources::Secret(source) => {
                let secret = source.read_client_secret().map(Credentials::Secret);
                secret.map_err(|error| vec![problem(source, format!("{path}.client_secret"), &error)])
            }
            CredentialSources::Keys { sources, algorithm } => {
                let keys = read_keys(sources, &format!("{path}.client_keys"))?;
                match algorithm.filter(|algorithm| !keys[0].algorithms().contains(algorithm)) {
                    Some(algorithm) => Err(vec![unfit(&sources[0], &keys[0], algorithm, path)]),
                    None => Ok(Credentials::Keys(keys)),
                }
            }
        }
    }
}

fn read_keys(sources: &[Source], key: &str) -> Result<Vec<ClientKey>, Vec<Problem>> {
    let (mut keys, mut problems) = (Vec::<ClientKey>::new(), Vec::new());
    for source in sources {
        match source.read_client_key() {
            Err(error) => problems.push(problem(source, key.to_owned(), &error)),
            Ok(again) if keys.iter().any(|known| known.kid() == again.kid()) => problems.push(Problem {
                place: source.to_string(),
                key: key.to_owned(),
                problem: "is the same key once more".into(),
                remedy: "name each key once".into(),
            }),
            Ok(read) => keys.push(read),
        }
    }
    if problems.is_empty() { Ok(keys) } else { Err(problems) }
}

fn problem(source: &Source, key: String, error: &SecretError) -> Problem {
    Problem { place: source.to_string(), key, problem: error.to_string(), remedy: error.remedy() }
}

fn unfit(source: &Source, key: &ClientKey, algorithm: SigningAlgorithm, path: &str) -> Problem {
    let can: Vec<_> = key.algorithms().iter().map(|algorithm| algorithm.as_str()).collect();
    let can = can.join(" or ");
    Problem {
        place: source.to_string(),
        key: format!("{path}.assertion_algorithm"),
        problem: format!("is {}, and the first of client_keys signs by {can}", algorithm.as_str()),
        remedy: format!("write {can}, or leave it out, or name a key first that signs by {}", algorithm.as_str()),
    }
}
