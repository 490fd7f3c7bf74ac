//! `docs/statements.md` against the ids that there are and the tests that it names.

use std::collections::BTreeMap;

use crate::files;

const DOCUMENT: &str = "docs/statements.md";

/// Families of ids, and how many each has: their numbers begin at 01 and have no gaps.
const FAMILIES: [(&str, usize); 12] = [
    ("J", 24),
    ("I", 9),
    ("O", 11),
    ("X", 5),
    ("C", 16),
    ("M", 15),
    ("D", 4),
    ("A", 9),
    ("S", 9),
    ("F", 20),
    ("R", 10),
    ("B", 36),
];

/// The lists of OWASP name their risks themselves. Those of the list for models and for MCP that have a line of their own.
const OWASP: [&str; 12] =
    ["ASI01", "ASI02", "ASI03", "ASI04", "ASI05", "ASI06", "ASI07", "ASI08", "ASI09", "ASI10", "LLM02", "MCP10"];

/// One row of a table.
struct Row {
    id: String,
    /// Statement, source, and by what it is held.
    cells: Vec<String>,
}

impl Row {
    /// Files and functions in back-ticks.
    fn tests(&self) -> Vec<(&str, &str)> {
        let last = self.cells.last().map_or("", String::as_str);
        last.split('`').skip(1).step_by(2).filter_map(|piece| piece.split_once('#')).collect()
    }

    /// What the last cell says besides tests.
    fn reason(&self) -> String {
        let last = self.cells.last().map_or("", String::as_str);
        last.split('`').step_by(2).collect::<String>().replace("<br>", "")
    }
}

fn rows(document: &str) -> Vec<Row> {
    let lines = document.lines().filter(|line| line.starts_with("| "));
    let cells = lines.map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect());
    let rows = cells.map(|mut cells: Vec<String>| Row { id: cells.remove(0), cells });
    rows.filter(|row| row.id != "id").collect()
}

fn ids() -> Vec<String> {
    let numbered = |(family, count): (&str, usize)| (1..=count).map(|number| format!("{family}{number:02}")).collect();
    let families: Vec<Vec<String>> = FAMILIES.map(numbered).into();
    families.concat().into_iter().chain(OWASP.map(str::to_owned)).collect()
}

/// Whether `source` has a test of this name: a function with an attribute of tests above it.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let starts = [format!("fn {name}("), format!("async fn {name}(")];
    lines.iter().enumerate().any(|(number, line)| {
        let above = lines.iter().take(number).rev();
        let mut attributes = above.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        starts.iter().any(|start| line.starts_with(start)) && attributes.any(|line| line.contains("test"))
    })
}

/// All that is wrong with a document.
fn problems(document: &str, ids: &[String], source_of: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let (rows, mut problems) = (rows(document), Vec::new());
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *seen.entry(&row.id).or_default() += 1;
        if !ids.contains(&row.id) {
            problems.push(format!("{} is no statement", row.id));
        }
        if row.cells.len() != 3 || row.cells.iter().any(String::is_empty) {
            problems.push(format!("{} has not its four cells", row.id));
        }
        if row.tests().is_empty() && row.reason().is_empty() {
            problems.push(format!("{} has neither a test nor a reason", row.id));
        }
        for (path, name) in row.tests() {
            match source_of(path) {
                None => problems.push(format!("{} names {path}, which does not exist", row.id)),
                Some(source) if !has_test(&source, name) => {
                    problems.push(format!("{}: {path} has no test {name}", row.id))
                }
                Some(_) => {}
            }
        }
    }
    for id in ids {
        match seen.get(id.as_str()) {
            None => problems.push(format!("{id} is missing")),
            Some(1) => {}
            Some(_) => problems.push(format!("{id} is there twice")),
        }
    }
    problems
}

#[test]
fn every_statement_is_there_once_with_tests_that_exist_or_a_reason() {
    let (document, ids) = (files::read(DOCUMENT), ids());
    let source_of = |path: &str| files::exists(path).then(|| files::read(path));
    assert_eq!(problems(&document, &ids, source_of), Vec::<String>::new());
    let rows = rows(&document);
    let held = rows.iter().filter(|row| !row.tests().is_empty()).count();
    let limited = rows.iter().filter(|row| !row.tests().is_empty() && !row.reason().is_empty()).count();
    let words = format!(
        "Of {}, {held} are held by tests, {limited} of them with a limit that is told; {} are not",
        ids.len(),
        rows.len() - held
    );
    assert!(document.contains(&words), "the document says other numbers than: {words}");
}

#[test]
fn a_gap_a_twin_and_a_test_that_is_not_are_each_seen() {
    let source = "#[test]\nfn holds() {}\nfn helps() {}\n";
    let of = |rows: &str| {
        let source_of = |path: &str| (path == "tests/a.rs").then(|| source.to_owned());
        problems(&format!("| id | statement |\n|---|---|\n{rows}"), &["J01".to_owned()], source_of)
    };
    let good = "| J01 | It is so. | RFC 1 | `tests/a.rs#holds` |\n";
    assert_eq!(of(good), Vec::<String>::new());
    assert_eq!(of("| J01 | It is so. | RFC 1 | Does not apply. |\n"), Vec::<String>::new());
    assert_eq!(of(""), ["J01 is missing"]);
    assert_eq!(of(&good.repeat(2)), ["J01 is there twice"]);
    assert_eq!(of(&good.replace("holds", "helps")), ["J01: tests/a.rs has no test helps"]);
    assert_eq!(of(&good.replace("holds", "hold")), ["J01: tests/a.rs has no test hold"]);
    assert_eq!(of(&good.replace("a.rs", "b.rs")), ["J01 names tests/b.rs, which does not exist"]);
    assert_eq!(of(&format!("{good}| J02 | It is so. | RFC 1 | A reason. |\n")), ["J02 is no statement"]);
    assert_eq!(of("| J01 | It is so. | RFC 1 |  |\n").len(), 2);
}
