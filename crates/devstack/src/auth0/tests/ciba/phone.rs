use http::StatusCode;

use super::super::house::{ALICE, Answer, BOB, House, refusal, text};
use super::{MESSAGE, enrolled, poll, started};

const PHONE: &str = "phone/auth0%7Calice";

async fn phone(house: &House) -> String {
    text(&house.get(&house.url(PHONE)).await)
}

fn notice(page: &str) -> String {
    page.split_once(r#"name="notice" value=""#).unwrap().1.split_once('"').unwrap().0.to_owned()
}

async fn press(house: &House, notice: &str, button: &str) -> Answer {
    house.post("phone/answer", &[("notice", notice), ("answer", button)]).await
}

#[tokio::test]
async fn the_phones_are_listed_and_one_shows_what_waits_for_its_person() {
    let house = enrolled().await;
    let list = text(&house.get(&house.url("phone")).await);
    assert!(list.contains(r#"href="/phone/auth0%7Calice""#) && list.contains("Alice &lt;b&gt;"));
    assert_eq!(house.auth0.phone(ALICE), house.url(PHONE));
    assert!(phone(&house).await.contains("Nothing to approve."));

    let id = started(&house).await;
    let page = phone(&house).await;
    assert!(page.contains(MESSAGE) && page.contains(" seconds left"));
    assert!(page.contains(r#"http-equiv="refresh" content="2""#));
    assert!(page.contains(r#"value="approve""#) && page.contains(r#"value="deny""#));
    assert!(!page.contains(&id), "the phone does not know the application's reference");

    let bob = text(&house.get(&house.url("phone/auth0%7Cbob")).await);
    assert!(!bob.contains(MESSAGE) && bob.contains("not enrolled"));
    assert!(!house.auth0.enrolled(BOB));
    assert_eq!(house.get(&house.url("phone/nobody")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_button_answers_once_and_the_page_says_how_it_stands() {
    let house = enrolled().await;
    for (button, standing, status) in [("approve", "approved", 200), ("deny", "denied", 400)] {
        let id = started(&house).await;
        let notice = notice(&phone(&house).await);
        let answer = press(&house, &notice, button).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()["location"], format!("/{PHONE}"));
        let page = phone(&house).await;
        assert!(page.contains(&format!("{MESSAGE}: {standing}")) && page.contains("Nothing to approve."));

        let other = if button == "approve" { "deny" } else { "approve" };
        press(&house, &notice, other).await;
        assert_eq!(poll(&house, &id).await.status().as_u16(), status, "the second answer does not count");
    }
}

#[tokio::test]
async fn an_answer_after_the_expiry_does_not_count() {
    let house = enrolled().await;
    let id = started(&house).await;
    let notice = notice(&phone(&house).await);
    house.auth0.expire(&id).unwrap();
    press(&house, &notice, "approve").await;
    assert!(phone(&house).await.contains(&format!("{MESSAGE}: expired")));
    assert_eq!(refusal(&poll(&house, &id).await), (400, "access_denied".to_owned()));
}

#[tokio::test]
async fn another_button_and_another_notification_answer_nothing() {
    let house = enrolled().await;
    let id = started(&house).await;
    let notice = notice(&phone(&house).await);
    assert_eq!(press(&house, &notice, "maybe").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(press(&house, &id, "approve").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(house.auth0.pending(ALICE).len(), 1);
}
