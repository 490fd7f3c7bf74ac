//! Rules about the tree itself, which no compiler checks. Each failure names the file and the remedy.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panics")]

mod files;
mod grants;
mod rules;
mod statements;

use files::{rust_files, text_files};

#[test]
fn no_rust_file_is_longer_than_400_lines_and_nine_in_ten_have_at_most_250() {
    let mut lengths: Vec<(usize, String)> =
        rust_files().into_iter().map(|file| (file.text.lines().count(), file.path)).collect();
    lengths.sort();
    let longest = lengths.last().unwrap();
    assert!(longest.0 <= 400, "{} has {} lines; split it by what it is about", longest.1, longest.0);
    let tenth = lengths.len() * 9 / 10;
    assert!(lengths[tenth].0 <= 250, "more than one file in ten has over 250 lines: {:?}", &lengths[tenth..]);
    let median = lengths[lengths.len() / 2].0;
    assert!(median <= 100, "the median file has {median} lines");
    println!("{} Rust files, median {median} lines, longest {} ({})", lengths.len(), longest.0, longest.1);
}

#[test]
fn the_environment_the_clock_and_the_http_client_have_one_place_each() {
    for (needle, places) in rules::ONE_PLACE {
        let found: Vec<String> = rust_files()
            .into_iter()
            .filter(|file| !file.is_test() && file.code().contains(needle))
            .map(|file| file.path)
            .collect();
        assert!(!found.is_empty(), "`{needle}` is nowhere any more: take it off the list in tests/tidy/rules.rs");
        for path in found {
            assert!(places.contains(&path.as_str()), "{path} has `{needle}`, which belongs in {places:?}");
        }
    }
}

#[test]
fn arrows_between_crates_point_down_only() {
    for (krate, allowed) in rules::ARROWS {
        for dependency in files::own_dependencies(krate) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "`{krate}` depends on `{dependency}`; see the arrows in docs/ARCHITECTURE.md"
            );
        }
    }
}

#[test]
fn auth_links_nothing_that_can_reach_the_world() {
    for dependency in files::dependencies("auth") {
        assert!(
            rules::PURE.contains(&dependency.as_str()),
            "`auth` depends on `{dependency}`; it takes and gives values"
        );
    }
}

#[test]
fn a_dependency_is_seen_however_it_is_written() {
    let manifest = r#"
[package]
name = "sample"
[dependencies]
plain = "1"
dotted.workspace = true
"quoted" = { version = "1", features = ["a"] }
renamed = { package = "real", version = "1" }
[dependencies.table]
version = "1"
package = "real-table"
[target.'cfg(target_os = "linux")'.dependencies]
of_a_platform = "1"
[target.x86_64-unknown-linux-gnu.dependencies.table_of_a_platform]
version = "1"
[dev-dependencies]
of_tests = "1"
[target.'cfg(unix)'.dev-dependencies]
of_tests_too = "1"
"#;
    let seen = files::dependencies_in(manifest);
    let written = ["plain", "dotted", "quoted", "renamed", "real", "table", "real-table"];
    assert_eq!(seen[..7], written);
    assert_eq!(seen[7..], ["of_a_platform", "table_of_a_platform"]);
}

#[test]
fn no_document_has_a_place_that_is_still_to_be_filled_in() {
    for file in text_files().into_iter().filter(|file| file.path.ends_with(".md")) {
        for (number, line) in (1..).zip(file.text.lines()) {
            assert!(!line.contains(rules::PLACEHOLDER), "{}:{number}: `{line}` is not filled in", file.path);
        }
    }
}

#[test]
fn every_file_of_the_events_belongs_to_a_whole_case_of_a_function() {
    let paths = files::event_files();
    let mut cases = 0;
    for path in paths.iter().filter(|path| *path != "events/README.md") {
        let stem = rules::CASE.iter().find_map(|ending| path.strip_suffix(ending));
        let stem = stem.unwrap_or_else(|| panic!("{path} is no part of a case"));
        let parts: Vec<&str> = stem.split('/').collect();
        assert!(parts.len() == 3 && files::exists(&format!("crates/{}/Cargo.toml", parts[1])), "{path}: whose is it?");
        for ending in rules::CASE {
            assert!(paths.contains(&format!("{stem}{ending}")), "{path} has no {stem}{ending} beside it");
        }
        cases += 1;
    }
    assert!(cases > 0, "events/ has no cases");
}

#[test]
fn no_room_has_a_name_that_says_nothing() {
    for file in rust_files() {
        for part in file.path.split('/') {
            let name = part.trim_end_matches(".rs");
            assert!(!rules::NAMELESS.contains(&name), "{}: name it after what it is about", file.path);
        }
    }
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    for file in rust_files() {
        let code = file.code();
        for mark in rules::UNFINISHED {
            assert!(!code.contains(mark), "{} has `{mark}`", file.path);
        }
    }
}

#[test]
fn no_text_names_a_machine_path_or_another_place_of_ours() {
    for file in text_files() {
        for mark in rules::ELSEWHERE {
            assert!(!file.text.contains(mark), "{} has `{mark}`", file.path);
        }
    }
}

#[test]
fn every_path_and_make_target_that_the_documents_name_exists() {
    let makefile = files::read("Makefile");
    for file in text_files().into_iter().filter(|file| file.path.ends_with(".md")) {
        for path in files::named_paths(&file.text) {
            assert!(files::exists(&path), "{} names `{path}`, which does not exist", file.path);
        }
        for target in files::named_targets(&file.text) {
            assert!(makefile.contains(&format!("\n{target}:")), "{} names `make {target}`", file.path);
        }
    }
}

#[test]
fn every_decision_record_is_in_the_list_and_fits_a_page() {
    let list = files::read("docs/decisions/README.md");
    for file in text_files().into_iter().filter(|file| file.path.starts_with("docs/decisions/0")) {
        let name = file.path.rsplit('/').next().unwrap();
        assert!(list.contains(name), "docs/decisions/README.md does not list {name}");
        assert!(file.text.lines().count() <= 60, "{} is longer than a page", file.path);
    }
}

// A08
#[test]
fn no_file_has_an_access_key_that_lives_long() {
    let mut seen = 0;
    for file in text_files() {
        assert_eq!(files::long_lived_keys(&file.text), Vec::<String>::new(), "{}", file.path);
        seen += 1;
    }
    assert!(seen > 300, "{seen} files");
    let key = concat!("AK", "IA", "IOSFODNN7EXAMPLE");
    assert_eq!(files::long_lived_keys(&format!("key={key};")), [key]);
    assert_eq!(files::long_lived_keys("ASIAIOSFODNN7EXAMPLE and AKIA alone"), Vec::<String>::new());
    let user = concat!("{ \"Type\": \"AWS::IAM", "::AccessKey\" }");
    assert_eq!(files::long_lived_keys(user).len(), 1);
}
