//! Who calls tools for the people who sign in.

use auth::id::{Agent, AgentId};
use function::settings::Reader;
use url::Url;

const AGENT_ID: &str = "AGENT_ID";
const AGENT_ALIAS_ID: &str = "AGENT_ALIAS_ID";

/// One of the two: a session is begun for an agent or for a gateway, and the other refuses it.
pub enum AgentKind {
    /// An agent of Bedrock Agents Classic, with which people chat here.
    Classic(Agent),
    /// People's own MCP clients, through an AgentCore Gateway. There is no chat.
    AgentCore(Gateway),
}

/// A gateway, and what people are told of it.
pub struct Gateway {
    /// Its id, which is the end of its ARN.
    pub id: AgentId,
    /// Where MCP clients connect.
    pub url: Url,
    /// The audience of the access tokens that it takes.
    pub audience: String,
    /// The ids of the clients whose access tokens it takes: at least one.
    pub clients: Vec<String>,
}

impl AgentKind {
    /// A gateway where `GATEWAY_URL` is set, else an agent.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        match reader.optional_url("GATEWAY_URL")? {
            None => agent(reader).map(Self::Classic),
            Some(url) => gateway(reader, url).map(Self::AgentCore),
        }
    }

    /// Whom sessions are begun for.
    pub(crate) fn id(&self) -> Option<AgentId> {
        match self {
            Self::Classic(agent) => AgentId::parse(&agent.id),
            Self::AgentCore(gateway) => Some(gateway.id.clone()),
        }
    }

    /// The gateway, if there is one.
    pub(crate) fn gateway(&self) -> Option<&Gateway> {
        match self {
            Self::Classic(_) => None,
            Self::AgentCore(gateway) => Some(gateway),
        }
    }
}

fn agent(reader: &mut Reader<'_>) -> Option<Agent> {
    let (id, alias) = (reader.text(AGENT_ID), reader.text(AGENT_ALIAS_ID));
    let (id, alias) = (id?, alias?);
    parsed(reader, &id)?;
    Some(Agent { id, alias })
}

fn gateway(reader: &mut Reader<'_>, url: Url) -> Option<Gateway> {
    const CLIENTS: &str = "GATEWAY_CLIENTS";
    let alias = reader.optional_text(AGENT_ALIAS_ID);
    let (id, audience, clients) = (reader.text(AGENT_ID), reader.text("GATEWAY_AUDIENCE"), reader.list(CLIENTS));
    if alias?.is_some() {
        reader.refuse(AGENT_ALIAS_ID, "is set beside GATEWAY_URL", "nothing: a gateway has no alias, and no chat");
        return None;
    }
    let (id, audience, clients) = (id?, audience?, clients?);
    if clients.is_empty() {
        reader.refuse(CLIENTS, "is missing", "the ids of the clients whose tokens the gateway takes, by commas");
        return None;
    }
    Some(Gateway { id: parsed(reader, &id)?, url, audience, clients })
}

fn parsed(reader: &mut Reader<'_>, id: &str) -> Option<AgentId> {
    let parsed = AgentId::parse(id);
    if parsed.is_none() {
        reader.refuse(AGENT_ID, "is not the id of an agent", "1 to 64 letters, digits, `_` or `-`");
    }
    parsed
}

#[cfg(test)]
mod tests {
    use function::settings::{Environment, Reader};

    use super::AgentKind;

    const GATEWAY: [(&str, &str); 4] = [
        ("GATEWAY_URL", "https://gw.example/mcp"),
        ("AGENT_ID", "mandate-abc1234567"),
        ("GATEWAY_AUDIENCE", "https://tools.example"),
        ("GATEWAY_CLIENTS", "one,two"),
    ];

    /// The kind, or the names of what is wrong.
    fn read(pairs: &[(&'static str, &'static str)]) -> Result<AgentKind, Vec<String>> {
        let environment = Environment::from_pairs(pairs.iter().copied());
        let mut reader = Reader::new(&environment);
        let kind = AgentKind::read(&mut reader);
        let wrong = |problems: function::settings::Problems| problems.names().into_iter().map(str::to_owned).collect();
        reader.finish(kind).map_err(wrong)
    }

    fn but(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
        GATEWAY.map(|(known, given)| (known, if known == name { value } else { given })).to_vec()
    }

    #[test]
    fn a_gateways_address_makes_it_a_gateway_and_without_one_an_agent_needs_an_alias() {
        let kind = read(&GATEWAY).ok().unwrap();
        let gateway = kind.gateway().unwrap();
        assert_eq!(kind.id().unwrap().as_str(), "mandate-abc1234567");
        assert_eq!((gateway.url.as_str(), gateway.clients.len()), ("https://gw.example/mcp", 2));
        let kind = read(&[("AGENT_ID", "AGENT12345"), ("AGENT_ALIAS_ID", "ALIAS67890"), ("GATEWAY_URL", "")]).ok();
        assert!(kind.unwrap().gateway().is_none());
        let (agent, wrong) = (("AGENT_ID", "AGENT12345"), vec!["AGENT_ALIAS_ID".to_owned()]);
        assert_eq!(read(&[agent]).err(), Some(wrong.clone()));
        assert_eq!(read(&[&GATEWAY[..], &[("AGENT_ALIAS_ID", "ALIAS67890")]].concat()).err(), Some(wrong));
    }

    #[test]
    fn what_people_could_not_be_told_stops_the_start() {
        for (name, value) in [
            ("GATEWAY_URL", "http://gw.example/mcp"),
            ("AGENT_ID", "a gateway"),
            ("AGENT_ID", ""),
            ("GATEWAY_AUDIENCE", ""),
            ("GATEWAY_CLIENTS", ""),
            ("GATEWAY_CLIENTS", "one,,two"),
        ] {
            assert_eq!(read(&but(name, value)).err(), Some(vec![name.to_owned()]), "{name}={value}");
        }
    }
}
