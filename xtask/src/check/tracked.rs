//! What must never be committed, and how large a file may grow.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::run;
use crate::workspace::Workspace;

/// Lines of code a Rust file may have, tests at its end not counted.
const RUST_LINES_MAX: usize = 400;
/// Smaller files may well be equal by chance.
const COMPARED_BYTES_MIN: usize = 64;

/// Texts that have no place in the repository, with the reason. Split where they would otherwise find themselves here.
const FORBIDDEN: [(&str, &str); 8] = [
    (
        concat!("OSF.", "_OfficeAppFactory"),
        "text of office.js, which is Microsoft's",
    ),
    (concat!(" /", "work/"), "a path of one machine"),
    (concat!("\"/", "root/"), "a path of one machine"),
    (concat!("arti", "factory"), "a registry of one network"),
    (
        concat!("\"resolved\": \"", "http"),
        "a registry address in a lock file",
    ),
    (
        concat!("#[", "allow("),
        "an exception without a reason: #[expect(lint, reason = \"…\")] it",
    ),
    (concat!("to", "do!("), "something not written yet"),
    (concat!("<<<<", "<<< "), "an unsolved merge"),
];

/// Names every offending file at once.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let foreign = foreign_files(&workspace.path("../shared"))?;
    let mut complaints = Vec::new();
    for path in tracked_files(workspace)? {
        let Ok(content) = fs::read(workspace.root.join(&path)) else {
            continue;
        };
        inspect(&path, &content, &foreign, &mut complaints);
    }
    if complaints.is_empty() {
        return Ok(());
    }
    bail!(
        "these must not be committed:\n  {}",
        complaints.join("\n  ")
    )
}

/// Files git knows, plus those it would add.
pub(crate) fn tracked_files(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let list = run::read(Command::new("git").current_dir(&workspace.root).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    Ok(list.lines().map(PathBuf::from).collect())
}

fn inspect(
    path: &Path,
    content: &[u8],
    foreign: &HashMap<Vec<u8>, PathBuf>,
    complaints: &mut Vec<String>,
) {
    let shown = path.display();
    if path
        .components()
        .any(|part| part.as_os_str() == "node_modules" || part.as_os_str() == ".venv")
    {
        complaints.push(format!("{shown}: installed, not written here"));
    }
    if let Some(original) = foreign.get(content) {
        complaints.push(format!("{shown}: a copy of {}", original.display()));
    }
    let Ok(text) = std::str::from_utf8(content) else {
        return;
    };
    for (forbidden, reason) in FORBIDDEN {
        if let Some(line) = text.lines().position(|line| line.contains(forbidden)) {
            complaints.push(format!("{shown}:{}: {reason}", line + 1));
        }
    }
    if path.extension().is_some_and(|extension| extension == "rs")
        && code_lines(text) > RUST_LINES_MAX
    {
        complaints.push(format!(
            "{shown}: {} lines of code, at most {RUST_LINES_MAX}",
            code_lines(text)
        ));
    }
}

/// Lines that are neither blank nor comments, up to the tests.
fn code_lines(text: &str) -> usize {
    let before_tests = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    before_tests
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

/// Material that may be read but not copied, by content; empty where this machine has none.
fn foreign_files(folder: &Path) -> Result<HashMap<Vec<u8>, PathBuf>> {
    let mut files = HashMap::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let content = fs::read(entry.path())?;
            if content.len() >= COMPARED_BYTES_MIN {
                files.insert(content, entry.path().strip_prefix(folder)?.to_owned());
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints_about(path: &str, text: &str) -> Vec<String> {
        let foreign = HashMap::from([(
            "a reference text".as_bytes().to_vec(),
            PathBuf::from("reference.md"),
        )]);
        let mut complaints = Vec::new();
        inspect(Path::new(path), text.as_bytes(), &foreign, &mut complaints);
        complaints
    }

    #[test]
    fn an_ordinary_file_is_let_through() {
        assert!(complaints_about("server/src/main.rs", "fn main() {}\n").is_empty());
    }

    #[test]
    fn a_copy_of_reference_material_is_named_with_its_original() {
        assert_eq!(
            complaints_about("docs/x.md", "a reference text"),
            ["docs/x.md: a copy of reference.md"]
        );
    }

    #[test]
    fn installed_packages_are_refused() {
        assert_eq!(complaints_about("end2end/node_modules/a.js", "1").len(), 1);
    }

    #[test]
    fn a_forbidden_text_is_reported_with_its_line() {
        let text = format!("one\n{}dead_code)]\n", concat!("#[", "allow("));
        let complaints = complaints_about("app/src/lib.rs", &text);
        assert!(
            complaints[0].starts_with("app/src/lib.rs:2:"),
            "{complaints:?}"
        );
    }

    #[test]
    fn tests_and_comments_do_not_count_towards_the_length_of_a_file() {
        let comments = "// a comment\n".repeat(500);
        let tests = format!(
            "#[cfg(test)]\nmod tests {{\n{}}}\n",
            "fn x() {}\n".repeat(500)
        );
        assert_eq!(code_lines(&format!("{comments}fn main() {{}}\n{tests}")), 1);
    }
}
