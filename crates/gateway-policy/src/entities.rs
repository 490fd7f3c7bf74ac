//! A caller as the model has them.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use auth::jwt::Caller;
use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression, Schema};
use serde_json::Value;

pub(crate) struct NamesProblem;

pub(crate) struct Names {
    user: EntityTypeName,
    action: EntityTypeName,
    pub(crate) gateway: EntityUid,
}

impl Names {
    pub(crate) fn new(gateway: &str) -> Result<Self, NamesProblem> {
        if gateway.is_empty() {
            return Err(NamesProblem);
        }
        let named = |name| EntityTypeName::from_str(name).map_err(|_| NamesProblem);
        let gateway = EntityUid::from_type_name_and_id(named("AgentCore::Gateway")?, EntityId::new(gateway));
        Ok(Self { user: named("AgentCore::OAuthUser")?, action: named("AgentCore::Action")?, gateway })
    }

    pub(crate) fn user(&self, subject: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.user.clone(), EntityId::new(subject))
    }

    pub(crate) fn action(&self, tool: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.action.clone(), EntityId::new(tool))
    }

    /// The caller and the gateway; nothing if they do not fit the schema.
    pub(crate) fn entities(
        &self,
        subject: &str,
        tags: BTreeMap<String, String>,
        gateway: EntityUid,
        schema: &Schema,
    ) -> Option<Entities> {
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let id = [("id".to_owned(), text(subject))];
        let tags: Vec<_> = tags.into_iter().map(|(name, value)| (name, text(&value))).collect();
        let user = Entity::new_with_tags(self.user(subject), id, [], tags).ok()?;
        let gateway = Entity::new_no_attrs(gateway, std::collections::HashSet::new());
        Entities::from_entities([user, gateway], Some(schema)).ok()
    }
}

/// Every claim as a text: a string as it stands, and anything else as its JSON, for how AgentCore writes an array is not
/// documented. Where `scope` is no string, it is made of the scopes that the provider's own claim gives.
pub(crate) fn tags_of(caller: &Caller) -> BTreeMap<String, String> {
    let claims = caller.claims().json().iter();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut tags: BTreeMap<String, String> = claims.map(|(name, value)| (name.clone(), text(value))).collect();
    if caller.claims().text("scope").is_none() {
        tags.insert("scope".to_owned(), caller.scopes().joined());
    }
    tags
}
