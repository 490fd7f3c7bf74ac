//! What every tool of a function shares: keys, stores, the authorizer and the vault.

use auth::ticket::TicketKeys;
use auth::time::Clock;
use upstream_aws::{Authorizer, SessionStore};
use upstream_http::auth0::vault::Vault;

/// Built once, while the sandbox starts.
pub struct House {
    /// Who may sign tickets.
    pub keys: TicketKeys,
    /// The rows of signed-in people.
    pub store: SessionStore,
    /// The function that asks OpenFGA.
    pub authorizer: Authorizer,
    /// The person's tokens at the provider.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
}
