//! Reading the tree.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A file, by its path from the root of the workspace.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// Whether it is compiled for tests only.
    pub(crate) fn is_test(&self) -> bool {
        const PLACES: [&str; 3] = ["/tests/", "/tests.rs", "/src/testing/"];
        self.path.starts_with("tests/") || PLACES.iter().any(|place| self.path.contains(place))
    }

    /// The text without comment lines.
    pub(crate) fn code(&self) -> String {
        self.text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Every text file of the tree that is ours: no build output, no tools, no lock file.
pub(crate) fn text_files() -> Vec<File> {
    let root = root();
    WalkDir::new(&root)
        .into_iter()
        .filter_entry(|entry| !matches!(entry.file_name().to_str(), Some("target" | ".tools" | ".git")))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != "Cargo.lock")
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(&root).unwrap().to_str()?.to_owned();
            Some(File { path, text: fs::read_to_string(entry.path()).ok()? })
        })
        .collect()
}

/// What the folder `events` holds, by paths from the root.
pub(crate) fn event_files() -> Vec<String> {
    let root = root();
    let entries = WalkDir::new(root.join("events")).into_iter().map(|entry| entry.expect("a readable folder"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.path().strip_prefix(&root).unwrap().to_string_lossy().into_owned()).collect()
}

pub(crate) fn rust_files() -> Vec<File> {
    text_files().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// The dependencies of a crate, those of one platform included and those of its tests not.
pub(crate) fn dependencies(krate: &str) -> Vec<String> {
    let found = dependencies_in(&read(&format!("crates/{krate}/Cargo.toml")));
    assert!(!found.is_empty(), "crates/{krate}/Cargo.toml has no dependencies that are understood here");
    found
}

/// The names in every `[dependencies]` and `[target.….dependencies]` of a manifest, as entries or as tables of their
/// own, and the packages that they stand for where they are renamed.
pub(crate) fn dependencies_in(manifest: &str) -> Vec<String> {
    let bare = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    let (mut found, mut listed, mut own) = (Vec::new(), false, false);
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.rsplit_once(']')).map(|(header, _)| header) {
            let of_a_platform = || Some(header.strip_prefix("target.")?.rsplit_once(".dependencies")?.1);
            let rest = header.strip_prefix("dependencies").or_else(of_a_platform);
            let name = rest.and_then(|rest| rest.strip_prefix('.'));
            (listed, own) = (rest == Some(""), name.is_some());
            found.extend(name.map(bare));
        } else if let Some((name, value)) = line.split_once('=') {
            if listed {
                found.extend(name.split('.').next().map(bare));
            }
            let package = if own && name.trim() == "package" {
                Some(value)
            } else {
                value.split("package =").nth(1).filter(|_| listed)
            };
            found.extend(package.and_then(|text| text.split('"').nth(1)).map(str::to_owned));
        }
    }
    found
}

/// Those of them that are crates of this workspace.
pub(crate) fn own_dependencies(krate: &str) -> Vec<String> {
    dependencies(krate).into_iter().filter(|name| exists(&format!("crates/{name}/Cargo.toml"))).collect()
}

/// Paths in back-ticks or in links that begin in a folder of the tree.
pub(crate) fn named_paths(text: &str) -> Vec<String> {
    const FOLDERS: [&str; 5] = ["crates/", "docs/", "events/", "infra/", "tests/"];
    text.split(['`', '(', ')'])
        .filter(|piece| FOLDERS.iter().any(|folder| piece.starts_with(folder)))
        .filter(|piece| !piece.contains([' ', '*', '{', '<', '\n']) && !piece.contains("NAME"))
        .map(|piece| piece.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

/// Targets in back-ticked `make …` commands.
pub(crate) fn named_targets(text: &str) -> Vec<String> {
    text.split('`')
        .filter_map(|piece| piece.strip_prefix("make "))
        .flat_map(|rest| rest.split(' ').take_while(|word| !word.contains('=')).map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'))
        .collect()
}

/// Ids of access keys of users, which do not end by themselves (those of sessions begin with `ASIA`), and what would make one.
pub(crate) fn long_lived_keys(text: &str) -> Vec<String> {
    let word = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    let ids = text.split(|letter: char| !word(letter));
    let ids = ids.filter(|id| id.len() == 20 && id.starts_with(concat!("AK", "IA"))).map(str::to_owned);
    let makers = [concat!("AWS::IAM", "::AccessKey"), concat!("Create", "AccessKey"), concat!("create-", "access-key")];
    ids.chain(makers.iter().filter(|maker| text.contains(*maker)).map(|maker| (*maker).to_owned())).collect()
}
