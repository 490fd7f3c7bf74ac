//! One question to the authorizer, and its answer.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::{Agent, AgentId};
use crate::refusal::{Code, Refusal};

/// May this user stand in this relation to this object, when this agent asks for them? The texts are checked against
/// OpenFGA's field rules (`openfga_service.proto`), so that no text can become another field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Check {
    user: String,
    relation: String,
    object: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<AgentId>,
}

impl Check {
    /// `user` is an id without its type (1 to 507 bytes); `relation` has 1 to 50 bytes; `object` is `type:id`, 3 to 256
    /// bytes. None may hold white space, a control character, or `:` or `#` beyond the object's one `:`.
    ///
    /// # Errors
    /// A sentence that names the field and what it takes.
    pub fn new(user: &str, relation: &str, object: &str) -> Result<Self, &'static str> {
        if !plain(user, 1, 507) {
            return Err("`user` must be an id without a type, of 1 to 507 bytes, without spaces, `:` or `#`");
        }
        if !plain(relation, 1, 50) || relation.contains('@') {
            return Err("`relation` must have 1 to 50 bytes, without spaces, `:`, `#` or `@`");
        }
        match object.split_once(':') {
            Some((kind, id)) if plain(kind, 1, 254) && plain(id, 1, 254) && object.len() <= 256 => Ok(Self {
                user: user.to_owned(),
                relation: relation.to_owned(),
                object: object.to_owned(),
                agent: None,
            }),
            _ => Err("`object` must be `type:id` of 3 to 256 bytes, without spaces or `#`"),
        }
    }

    /// The same question, asked by this agent: where the agent is stopped, nobody may.
    #[must_use]
    pub fn asked_by(self, agent: AgentId) -> Self {
        Self { agent: Some(agent), ..self }
    }

    /// The same for the agent of a ticket or an approval.
    ///
    /// # Errors
    /// `access_denied` if its id is not an [`AgentId`]: nobody could stop it.
    pub(crate) fn of_agent(self, agent: &Agent) -> Result<Self, Refusal> {
        let id = AgentId::parse(&agent.id);
        id.map(|id| self.asked_by(id)).ok_or_else(|| Refusal::new(Code::AccessDenied, "check: no id of an agent"))
    }

    /// The agent that asks, if the question names one.
    #[must_use]
    pub fn agent(&self) -> Option<&AgentId> {
        self.agent.as_ref()
    }

    /// The user id, without its type.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The relation, as in `read_okta`.
    #[must_use]
    pub fn relation(&self) -> &str {
        &self.relation
    }

    /// The object, as in `okta:groups`.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }
}

fn plain(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len())
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || letter == ':' || letter == '#')
}

/// Why the authorizer answered as it did. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// OpenFGA said `true`.
    Allowed,
    /// OpenFGA said `false`.
    Denied,
    /// The question was malformed; OpenFGA was not asked.
    InvalidInput,
    /// OpenFGA's rate limit was reached.
    Busy,
    /// OpenFGA, or its token issuer, did not answer well.
    Unavailable,
    /// Store, model or credentials are set up wrongly.
    Misconfigured,
}

/// An answered check. There is no default: one comes only out of bytes in the form of an authorizer's reply.
///
/// ```compile_fail
/// let decision = auth::decision::Decision::default();
/// ```
#[derive(Clone, Debug)]
pub struct Decision {
    check: Check,
    allowed: bool,
    model_id: String,
}

/// The authorizer's reply on the wire.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply<'a> {
    status_code: u16,
    is_authorized: bool,
    reason: Reason,
    model_id: Option<String>,
    #[serde(borrow)]
    check: Option<&'a RawValue>,
    retry_after_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct Echo {
    user: String,
    relation: String,
    object: String,
    agent: Option<String>,
}

/// serde's derived structs take an array of their fields as well, which is no reply. From bytes, serde_json would pass over
/// members that nobody reads without a look at their UTF-8 (RFC 8259 section 8.1).
fn object<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Option<T> {
    let json = std::str::from_utf8(json).ok()?;
    if json.trim_ascii_start().starts_with('{') { serde_json::from_str(json).ok() } else { None }
}

impl Decision {
    /// Reads the authorizer's reply to `check`. A decision comes out only of a 200 whose flag and reason agree and which
    /// repeats this very question.
    ///
    /// # Errors
    /// `busy`, `unavailable` or `internal`, by the reply's reason; `unavailable` for a reply that cannot be read or that
    /// answers another question.
    pub fn from_reply(check: Check, reply: &[u8]) -> Result<Self, Refusal> {
        let unreadable = || Refusal::new(Code::Unavailable, "authorizer: the reply cannot be read");
        let reply: Reply<'_> = object(reply).ok_or_else(unreadable)?;
        match (reply.status_code, reply.is_authorized, reply.reason) {
            (200, true, Reason::Allowed) | (200, false, Reason::Denied) => {}
            (_, false, Reason::Busy) => {
                return Err(Refusal::busy("authorizer: busy", reply.retry_after_seconds.unwrap_or(2)));
            }
            (_, false, Reason::Unavailable) => return Err(Refusal::new(Code::Unavailable, "authorizer: unavailable")),
            (_, false, Reason::Misconfigured) => return Err(Refusal::new(Code::Internal, "authorizer: misconfigured")),
            (_, false, Reason::InvalidInput) => {
                return Err(Refusal::new(Code::Internal, "authorizer: invalid question"));
            }
            _ => return Err(Refusal::new(Code::Unavailable, "authorizer: status, flag and reason disagree")),
        }
        let echo: Echo = reply.check.and_then(|echo| object(echo.get().as_bytes())).ok_or_else(unreadable)?;
        let echoed = (echo.user.as_str(), echo.relation.as_str(), echo.object.as_str(), echo.agent.as_deref());
        if echoed != (check.user(), check.relation(), check.object(), check.agent().map(AgentId::as_str)) {
            return Err(Refusal::new(Code::Unavailable, "authorizer: the reply answers another question"));
        }
        let model_id = reply.model_id.ok_or_else(unreadable)?;
        Ok(Self { check, allowed: reply.is_authorized, model_id })
    }

    /// The question that was answered.
    #[must_use]
    pub fn check(&self) -> &Check {
        &self.check
    }

    /// The authorization model that answered.
    #[must_use]
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    pub(crate) fn allows(&self, check: &Check) -> bool {
        self.allowed && self.check == *check
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{AgentId, Check, Code, Decision};

    fn check() -> Check {
        Check::new("alice@example.com", "read_okta", "okta:groups").unwrap()
    }

    fn reply() -> Value {
        json!({"statusCode": 200, "isAuthorized": true, "reason": "allowed", "modelId": "01H",
               "check": {"user": "alice@example.com", "relation": "read_okta", "object": "okta:groups"}})
    }

    fn allows(reply: &Value) -> bool {
        Decision::from_reply(check(), reply.to_string().as_bytes()).is_ok_and(|decision| decision.allows(&check()))
    }

    #[test]
    fn only_the_boolean_true_in_a_200_allows() {
        assert!(allows(&reply()));
        for (pointer, value) in [
            ("/isAuthorized", json!("true")),
            ("/isAuthorized", json!(1)),
            ("/isAuthorized", json!(null)),
            ("/isAuthorized", json!([true])),
            ("/isAuthorized", json!(false)),
            ("/statusCode", json!(500)),
            ("/statusCode", json!("200")),
            ("/reason", json!("denied")),
            ("/reason", json!("maybe")),
            ("/modelId", json!(null)),
            ("/check", json!(null)),
            ("/check/user", json!("bob@example.com")),
            ("/check/relation", json!("write_okta")),
            ("/check/object", json!("okta:users")),
        ] {
            let mut bent = reply();
            *bent.pointer_mut(pointer).unwrap() = value.clone();
            assert!(!allows(&bent), "{pointer} = {value}");
        }
    }

    #[test]
    fn every_reason_of_no_answer_has_its_own_refusal() {
        for (reason, code, cause, seconds) in [
            ("busy", Code::Busy, "authorizer: busy", Some(7)),
            ("unavailable", Code::Unavailable, "authorizer: unavailable", None),
            ("misconfigured", Code::Internal, "authorizer: misconfigured", None),
            ("invalid_input", Code::Internal, "authorizer: invalid question", None),
        ] {
            let reply = json!({"statusCode": 500, "isAuthorized": false, "reason": reason, "retryAfterSeconds": 7});
            let refusal = Decision::from_reply(check(), reply.to_string().as_bytes()).unwrap_err();
            let told = (refusal.code(), refusal.cause(), refusal.retry_after_seconds());
            assert_eq!(told, (code, cause, seconds), "{reason}");
        }
    }

    #[test]
    fn an_answer_is_for_the_agent_that_the_question_named() {
        let agent = AgentId::parse("AGENT12345").unwrap();
        let asked = check().asked_by(agent);
        let named = |agent: Value| {
            let mut reply = reply();
            reply["check"]["agent"] = agent;
            reply
        };
        let allows = |check: &Check, reply: &Value| {
            Decision::from_reply(check.clone(), reply.to_string().as_bytes()).is_ok_and(|it| it.allows(check))
        };
        assert!(allows(&asked, &named(json!("AGENT12345"))));
        for bent in [reply(), named(json!("AGENT99999")), named(json!(null)), named(json!(["AGENT12345"]))] {
            assert!(!allows(&asked, &bent), "{bent}");
        }
        assert!(!allows(&check(), &named(json!("AGENT12345"))), "nobody asked for an agent");
    }

    #[test]
    fn every_missing_member_denies() {
        for name in ["statusCode", "isAuthorized", "reason", "modelId", "check"] {
            let mut bent = reply();
            bent.as_object_mut().unwrap().remove(name);
            assert!(!allows(&bent), "without {name}");
        }
        assert!(Decision::from_reply(check(), b"").is_err());
        assert!(Decision::from_reply(check(), b"true").is_err());
    }

    #[test]
    fn an_array_of_fields_is_no_reply() {
        let echo = json!(["alice@example.com", "read_okta", "okta:groups"]);
        let fields = json!([200, true, "allowed", "01H", echo, null]);
        let echoed = json!([200, true, "allowed", "01H", reply()["check"], null]);
        let mut nested = reply();
        nested["check"] = echo;
        for bent in [fields, echoed, nested] {
            assert!(!allows(&bent), "{bent}");
        }
        assert!(Decision::from_reply(check(), format!(" \n{}", reply()).as_bytes()).is_ok());
    }

    // Found by fuzzing.
    #[test]
    fn bytes_that_are_no_utf_8_are_no_reply_also_where_nobody_reads_them() {
        let of = |byte: u8| {
            let mut bytes = reply().to_string().into_bytes();
            bytes.splice(1..1, [b"\"more\":\"".as_slice(), &[byte], b"\","].concat());
            Decision::from_reply(check(), &bytes)
        };
        assert!(of(b'x').is_ok());
        assert!(of(0xff).is_err());
    }

    #[test]
    fn a_text_may_be_as_long_as_the_authorizers_field_and_no_longer() {
        let of = |length: usize| "x".repeat(length);
        let good = |user: usize, relation: usize, object: &str| Check::new(&of(user), &of(relation), object).is_ok();
        assert!(good(1, 1, "a:b") && good(507, 50, &format!("{}:{}", of(1), of(254))));
        assert!(good(1, 1, &format!("{}:{}", of(254), of(1))));
        assert!(!good(508, 1, "a:b") && !good(1, 51, "a:b") && !good(0, 1, "a:b") && !good(1, 0, "a:b"));
        assert!(!good(1, 1, &format!("{}:{}", of(2), of(254))) && !good(1, 1, &format!("a:{}", of(255))));
        assert!(!good(1, 1, "a:") && !good(1, 1, ":b") && Check::new("a", "b@c", "a:b").is_err());
        let (check, decision) = (check(), Decision::from_reply(check(), reply().to_string().as_bytes()).unwrap());
        assert_eq!((check.user(), check.relation(), check.object()), ("alice@example.com", "read_okta", "okta:groups"));
        assert_eq!((decision.model_id(), decision.check()), ("01H", &check));
    }

    #[test]
    fn no_text_can_become_another_field() {
        for (user, relation, object) in [
            ("user:alice", "read_okta", "okta:groups"),
            ("alice#member", "read_okta", "okta:groups"),
            ("alice bob", "read_okta", "okta:groups"),
            ("", "read_okta", "okta:groups"),
            ("alice", "", "okta:groups"),
            ("alice", "read okta", "okta:groups"),
            ("alice", "read_okta", "groups"),
            ("alice", "read_okta", "okta:a:b"),
            ("alice", "read_okta", "okta:a#b"),
            ("alice", "read_okta", ":x"),
            ("alice\u{0}", "read_okta", "okta:groups"),
            ("alice\u{2028}", "read_okta", "okta:groups"),
        ] {
            assert!(Check::new(user, relation, object).is_err(), "{user} {relation} {object}");
        }
    }
}
