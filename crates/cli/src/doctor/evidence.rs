//! All that there is to look at, asked for once. The checks are about this and ask nobody.

mod account;
mod openfga;
mod tenant;

use auth::time::Clock;
use tokio::time::Instant;
use upstream_http::transport::Transport;

pub(crate) use self::account::{Account, Table, WEB};
pub(crate) use self::openfga::Fga;
pub(crate) use self::tenant::Tenant;
use super::aws::Aws;
use super::finding::{Finding, Told};
use super::given::Given;
use super::web;

/// What was told, by whom.
pub(crate) struct Evidence {
    pub(crate) given: Given,
    /// Seconds since 1970 by this machine's clock.
    pub(crate) now: u64,
    pub(crate) tenant: Tenant,
    pub(crate) okta: Told,
    pub(crate) fga: Fga,
    pub(crate) account: Account,
}

impl Evidence {
    /// Asks everybody, side by side. `asked` is told the name of each that is done.
    pub(crate) async fn gather(
        given: Given,
        transport: &Transport,
        clock: &Clock,
        until: Instant,
        asked: impl Fn(&str) + Copy,
    ) -> Self {
        let tenant = async {
            let tenant = Tenant::ask(&given, transport, until).await;
            asked("auth0");
            tenant
        };
        let okta = async {
            let base = url_of(&given, "OKTA_DOMAIN");
            let read = web::read(transport, "okta", base, "/.well-known/openid-configuration", None, until).await;
            asked("okta");
            read.told
        };
        let fga = async {
            let fga = Fga::ask(&given, transport, clock, until).await;
            asked("openfga");
            fga
        };
        let account = async {
            let aws = Aws::new(&given, transport, clock, until);
            let account = Account::ask(&given, &aws).await;
            asked("aws");
            account
        };
        let (tenant, okta, fga, account) =
            tokio::join!(Box::pin(tenant), Box::pin(okta), Box::pin(fga), Box::pin(account));
        Self { now: clock.now().seconds(), tenant, okta, fga, account, given }
    }
}

/// The address in a setting.
fn url_of(given: &Given, name: &'static str) -> Result<url::Url, Finding> {
    let text = given.need(name)?;
    let wrong = |why: &str| Finding::unasked(format!("{name} {why}"), format!("set {name} to an https address"));
    function::settings::upstream_url(&text).map_err(wrong)
}
