//! Texts of a policy: what they match, with wildcards and variables.
//!
//! Source: [variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).

use super::context::Context;
use super::document::Malformed;

/// What may be a variable, in lower case. The first is the start of a name.
const VARIABLES: [&str; 3] = ["aws:principaltag/", "aws:sourceidentity", "aws:userid"];

#[derive(Clone, Debug, Eq, PartialEq)]
enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Any,
    /// A context key in lower case.
    Variable(String),
}

/// A text with wildcards, if those count where it stands, and variables.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Piece>);

impl Pattern {
    /// Without `wildcards`, `*` and `?` stand for themselves.
    pub(super) fn parse(text: &str, wildcards: bool) -> Result<Self, Malformed> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some(first) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("${") {
                let (name, after) =
                    after.split_once('}').ok_or_else(|| Malformed::new("a variable does not end".to_owned()))?;
                pieces.push(variable(name)?);
                rest = after;
                continue;
            }
            pieces.push(match first {
                '*' if wildcards => Piece::Any,
                '?' if wildcards => Piece::One,
                other => Piece::Char(other),
            });
            rest = rest.strip_prefix(first).unwrap_or_default();
        }
        Ok(Self(pieces))
    }

    /// The first five colons of an ARN part it into six; the last part has its own colons.
    pub(super) fn parts(&self) -> Vec<Self> {
        let parts = self.0.splitn(6, |piece| *piece == Piece::Char(':'));
        parts.map(|part| Self(part.to_vec())).collect()
    }

    pub(super) fn is_everything(&self) -> bool {
        self.0 == [Piece::Any]
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name.as_str()),
            Piece::Char(_) | Piece::One | Piece::Any => None,
        })
    }

    /// False if a variable stands for nothing.
    pub(super) fn matches(&self, text: &str, context: &Context) -> bool {
        self.resolved(context).is_some_and(|pieces| glob(&pieces, &text.chars().collect::<Vec<_>>()))
    }

    pub(super) fn matches_ignoring_case(&self, text: &str, context: &Context) -> bool {
        let lower = |pieces: Vec<Piece>| {
            let each = |piece: Piece| match piece {
                Piece::Char(char) => char.to_lowercase().map(Piece::Char).collect(),
                Piece::One | Piece::Any | Piece::Variable(_) => vec![piece],
            };
            pieces.into_iter().flat_map(each).collect::<Vec<_>>()
        };
        let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
        self.resolved(context).is_some_and(|pieces| glob(&lower(pieces), &text))
    }

    fn resolved(&self, context: &Context) -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Variable(name) => pieces.extend(context.single(name)?.chars().map(Piece::Char)),
                Piece::Char(_) | Piece::One | Piece::Any => pieces.push(piece.clone()),
            }
        }
        Some(pieces)
    }
}

fn variable(name: &str) -> Result<Piece, Malformed> {
    if let "*" | "?" | "$" = name {
        return Ok(Piece::Char(name.chars().next().unwrap_or_default()));
    }
    let name = name.to_lowercase();
    let [tag, whole @ ..] = VARIABLES;
    let known = whole.contains(&name.as_str()) || name.strip_prefix(tag).is_some_and(|key| !key.is_empty());
    let listed = !name.contains(|char: char| char == ',' || char == '\'' || char.is_whitespace());
    if known && listed {
        Ok(Piece::Variable(name))
    } else {
        Err(Malformed::new("a variable is not known here".to_owned()))
    }
}

/// Wildcards by one step back: to the last `*`, which then takes one more character.
fn glob(pieces: &[Piece], text: &[char]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while seen < text.len() {
        match (pieces.get(at), text.get(seen)) {
            (Some(Piece::Any), _) => {
                back = Some((at + 1, seen));
                at += 1;
            }
            (Some(Piece::One), Some(_)) => (at, seen) = (at + 1, seen + 1),
            (Some(Piece::Char(wanted)), Some(found)) if wanted == found => (at, seen) = (at + 1, seen + 1),
            _ => match &mut back {
                Some((after, taken)) => {
                    *taken += 1;
                    (at, seen) = (*after, *taken);
                }
                None => return false,
            },
        }
    }
    pieces.get(at..).unwrap_or_default().iter().all(|piece| *piece == Piece::Any)
}
