//! Which tuple lets somebody use a tool: the relation and the object that the tool asks about, by the same settings.

use auth::id::{Login, Organization};
use function::settings::{Environment, Reader};
use tool::question::{About, Kind, Question};
use upstream_http::openfga::authoring::Tuple;

use crate::trouble::Trouble;

/// A tool, what it is about, and the settings of relation and object with what stands for them.
pub(crate) type Asks = (&'static str, Kind, [&'static str; 4]);

/// What the tools ask, as okta-groups and ciba-initiator read it. A tool that is about oneself or another has both.
pub(crate) const ASKS: [Asks; 6] = [
    ("list_groups", Kind::Oneself, ["DEFAULT_RELATION", "read_okta", "DEFAULT_OBJECT", "okta:groups"]),
    ("list_groups", Kind::Login, ["OTHERS_RELATION", "read_groups", "OTHERS_OBJECT", "okta_user:{login}"]),
    ("reset_password", Kind::Oneself, ["PASSWORD_RELATION", "reset_password", "PASSWORD_OBJECT", "okta:accounts"]),
    ("add_to_group", Kind::Group, ["MEMBERS_RELATION", "manage_members", "MEMBERS_OBJECT", "okta_group:{group}"]),
    ("remove_from_group", Kind::Group, ["MEMBERS_RELATION", "manage_members", "MEMBERS_OBJECT", "okta_group:{group}"]),
    ("unlock_user", Kind::Login, ["UNLOCK_RELATION", "unlock", "UNLOCK_OBJECT", "okta_user:{login}"]),
];

/// What the command line asks for.
pub(super) struct Asked<'a> {
    pub(super) tool: &'a str,
    pub(super) of: Option<&'a str>,
    pub(super) group: Option<&'a str>,
    pub(super) organization: Option<&'a str>,
}

/// The tuple by which this user may.
pub(super) fn tuple(environment: &Environment, user: &str, asked: &Asked<'_>) -> Result<Tuple, Trouble> {
    if let Some(name) = asked.tool.strip_prefix("member:") {
        return Ok(Tuple { user: user.to_owned(), relation: "member".to_owned(), object: group(name)? });
    }
    let of_tool: Vec<&Asks> = ASKS.iter().filter(|(tool, ..)| *tool == asked.tool).collect();
    if of_tool.is_empty() {
        let mut tools: Vec<&str> = ASKS.iter().map(|(tool, ..)| *tool).collect();
        tools.dedup();
        let tools = tools.join(", ");
        return Err(Trouble::usage(format!("no tool `{}` asks anything; those that do: {tools}", asked.tool)));
    }
    let kind = match (asked.of, asked.group) {
        (Some(_), None) => Kind::Login,
        (None, Some(_)) => Kind::Group,
        (None, None) => Kind::Oneself,
        (Some(_), Some(_)) => return Err(Trouble::usage("--of and --group exclude each other")),
    };
    let fits = of_tool.iter().find(|(_, about, _)| *about == kind);
    let asks = fits.ok_or_else(|| Trouble::usage(format!("{} takes {}", asked.tool, taken(&of_tool))))?;
    let question = question(environment, asks)?;
    let login = asked.of.map(Login::parse).transpose().map_err(|refusal| Trouble::usage(refusal.sentence()))?;
    let about = match (&login, asked.group) {
        (Some(login), _) => About::Login(login),
        (None, Some(group)) => About::Group(group),
        (None, None) => About::Oneself,
    };
    let organization = asked.organization.map(|id| Organization(id.to_owned()));
    let object = question.object.fill(organization.as_ref(), about);
    let object =
        object.map_err(|_| Trouble::usage("the object has a place for an organization: say which with --org"))?;
    Ok(Tuple { user: user.to_owned(), relation: question.relation, object })
}

/// The tools that ask about this relation.
pub(super) fn tools_of(environment: &Environment, relation: &str) -> Vec<&'static str> {
    let asks = ASKS.iter().filter(|asks| question(environment, asks).is_ok_and(|asked| asked.relation == relation));
    let mut tools: Vec<&str> = asks.map(|(tool, ..)| *tool).collect();
    tools.dedup();
    tools
}

/// The object of a group of people at OpenFGA.
pub(super) fn group(name: &str) -> Result<String, Trouble> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || name.len() > 200 || !name.bytes().all(plain) {
        return Err(Trouble::usage("a group's name is made of letters, digits, `-`, `_` and `.`"));
    }
    Ok(format!("group:{name}"))
}

fn question(environment: &Environment, (_, kind, settings): &Asks) -> Result<Question, Trouble> {
    let [relation_name, relation, object_name, object] = *settings;
    let mut reader = Reader::new(environment);
    let read = Question::read(&mut reader, (relation_name, relation), (object_name, object), *kind);
    reader.finish(read).map_err(|problems| Trouble::because("settings", problems))
}

fn taken(of_tool: &[&Asks]) -> String {
    let taken = of_tool.iter().map(|(_, kind, _)| match kind {
        Kind::Oneself => "nothing more",
        Kind::Login => "--of LOGIN",
        Kind::Group => "--group NAME",
    });
    taken.collect::<Vec<_>>().join(", or ")
}
