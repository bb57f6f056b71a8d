//! Where what shows a provider that we are its client is, and reading it.

use zeroize::Zeroizing;

use crate::config::problem::Problem;
use crate::config::secret::{SecretError, Source};
use crate::ops::random;
use crate::verification::method::oidc::credentials::{ClientSecret, Credentials};
use crate::verification::method::oidc::jose::{ClientKey, SigningAlgorithm};
use crate::verification::method::oidc::name::ProviderName;

/// The longest secret that is read, in bytes. More is some other file.
const LONGEST_SECRET: usize = 4096;

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

    /// As [`sources`](Self::sources), to be changed, with the key of the configuration that names them.
    pub fn sources_mut(&mut self) -> (String, &mut [Source]) {
        let (key, sources) = match &mut self.sources {
            CredentialSources::Secret(source) => ("client_secret", std::slice::from_mut(source)),
            CredentialSources::Keys { sources, .. } => ("client_keys", sources.as_mut_slice()),
        };
        (format!("{}.{key}", self.path), sources)
    }

    /// Reads its credentials.
    ///
    /// # Errors
    /// Each of them that is missing, exposed, no secret or no key, or not for what it has to sign.
    pub fn read(&self) -> Result<Credentials, Vec<Problem>> {
        let path = &self.path;
        match &self.sources {
            CredentialSources::Secret(source) => {
                let secret = read_secret(source).map(Credentials::Secret);
                secret.map_err(|wrong| vec![wrong.at(source, format!("{path}.client_secret"))])
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
        match read_key(source) {
            Err(wrong) => problems.push(wrong.at(source, key.to_owned())),
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

/// What is wrong with a credential, and what to do. Never holds any of it.
struct Wrong {
    problem: String,
    remedy: String,
}

impl From<SecretError> for Wrong {
    fn from(error: SecretError) -> Self {
        Self { problem: error.to_string(), remedy: error.remedy() }
    }
}

impl Wrong {
    fn at(self, source: &Source, key: String) -> Problem {
        Problem { place: source.to_string(), key, problem: self.problem, remedy: self.remedy }
    }
}

/// The secret at `source`, without a final line end.
fn read_secret(source: &Source) -> Result<ClientSecret, Wrong> {
    let line = source.read_line()?;
    let text = str::from_utf8(&line).ok().filter(|text| text.len() <= LONGEST_SECRET);
    text.and_then(|text| ClientSecret::new(Zeroizing::new(text.to_owned()))).ok_or_else(|| Wrong {
        problem: format!(
            "{source} holds no client secret: it is empty, longer than {LONGEST_SECRET} bytes, or has other characters than visible ASCII"
        ),
        remedy: "put the client secret there, as the provider shows it, alone on one line".into(),
    })
}

fn read_key(source: &Source) -> Result<ClientKey, Wrong> {
    let key = ClientKey::from_pkcs8(&source.read()?, &random::generator());
    key.map_err(|error| Wrong { problem: format!("{source} {error}"), remedy: error.remedy().into() })
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
