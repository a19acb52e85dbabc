//! Finds `covers: FX-17` and `covers part of: FX-17` in the sources of tests, and the name of the test it belongs to.

use std::path::{Path, PathBuf};

const MARKS: [(&str, Extent); 2] = [
    ("covers:", Extent::Whole),
    ("covers part of:", Extent::Part),
];
/// How far below its comment a test's name may stand.
const LINES_TO_NAME_MAX: usize = 40;

/// What a test is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    /// `fn name()`.
    Rust,
    /// `test("title", …)`.
    TypeScript,
}

impl Language {
    /// From a file's extension; `None` for files that hold no tests.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "rs" => Some(Self::Rust),
            "ts" => Some(Self::TypeScript),
            _ => None,
        }
    }
}

/// How much of a row its tests show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// Everything it must show, this test alone or together with others that say so.
    Whole,
    /// Something, while the rest is shown by no test.
    Part,
}

/// One test naming one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cover {
    /// The row.
    pub(crate) id: String,
    /// How much of the row it claims.
    pub(crate) extent: Extent,
    /// The file.
    pub(crate) path: PathBuf,
    /// The test's name or title. `None`: the comment stands before nothing that looks like a test.
    pub(crate) test: Option<String>,
    /// What it is written in.
    pub(crate) language: Language,
}

/// All covers of one file.
pub(crate) fn covers(path: &Path, text: &str, language: Language) -> Vec<Cover> {
    let lines: Vec<&str> = text.lines().collect();
    let mut covers = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((named, extent)) = MARKS
            .into_iter()
            .find_map(|(mark, extent)| Some((line.split_once(mark)?.1, extent)))
        else {
            continue;
        };
        let below = &lines[index..lines.len().min(index + LINES_TO_NAME_MAX)];
        let test = below.iter().find_map(|line| name_in(line, language));
        covers.extend(ids(named).map(|id| Cover {
            id,
            extent,
            path: path.to_owned(),
            test: test.clone(),
            language,
        }));
    }
    covers
}

/// Words such as `FX-17` at the start of what follows the mark.
fn ids(named: &str) -> impl Iterator<Item = String> {
    let words = named
        .split([',', ' ', ')', '"', '\'', '`', '.', ';'])
        .filter(|word| !word.is_empty());
    words.map_while(|word| is_id(word).then(|| word.to_owned()))
}

fn is_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(prefix, number)| {
        !prefix.is_empty()
            && prefix.chars().all(|letter| letter.is_ascii_uppercase())
            && !number.is_empty()
            && number.chars().all(|digit| digit.is_ascii_digit())
    })
}

fn name_in(line: &str, language: Language) -> Option<String> {
    match language {
        Language::Rust => {
            let (_, after) = line.split_once("fn ")?;
            let name: String = after
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            let is_comment = line.trim_start().starts_with("//");
            (!name.is_empty() && !is_comment).then_some(name)
        }
        Language::TypeScript => {
            let after = line.trim_start().strip_prefix("test")?;
            let opening = after.find('(')?;
            let quoted = after[opening + 1..].trim_start();
            let quote = quoted
                .chars()
                .next()
                .filter(|letter| "\"'`".contains(*letter))?;
            quoted[1..].split(quote).next().map(str::to_owned)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> Vec<(String, Option<String>)> {
        let path = Path::new(name);
        let covers = covers(path, text, Language::of(path).unwrap());
        covers
            .into_iter()
            .map(|cover| (cover.id, cover.test))
            .collect()
    }

    #[test]
    fn a_rust_test_is_named_by_the_function_below_its_comment() {
        let text = "/// covers: FX-24, N-01\n#[tokio::test]\nasync fn hold_is_refused() {}\n";
        let test = Some("hold_is_refused".to_owned());
        assert_eq!(
            found("a.rs", text),
            [
                ("FX-24".to_owned(), test.clone()),
                ("N-01".to_owned(), test)
            ]
        );
    }

    #[test]
    fn a_browser_test_is_named_by_its_title_wherever_the_row_stands() {
        let text = "// covers: FX-08\ntest(\"adds a room\", async () => {});\ntest(\"sends (covers: FX-25)\", f);\n";
        let expected = [
            ("FX-08".to_owned(), Some("adds a room".to_owned())),
            ("FX-25".to_owned(), Some("sends (covers: FX-25)".to_owned())),
        ];
        assert_eq!(found("a.spec.ts", text), expected);
    }

    #[test]
    fn a_test_may_show_one_row_whole_and_another_in_part() {
        let text = "/// covers: FX-24\n/// covers part of: N-01 (one winner)\nfn races() {}\n";
        let covers = covers(Path::new("a.rs"), text, Language::Rust);
        let told: Vec<_> = covers
            .iter()
            .map(|cover| (cover.id.as_str(), cover.extent, cover.test.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("FX-24", Extent::Whole, Some("races")),
                ("N-01", Extent::Part, Some("races")),
            ]
        );
    }

    #[test]
    fn prose_after_the_ids_is_not_read() {
        assert_eq!(
            found("a.rs", "/// covers: FX-1 as WX-2 does\nfn f() {}").len(),
            1
        );
    }
}
