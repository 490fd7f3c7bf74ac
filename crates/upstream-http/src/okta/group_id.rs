//! `GET /api/v1/groups?q=`: changes name a group by id only.

use auth::mandate::{Mandate, NamesOktaGroup};
use auth::session::FederatedToken;
use auth::subject::Subject;
use serde::Deserialize;
use tokio::time::Instant;

use super::pages::Pages;
use super::user_id::is_id;
use super::{BODY_CAP, CALL_LIMIT, Okta, OktaError, Resource, Right, unreached};
use crate::transport::Object;

/// At most this many pages of groups whose names begin alike are read.
const MOST_PAGES: usize = 10;

const READ_GROUPS: Right = Right {
    scope: "the scope okta.groups.read, granted to the Okta application",
    role: "an Okta administrator role that may read groups",
};

/// The Okta id of a group, looked up for one mandate and of use for no other person or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupId {
    id: String,
    name: String,
    asked_by: Subject,
}

#[derive(Deserialize)]
struct Group {
    id: String,
    profile: Object<Profile>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Profile {
    name: String,
}

impl GroupId {
    /// The id, 1 to 50 ASCII letters and digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.id
    }

    pub(super) fn fits<A: NamesOktaGroup>(&self, mandate: &Mandate<A>) -> bool {
        self.asked_by == *mandate.subject() && self.name == mandate.okta_group()
    }
}

impl Okta {
    /// The id of the one group of exactly the name that the mandate says, read as the mandate's person. Okta itself
    /// searches by the beginning of a name and ignores letter case. Ask before the approval is spent.
    ///
    /// # Errors
    /// [`OktaError`]; `NotPossible` if its members are kept elsewhere.
    pub async fn group_id<A: NamesOktaGroup>(
        &self,
        mandate: &Mandate<A>,
        token: &FederatedToken,
        until: Instant,
    ) -> Result<GroupId, OktaError> {
        let name = mandate.okta_group();
        let mut first = self.url(Resource::Groups)?;
        first.query_pairs_mut().append_pair("q", name).append_pair("limit", "200");
        let mut found = Vec::new();
        let mut next = Some(first.clone());
        let mut pages = Pages::of(first);
        for _ in 0..MOST_PAGES {
            let Some(url) = next else { break };
            let call = self.transport.get(url).bearer(&token.access_token).at_most(CALL_LIMIT).cap(BODY_CAP);
            let reply = call.send(until).await.map_err(unreached)?;
            if reply.status() != 200 {
                return Err(self.refuse_for(&reply, &READ_GROUPS));
            }
            let page: Vec<Group> =
                reply.json_list().ok_or(OktaError::Unavailable("the answer is not a list of groups"))?;
            found.extend(page.into_iter().filter(|group| group.profile.0.name == name));
            next = pages.next(&reply)?;
        }
        if next.is_some() {
            return Err(OktaError::Unavailable("too many groups begin with this name"));
        }
        only(found).map(|id| GroupId { id, name: name.to_owned(), asked_by: mandate.subject().clone() })
    }
}

fn only(found: Vec<Group>) -> Result<String, OktaError> {
    let mut found = found.into_iter();
    let group = found.next().ok_or(OktaError::NoSuchGroup)?;
    if found.next().is_some() {
        return Err(OktaError::AmbiguousGroup);
    }
    if group.kind.is_some_and(|kind| kind != "OKTA_GROUP") {
        return Err(OktaError::NotPossible("the members of this group are not kept in Okta"));
    }
    if is_id(&group.id) { Ok(group.id) } else { Err(OktaError::Unavailable("the group's id is of another form")) }
}
