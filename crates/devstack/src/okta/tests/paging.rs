use super::{ALICE, BOB, READ, code, get, org, wire};

async fn walk(first: String, token: &str) -> (Vec<String>, Vec<usize>) {
    let (mut names, mut sizes, mut next) = (Vec::new(), Vec::new(), Some(first));
    while let Some(url) = next.take() {
        let page = wire::get(&url, token).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let groups = page.json();
        let groups = groups.as_array().expect("an array");
        sizes.push(groups.len());
        names.extend(groups.iter().map(|group| group["profile"]["name"].as_str().expect("a name").to_owned()));
        let link = page.all("link").into_iter().find(|line| line.ends_with("rel=\"next\""));
        next = link.and_then(|line| line.strip_prefix('<')?.split_once('>').map(|(url, _)| url.to_owned()));
    }
    (names, sizes)
}

#[tokio::test]
async fn four_hundred_and_fifty_groups_come_in_three_pages_and_none_twice() {
    let okta = org().await;
    let wanted: Vec<String> = (0..450).map(|n| format!("group {n:03} <b>&</b>")).collect();
    assert!(okta.set_group_names(BOB, &wanted));
    let token = okta.token(ALICE, READ, None).expect("alice");
    let url = format!("{}/api/v1/users/bob%40example.com/groups", okta.double.url());
    let (names, sizes) = walk(url, &token).await;
    assert_eq!(sizes, [200, 200, 50]);
    assert_eq!(names, wanted);
}

#[tokio::test]
async fn an_empty_last_page_is_linked_when_asked_for() {
    let okta = org().await;
    okta.set_page_size(2);
    okta.set_group_names(BOB, &["a", "b", "c", "d"]);
    let token = okta.token(ALICE, READ, None).expect("alice");
    let url = format!("{}/api/v1/users/{BOB}/groups", okta.double.url());
    assert_eq!(walk(url.clone(), &token).await.1, [2, 2]);
    okta.set_empty_last_page(true);
    assert_eq!(walk(url, &token).await.1, [2, 2, 0]);
}

#[tokio::test]
async fn self_and_next_come_in_header_lines_of_their_own() {
    let okta = org().await;
    okta.set_group_names(BOB, &["a", "b", "c"]);
    let token = okta.token(ALICE, READ, None).expect("alice");
    let page = get(&okta, &format!("/api/v1/users/{BOB}/groups?limit=2"), &token).await;
    let lines = page.all("link");
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("groups?limit=2>; rel=\"self\""), "{}", lines[0]);
    assert!(lines[1].starts_with(&format!("<{}/api/v1/users/", okta.double.url())), "{}", lines[1]);
    assert!(lines[1].contains("after="), "{}", lines[1]);
}

#[tokio::test]
async fn a_limit_above_the_page_size_gets_a_full_page_and_a_limit_of_nothing_an_error() {
    let okta = org().await;
    okta.set_page_size(3);
    okta.set_group_names(BOB, &["a", "b", "c", "d"]);
    let token = okta.token(ALICE, READ, None).expect("alice");
    let path = format!("/api/v1/users/{BOB}/groups");
    assert_eq!(get(&okta, &format!("{path}?limit=100"), &token).await.json().as_array().map(Vec::len), Some(3));
    for query in ["limit=0", "limit=many", "after=bogus"] {
        let refused = get(&okta, &format!("{path}?{query}"), &token).await;
        assert_eq!((refused.status, code(&refused)), (400, "E0000029".to_owned()), "{query}");
    }
}
