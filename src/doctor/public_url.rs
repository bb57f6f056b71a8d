//! Whether people who follow `public_url` come to the very process that holds the control socket.

use super::finding::Finding;
use super::network::Network;
use crate::config::Config;
use crate::control::examination::Examination;

const CHECK: &str = "public_url";

/// Asks at `public_url` for the word that the running service gave, and compares the answer.
pub(super) fn examine(network: &Network, config: &Config, running: Option<&Examination>) -> Finding {
    let url = &config.public_url;
    let Some(running) = running else {
        return Finding::note(CHECK, "not examined: no service answers on the control socket");
    };
    let way = network.proxy(&url.to_string()).map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    match network.fetch(&format!("{url}/.well-known/idv-doctor/{}", running.word)) {
        Err(unreached) => {
            let text = format!("{url} is not reached{way}: {unreached}");
            let remedy = format!(
                "{} (where only this machine cannot reach its own address: NO_PROXY, hosts file)",
                unreached.remedy()
            );
            Finding::problem(CHECK, text, remedy)
        }
        Ok(reply) if reply.status == 200 && reply.body == running.answer => {
            Finding::ok(CHECK, format!("{url} reaches this service{way}"))
        }
        Ok(reply) => {
            let text = format!("{url} reaches something else{way}: status {}, and not our answer", reply.status);
            let remedy =
                "point its DNS record, port forwarding or proxy at this service; let /.well-known/idv-doctor/ pass";
            Finding::problem(CHECK, text, remedy)
        }
    }
}
