//! Tokens with any claims: for tests of what a verifier must refuse.

use serde_json::Value;

use super::Auth0;
use super::controls::ControlError;
use super::keys::SigningKey;

/// Whose key signs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Signer {
    /// The tenant's: only the claims are bent.
    Tenant,
    /// Somebody else's, under the name of the tenant's.
    Stranger,
}

impl Auth0 {
    /// A JWT in the tenant's default profile that says just this. Nothing is kept of it: the tenant itself takes it nowhere.
    ///
    /// # Errors
    /// [`ControlError::Key`].
    pub async fn token_saying(&self, claims: &Value, signer: Signer) -> Result<String, ControlError> {
        let own = self.tenant.state().keys.first().cloned().ok_or(ControlError::Key)?;
        let signed = match signer {
            Signer::Tenant => own.sign("JWT", claims),
            Signer::Stranger => {
                let key = SigningKey::generate().await.map_err(|_| ControlError::Key)?;
                key.posing_as(&own).sign("JWT", claims)
            }
        };
        signed.map_err(|_| ControlError::Key)
    }
}
