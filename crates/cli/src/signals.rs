//! Being told to end: Ctrl-C, a termination signal, or a terminal that closes.

use tokio::signal::unix::{SignalKind, signal};

use crate::trouble::Trouble;

/// Returns when the process is told to end.
pub(crate) async fn asked() -> Result<(), Trouble> {
    let open = |kind| signal(kind).map_err(|error| Trouble::because("signals cannot be received", error));
    let mut interrupt = open(SignalKind::interrupt())?;
    let mut terminate = open(SignalKind::terminate())?;
    let mut hangup = open(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}
