//! Listening sockets: made here, or handed over by the service manager.

use std::cmp::Reverse;
use std::fs;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{self, UnixListener, UnixStream};
use std::path::Path;

use listenfd::ListenFd;
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use thiserror::Error;

use crate::config::listen::Listen;
use crate::config::sockets::Sockets;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 4096;

/// Why a listener could not be had.
#[derive(Debug, Error)]
pub enum BindError {
    /// Connections there are another's.
    #[error("cannot listen on {0}: another process listens there; `ss -lpn` tells which")]
    Taken(String),
    /// The system refuses.
    #[error("cannot listen on {0}")]
    Refused(String, #[source] io::Error),
    /// What the service manager handed over is nothing to accept connections on.
    #[error(
        "the service manager's socket number {0} is no listening TCP or unix socket; its unit names it in another way than ListenStream="
    )]
    Foreign(usize),
    /// The service manager handed over a socket for something that is not known.
    #[error(
        "the service manager's socket number {0} is called {1:?}: FileDescriptorName= of its unit must be https or http, for \
         logins, ops, for who watches the service, or review, for the console"
    )]
    Unnamed(usize, String),
}

/// What the service manager handed over.
#[derive(Default)]
pub struct HandedOver {
    /// For logins, if it did.
    pub logins: Option<Listeners>,
    /// For who watches the service, likewise.
    pub ops: Option<Listeners>,
    /// For the operators' console, likewise.
    pub review: Option<Listeners>,
}

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Logins,
    Ops,
    Review,
}

impl Purpose {
    /// What one is for that the service manager calls `name`; none if that is not known. One that nobody named has the
    /// name of its unit.
    fn named(name: &str) -> Option<Self> {
        match name {
            "https" | "http" | "idv.socket" => Some(Self::Logins),
            "ops" | "idv-ops.socket" => Some(Self::Ops),
            "review" | "idv-review.socket" => Some(Self::Review),
            _ => None,
        }
    }
}

impl BindError {
    fn new(place: &impl ToString, source: io::Error) -> Self {
        match source.kind() {
            ErrorKind::AddrInUse => Self::Taken(place.to_string()),
            _ => Self::Refused(place.to_string(), source),
        }
    }
}

/// The sockets of the service.
pub struct Listeners {
    addresses: Vec<TcpListener>,
    paths: Vec<UnixListener>,
    /// Sockets that the service manager made cannot be bound once more for each core.
    is_inherited: bool,
}

/// The sockets of one core.
pub(super) struct CoreListeners {
    pub(super) addresses: Vec<TcpListener>,
    pub(super) paths: Vec<UnixListener>,
}

impl Listeners {
    /// The sockets that the service manager handed over, if it did.
    ///
    /// # Errors
    /// [`BindError::Foreign`], for the first that is not to be listened on.
    pub fn inherit() -> Result<Option<Self>, BindError> {
        let mut handed_over = ListenFd::from_env();
        let mut listeners = Self::inherited();
        (0..handed_over.len()).try_for_each(|index| listeners.take(&mut handed_over, index))?;
        Ok((handed_over.len() > 0).then_some(listeners))
    }

    /// The same, told apart by their names (`sd_listen_fds(3)`). Where whoever hands them over names none, all are for logins.
    ///
    /// # Errors
    /// [`BindError::Foreign`] or [`BindError::Unnamed`], for the first that is not to be used.
    pub fn inherit_by_name() -> Result<HandedOver, BindError> {
        let mut handed_over = ListenFd::from_env();
        let names = names();
        let mut inherited = HandedOver::default();
        for index in 0..handed_over.len() {
            let name = names.as_ref().map(|names| names.get(index).map_or("", String::as_str));
            let purpose = name.map_or(Some(Purpose::Logins), Purpose::named);
            let listeners = match purpose {
                Some(Purpose::Logins) => &mut inherited.logins,
                Some(Purpose::Ops) => &mut inherited.ops,
                Some(Purpose::Review) => &mut inherited.review,
                None => return Err(BindError::Unnamed(index + 1, name.unwrap_or_default().to_owned())),
            };
            listeners.get_or_insert_with(Self::inherited).take(&mut handed_over, index)?;
        }
        Ok(inherited)
    }

    fn inherited() -> Self {
        Self { addresses: Vec::new(), paths: Vec::new(), is_inherited: true }
    }

    /// Takes the socket at `index` of those that were handed over.
    fn take(&mut self, handed_over: &mut ListenFd, index: usize) -> Result<(), BindError> {
        let foreign = || BindError::Foreign(index + 1);
        // A socket is of one kind or the other; asking for the wrong kind leaves it in place.
        match handed_over.take_tcp_listener(index) {
            Ok(Some(listener)) if accepts(&listener) => self.addresses.push(listener),
            Err(_) => match handed_over.take_unix_listener(index).map_err(|_| foreign())? {
                Some(listener) if accepts(&listener) => self.paths.push(listener),
                _ => return Err(foreign()),
            },
            Ok(_) => return Err(foreign()),
        }
        Ok(())
    }

    /// New sockets on `listen`, on which nobody else listens.
    ///
    /// # Errors
    /// [`BindError`], for the first that could not be had.
    pub fn bind(listen: &[Listen]) -> Result<Self, BindError> {
        let mut listeners = Self { addresses: Vec::new(), paths: Vec::new(), is_inherited: false };
        // Wildcards first: what is within one then shares it with ourselves alone.
        let mut places: Vec<_> = listen.iter().collect();
        places.sort_by_key(|place| Reverse(listen.iter().filter(|other| place.covers(other)).count()));
        for (index, place) in places.iter().enumerate() {
            match place {
                Listen::Address(address) => {
                    let is_ours = places[..index].iter().any(|ours| ours.covers(place));
                    let bound = if is_ours { bind_again(*address) } else { bind_alone(*address) };
                    listeners.addresses.push(bound.map_err(|error| BindError::new(address, error))?);
                }
                Listen::Unix(path) => listeners.paths.push(bind_path(path, 0o666)?),
                Listen::Abstract(_) => {
                    return Err(BindError::Refused(place.to_string(), ErrorKind::Unsupported.into()));
                }
            }
        }
        Ok(listeners)
    }

    /// The one unix socket that there is; none if there is anything else.
    #[must_use]
    pub fn into_path(mut self) -> Option<UnixListener> {
        self.paths.pop().filter(|_| self.paths.is_empty() && self.addresses.is_empty())
    }

    /// All of them, by their kinds.
    #[must_use]
    pub fn into_parts(self) -> (Vec<TcpListener>, Vec<UnixListener>) {
        (self.addresses, self.paths)
    }

    /// What there is to connect to.
    #[must_use]
    pub fn sockets(&self) -> Sockets {
        let addresses = self.local_addresses().map(Listen::Address);
        let paths = self.paths.iter().filter_map(|listener| place(&listener.local_addr().ok()?));
        Sockets { places: addresses.chain(paths).collect(), is_handed_over: self.is_inherited }
    }

    /// The addresses that are listened on.
    pub fn local_addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.addresses.iter().filter_map(|listener| listener.local_addr().ok())
    }

    /// Each core's own. On an address of ours each gets a queue of its own in the kernel; a socket with one descriptor
    /// is shared.
    pub(super) fn split(self, cores: usize) -> Result<Vec<CoreListeners>, BindError> {
        let mut split = Vec::with_capacity(cores);
        for _ in 1..cores {
            let addresses = self.addresses.iter().map(|listener| self.another(listener));
            let paths = self.paths.iter().map(UnixListener::try_clone);
            let once_more = |error| BindError::Refused("a socket once more".into(), error);
            split.push(CoreListeners {
                addresses: addresses.collect::<io::Result<_>>().map_err(once_more)?,
                paths: paths.collect::<io::Result<_>>().map_err(once_more)?,
            });
        }
        split.push(CoreListeners { addresses: self.addresses, paths: self.paths });
        Ok(split)
    }

    fn another(&self, listener: &TcpListener) -> io::Result<TcpListener> {
        if self.is_inherited { listener.try_clone() } else { bind_again(listener.local_addr()?) }
    }
}

fn accepts(socket: &impl AsFd) -> bool {
    let socket = SockRef::from(socket);
    socket.is_listener().unwrap_or(false) && socket.local_addr().is_ok()
}

fn place(address: &net::SocketAddr) -> Option<Listen> {
    let of_name = |name: &[u8]| Listen::Abstract(String::from_utf8_lossy(name).into_owned());
    address.as_pathname().map(|path| Listen::Unix(path.to_owned())).or_else(|| address.as_abstract_name().map(of_name))
}

/// How the service manager calls the sockets that it hands over, if it does.
#[expect(clippy::disallowed_methods, reason = "of the service manager, as the sockets themselves")]
fn names() -> Option<Vec<String>> {
    let names = std::env::var("LISTEN_FDNAMES").ok()?;
    Some(names.split(':').map(str::to_owned).collect())
}

/// The first socket on `address`. The kernel grants it only if nobody listens there, on a wildcard or on an address
/// within it, and from then on to nobody who asks as this does: another service finds out, were it in the same instant.
/// Only then are others admitted that ask to share, which takes the same account.
fn bind_alone(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = listen(socket(address)?, address)?;
    SockRef::from(&listener).set_reuse_port(true)?;
    Ok(listener)
}

/// One more socket on an address that is ours.
fn bind_again(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address)?;
    socket.set_reuse_port(true)?;
    listen(socket, address)
}

fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_reuse_address(true)?;
    Ok(socket)
}

fn listen(socket: Socket, address: SocketAddr) -> io::Result<TcpListener> {
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Listens on a unix socket with the permissions `mode`, in place of one that a process before left behind.
///
/// # Errors
/// [`BindError`]; above all if another process still listens there.
pub fn bind_path(path: &Path, mode: u32) -> Result<UnixListener, BindError> {
    let bind = || {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let is_socket = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
        if is_socket {
            if UnixStream::connect(path).is_ok() {
                return Err(ErrorKind::AddrInUse.into());
            }
            fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        Ok(listener)
    };
    bind().map_err(|error| BindError::new(&path.display(), error))
}
