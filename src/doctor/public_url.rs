//! Whether people who follow `public_url` come to the very process that holds the control socket, and their photos too.

use super::finding::Finding;
use super::network::{Network, Reply};
use crate::config::Config;
use crate::control::examination::Examination;
use crate::egress::Unreached;

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
    let way = network.proxy(&url.to_string()).map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    let address = format!("{url}/.well-known/idv-doctor/{}", running.word);
    let sent = takes_photos.then(|| network.send(&address, vec![0; PHOTO]));
    match network.fetch(&address) {
        Err(unreached) => {
            let text = format!("{url} is not reached{way}: {unreached}");
            let remedy = format!(
                "{} (where only this machine cannot reach its own address: NO_PROXY, hosts file)",
                unreached.remedy()
            );
            vec![Finding::problem(CHECK, text, remedy)]
        }
        Ok(reply) if reply.status == 200 && reply.body == running.answer => {
            let reached = Finding::ok(CHECK, format!("{url} reaches this service{way}"));
            [reached].into_iter().chain(sent.map(|sent| photo(&sent))).collect()
        }
        Ok(reply) => {
            let text = format!("{url} reaches something else{way}: status {}, and not our answer", reply.status);
            let remedy =
                "point its DNS record, port forwarding or proxy at this service; let /.well-known/idv-doctor/ pass";
            vec![Finding::problem(CHECK, text, remedy)]
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
