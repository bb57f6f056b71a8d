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
        "the service manager's socket number {0} is no listening TCP or unix socket; idv.socket names it in another way than ListenStream="
    )]
    Foreign(usize),
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
        let mut listeners = Self { addresses: Vec::new(), paths: Vec::new(), is_inherited: true };
        for index in 0..handed_over.len() {
            let foreign = |_| BindError::Foreign(index + 1);
            // A socket is of one kind or the other; asking for the wrong kind leaves it in place.
            match handed_over.take_tcp_listener(index) {
                Ok(Some(listener)) if accepts(&listener) => listeners.addresses.push(listener),
                Err(_) => match handed_over.take_unix_listener(index).map_err(foreign)? {
                    Some(listener) if accepts(&listener) => listeners.paths.push(listener),
                    _ => return Err(BindError::Foreign(index + 1)),
                },
                Ok(_) => return Err(BindError::Foreign(index + 1)),
            }
        }
        Ok((handed_over.len() > 0).then_some(listeners))
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
