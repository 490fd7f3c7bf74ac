//! The form of a call, its parameters taken one by one.

use std::collections::BTreeMap;

use url::form_urlencoded;

use super::problem::Problem;

#[derive(Debug)]
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    pub(super) fn action(&self) -> Option<String> {
        self.0.get("Action").cloned()
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// `NAME.member.1`, `NAME.member.2` and so on, until one is not there.
    pub(super) fn take_list(&mut self, name: &str) -> Vec<String> {
        (1..=self.0.len()).map_while(|number| self.0.remove(&format!("{name}.member.{number}"))).collect()
    }

    /// `NAME.member.1.Key` with `NAME.member.1.Value`, and so on.
    pub(super) fn take_pairs(&mut self, name: &str) -> Vec<(String, String)> {
        let pair = |number| {
            let key = self.0.remove(&format!("{name}.member.{number}.Key"))?;
            Some((key, self.0.remove(&format!("{name}.member.{number}.Value")).unwrap_or_default()))
        };
        (1..=50 + 1).map_while(pair).collect()
    }

    /// What is left was not understood.
    pub(super) fn end(self) -> Result<(), Problem> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(Problem::validation(format!("the parameter {name} is not known to this double"))),
        }
    }
}
