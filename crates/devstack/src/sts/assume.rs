//! `AssumeRole`: who may, and what they get.
//!
//! Which context keys each action has is told by the
//! [service authorization reference](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::problem::Problem;
use super::wish::Wish;
use crate::iam::{Ask, Caller, Context, Credentials, Grant, Iam, Session, role_arn};

#[derive(Clone)]
pub(super) struct Desk {
    pub(super) iam: Iam,
    /// Room for policy and tags, in characters.
    pub(super) room: Arc<AtomicUsize>,
}

pub(super) struct Issued {
    pub(super) credentials: Credentials,
    pub(super) session: Session,
    pub(super) role_id: String,
    /// Share of the room that policy and tags take, in percent.
    pub(super) packed: usize,
}

impl Desk {
    pub(super) fn assume(&self, caller: &Caller, wish: Wish) -> Result<Issued, Problem> {
        let from = &caller.session;
        let keeps = |key: &String| from.transitive.contains(&key.to_lowercase());
        let mut tags: BTreeMap<String, String> =
            from.tags.iter().filter(|(key, _)| keeps(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
        if let Some((key, _)) = wish.tags.iter().find(|(key, _)| keeps(key)) {
            return Err(Problem::validation(format!(
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session: {key}"
            )));
        }
        let mut transitive: BTreeSet<String> = from.transitive.clone();
        for key in &wish.transitive {
            if !wish.tags.iter().any(|(tag, _)| tag.to_lowercase() == key.to_lowercase()) {
                return Err(Problem::validation(
                    "The specified transitive tag key must be included in the requested tags.",
                ));
            }
            transitive.insert(key.to_lowercase());
        }
        self.may(caller, &wish, "sts:AssumeRole")?;
        if !wish.tags.is_empty() {
            self.may(caller, &wish, "sts:TagSession")?;
        }
        if wish.source_identity.is_some() {
            self.may(caller, &wish, "sts:SetSourceIdentity")?;
        }
        // It is set once for a whole chain of sessions.
        if from.source_identity.is_some()
            && wish.source_identity.is_some()
            && from.source_identity != wish.source_identity
        {
            return Err(Problem::denied(&caller.arn(), "sts:SetSourceIdentity", &role_arn(&wish.role)));
        }
        let packed = self.pack(&wish)?;
        tags.extend(wish.tags);
        let role_id = self.iam.role_id(&wish.role).unwrap_or_default();
        let (credentials, session) = self.iam.issue(Grant {
            role: wish.role,
            session_name: wish.session_name,
            source_identity: from.source_identity.clone().or(wish.source_identity),
            tags,
            transitive,
            policy: wish.policy,
            issued_to: caller.arn(),
            seconds: Some(wish.seconds),
        });
        Ok(Issued { credentials, session, role_id, packed })
    }

    /// The caller's own policies and the role's trust policy, both.
    fn may(&self, caller: &Caller, wish: &Wish, action: &str) -> Result<(), Problem> {
        let arn = role_arn(&wish.role);
        let ask = Ask::new(action, arn.as_str()).about(context(wish, action));
        if self.iam.is_trusted(caller, &ask, &wish.role) {
            Ok(())
        } else {
            Err(Problem::denied(&caller.arn(), action, &arn))
        }
    }

    fn pack(&self, wish: &Wish) -> Result<usize, Problem> {
        let policy = wish.policy.as_ref().and_then(|(text, _)| serde_json::from_str::<serde_json::Value>(text).ok());
        let policy = policy.map_or(0, |policy| policy.to_string().chars().count());
        let tags: usize = wish.tags.iter().map(|(key, value)| key.chars().count() + value.chars().count()).sum();
        let percent = (policy + tags).saturating_mul(100).div_ceil(self.room.load(Ordering::SeqCst).max(1));
        if percent > 100 { Err(Problem::packed(percent)) } else { Ok(percent) }
    }
}

fn context(wish: &Wish, action: &str) -> Context {
    let mut context = Context::default();
    if action != "sts:SetSourceIdentity" {
        for (key, value) in &wish.tags {
            context.add(&format!("aws:RequestTag/{key}"), value);
            context.add("aws:TagKeys", key);
        }
        wish.transitive.iter().for_each(|key| context.add("sts:TransitiveTagKeys", key));
    }
    if let Some(identity) = wish.source_identity.as_deref().filter(|_| action != "sts:TagSession") {
        context.add("sts:SourceIdentity", identity);
    }
    if action == "sts:AssumeRole" {
        context.add("sts:RoleSessionName", &wish.session_name);
        if let Some(id) = &wish.external_id {
            context.add("sts:ExternalId", id);
        }
    }
    context
}
