//! Every string of the dashboard is in Spanish and in English, and is used.
//!
//! That no language misses a string is the compiler's to find: the tables are structs. What it cannot see is here.
#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

struct Source {
    path: PathBuf,
    text: String,
}

/// The dashboard's own code, its tests not among it.
fn sources() -> Vec<Source> {
    fn collect(folder: &Path, into: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("web_tests") {
                collect(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                into.push(Source { path, text });
            }
        }
    }
    let mut sources = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../src"), &mut sources);
    sources
}

/// The names of the strings that a table has.
fn fields(text: &str) -> Vec<&str> {
    let Some((_, table)) = text.split_once("Strings {").filter(|(before, _)| is_struct(before)) else {
        return Vec::new();
    };
    let table = table.split_once("\n}").map_or(table, |(table, _)| table);
    let names = table.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(':'));
    names.map(|(name, _)| name).collect()
}

/// Whether a text ends with the beginning of a struct's declaration, as `pub struct Delivery`.
fn is_struct(before: &str) -> bool {
    before.lines().next_back().is_some_and(|line| line.trim_start().starts_with("pub struct "))
}

/// Whether a field of this name is read: `.name`, and not the beginning of a longer one.
fn reads(text: &str, name: &str) -> bool {
    text.split(&format!(".{name}"))
        .skip(1)
        .any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

/// A table and its languages, which may have files of their own beside it.
fn is_table(source: &Source) -> bool {
    source.path.parent().is_some_and(|folder| folder.ends_with("reasons"))
        || source.text.lines().any(|line| line.ends_with("Strings {") && line.contains("Strings = "))
        || !fields(&source.text).is_empty()
}

#[test]
fn every_string_is_used() {
    let sources = sources();
    let mut checked = 0;
    let mut unused = Vec::new();
    for table in &sources {
        for name in fields(&table.text) {
            checked += 1;
            // A table of one page is only read there; that of all pages, anywhere.
            let folder = table.path.parent().unwrap();
            let is_of_all = folder.ends_with("i18n");
            let mut readers = sources.iter().filter(|source| {
                source.path != table.path
                    && (is_of_all || source.path.starts_with(folder) || is_beside(source, folder))
            });
            if !readers.any(|source| reads(&source.text, name)) {
                unused.push(format!("{}: {name}", table.path.display()));
            }
        }
    }
    assert!(checked > 300, "only {checked} strings were found");
    assert!(unused.is_empty(), "unused:\n{}", unused.join("\n"));
}

/// `pages/x.rs` beside `pages/x/strings.rs`.
fn is_beside(source: &Source, folder: &Path) -> bool {
    source.path == folder.with_extension("rs")
}

#[test]
fn no_string_is_empty() {
    let empty: Vec<_> = sources()
        .iter()
        .filter(|source| is_table(source))
        .flat_map(|source| {
            let lines = source.text.lines().filter(|line| line.trim_end().ends_with(": \"\","));
            lines.map(|line| format!("{}: {}", source.path.display(), line.trim())).collect::<Vec<_>>()
        })
        .collect();
    assert!(empty.is_empty(), "{}", empty.join("\n"));
}

/// Text outside of the tables would be in one language only. A language's own name is an exception.
#[test]
fn spanish_text_is_only_in_tables() {
    const SPANISH: &[char] = &['á', 'é', 'í', 'ó', 'ú', 'ñ', '¿', '¡', 'Á', 'É', 'Í', 'Ó', 'Ú', 'Ñ'];
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !is_table(source)) {
        for line in source.text.lines() {
            let code = line.split("//").next().unwrap_or_default();
            if code.replace("\"Español\"", "").contains(SPANISH) {
                found.push(format!("{}: {}", source.path.display(), line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Words that had a better one, and forms of address that only one country uses. Each as it would stand in a string.
const OLD_WORDS: &[&str] = &[
    "Comidas",
    "\"Comida\"",
    "\"Momento\"",
    "Métricas",
    "métricas",
    "\"Metrics",
    "metrics,",
    "ifras ",
    "Proteína ",
    "\"Proteína\"",
    "Hidratos",
    "Grasa ",
    "\"Grasa\"",
    "Carbs",
    "Cómo lo lees",
    "How you read it",
    "Volver a lo mío",
    "Back to mine",
    "cosa de administradores",
    "You may not",
    "Hace falta",
    "\"Needed\"",
    "Reconectar sola",
    "Reconnect by itself",
    "Equipos",
    "equipos",
    " equipment",
    "\"Equipment",
    " W in all",
    "last values heard",
    "session is over",
    "esión ha terminado",
];

/// Verbs and pronouns of *vosotros*, as whole words.
const VOSOTROS: &[&str] = &[
    "os", "vosotros", "vosotras", "vuestro", "vuestra", "vuestros", "vuestras", "habéis", "podéis", "tenéis",
    "queréis", "sois", "estáis", "veis",
];

#[test]
fn no_table_uses_an_old_word() {
    let mut found = Vec::new();
    for table in sources().iter().filter(|source| is_table(source)) {
        // From the first quotation mark on: the name of a string is none of its words.
        let values = table.text.lines().filter_map(|line| line.find('"').and_then(|at| line.get(at..)));
        for line in values {
            let old = OLD_WORDS.iter().filter(|word| line.contains(**word));
            let of_vosotros = VOSOTROS.iter().filter(|word| has_word(line, word));
            found.extend(old.chain(of_vosotros).map(|word| format!("{}: {word}", table.path.display())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_alphabetic()).any(|other| other.to_lowercase() == word)
}

#[test]
fn old_words_are_found_where_they_stand() {
    assert!(has_word("\"Aún no os habéis dicho nada\"", "os") && !has_word("\"todos los días\"", "os"));
}
