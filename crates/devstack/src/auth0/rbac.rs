//! What a user's permissions leave of the scopes that an application asks for.
//! <https://auth0.com/docs/get-started/apis/enable-role-based-access-control-for-apis>

use super::config::Rbac;
use super::grant::Grant;
use super::refresh_grant::is_oidc;
use super::tenant::Tenant;

/// The grant without the scopes of its API that its user may not give. Scopes that belong to sign-in stay.
pub(crate) fn within(tenant: &Tenant, grant: Grant) -> Grant {
    let api = grant.audience.as_deref().and_then(|audience| tenant.api(audience));
    if api.is_none_or(|api| api.rbac == Rbac::Off) {
        return grant;
    }
    let held = held(tenant, &grant);
    let scope = grant.scope.iter().filter(|scope| is_oidc(scope) || held.contains(scope)).cloned().collect();
    Grant { scope, ..grant }
}

/// The claim `permissions`, for an API whose tokens have it.
pub(crate) fn claim(tenant: &Tenant, grant: &Grant) -> Option<Vec<String>> {
    let api = tenant.api(grant.audience.as_deref()?)?;
    (api.rbac == Rbac::InToken).then(|| held(tenant, grant))
}

/// The permissions of the grant's user at its API, as they are now.
fn held(tenant: &Tenant, grant: &Grant) -> Vec<String> {
    let permissions = tenant.user(&grant.sub).map(|user| user.permissions).unwrap_or_default();
    let here = permissions.into_iter().filter(|permission| grant.audience.as_ref() == Some(&permission.api));
    here.map(|permission| permission.scope).collect()
}
