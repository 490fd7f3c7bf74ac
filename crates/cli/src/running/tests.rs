use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::{Running, StateFile, read, rewrite};

fn folder(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().unwrap().join("state-files").join(format!("{name}-{}", std::process::id()))
}

fn running(port: u16) -> Running {
    let url = format!("http://127.0.0.1:{port}");
    Running {
        process: std::process::id(),
        urls: [("auth0".to_owned(), url.clone()), ("dynamodb".to_owned(), url)].into(),
        functions: [("okta-groups".to_owned(), [("A".to_owned(), "b".to_owned())].into())].into(),
        administrator: BTreeMap::new(),
        auditor: BTreeMap::new(),
        web_credentials: BTreeMap::new(),
        developer: BTreeMap::new(),
        gateway: None,
        redirect_uri: "http://127.0.0.1/callback".to_owned(),
        ticket_seed: "c2VlZA".to_owned(),
        agent_id: "A".to_owned(),
        agent_alias: "B".to_owned(),
        sessions: BTreeMap::new(),
    }
}

#[test]
fn what_is_written_is_read_again_by_this_user_only_and_goes_with_its_owner() {
    let folder = folder("round-trip");
    let written = running(1);
    let file = StateFile::write(&folder, &written).unwrap();
    assert!(read(&folder).unwrap() == written);
    let mode = std::fs::metadata(folder.join("stack.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    drop(file);
    assert!(!folder.exists());
}

#[test]
fn a_file_that_another_process_has_replaced_is_left_to_it() {
    let folder = folder("replaced");
    let file = StateFile::write(&folder, &running(1)).unwrap();
    rewrite(&folder, &Running { process: 0, ..running(1) }).unwrap();
    drop(file);
    assert_eq!(read(&folder).map(|running| running.process), Some(0));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_file_whose_ports_refuse_connections_is_stale() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let running = running(listener.local_addr().unwrap().port());
    assert!(running.answers().await);
    drop(listener);
    assert!(!running.answers().await);
}
