//! Finding the rows of a person or an agent, by reading the whole table: for an operator, never in a call.

use auth::id::{AgentId, Login, SessionHash};
use auth::session::Row;
use auth::subject::Subject;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use super::{SessionStore, StoreError};
use crate::connection::two_attempts;
use crate::failure::answer;

/// Whose sessions are looked for.
#[derive(Clone, Copy)]
pub enum Holder<'a> {
    /// This person's.
    Person(&'a Subject),
    /// Those of everybody with this verified address.
    Address(&'a Login),
    /// Those for chats with this agent. A row that names no agent is none of them.
    Agent(&'a AgentId),
}

/// A row that says that it is theirs.
pub struct FoundSession {
    /// Its key.
    pub hash: SessionHash,
    /// What it says; nothing if it cannot be read, and so stands for nobody.
    pub row: Option<Row>,
}

impl SessionStore {
    /// All rows that name this holder, page by page, by strongly consistent reads. Expired rows may be among them.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`; nothing is said of the rows before the fault.
    pub async fn search(&self, whose: Holder<'_>, until: Instant) -> Result<Vec<FoundSession>, StoreError> {
        let named: &[(&str, &str)] = match whose {
            Holder::Person(subject) => &[("issuer", subject.issuer()), ("subject", subject.id())],
            Holder::Address(login) => &[("email", login.as_str())],
            Holder::Agent(agent) => &[("agent_id", agent.as_str())],
        };
        let filter: Vec<String> = named.iter().map(|(name, _)| format!("#{name} = :{name}")).collect();
        let mut scan = self.client.scan().table_name(&self.table).consistent_read(true);
        scan = scan.filter_expression(filter.join(" AND "));
        for (name, value) in named {
            scan = scan.expression_attribute_names(format!("#{name}"), *name);
            scan = scan.expression_attribute_values(format!(":{name}"), AttributeValue::S((*value).to_owned()));
        }
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let page = scan.clone().set_exclusive_start_key(next).customize().config_override(two_attempts(until));
            let page = answer(until, page.send()).await?;
            for item in page.items.unwrap_or_default() {
                let key = item.get("session_id").and_then(|key| key.as_s().ok());
                let Some(hash) = key.and_then(|key| SessionHash::parse(key)) else { continue };
                let row = self.row_of(&hash, &item, until).await.ok();
                found.push(FoundSession { hash, row });
            }
            next = page.last_evaluated_key;
            if next.is_none() {
                return Ok(found);
            }
        }
    }
}
