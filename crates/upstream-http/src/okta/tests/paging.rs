//! `Link` headers: which are followed, how far, and which never.

use super::{Groups, OktaError, ask, named, page, targets};
use crate::okta::pages::Pages;
use crate::testing::{Answer, Scripted};

const ELSEWHERE: OktaError = OktaError::Unavailable("a page link leads elsewhere");

/// Two pages; the first one's `Link` header lines are made from the server's own address.
async fn follow(lines: &[&str]) -> (Result<Groups, OktaError>, Scripted) {
    let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
    let server = Scripted::answering(move |request| {
        let first = !request.target.contains("after=");
        let origin = format!("http://{}", request.headers["host"]);
        let answer = page(if first { &["first"] } else { &["second"] });
        if !first {
            return answer;
        }
        lines.iter().fold(answer, |answer, line| answer.with("link", &line.replace("{origin}", &origin)))
    })
    .await;
    let result = ask(&server, None).await;
    (result, server)
}

async fn refused(line: &str) {
    let (result, server) = follow(&[line]).await;
    assert_eq!(result, Err(ELSEWHERE), "{line}");
    assert_eq!(server.requests().len(), 1, "{line}: nothing was followed");
}

#[tokio::test]
async fn the_next_page_is_followed_however_the_header_is_written() {
    for lines in [
        &[
            r#"<{origin}/api/v1/users/me/groups?limit=200>; rel="self""#,
            r#"<{origin}/api/v1/users/me/groups?after=g2&limit=200>; rel="next""#,
        ][..],
        &[
            r#"<{origin}/api/v1/users/me/groups?limit=200>; rel="self", <{origin}/api/v1/users/me/groups?after=g2>; rel="next""#,
        ],
        &[r#"<{origin}/api/v1/users/me/groups?after=g2>; rel="next", <{origin}/api/v1/users/me/groups>; rel="self""#],
        &[r#"<{origin}/api/v1/users/me/groups?after=a,b;c&limit=200>; rel="next""#],
        &[r#"<{origin}/api/v1/users/me/groups?after=g2>; title="x"; rel=next"#],
        &[r#"<{origin}/api/v1/users/%6De/groups?after=g2>; rel="next""#],
    ] {
        let (result, server) = follow(lines).await;
        assert_eq!(result, Ok(named(&["first", "second"], false)), "{lines:?}");
        assert_eq!(server.requests().len(), 2);
        assert_eq!(server.requests()[1].headers["authorization"], "Bearer okta-token-1");
    }
}

#[tokio::test]
async fn the_cursor_is_sent_back_as_it_came() {
    let (_, server) = follow(&[r#"<{origin}/api/v1/users/me/groups?after=a%2Cb%3D,c&limit=200>; rel="next""#]).await;
    assert_eq!(targets(&server)[1], "/api/v1/users/me/groups?after=a%2Cb%3D,c&limit=200");
}

#[tokio::test]
async fn a_link_that_names_the_user_by_id_is_followed() {
    let (result, server) = follow(&[r#"<{origin}/api/v1/users/00u1abc/groups?after=g2>; rel="next""#]).await;
    assert_eq!(result, Ok(named(&["first", "second"], false)));
    assert_eq!(targets(&server)[1], "/api/v1/users/00u1abc/groups?after=g2");
}

#[test]
fn a_link_may_name_the_user_by_one_okta_id_and_by_nothing_else() {
    let at = |base: &str, user: &str| format!("https://acme.okta.com{base}/api/v1/users/{user}/groups?after=g2");
    for (base, asked) in [("", "me"), ("", "bob@example.com"), ("/proxy", "bob@example.com")] {
        let mut pages = Pages::of(url::Url::parse(&at(base, asked)).unwrap());
        for other in ["me", "alice", "alice@example.com", "00g1abc", "00U1abc", "00u1.abc", "00u1%2Fabc", ""] {
            if other != asked {
                assert_eq!(pages.follow(&at(base, other)), Err(ELSEWHERE), "{asked} {other}");
            }
        }
        assert_eq!(pages.follow(&at(base, &format!("00u{}", "1".repeat(38)))), Err(ELSEWHERE));
        assert!(pages.follow(&at(base, "00u1abc")).is_ok(), "{asked}");
        assert!(pages.follow(&at(base, "00u1abc")).is_ok(), "{asked}: the same again");
        assert_eq!(pages.follow(&at(base, "00u2def")), Err(ELSEWHERE), "{asked}: somebody else's");
        assert!(pages.follow(&at(base, asked)).is_ok(), "{asked}: as it was asked");
        assert_eq!(pages.follow(&at("/v2", "00u1abc")), Err(ELSEWHERE));
    }
}

#[tokio::test]
async fn links_of_other_kinds_and_broken_ones_are_not_followed() {
    for line in [
        r#"<{origin}/api/v1/users/me/groups?after=g2>; rel="prev""#,
        r#"<{origin}/api/v1/users/me/groups?after=g2>; rel="nextish""#,
        r#"<{origin}/api/v1/users/me/groups?after=g2>"#,
        r#"{origin}/api/v1/users/me/groups?after=g2; rel="next""#,
        r#"<{origin}/api/v1/users/me/groups?after=g2; rel="next""#,
        "",
        "<>",
    ] {
        let (result, server) = follow(&[line]).await;
        assert_eq!(result, Ok(named(&["first"], false)), "{line}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_link_to_another_place_is_refused_and_no_token_goes_there() {
    let other = Scripted::answering(|_| page(&["stolen"])).await;
    let host = other.base.host_str().unwrap().to_owned();
    let port = other.base.port().unwrap();
    refused(&format!(r#"<http://{host}:{port}/api/v1/users/me/groups?after=g2>; rel="next""#)).await;
    refused(&format!(r#"<http://localhost:{port}/api/v1/users/me/groups?after=g2>; rel="next""#)).await;
    refused(r#"<https://example.com/api/v1/users/me/groups?after=g2>; rel="next""#).await;
    refused(r#"<http://169.254.169.254/api/v1/users/me/groups?after=g2>; rel="next""#).await;
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_link_to_another_path_is_refused() {
    for path in [
        "/api/v1/users/bob@example.com/groups",
        "/api/v1/users/me",
        "/api/v1/users/me/groups/",
        "/api/v1/users/me%2Fgroups",
        "/api/v1/users/me/../bob/groups",
        "/api/v1/users//me/groups",
        "/API/v1/users/me/groups",
        "/api/v1/groups",
        "/",
    ] {
        refused(&format!(r#"<{{origin}}{path}?after=g2>; rel="next""#)).await;
    }
}

#[tokio::test]
async fn a_link_with_user_information_another_scheme_or_no_origin_is_refused() {
    for line in [
        r#"<http://evil@{origin}/api/v1/users/me/groups?after=g2>; rel="next""#,
        r#"<ftp://127.0.0.1/api/v1/users/me/groups?after=g2>; rel="next""#,
        r#"</api/v1/users/me/groups?after=g2>; rel="next""#,
        r#"<//127.0.0.1/api/v1/users/me/groups?after=g2>; rel="next""#,
        r#"<javascript:alert(1)>; rel="next""#,
        r#"<>; rel="next""#,
    ] {
        refused(line).await;
    }
    let server = Scripted::answering(|request| {
        let with_user = format!("http://user:pw@{}/api/v1/users/me/groups?after=g2", request.headers["host"]);
        page(&["first"]).with("link", &format!(r#"<{with_user}>; rel="next""#))
    })
    .await;
    assert_eq!(ask(&server, None).await, Err(ELSEWHERE));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_link_down_from_https_to_http_is_refused() {
    let first = url::Url::parse("https://acme.okta.com/api/v1/users/me/groups").unwrap();
    let follow = |target: &str| Pages::of(first.clone()).follow(target).map(String::from);
    let next = "https://acme.okta.com/api/v1/users/me/groups?after=g2";
    assert_eq!(follow(next).as_deref(), Ok(next));
    assert_eq!(follow("https://acme.okta.com:443/api/v1/users/me/groups?after=g2").as_deref(), Ok(next));
    for elsewhere in [
        "http://acme.okta.com/api/v1/users/me/groups?after=g2",
        "http://acme.okta.com:443/api/v1/users/me/groups?after=g2",
        "https://acme.okta.com:8443/api/v1/users/me/groups?after=g2",
        "https://acme.okta.com.example.com/api/v1/users/me/groups?after=g2",
        "https://acme.oktapreview.com/api/v1/users/me/groups?after=g2",
    ] {
        assert_eq!(follow(elsewhere), Err(ELSEWHERE), "{elsewhere}");
    }
}

#[tokio::test]
async fn an_empty_last_page_is_the_end() {
    let server = Scripted::answering(|request| {
        if request.target.contains("after=") {
            return page(&[]);
        }
        let next = format!("http://{}{}?after=g2", request.headers["host"], request.target);
        page(&["first"]).with("link", &format!(r#"<{next}>; rel="next""#))
    })
    .await;
    assert_eq!(ask(&server, None).await, Ok(named(&["first"], false)));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_empty_page_in_the_middle_is_not_the_end() {
    let server = Scripted::answering(|request| {
        let next = |after: &str| {
            let address = format!("http://{}/api/v1/users/me/groups?after={after}", request.headers["host"]);
            format!(r#"<{address}>; rel="next""#)
        };
        match request.target.rsplit_once("after=").map(|(_, after)| after) {
            None => page(&["first"]).with("link", &next("2")),
            Some("2") => page(&[]).with("link", &next("3")),
            Some(_) => page(&["last"]),
        }
    })
    .await;
    assert_eq!(ask(&server, None).await, Ok(named(&["first", "last"], false)));
}

#[tokio::test]
async fn after_ten_pages_the_rest_is_left_and_said_to_be() {
    let server = Scripted::answering(|request| {
        let next = format!("http://{}/api/v1/users/me/groups?after=again", request.headers["host"]);
        page(&["a group"]).with("link", &format!(r#"<{next}>; rel="next""#))
    })
    .await;
    let groups = ask(&server, None).await.unwrap();
    assert_eq!((groups.names.len(), groups.truncated), (10, true));
    assert_eq!(server.requests().len(), 10);
}

#[tokio::test]
async fn a_later_page_that_fails_fails_the_whole() {
    let server = Scripted::answering(|request| {
        if request.target.contains("after=") {
            return Answer::text(403, "application/json", "{}");
        }
        let next = format!("http://{}{}?after=g2", request.headers["host"], request.target);
        page(&["first"]).with("link", &format!(r#"<{next}>; rel="next""#))
    })
    .await;
    assert!(matches!(ask(&server, None).await, Err(OktaError::MissingRight(_))));
}
