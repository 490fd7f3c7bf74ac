//! Looking up the account that a mandate names.

use auth::mandate::NamesOktaUser;
use auth::refusal::Refusal;
use auth::session::FederatedToken;
use tool::tool::Acting;
use upstream_http::okta::{Okta, OktaError, UserId};

/// Its id, and a token of the person that Okta takes: after a 401 one fresh exchange, once.
pub(crate) async fn find<A: NamesOktaUser>(
    okta: &Okta,
    acting: &mut Acting<'_, A>,
) -> Result<(UserId, FederatedToken), Refusal> {
    let token = acting.token().await?;
    match okta.user_id(&acting.mandate, &token, acting.until()).await {
        Err(OktaError::TokenRefused) => {
            let fresh = acting.fresh_token(&token).await?;
            Ok((okta.user_id(&acting.mandate, &fresh, acting.until()).await?, fresh))
        }
        other => Ok((other?, token)),
    }
}
