//! What stands before a double: a connection that does not come about, or that ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::certificate::{Authority, Issued, Names, Until};

/// How it answers who connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Nobody listens.
    Refused,
    /// Somebody listens and never accepts, and the queue is full.
    Full,
    /// TLS by a certificate of another host.
    AnotherHost,
    /// TLS by a certificate that has expired.
    Expired,
    /// TLS by a certificate of an authority that nobody trusts.
    Untrusted,
    /// Plain HTTP where TLS is expected.
    Plain,
    /// TLS as it should be.
    Good,
}

/// A port that leads to a double or does not.
pub(super) struct Front {
    address: String,
    accepted: Arc<AtomicU64>,
    cut: watch::Sender<u64>,
    _tasks: JoinSet<()>,
    _waiting: Vec<TcpStream>,
}

impl Front {
    /// Before the double at `double`, as in `http://127.0.0.1:4700`.
    pub(super) async fn open(manner: Manner, authority: &Authority, double: &str) -> Self {
        let to = double.trim_start_matches("http://").to_owned();
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
        let port = socket.local_addr().expect("it has an address").port();
        let (accepted, (cut, seen)) = (Arc::new(AtomicU64::new(0)), watch::channel(0));
        let (mut tasks, mut waiting) = (JoinSet::new(), Vec::new());
        let listener = match manner {
            Manner::Refused => None,
            Manner::Full => Some(socket.listen(1).expect("it listens")),
            Manner::AnotherHost | Manner::Expired | Manner::Untrusted | Manner::Plain | Manner::Good => {
                Some(socket.listen(64).expect("it listens"))
            }
        };
        match (manner, listener) {
            (Manner::Full, Some(listener)) => {
                while let Ok(Ok(stream)) = tokio::time::timeout(
                    Duration::from_millis(200),
                    TcpStream::connect(listener.local_addr().expect("it has an address")),
                )
                .await
                {
                    waiting.push(stream);
                }
                tasks.spawn(async move {
                    let _listener = listener;
                    std::future::pending().await
                });
            }
            (_, Some(listener)) => {
                let tls = tls(manner, authority);
                tasks.spawn(lead(listener, tls, to, Arc::clone(&accepted), seen));
            }
            (_, None) => {}
        }
        Self { address: format!("127.0.0.1:{port}"), accepted, cut, _tasks: tasks, _waiting: waiting }
    }

    pub(super) fn https(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(super) fn http(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Connections accepted so far.
    pub(super) fn connections(&self) -> u64 {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Ends every connection there is.
    pub(super) fn cut(&self) {
        self.cut.send_modify(|times| *times += 1);
    }
}

fn tls(manner: Manner, authority: &Authority) -> Option<TlsAcceptor> {
    let issued = match manner {
        Manner::AnotherHost => authority.issue(Names::Another, Until::Year2099),
        Manner::Expired => authority.issue(Names::Loopback, Until::Year2021),
        Manner::Untrusted => Authority::new("nobody").issue(Names::Loopback, Until::Year2099),
        Manner::Good => authority.issue(Names::Loopback, Until::Year2099),
        Manner::Plain | Manner::Refused | Manner::Full => return None,
    };
    let Issued { certificate, key } = issued;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("the versions are supported").with_no_client_auth();
    let key = PrivateKeyDer::Pkcs8(key.into());
    let config = config.with_single_cert(vec![CertificateDer::from(certificate)], key).expect("the key is its own");
    Some(TlsAcceptor::from(Arc::new(config)))
}

async fn lead(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    to: String,
    accepted: Arc<AtomicU64>,
    seen: watch::Receiver<u64>,
) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        accepted.fetch_add(1, Ordering::SeqCst);
        let (tls, to, seen) = (tls.clone(), to.clone(), seen.clone());
        connections.spawn(async move {
            match tls {
                None => pass(stream, &to, seen).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        pass(stream, &to, seen).await;
                    }
                }
            }
        });
    }
}

/// Until either side ends it, or it is cut.
async fn pass(mut stream: impl AsyncRead + AsyncWrite + Unpin, to: &str, mut seen: watch::Receiver<u64>) {
    seen.mark_unchanged();
    let Ok(mut double) = TcpStream::connect(to).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut stream, &mut double) => {}
        _ = seen.changed() => {}
    }
}
