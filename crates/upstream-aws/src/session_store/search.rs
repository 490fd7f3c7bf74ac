//! Finding the rows of a person or an agent, by reading the whole table: for an operator, never in a call.

use auth::id::{AgentId, Login, SessionHash};
use auth::subject::Subject;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use super::ending::{SealedRow, patiently};
use super::{Item, SessionStore, StoreError};
use crate::connection::two_attempts;
use upstream_secrets::failure::answer;

/// Whose sessions are looked for.
#[derive(Clone, Copy)]
pub enum SessionsOf<'a> {
    /// This person's.
    Person(&'a Subject),
    /// Those of everybody with this verified address.
    Address(&'a Login),
    /// Those for chats with this agent. A row that names no agent is none of them.
    Agent(&'a AgentId),
}

/// Where a page ended.
pub struct Position(Item);

/// A part of the table: at most a megabyte of it was looked at.
pub struct SessionPage {
    /// The rows in it that name this holder; none may be left of a whole page.
    pub rows: Vec<SealedRow>,
    /// Where the next one begins; nothing at the end of the table.
    pub next: Option<Position>,
}

impl SessionStore {
    /// The rows of one page that name this holder, by a strongly consistent read. Expired rows may be among them, and rows that
    /// cannot be read. Tried again when the table is busy or silent.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`.
    pub async fn search(
        &self,
        whose: SessionsOf<'_>,
        after: Option<Position>,
        until: Instant,
    ) -> Result<SessionPage, StoreError> {
        let named: &[(&str, &str)] = match whose {
            SessionsOf::Person(subject) => &[("issuer", subject.issuer()), ("subject", subject.id())],
            SessionsOf::Address(login) => &[("email", login.as_str())],
            SessionsOf::Agent(agent) => &[("agent_id", agent.as_str())],
        };
        let filter: Vec<String> = named.iter().map(|(name, _)| format!("#{name} = :{name}")).collect();
        let mut scan = self.client.scan().table_name(&self.table).consistent_read(true);
        scan = scan.filter_expression(filter.join(" AND ")).set_exclusive_start_key(after.map(|position| position.0));
        for (name, value) in named {
            scan = scan.expression_attribute_names(format!("#{name}"), *name);
            scan = scan.expression_attribute_values(format!(":{name}"), AttributeValue::S((*value).to_owned()));
        }
        let page = patiently(until, || {
            let page = scan.clone().customize().config_override(two_attempts(until));
            Box::pin(async move { Ok(answer(until, page.send()).await?) })
        });
        let page = page.await?;
        let rows = page.items.unwrap_or_default().into_iter().filter_map(|item| {
            let key = item.get("session_id").and_then(|key| key.as_s().ok());
            key.and_then(|key| SessionHash::parse(key)).map(|hash| SealedRow { hash, item })
        });
        Ok(SessionPage { rows: rows.collect(), next: page.last_evaluated_key.map(Position) })
    }
}
