//! Which port each double takes.

use std::io;

use tokio::net::TcpListener;

/// Which ports the doubles take.
#[derive(Clone, Copy, Debug)]
pub enum Ports {
    /// Consecutive ones from here on, in the order of [`NAMES`].
    From(u16),
    /// Any free ones.
    Any,
}

/// The doubles in the order of their ports.
pub const NAMES: [&str; 9] = ["auth0", "okta", "openfga", "lambda", "bedrock", "dynamodb", "sqs", "sts", "kms"];

/// A port that another program has.
#[derive(Debug)]
pub struct PortTaken {
    /// The port.
    pub port: u16,
    /// The double that wanted it.
    pub double: &'static str,
}

/// Why the doubles did not start.
#[derive(Debug)]
pub enum StackError {
    /// A port is taken.
    Port(PortTaken),
    /// Something else on this machine.
    Io(io::Error),
}

impl From<io::Error> for StackError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A listener for each double, in the order of [`NAMES`].
pub(super) async fn bind_all<const N: usize>(ports: Ports) -> Result<[TcpListener; N], StackError> {
    let mut listeners = Vec::new();
    for (offset, name) in (0_u16..).zip(NAMES) {
        listeners.push(bind(ports, offset, name).await?);
    }
    Ok(array(listeners)?)
}

/// Their addresses, without trailing slashes.
pub(super) fn urls<const N: usize>(listeners: &[TcpListener; N]) -> io::Result<[String; N]> {
    let url = |listener: &TcpListener| Ok(format!("http://{}", listener.local_addr()?));
    array(listeners.iter().map(url).collect::<io::Result<Vec<_>>>()?)
}

/// A listener for what is called `double`, so many ports behind the first.
///
/// # Errors
/// [`StackError`].
pub async fn bind(ports: Ports, offset: u16, double: &'static str) -> Result<TcpListener, StackError> {
    let port = match ports {
        Ports::Any => 0,
        Ports::From(base) => base.saturating_add(offset),
    };
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            StackError::Port(PortTaken { port, double })
        } else {
            StackError::Io(error)
        }
    })
}

fn array<T, const N: usize>(values: Vec<T>) -> io::Result<[T; N]> {
    values.try_into().map_err(|_| io::Error::other("a double has no listener"))
}
