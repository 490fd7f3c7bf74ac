//! The table of approvals, beside the functions: how those ended that have. What is sealed in it stays so.

use auth::approval::PersonKey;
use auth::subject::Subject;
use auth::time::Timestamp;
use devstack::stack::APPROVAL_TABLE;
use serde_json::Value;

use crate::laptop::Laptop;

/// An approval that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Its name.
    pub(crate) reference: String,
    /// `done`, `denied`, `expired`, `failed` or `unknown`.
    pub(crate) ending: String,
    /// When it ended.
    pub(crate) at: Timestamp,
}

/// The approval of this name, if it is over.
pub(crate) async fn ended(laptop: &Laptop, reference: &str) -> Option<Ended> {
    find(laptop, |item| text(item, "reference") == Some(reference)).await
}

/// This person's approval with this code, if it is over.
pub(crate) async fn ended_with_code(laptop: &Laptop, subject: &Subject, code: &str) -> Option<Ended> {
    let person = PersonKey::of(subject);
    let wanted = |item: &Value| text(item, "person") == Some(person.as_str()) && text(item, "shown_code") == Some(code);
    find(laptop, wanted).await
}

async fn find(laptop: &Laptop, wanted: impl Fn(&Value) -> bool) -> Option<Ended> {
    // Without the table nothing has ended.
    let items = laptop.stack.dynamodb.items(APPROVAL_TABLE).await.unwrap_or_default();
    items.iter().filter(|item| wanted(item)).find_map(read)
}

/// A row that has no ending is of an approval that is open, or counts starts.
fn read(item: &Value) -> Option<Ended> {
    let seconds = item.pointer("/ended_at/N")?.as_str()?.parse().ok()?;
    Some(Ended {
        reference: text(item, "reference")?.to_owned(),
        ending: text(item, "ending")?.to_owned(),
        at: Timestamp::from_seconds(seconds),
    })
}

fn text<'a>(item: &'a Value, name: &str) -> Option<&'a str> {
    item.get(name)?.get("S")?.as_str()
}

#[cfg(test)]
mod tests {
    use auth::time::Timestamp;
    use serde_json::json;

    use super::{Ended, read};

    #[test]
    fn only_a_row_with_an_ending_is_of_an_approval_that_is_over() {
        let done = json!({"reference": {"S": "REF"}, "ending": {"S": "done"}, "ended_at": {"N": "7"}});
        let expected = Ended { reference: "REF".into(), ending: "done".into(), at: Timestamp::from_seconds(7) };
        assert_eq!(read(&done), Some(expected));
        assert_eq!(read(&json!({"sort": {"S": "open#t"}, "reference": {"S": "REF"}, "state": {"S": "pending"}})), None);
        assert_eq!(read(&json!({"sort": {"S": "starts#t#1"}, "starts": {"N": "1"}})), None);
    }
}
