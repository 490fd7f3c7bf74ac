//! An authorization model, as it is evaluated.

use std::collections::BTreeMap;

use serde_json::Value;

/// Who may stand in a tuple of a relation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Restriction {
    pub(super) kind: String,
    pub(super) form: Form,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// `type`.
    One,
    /// `type#relation`.
    Userset(String),
    /// `type:*`.
    Everyone,
}

/// How a relation follows from others.
#[derive(Clone, Debug)]
pub(super) enum Rewrite {
    /// Tuples of the relation itself.
    This,
    /// Another relation of the same object.
    Computed(String),
    Union(Vec<Rewrite>),
    Intersection(Vec<Rewrite>),
    Difference(Box<Rewrite>, Box<Rewrite>),
    /// `computed from tupleset`.
    From {
        tupleset: String,
        computed: String,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) rewrite: Rewrite,
    pub(super) direct: Vec<Restriction>,
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) id: String,
    /// Type name, then relation name.
    pub(super) types: BTreeMap<String, BTreeMap<String, Relation>>,
    /// The JSON that it was written as.
    pub(super) raw: Value,
}

impl Model {
    pub(super) fn relation(&self, kind: &str, relation: &str) -> Option<&Relation> {
        self.types.get(kind)?.get(relation)
    }

    /// Whether some rewrite of the type reads the relation as its tupleset.
    pub(super) fn is_tupleset(&self, kind: &str, relation: &str) -> bool {
        let relations = self.types.get(kind);
        relations.is_some_and(|relations| relations.values().any(|other| other.rewrite.reads_from(relation)))
    }
}

impl Rewrite {
    fn reads_from(&self, relation: &str) -> bool {
        match self {
            Self::From { tupleset, .. } => tupleset == relation,
            Self::This | Self::Computed(_) => false,
            Self::Union(parts) | Self::Intersection(parts) => parts.iter().any(|part| part.reads_from(relation)),
            Self::Difference(base, subtract) => base.reads_from(relation) || subtract.reads_from(relation),
        }
    }

    /// Whether tuples of the relation itself count.
    pub(super) fn has_this(&self) -> bool {
        match self {
            Self::This => true,
            Self::Computed(_) | Self::From { .. } => false,
            Self::Union(parts) | Self::Intersection(parts) => parts.iter().any(Self::has_this),
            Self::Difference(base, subtract) => base.has_this() || subtract.has_this(),
        }
    }
}
