//! As much of DynamoDB's expressions as policies need: the names and values in them, and what equals what.

use serde_json::{Map, Value};

/// What is no attribute's name where it stands alone.
const KEYWORDS: [&str; 9] = ["AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE"];

#[derive(Debug, Eq, PartialEq)]
enum Token<'e> {
    /// A name at the top of a path, with or without `#`.
    Name(&'e str),
    /// With its `:`.
    Value(&'e str),
    Symbol(char),
}

/// An expression with what its placeholders stand for.
pub(super) struct Expression<'e> {
    tokens: Vec<Token<'e>>,
    request: &'e Map<String, Value>,
}

impl<'e> Expression<'e> {
    /// `text` of this `request`.
    pub(super) fn of(text: &'e str, request: &'e Map<String, Value>) -> Self {
        Self { tokens: tokens(text), request }
    }

    /// The names of the attributes that it is about.
    pub(super) fn names(&self) -> Vec<&'e str> {
        let followed = |at: usize| self.tokens.get(at + 1) == Some(&Token::Symbol('('));
        let name = |(at, token): (usize, &Token<'e>)| match token {
            Token::Name(name) if !followed(at) && !KEYWORDS.contains(&name.to_uppercase().as_str()) => {
                Some(self.resolve(name))
            }
            Token::Name(_) | Token::Value(_) | Token::Symbol(_) => None,
        };
        self.tokens.iter().enumerate().filter_map(name).collect()
    }

    /// The values that an attribute must equal.
    pub(super) fn equal_to(&self, attribute: &str) -> Vec<&'e Value> {
        let values = self.request.get("ExpressionAttributeValues");
        let value = |window: &[Token<'e>]| match window {
            [Token::Name(name), Token::Symbol('='), Token::Value(value)]
            | [Token::Value(value), Token::Symbol('='), Token::Name(name)]
                if self.resolve(name) == attribute =>
            {
                values?.get(*value)
            }
            _ => None,
        };
        self.tokens.windows(3).filter_map(value).collect()
    }

    fn resolve<'n>(&self, name: &'n str) -> &'n str
    where
        'e: 'n,
    {
        let names = self.request.get("ExpressionAttributeNames");
        names.and_then(|names| names.get(name)).and_then(Value::as_str).unwrap_or(name)
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let word = |c: char| c.is_alphanumeric() || "_#:".contains(c);
    let (mut tokens, mut rest, mut nested) = (Vec::new(), text, false);
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
        if length == 0 {
            if !first.is_whitespace() && first != '.' {
                tokens.push(Token::Symbol(first));
            }
            nested = first == '.' || first == '[';
            rest = rest.strip_prefix(first).unwrap_or_default();
            continue;
        }
        let (found, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if found.starts_with(':') {
            tokens.push(Token::Value(found));
        } else if !nested {
            tokens.push(Token::Name(found));
        }
        (rest, nested) = (after, false);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request() -> Map<String, Value> {
        let request = json!({
            "ExpressionAttributeNames": { "#p": "pk" },
            "ExpressionAttributeValues": { ":v": { "S": "alice" }, ":w": { "S": "bob" } },
        });
        request.as_object().cloned().unwrap()
    }

    #[test]
    fn what_equals_a_key_is_found_wherever_it_stands() {
        let request = request();
        for text in [
            "pk = :v",
            "#p=:v",
            "(#p = :v) AND sk > :w",
            "sk = :w and pk = :v",
            ":v = pk",
            "begins_with(sk, :w) AND :v=#p",
        ] {
            assert_eq!(Expression::of(text, &request).equal_to("pk"), [&json!({ "S": "alice" })], "{text}");
        }
        for text in ["pk <= :v", "pk <> :v", "pkk = :v", "map.pk = :v", "pk = :none", ""] {
            assert!(Expression::of(text, &request).equal_to("pk").is_empty(), "{text}");
        }
    }

    #[test]
    fn names_are_those_at_the_top_of_a_path_and_neither_functions_nor_keywords() {
        let request = request();
        let text = "SET a.b[0].c = if_not_exists(#p, :v), d = d-:w REMOVE e[1]";
        assert_eq!(Expression::of(text, &request).names(), ["a", "pk", "d", "d", "e"]);
    }
}
