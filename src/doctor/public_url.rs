//! Whether people who follow `public_url` come to the very process that holds the control socket, and their photos too; and
//! whether operators do who follow `review.url`.

use super::finding::{Finding, Warning};
use super::network::{Network, Reply};
use crate::config::Config;
use crate::config::public_url::PublicUrl;
use crate::control::examination::Examination;
use crate::egress::Unreached;
use crate::ops::presence::Appointment;

const CHECK: &str = "public_url";
/// The bytes of a photo that is sent for a trial: more than a proxy takes that was told nothing, nginx 1 MiB.
const PHOTO: usize = 2 * 1024 * 1024;

/// Asks at `public_url` for the word that the running service gave, and compares the answer; before that, where it
/// `takes_photos`, sends one there.
pub(super) fn examine(
    network: &Network,
    config: &Config,
    running: Option<&Examination>,
    takes_photos: bool,
) -> Vec<Finding> {
    let url = &config.public_url;
    let Some(running) = running else {
        return vec![Finding::note(CHECK, "not examined: no service answers on the control socket")];
    };
    let sent = takes_photos.then(|| network.send(&address(url, &running.word), vec![0; PHOTO]));
    match follow(network, url, &running.word, &running.answer) {
        Ok(reached) => [Finding::ok(CHECK, reached)].into_iter().chain(sent.map(|sent| photo(&sent))).collect(),
        Err(Warning { text, remedy }) => vec![Finding::problem(CHECK, text, remedy)],
    }
}

/// The same of the console, which need not be for this machine to reach.
pub(super) fn examine_console(network: &Network, config: &Config, running: Option<&Examination>) -> Option<Finding> {
    const CHECK: &str = "review.url";
    let Appointment { word, answer } = running?.console.as_ref()?;
    Some(match follow(network, &config.review.as_ref()?.url, word, answer) {
        Ok(reached) => Finding::ok(CHECK, reached),
        Err(astray) => Finding::of_warning(CHECK, astray),
    })
}

fn address(url: &PublicUrl, word: &str) -> String {
    format!("{url}/.well-known/idv-doctor/{word}")
}

/// Whether `url` leads to the service, which alone has such an `answer` to `word`.
fn follow(network: &Network, url: &PublicUrl, word: &str, answer: &str) -> Result<String, Warning> {
    let way = network.proxy(&url.to_string()).map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    match network.fetch(&address(url, word)) {
        Err(unreached) => {
            let text = format!("{url} is not reached{way}: {unreached}");
            let remedy = format!(
                "{} (where only this machine cannot reach its own address: NO_PROXY, hosts file)",
                unreached.remedy()
            );
            Err(Warning::new(text, remedy))
        }
        Ok(reply) if reply.status == 200 && reply.body == answer => Ok(format!("{url} reaches this service{way}")),
        Ok(reply) => {
            let text = format!("{url} reaches something else{way}: status {}, and not our answer", reply.status);
            let remedy =
                "point its DNS record, port forwarding or proxy at this service; let /.well-known/idv-doctor/ pass";
            Err(Warning::new(text, remedy))
        }
    }
}

/// Whether a photo that was `sent` has come.
fn photo(sent: &Result<Reply, Unreached>) -> Finding {
    let why = match sent {
        Ok(Reply { status: 200, body, .. }) if *body == PHOTO.to_string() => {
            return Finding::ok(CHECK, "a photo of 2 MB arrives there");
        }
        Ok(Reply { status: 413, .. }) => "what is in front of it answers 413, too large".to_owned(),
        Ok(Reply { status, .. }) => format!("it is answered by status {status}, and not by us"),
        Err(unreached) => unreached.to_string(),
    };
    let remedy = "let bodies of 32 MB pass: client_max_body_size 32m in nginx, and what limits them elsewhere";
    Finding::problem(CHECK, format!("a photo of 2 MB does not arrive there: {why}"), remedy)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;
    use crate::verification::time::Timestamp;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn answered(status: u16, body: &str) -> Finding {
        photo(&Ok(Reply { status, body: body.to_owned(), date: None, between: (NOW, NOW) }))
    }

    #[test]
    fn a_photo_that_arrives_whole_is_as_it_should_be() {
        assert_eq!(answered(200, "2097152").level, Level::Ok);
    }

    #[test]
    fn what_stops_a_photo_is_told_with_what_to_do() {
        for (finding, why) in [
            (answered(413, "<center>nginx</center>"), "413, too large"),
            (answered(200, "2097151"), "status 200, and not by us"),
            (answered(200, ""), "status 200, and not by us"),
            (answered(502, ""), "status 502"),
            (photo(&Err(Unreached::BrokenOff)), "it broke off"),
            (photo(&Err(Unreached::AnsweredTooLate)), "in time"),
        ] {
            assert_eq!(finding.level, Level::Problem);
            assert!(finding.text.contains(why), "{}", finding.text);
            assert!(finding.remedy.unwrap().contains("client_max_body_size 32m"));
        }
    }
}
