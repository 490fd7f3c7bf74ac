//! What an argument may be.

/// An argument's type and limits, both ends included; `None` is no limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A whole number, `integer` for Bedrock.
    Integer {
        /// The smallest.
        least: Option<i64>,
        /// The largest.
        most: Option<i64>,
    },
    /// Any finite number, `number` for Bedrock.
    Number {
        /// The smallest.
        least: Option<f64>,
        /// The largest.
        most: Option<f64>,
    },
    /// `true` or `false`, `boolean` for Bedrock.
    Boolean,
    /// A text, `string` for Bedrock; its length is counted in characters.
    Text {
        /// The shortest.
        least: Option<u64>,
        /// The longest.
        most: Option<u64>,
    },
    /// One of some texts, `string` for Bedrock.
    Choice(Vec<String>),
    /// A list, `array` for Bedrock; its length is counted in items.
    List {
        /// What each item may be. Not a list.
        item: Box<Kind>,
        /// The shortest.
        least: Option<u64>,
        /// The longest.
        most: Option<u64>,
    },
}

impl Kind {
    /// The type's name for Bedrock (`ParameterDetail.type`), which is JSON schema's.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Integer { .. } => "integer",
            Self::Number { .. } => "number",
            Self::Boolean => "boolean",
            Self::Text { .. } | Self::Choice(_) => "string",
            Self::List { .. } => "array",
        }
    }

    /// Whether it takes less than its type does.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        match self {
            Self::Integer { least, most } => least.is_some() || most.is_some(),
            Self::Number { least, most } => least.is_some() || most.is_some(),
            Self::Boolean => false,
            Self::Text { least, most } => least.is_some() || most.is_some(),
            Self::Choice(_) => true,
            Self::List { item, least, most } => least.is_some() || most.is_some() || item.is_limited(),
        }
    }

    /// The end of a sentence that starts with "must be", as in `a whole number from 1 to 200`.
    #[must_use]
    pub fn phrase(&self) -> String {
        match self {
            Self::Integer { least, most } => format!("a whole number{}", range(least.as_ref(), most.as_ref())),
            Self::Number { least, most } => format!("a number{}", range(least.as_ref(), most.as_ref())),
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::Text { least, most } => format!("a text{}", length(*least, *most, "character")),
            Self::Choice(texts) => match texts.as_slice() {
                [one] => format!("`{one}`"),
                _ => format!("one of {}", texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")),
            },
            Self::List { item, least, most } => {
                format!("a list{}, each {}", length(*least, *most, "item"), item.phrase())
            }
        }
    }
}

fn range<N: ToString>(least: Option<&N>, most: Option<&N>) -> String {
    match (least, most) {
        (None, None) => String::new(),
        (Some(least), None) => format!(" of at least {}", least.to_string()),
        (None, Some(most)) => format!(" of at most {}", most.to_string()),
        (Some(least), Some(most)) => format!(" from {} to {}", least.to_string(), most.to_string()),
    }
}

fn length(least: Option<u64>, most: Option<u64>, unit: &str) -> String {
    let plural = |count: u64| if count == 1 { unit.to_owned() } else { format!("{unit}s") };
    match (least.filter(|least| *least > 0), most) {
        (None, None) => String::new(),
        (Some(least), None) => format!(" of at least {least} {}", plural(least)),
        (None, Some(most)) => format!(" of at most {most} {}", plural(most)),
        (Some(least), Some(most)) if least == most => format!(" of exactly {most} {}", plural(most)),
        (Some(least), Some(most)) => format!(" of {least} to {most} {}", plural(most)),
    }
}
