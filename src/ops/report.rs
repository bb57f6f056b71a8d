//! What the service reports of itself, its store and its machine: every line of the log that is not of an
//! [event](crate::verification::event::Event). None of it is of anybody's login.

use std::fmt::Display;

/// What is to be told.
pub enum Report<'r> {
    /// The configuration is unfit: one of its problems.
    Unfit {
        /// In which file.
        place: &'r str,
        /// At which key.
        key: &'r str,
        /// What is wrong.
        problem: &'r str,
        /// What to do.
        remedy: &'r str,
    },
    /// It ends, for this.
    Ends(&'r str),
    /// The limit of descriptors cannot be raised.
    DescriptorsLimited(&'r dyn Display),
    /// It listens at this address.
    ListensAt(&'r dyn Display),
    /// It listens on this path.
    ListensOn(&'r dyn Display),
    /// It does not listen at this place: the service manager's sockets take its place.
    Overridden(&'r dyn Display),
    /// It takes logins.
    Ready {
        /// Where.
        public_url: &'r dyn Display,
        /// How many connections there may be.
        connections: usize,
    },
    /// The signed head of the audit log.
    Checkpoint(&'r str),
    /// SIGHUP came to a service that does not read its sources itself.
    HangupIgnored,
    /// What it was to take is not fit: one of its problems.
    NotTaken {
        /// In which file.
        place: &'r str,
        /// At which key.
        key: &'r str,
        /// What is wrong.
        problem: &'r str,
        /// What to do.
        remedy: &'r str,
    },
    /// It looked at its configuration anew, and found it as before.
    Unchanged,
    /// The certificate is to be renewed.
    CertificateEnds {
        /// How it stands.
        standing: &'r str,
        /// Its last day.
        until: &'r str,
    },
    /// It was told to stop.
    Draining,
    /// It has.
    Stopped,
    /// The service manager was not told something.
    ManagerNotReached(&'r dyn Display),
    /// Lines of the log had no room: so many since the start.
    LinesLost(usize),
    /// Our own code failed.
    Panicked {
        /// Where.
        place: Option<&'r str>,
        /// Why, in words of the source.
        reason: Option<&'r str>,
    },
    /// What was refused beyond what has lines of its own.
    AlsoRefused {
        /// How often.
        count: u64,
        /// How often for what.
        causes: &'r str,
    },
    /// Who was not served of late on a core.
    TurnedAway {
        /// Logins that were told so, for there was too much to do.
        logins: u64,
        /// Connections, for there was far too much to do, or no seat.
        connections: u64,
        /// Connections whose address had too many.
        connections_of_one_address: u64,
    },
    /// So many connections at rest made room for others.
    MadeRoom(u64),
    /// A listener ends.
    ListenerFailed(&'r dyn Display),
    /// A connection could not be had.
    NotAccepted(&'r dyn Display),
    /// Operators reach the console at this place.
    ConsoleAt(&'r dyn Display),
    /// Who watches the service is answered at this place.
    WatchedAt(&'r dyn Display),
    /// They are not at this place: the service manager's sockets take its place.
    WatchOverridden(&'r dyn Display),
    /// A connection of theirs could not be had.
    WatcherNotAccepted(&'r dyn Display),
    /// An operator's connection could not be had.
    ControlNotAccepted(&'r dyn Display),
    /// An operator's connection broke off.
    ControlFailed(&'r dyn Display),
    /// The way out did not lead to a host.
    NotLedOut {
        /// Which, with its port.
        destination: &'r str,
        /// Why not.
        cause: &'static str,
    },
    /// The way out ends, since nobody asks for it.
    Rests,
    /// A look-up failed.
    LookUpFailed(&'r dyn Display),
    /// A transaction failed.
    NotCommitted(&'r dyn Display),
    /// The store is large and is served before every page was looked at.
    StoreUnexamined,
    /// Now every page was.
    StoreWhole,
    /// The store's bytes are not what was written.
    StoreDamaged(&'r dyn Display),
    /// The records of so many cases are damaged. They hold up no other.
    CasesDamaged(u64),
    /// The store can be read at the most.
    StoreTakesNoChanges(&'r dyn Display),
    /// Nor can it be read.
    StoreNotReadable(&'r dyn Display),
    /// There is no room for a transaction.
    DiskFull,
    /// The store is sound again.
    StoreTakesChanges,
    /// Pages that nothing uses may hold something of somebody who was erased.
    TracesLeft(&'r dyn Display),
    /// The file of who was erased could not be written.
    ErasedNotNoted(&'r dyn Display),
    /// A backup was made, and is whole.
    BackedUp,
    /// Pictures can neither be taken in nor looked at.
    EvidenceOff(&'r dyn Display),
    /// One slot of their keys was damaged, or half written.
    EvidenceKeysHalf,
    /// Pictures are named whose keys are not there.
    EvidenceKeysMade,
    /// Their keys could not be read, or made.
    EvidenceKeysUnreadable(&'r dyn Display),
    /// Something about their files failed.
    EvidenceFailed(&'r dyn Display),
    /// A picture that a case names does not open.
    PhotoUnopened(&'r dyn Display),
    /// A picture that somebody sent could not be sealed or written.
    PhotoNotKept(&'r dyn Display),
    /// What reads pictures failed at one.
    PhotoPanicked {
        /// SHA-256 of what was sent, by which whoever has it finds it.
        sha256: &'r str,
    },
    /// The threads that read pictures did not start.
    PhotosUnread(&'r dyn Display),
    /// So many are named, and not there.
    EvidenceMissing(u64),
    /// So many files were of nobody, or of a picture that was deleted.
    EvidenceSwept(u64),
}

impl Report<'_> {
    /// Writes its line.
    pub fn tell(self) {
        use tracing::{error, info, warn};
        match self {
            Self::Unfit { place, key, problem, remedy } => {
                error!(place, key, problem, remedy, "the configuration is not fit to start with");
            }
            Self::Ends(error) => error!(error, "the service ends"),
            Self::DescriptorsLimited(error) => {
                warn!(%error, "no more files and sockets can be had than the process began with");
            }
            Self::ListensAt(address) => info!(%address, "listening"),
            Self::ListensOn(path) => info!(%path, "listening"),
            Self::Overridden(place) => {
                info!(%place, "server.listen names this too, where the service manager's sockets take its place");
            }
            Self::Ready { public_url, connections } => {
                info!(%public_url, version = env!("CARGO_PKG_VERSION"), connections, "ready");
            }
            Self::Checkpoint(checkpoint) => info!(checkpoint, "the head of the audit log"),
            Self::HangupIgnored => {
                warn!("SIGHUP is ignored, since systemd hands over what the service reads: systemctl reload idv");
            }
            Self::NotTaken { place, key, problem, remedy } => {
                error!(place, key, problem, remedy, "not taken by the reload");
            }
            Self::Unchanged => info!("nothing changed, and nothing was reloaded"),
            Self::CertificateEnds { standing, until } => {
                warn!(standing, until, "renew the certificate and reload the service");
            }
            Self::Draining => info!("draining"),
            Self::Stopped => info!("stopped"),
            Self::ManagerNotReached(error) => warn!(%error, "the service manager was not reached"),
            Self::LinesLost(lines) => warn!(lines, "lines of the log were lost"),
            Self::Panicked { place, reason } => error!(place, reason, "panicked"),
            Self::AlsoRefused { count, causes } => warn!(count, causes, "also refused"),
            Self::TurnedAway { logins, connections, connections_of_one_address } => {
                warn!(logins, connections, connections_of_one_address, "turned away");
            }
            Self::MadeRoom(connections) => warn!(connections, "at rest and closed, to make room for others"),
            Self::ListenerFailed(error) => error!(%error, "a listener failed"),
            Self::NotAccepted(error) => warn!(%error, "a connection was not accepted"),
            Self::ConsoleAt(place) => info!(%place, "the console is open to operators"),
            Self::WatchedAt(place) => info!(%place, "answering who watches the service"),
            Self::WatchOverridden(place) => {
                info!(%place, "ops.listen names this too, where the service manager's sockets take its place");
            }
            Self::WatcherNotAccepted(error) => warn!(%error, "a connection of who watches was not accepted"),
            Self::ControlNotAccepted(error) => warn!(%error, "a control connection was not accepted"),
            Self::ControlFailed(error) => warn!(%error, "a control connection failed"),
            Self::NotLedOut { destination, cause } => warn!(destination, cause, "not led out"),
            Self::Rests => info!("at rest, until the next connection"),
            Self::LookUpFailed(error) => error!(%error, "a look-up in the store failed; reopening it"),
            Self::NotCommitted(error) => error!(%error, "the store did not commit; reopening it"),
            Self::StoreUnexamined => {
                info!("the store is large: it is looked through while it serves, and decisions wait for that");
            }
            Self::StoreWhole => info!("the store was looked through and is whole"),
            Self::CasesDamaged(cases) => {
                error!(cases, "cases are damaged and left out; see idv store check, and idv restore");
            }
            Self::StoreDamaged(error) => {
                error!(%error, "the store is damaged; stop the service and run: idv restore DIRECTORY");
            }
            Self::StoreTakesNoChanges(error) => error!(%error, "the store takes no changes"),
            Self::StoreNotReadable(error) => error!(%error, "the store cannot be read either"),
            Self::DiskFull => error!("the disk is full; the store takes no changes until there is room"),
            Self::StoreTakesChanges => info!("the store takes changes again"),
            Self::TracesLeft(error) => {
                warn!(%error, "unused pages of the store may hold traces of who was erased; it is tried again later");
            }
            Self::ErasedNotNoted(error) => {
                error!(%error, "erased.log could not be written: a backup of before would bring back who was erased");
            }
            Self::BackedUp => info!("a backup is whole"),
            Self::EvidenceOff(cause) => error!(%cause, "no photos are taken in"),
            Self::EvidenceKeysHalf => warn!("one half of the keys of evidence was damaged, and was written anew"),
            Self::EvidenceKeysMade => {
                warn!("the keys of evidence were not there: what was sent before must be asked for again");
            }
            Self::EvidenceKeysUnreadable(error) => error!(%error, "the keys of evidence could not be read or made"),
            Self::EvidenceFailed(error) => error!(%error, "photos could not be looked after; it is tried again"),
            Self::PhotoUnopened(error) => error!(%error, "a photo that a case names does not open"),
            Self::PhotoNotKept(error) => error!(%error, "a photo could not be kept, and its sender was told so"),
            Self::PhotoPanicked { sha256 } => {
                error!(sha256, "our own code failed at a photo, and its sender was told so");
            }
            Self::PhotosUnread(error) => {
                error!(%error, "no photos are taken in, for the threads that read them did not start");
            }
            Self::EvidenceMissing(files) => error!(files, "photos are missing that cases name"),
            Self::EvidenceSwept(files) => info!(files, "files of evidence were removed that nothing names"),
        }
    }
}
