//! What is said about a panic: where, not what.

use super::log::Log;

/// Replaces the hook that prints a panic's text, which may hold any value that was in scope.
pub(crate) fn install(log: Log) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        log.panicked(place.as_deref().unwrap_or("unknown"));
    }));
}
