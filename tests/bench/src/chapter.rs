//! The run from its first line to its last.

use crate::arguments::{Arguments, Chapter};
use crate::comparison::{Contest, Contestant, Peer};
use crate::completion::{self, Desk};
use crate::footprint::{Footprint, Starts};
use crate::node::Node;
use crate::process::Process;
use crate::product::{self, HOST, Installation, Service};
use crate::report::progress;
use crate::sheet::Ratio;
use crate::tls::Identity;
use crate::token::Signer;
use crate::{growth, handshake, limit, machine, nginx, node, operation, overload, page, photos, start};
use anyhow::{Context, Result};
use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Measures what was asked for and prints each table as soon as it is complete.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let program = product::locate(arguments)?;
    machine::print();
    // First, while no server shares the cores.
    if arguments.wants(Chapter::Operations) {
        operation::measure(arguments)?;
    }
    let site = Site::create(program, arguments)?;

    if arguments.wants(Chapter::Growth) {
        growth::measure(|directory| site.install(directory), site.directory.path(), arguments)?;
    }
    if arguments.only == [Chapter::Growth] {
        return Ok(());
    }

    let mut new = Starts::default();
    for round in 1..arguments.rounds {
        progress(&format!("start of idv: round {round} of {}", arguments.rounds));
        site.start_new(&mut new)?;
    }
    let (installation, service) = site.start_new(&mut new)?;
    let limit = limit::spawn(&site.identity)?;
    let nginx = nginx::spawn(&site.identity, site.directory.path())?;
    if nginx.is_none() {
        progress("nginx is not installed: it takes no part");
    }
    let node = if arguments.wants(Chapter::Starts) || arguments.wants(Chapter::Completions) {
        node::spawn(&site.identity, &site.signer, site.directory.path())
    } else {
        None
    };
    let mut peers = vec![peer("limit", &limit)];
    peers.extend(nginx.iter().map(|nginx| peer("nginx", nginx)));
    let idv = Contestant { process: &service.process, address: service.address };
    let contest = Contest { peers: &peers, idv, ratio: Ratio::OfPeer };
    let loaded_mib = load(contest, node.as_ref(), &site, &service, &installation, arguments)?;

    drop(service);
    if arguments.wants(Chapter::Overload) {
        let start = || Ok(site.start_new(&mut Starts::default())?.1);
        overload::measure(start, &site.identity, &site.signer, arguments)?;
    }
    if arguments.wants(Chapter::Photos) {
        let service = site.start_with_documents()?;
        photos::measure(&service, &site.identity, &site.signer)?;
    }
    let mut killed = Starts::default();
    for round in 1..=arguments.rounds {
        progress(&format!("start of idv after a kill: round {round} of {}", arguments.rounds));
        killed.add(&installation, &site.identity, &site.signer)?;
    }
    Footprint { program: &site.program, store: &installation.store, new, killed, loaded_mib }.print()
}

fn peer<'a>(name: &'static str, (process, address): &'a (Process, SocketAddr)) -> Peer<'a> {
    Peer { name, server: Contestant { process, address: *address } }
}

/// The chapters that were asked for; gives what the service holds in memory after each.
fn load(
    contest: Contest,
    node: Option<&Node>,
    site: &Site,
    service: &Service,
    installation: &Installation,
    arguments: &Arguments,
) -> Result<Vec<(&'static str, f64)>> {
    let (identity, signer) = (&site.identity, &site.signer);
    let mut loaded_mib = Vec::new();
    if arguments.wants(Chapter::Starts) {
        start::measure(contest, identity, signer, arguments)?;
        if let Some(node) = node {
            let peers = [peer("Node as written", &node.written), peer("Node tuned", &node.tuned)];
            let contest = Contest { peers: &peers, idv: contest.idv, ratio: Ratio::Better };
            start::measure_beside_node(contest, identity, signer, arguments)?;
        }
        loaded_mib.push(("starts", service.process.resident_mib()?));
    }
    if arguments.wants(Chapter::Page) {
        page::measure(contest, identity, signer, arguments)?;
        loaded_mib.push(("pages", service.process.resident_mib()?));
    }
    if arguments.wants(Chapter::Connections) {
        handshake::measure(contest, identity, signer, arguments)?;
        loaded_mib.push(("new connections", service.process.resident_mib()?));
    }
    if arguments.wants(Chapter::Completions) {
        let node = node.map(|node| peer("Node tuned", &node.tuned));
        let desk = Desk { service, installation, identity, signer, node };
        completion::measure(&desk, site.directory.path(), arguments)?;
        loaded_mib.push(("completions", service.process.resident_mib()?));
    }
    Ok(loaded_mib)
}

/// What both servers are given: files, and the key that signs the tokens.
struct Site {
    program: PathBuf,
    identity: Identity,
    signer: Signer,
    /// On the disk that is measured.
    directory: TempDir,
    /// Where paths are short.
    sockets: TempDir,
}

impl Site {
    fn create(program: PathBuf, arguments: &Arguments) -> Result<Self> {
        let own = env::current_exe()?;
        let parent = match &arguments.dir {
            Some(named) => named,
            None => own.parent().unwrap_or(Path::new(".")),
        };
        let directory = tempfile::tempdir_in(parent)
            .with_context(|| format!("no directory can be made in {}", parent.display()))?;
        let identity = Identity::create(HOST, directory.path())?;
        Ok(Self { program, identity, signer: Signer::new()?, directory, sockets: tempfile::tempdir()? })
    }

    /// Starts the service with a store that does not exist yet.
    fn start_new(&self, starts: &mut Starts) -> Result<(Installation, Service)> {
        let directory = tempfile::tempdir_in(self.directory.path())?.keep();
        let installation = self.install(&directory)?;
        let service = starts.add(&installation, &self.identity, &self.signer)?;
        Ok((installation, service))
    }

    /// Starts a service of its own that verifies people by document.
    fn start_with_documents(&self) -> Result<Service> {
        let directory = tempfile::tempdir_in(self.directory.path())?.keep();
        let installation = self.install(&directory)?;
        installation.verify_by_document()?;
        installation.start()
    }

    fn install(&self, directory: &Path) -> Result<Installation> {
        Installation::create(&self.program, &self.identity, &self.signer, directory, self.sockets.path())
    }
}
