//! Every case of `events/`, by the handler in this process and by the real binary, each in a world of its own.

use acceptance::corpus::{self, files};

const RUN: [&str; 4] = ["fga-authorizer", "okta-groups", "ciba-initiator", "approval-worker"];

#[tokio::test]
async fn the_authorizer_answers_every_event_as_its_response_file_says() {
    run(RUN[0]).await;
}

#[tokio::test]
async fn okta_groups_answers_every_event_as_its_response_file_says() {
    run(RUN[1]).await;
}

#[tokio::test]
async fn ciba_initiator_answers_every_event_as_its_response_file_says() {
    run(RUN[2]).await;
}

#[tokio::test]
async fn approval_worker_answers_every_event_as_its_response_file_says() {
    run(RUN[3]).await;
}

#[test]
fn every_file_of_the_corpus_belongs_to_a_case_that_is_run() {
    let files = files();
    assert!(files.strays.is_empty(), "{}", files.strays.join("\n"));
    for triple in files.triples {
        assert!(RUN.contains(&triple.folder.as_str()), "no test here runs {}", triple.name());
    }
}

#[expect(clippy::print_stdout, reason = "the count belongs in the test's report")]
async fn run(folder: &str) {
    let report = corpus::run(folder).await;
    println!("{folder}: {} cases, 2 runs each", report.cases);
    assert!(report.cases >= 10, "{folder} has only {} cases", report.cases);
    let count = report.failed.len();
    assert!(report.failed.is_empty(), "{count} runs did not end as they should:\n\n{}", report.failed.join("\n\n"));
}
