//! The request's headers, if the gateway passes them on.

use serde_json::{Map, Value};

use crate::id::SessionReference;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// Names are compared without regard to letter case, as RFC 9110 section 5.1 has it: the gateway's differs from page to
/// page of its documentation.
pub(super) struct Headers(Map<String, Value>);

impl Headers {
    pub(super) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// The one value under this name; nothing if it is absent.
    ///
    /// # Errors
    /// It is there twice, or is no text.
    fn one(&self, name: &str) -> Result<Option<&str>, ()> {
        let mut found = self.0.iter().filter(|(named, _)| named.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, Value::String(value))), None) => Ok(Some(value)),
            (Some(_), _) => Err(()),
        }
    }

    /// The token of the one header `Authorization: Bearer …` (RFC 6750 section 2.1). Nowhere else is a token looked for.
    pub(super) fn bearer(&self) -> Result<Option<Secret>, Refusal> {
        let value = self.one("authorization");
        let value = value.map_err(|()| Refusal::auth_required("headers: not one `Authorization`"))?;
        let Some(value) = value else { return Ok(None) };
        let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token).filter(|token| !token.is_empty());
        let token = token.filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic() && byte != b','));
        token.map_or_else(
            || Err(Refusal::auth_required("headers: `Authorization` is no bearer token")),
            |token| Ok(Some(Secret::new(token.to_owned()))),
        )
    }

    /// The session that the request names; a claim that a row has to confirm.
    pub(super) fn session(&self) -> Result<Option<SessionReference>, Refusal> {
        let value = self.one("x-session-id");
        let value = value.map_err(|()| Refusal::auth_required("headers: not one `x-session-id`"))?;
        value.map(SessionReference::parse).transpose()
    }
}
