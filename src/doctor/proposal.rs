//! What the running service would be handed at a reload, and whether that is what it has.

use super::finding::Finding;
use super::handover::{self, Handover};
use crate::config::secret::{Held, Source};
use crate::config::{Config, Problem};
use crate::control::reload::{Proposal, Reloaded};
use crate::control::{Answer, Request, client};

const CHECK: &str = "service";

/// The text of `config`, with what is found now where that says: the files that `handover` makes credentials of, and those
/// that are named by their paths. The environment is the service's own, and what only systemd can read is left to it.
///
/// # Errors
/// Whatever cannot be read.
pub fn of(config: &Config, handover: Option<&Handover>) -> Result<Proposal, Vec<Problem>> {
    let (mut config, mut resolved) = (config.clone(), handover::resolved(config.clone(), handover));
    let (mut held, mut problems) = (Vec::<Held>::new(), Vec::new());
    for ((key, sources), (_, places)) in config.keyed_sources_mut().zip(resolved.keyed_sources_mut()) {
        for (source, place) in sources.iter().zip(places.iter()) {
            if !matches!(place, Source::File(_)) || held.iter().any(|held| *held.source == *source) {
                continue;
            }
            match Held::found(source.clone(), place) {
                Ok(found) => held.push(found),
                Err(error) => problems.push(Problem {
                    place: place.to_string(),
                    key: key.clone(),
                    problem: error.to_string(),
                    remedy: error.remedy(),
                }),
            }
        }
    }
    let proposal = Proposal { configuration: config.written.text, held, problems: vec![], is_question: false };
    if problems.is_empty() { Ok(proposal) } else { Err(problems) }
}

/// That the running service has something otherwise than it is now, if it has. It tells root alone.
pub(super) fn outdated(config: &Config, handover: Option<&Handover>) -> Option<Finding> {
    let proposal = Proposal { is_question: true, ..of(config, handover).ok()? };
    let answer = client::ask(&config.control_socket, &Request::Reload(proposal), None).ok()?;
    let Some(Answer::Done(answer)) = answer else { return None };
    let Reloaded { changed, .. } = serde_json::from_value(answer).ok()?;
    let text = format!("the running service has others than there are now: {}", changed.join(", "));
    let remedy = "reload it, so that it takes these: systemctl reload idv";
    (!changed.is_empty()).then(|| Finding::warning(CHECK, text, remedy))
}
