//! Listening sockets: made here, or handed over by the service manager.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;

use listenfd::ListenFd;
use socket2::{Domain, Protocol, Socket, Type};
use thiserror::Error;

use crate::config::meant::Listen;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 4096;

/// Why a listener could not be had.
#[derive(Debug, Error)]
#[error("cannot listen on {place}: {source}")]
pub struct BindError {
    place: String,
    source: io::Error,
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
    /// The sockets that the service manager handed over, else new ones on `listen`.
    ///
    /// # Errors
    /// [`BindError`], for the first that could not be had.
    pub fn inherit_or_bind(listen: &[Listen]) -> Result<Self, BindError> {
        let mut handed_over = ListenFd::from_env();
        if handed_over.len() == 0 {
            return Self::bind(listen);
        }
        let error = |source| BindError { place: "a socket of the service manager".into(), source };
        let mut listeners = Self { addresses: Vec::new(), paths: Vec::new(), is_inherited: true };
        for index in 0..handed_over.len() {
            // A socket is of one kind or the other; asking for the wrong kind leaves it in place.
            match handed_over.take_tcp_listener(index) {
                Ok(listener) => listeners.addresses.extend(listener),
                Err(_) => listeners.paths.extend(handed_over.take_unix_listener(index).map_err(error)?),
            }
        }
        Ok(listeners)
    }

    /// New sockets on `listen`.
    ///
    /// # Errors
    /// [`BindError`], for the first that could not be had.
    pub fn bind(listen: &[Listen]) -> Result<Self, BindError> {
        let mut listeners = Self { addresses: Vec::new(), paths: Vec::new(), is_inherited: false };
        for place in listen {
            match place {
                Listen::Address(address) => listeners.addresses.push(bind_address(*address)?),
                Listen::Unix(path) => listeners.paths.push(bind_path(path, 0o666)?),
            }
        }
        Ok(listeners)
    }

    /// The addresses that are listened on.
    pub fn local_addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.addresses.iter().filter_map(|listener| listener.local_addr().ok())
    }

    /// Whether the service manager handed them over.
    #[must_use]
    pub const fn is_inherited(&self) -> bool {
        self.is_inherited
    }

    /// Each core's own. On an address of ours each gets a queue of its own in the kernel; a socket with one descriptor
    /// is shared.
    pub(super) fn split(self, cores: usize) -> Result<Vec<CoreListeners>, BindError> {
        let mut split = Vec::with_capacity(cores);
        for _ in 1..cores {
            let addresses = self.addresses.iter().map(|listener| self.another(listener)).collect::<Result<_, _>>()?;
            let paths =
                self.paths.iter().map(|listener| listener.try_clone().map_err(of_path)).collect::<Result<_, _>>()?;
            split.push(CoreListeners { addresses, paths });
        }
        split.push(CoreListeners { addresses: self.addresses, paths: self.paths });
        Ok(split)
    }

    fn another(&self, listener: &TcpListener) -> Result<TcpListener, BindError> {
        let error = |source| BindError { place: "an address once more".into(), source };
        if self.is_inherited {
            return listener.try_clone().map_err(error);
        }
        bind_address(listener.local_addr().map_err(error)?)
    }
}

fn of_path(source: io::Error) -> BindError {
    BindError { place: "a unix socket once more".into(), source }
}

fn bind_address(address: SocketAddr) -> Result<TcpListener, BindError> {
    let bind = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        if address.is_ipv6() {
            socket.set_only_v6(false)?;
        }
        socket.set_reuse_address(true)?;
        socket.set_reuse_port(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(TcpListener::from(socket))
    };
    bind().map_err(|source| BindError { place: address.to_string(), source })
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
            if std::os::unix::net::UnixStream::connect(path).is_ok() {
                return Err(io::Error::new(io::ErrorKind::AddrInUse, "another process listens there"));
            }
            fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        Ok(listener)
    };
    bind().map_err(|source| BindError { place: path.display().to_string(), source })
}
