use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::name::Name;
use super::{files, name, write};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// A folder with what a workspace needs to be told of a crate.
fn workspace(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap().join("workspaces").join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for file in ["Cargo.toml", "Makefile"] {
        fs::copy(root().join(file), folder.join(file)).unwrap();
    }
    folder
}

#[test]
fn every_place_of_every_file_is_filled_in() {
    for connection in [None, Some("google-oauth2")] {
        let files = files::of(&Name::parse("list-events").unwrap(), connection);
        assert_eq!(files.len(), 14);
        for (path, text) in &files {
            assert!(!text.contains('%') && !path.contains("TOOL"), "{path}: {text}");
            assert!(text.ends_with('\n') && text.lines().count() < 100, "{path}");
            if path.ends_with(".json") {
                serde_json::from_str::<Value>(text).unwrap();
            }
        }
        let of = |path: &str| &files.iter().find(|(known, _)| known == path).unwrap().1;
        assert!(of("src/list_events.rs").contains("impl Tool for ListEvents {"));
        assert!(of("Cargo.toml").contains("name = \"list-events\""));
        assert_eq!(of("src/lib.rs").contains("CONNECTION: &str = \"google-oauth2\""), connection.is_some());
        assert_eq!(of("src/settings.rs").contains("crate::CONNECTION"), connection.is_some());
        let events = files.iter().filter(|(path, _)| path.ends_with(".event.json"));
        for (path, _) in events.clone() {
            of(&path.replace(".event.", ".response."));
        }
        assert_eq!(events.count(), 4);
    }
}

#[test]
fn a_crate_is_written_once_and_the_workspace_is_told() {
    let folder = workspace("tool-new");
    let name = Name::parse("list_events").unwrap();
    let written = write(&folder, &name, None).unwrap();
    assert_eq!(written.len(), 16);
    for path in &written {
        assert!(folder.join(path).is_file(), "{path}");
    }
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("\nlist-events = { path = \"crates/list-events\" }\n"));
    assert!(fs::read_to_string(folder.join("Makefile")).unwrap().contains("approval-worker list-events\n"));
    let again = write(&folder, &name, None).unwrap_err();
    assert_eq!(again.exit_code(), 2, "{again}");
    assert_eq!(fs::read_to_string(folder.join("Cargo.toml")).unwrap(), manifest);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn where_there_is_no_workspace_nothing_is_written() {
    let folder = workspace("tool-nowhere");
    fs::remove_file(folder.join("Makefile")).unwrap();
    assert_eq!(write(&folder, &Name::parse("list-events").unwrap(), None).unwrap_err().exit_code(), 1);
    assert!(!folder.join("crates").exists());
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_name_is_made_of_words() {
    let name = Name::parse("list-my_events2").unwrap();
    assert_eq!(
        (name.of_crate(), name.of_tool(), name.of_type()),
        ("list-my-events2".into(), "list_my_events2".into(), "ListMyEvents2".into())
    );
    for text in ["", "list", "List-events", "list--events", "-list", "list-", "list-2", "../x-y", &"a-".repeat(20)] {
        assert_eq!(Name::parse(text).err().map(|trouble| trouble.exit_code()), Some(2), "{text}");
    }
    assert!(name::connection("google-oauth2").is_ok());
    assert!(name::connection("a\"b").is_err() && name::connection("").is_err());
}
