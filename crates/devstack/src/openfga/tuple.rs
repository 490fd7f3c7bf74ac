//! Tuples, and what their texts may look like.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One relationship, or the question for one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tuple {
    /// `type:id`, `type:id#relation` or `type:*`; 2 to 512 bytes.
    pub user: String,
    /// 1 to 50 letters without `:`, `#`, `@` and whitespace.
    pub relation: String,
    /// `type:id`; 2 to 256 letters without whitespace.
    pub object: String,
}

impl Tuple {
    /// The three texts in the order in which the API writes them.
    #[must_use]
    pub fn new(user: &str, relation: &str, object: &str) -> Self {
        Self { user: user.to_owned(), relation: relation.to_owned(), object: object.to_owned() }
    }
}

impl fmt::Display for Tuple {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}@{}", self.object, self.relation, self.user)
    }
}

/// What a `user` text means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Subject<'a> {
    /// `type:id`.
    One { kind: &'a str },
    /// `type:id#relation`.
    Userset { kind: &'a str, object: &'a str, relation: &'a str },
    /// `type:*`.
    Everyone { kind: &'a str },
}

impl<'a> Subject<'a> {
    /// None: the text has no such form. An id holds neither `:` nor `#`, space or control characters, in a userset no `*` either.
    pub(super) fn read(user: &'a str) -> Option<Self> {
        match user.split_once('#') {
            Some((object, relation)) => {
                let (kind, id) = object_parts(object)?;
                let well = !id.contains('*') && !relation.contains('*') && !relation.is_empty() && plain(relation);
                well.then_some(Self::Userset { kind, object, relation })
            }
            None => match object_parts(user)? {
                (kind, "*") => Some(Self::Everyone { kind }),
                (kind, _) => Some(Self::One { kind }),
            },
        }
    }

    pub(super) fn kind(self) -> &'a str {
        match self {
            Self::One { kind } | Self::Userset { kind, .. } | Self::Everyone { kind } => kind,
        }
    }
}

/// Type and id of `type:id`.
pub(super) fn object_parts(object: &str) -> Option<(&str, &str)> {
    let (kind, id) = object.split_once(':')?;
    (!kind.is_empty() && !id.is_empty() && plain(kind) && plain(id)).then_some((kind, id))
}

/// Type of `type:id`; empty when the text has no such form.
pub(super) fn kind_of(object: &str) -> &str {
    object_parts(object).map_or("", |(kind, _)| kind)
}

/// What the server takes for a user before it looks at a model: one of the three forms, or an id without a type.
pub(super) fn is_user(user: &str) -> bool {
    Subject::read(user).is_some() || (!user.is_empty() && plain(user))
}

fn plain(text: &str) -> bool {
    !text.contains(|c: char| matches!(c, ':' | '#' | ' ') || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn a_user_with_a_second_separator_has_no_form() {
        for user in [
            "user:a:b",
            "user:a#b#c",
            "user",
            "user:",
            ":a",
            "user:a b",
            "group:*#member",
            "user:a\u{7}",
            "g:1#",
            "g:1*#m",
        ] {
            assert_eq!(Subject::read(user), None, "{user}");
        }
    }

    #[test]
    fn the_three_forms_are_told_apart() {
        assert_eq!(Subject::read("user:oidc|acme|1"), Some(Subject::One { kind: "user" }));
        assert_eq!(Subject::read("user:*"), Some(Subject::Everyone { kind: "user" }));
        let members = Subject::Userset { kind: "group", object: "group:a", relation: "member" };
        assert_eq!(Subject::read("group:a#member"), Some(members));
    }
}
