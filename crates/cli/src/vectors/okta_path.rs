//! Addresses at Okta.

use auth::id::Login;
use auth::mandate::OktaUser;
use serde::Deserialize;
use upstream_http::okta::Resource;
use url::Url;
use vectors::{Answer, Request};

use super::Operation;

pub(super) const OKTA_PATH: Operation = Operation {
    name: "okta_path",
    told: "the address that is asked at the Okta organization `base`. `of`: user or groups_of (with `user`, a login, or me for \
           oneself); reset_password\nor unlock (with `user`, an id); membership (with `user` and `group`, ids); groups; userinfo.",
    example: (
        r#"{"op":"okta_path","base":"https://acme.okta.test","of":"groups_of","user":"Alice@Example.com"}"#,
        r#"{"ok":true,"path":"/api/v1/users/alice@example.com/groups","url":"https://acme.okta.test/api/v1/users/alice@example.com/groups"}"#,
    ),
    answer: okta_path,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    base: String,
    of: What,
    #[serde(default)]
    user: String,
    #[serde(default)]
    group: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    User,
    GroupsOf,
    ResetPassword,
    Unlock,
    Membership,
    Groups,
    Userinfo,
}

fn okta_path(request: &Request) -> Result<Answer, Answer> {
    let Members { base, of, user, group } = request.members()?;
    let base = Url::parse(&base).map_err(|_| Answer::refused("not_a_url"))?;
    let account = || match user.as_str() {
        "me" => Ok(OktaUser::Own),
        login => Login::parse(login).map(OktaUser::Other).map_err(|_| Answer::refused("not_a_login")),
    };
    let url = match of {
        What::User => Resource::User(&account()?).url(&base),
        What::GroupsOf => Resource::GroupsOf(&account()?).url(&base),
        What::ResetPassword => Resource::Lifecycle { user: &user, change: "reset_password" }.url(&base),
        What::Unlock => Resource::Lifecycle { user: &user, change: "unlock" }.url(&base),
        What::Membership => Resource::Membership { group: &group, user: &user }.url(&base),
        What::Groups => Resource::Groups.url(&base),
        What::Userinfo => Resource::UserInfo.url(&base),
    };
    let url = url.ok_or_else(|| Answer::refused("no_path"))?;
    Ok(Answer::good().with("path", url.path()).with("url", url.as_str()))
}
