use auth::approval::{Binding, Ending};
use auth::id::SessionHash;
use aws_sdk_dynamodb::types::AttributeValue;

use super::table::{TABLE, binding, named, person, recorded, requested, started};
use crate::approval_store::{ApprovalError, ApprovalStore, Panel, Recording, Unread};
use crate::testing::people::NOW;
use crate::testing::wire::Answer;
use crate::testing::{ample, brief};

fn session() -> SessionHash {
    binding(1).session
}

async fn panel(store: &ApprovalStore) -> Panel {
    store.panel(&person(), &session(), 5, ample()).await.unwrap_or_else(|error| panic!("{error}"))
}

fn seen(panel: &Panel) -> (Vec<&str>, Vec<Ending>, Unread) {
    let open = panel.open.iter().map(|request| request.approval.tool.as_str()).collect();
    (open, panel.ended.iter().map(|ended| ended.ending.clone()).collect(), panel.unread)
}

#[tokio::test]
async fn a_row_that_cannot_be_read_hides_no_other() {
    let (table, store) = requested().await;
    for (number, ending) in [(2, Ending::Denied), (3, Ending::Expired)] {
        let binding = Binding { tool: "unlock_user".to_owned(), ..binding(number) };
        let ended = recorded(&store, &binding).await.end(ending, NOW.plus(60 * u64::from(number)));
        assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    }
    let _ = recorded(&store, &Binding { tool: "reset_password".to_owned(), ..binding(4) }).await;
    let whole = panel(&store).await;
    let (open, ended) = (vec!["add_to_group", "reset_password"], vec![Ending::Expired, Ending::Denied]);
    assert_eq!(seen(&whole), (open, ended, Unread::default()));
    assert_eq!(whole.open[0].begun_at, Some(NOW));

    for sort in ["open#add_to_group".to_owned(), format!("done#{}", named(3).as_str())] {
        let mut item = table.item(&sort).await;
        item.insert("version".to_owned(), AttributeValue::N("9".to_owned()));
        item.remove("reference");
        table.put(TABLE, &item).await;
    }
    let unread = Unread { open: 1, ended: 1 };
    assert_eq!(seen(&panel(&store).await), (vec!["reset_password"], vec![Ending::Denied], unread));
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_no_row_that_cannot_be_read() {
    let (table, store) = requested().await;
    assert_eq!(store.record_pending(&started(1), ample()).await, Ok(Recording::Recorded));
    let (_wire, store) = table.store_behind(|_, _| Some(Answer::Hang)).await;
    let problem = store.panel(&person(), &session(), 5, brief()).await.err();
    assert_eq!(problem, Some(ApprovalError::Unavailable));
}
