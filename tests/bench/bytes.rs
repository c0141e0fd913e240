//! What the first page's bytes are: a table by crate. `bytes NAMED_WASM DIST TABLE`, see `cargo xtask bench bytes`.
//!
//! A function counts for the crate that its name begins with, which is where it is written: `Vec`'s own code for a
//! type of ours is `alloc`'s, the code of a trait of ours for any type is ours. What a function is worth compressed
//! cannot be measured by itself, so every kind of wasm shares the compressed size as it shares the size.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be counted has no other answer")]

use std::{collections::BTreeMap, env, fmt::Write, fs, ops::Range, path::Path};

use latido_e2e::dist::Weight;
use rustc_demangle::demangle;
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// Crates with less of the wasm than this are summed, in kilobytes of it.
const LEAST_KB: f64 = 3.0;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [named, dist, table] = arguments.as_slice() else { panic!("bytes NAMED_WASM DIST TABLE") };
    let parts = parts(&fs::read(named).expect("the wasm with names"));
    let weight = Weight::of(Path::new(dist));
    fs::write(table, written(&parts, &weight)).expect("the table is written");
}

/// Bytes of the wasm by what they are.
fn parts(wasm: &[u8]) -> BTreeMap<String, usize> {
    let (mut imported, mut bodies, mut names) = (0_u32, Vec::new(), BTreeMap::new());
    let mut parts = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("a sound module") {
            Payload::ImportSection(imports) => {
                imported = imports.into_imports().filter(is_function).count() as u32;
            }
            Payload::CodeSectionEntry(body) => bodies.push(length(&body.range())),
            Payload::DataSection(data) => {
                parts.insert("data: texts, tables".to_owned(), length(&data.range()));
            }
            Payload::CustomSection(custom) => {
                if let KnownCustom::Name(sections) = custom.as_known() {
                    for section in sections {
                        if let Name::Function(functions) = section.expect("names") {
                            names = functions
                                .into_iter()
                                .map(|naming| {
                                    naming
                                        .map(|naming| (naming.index, naming.name.to_owned()))
                                        .expect("a name")
                                })
                                .collect();
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (place, bytes) in (imported..).zip(bodies) {
        let name = names.get(&place).map_or("", String::as_str);
        *parts.entry(crate_of(name)).or_default() += bytes;
    }
    parts
}

fn length(range: &Range<u64>) -> usize {
    usize::try_from(range.end - range.start).expect("less than the file")
}

fn is_function(import: &Result<wasmparser::Import<'_>, wasmparser::BinaryReaderError>) -> bool {
    matches!(import, Ok(import) if matches!(import.ty, wasmparser::TypeRef::Func(_)))
}

/// The crate that the first path of a name begins with. A name may have the crate's hash behind it: `core[70defc23]::`.
fn crate_of(name: &str) -> String {
    let name: String = format!("{:#}", demangle(name))
        .split_inclusive(']')
        .map(|piece| match piece.rsplit_once('[') {
            Some((before, hash))
                if hash.len() > 8 && hash.trim_end_matches(']').chars().all(|c| c.is_ascii_hexdigit()) =>
            {
                before
            }
            _ => piece,
        })
        .collect();
    let words = name.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':');
    let path = words.into_iter().find(|word| word.contains("::") && !word.starts_with(':'));
    let found = path.and_then(|path| path.split("::").next()).unwrap_or("glue of the compiler's");
    match found {
        "core" | "alloc" | "std" | "dlmalloc" | "hashbrown" => "Rust's own library".to_owned(),
        other => other.to_owned(),
    }
}

fn written(parts: &BTreeMap<String, usize>, weight: &Weight) -> String {
    let kb = |bytes: f64| format!("{:.1} kB", bytes / 1000.0);
    let sum = |ending: &str| -> f64 {
        let files = weight.needed.iter().filter(|(name, _)| name.ends_with(ending));
        files.map(|(_, bytes)| *bytes as f64).sum()
    };
    let (wasm, code) = (sum(".wasm"), parts.values().sum::<usize>() as f64);
    let mut rows: Vec<_> = parts.iter().map(|(name, bytes)| (name.as_str(), *bytes as f64)).collect();
    let others: f64 =
        rows.iter().filter(|(_, bytes)| *bytes < LEAST_KB * 1000.0).map(|(_, bytes)| bytes).sum();
    rows.retain(|(_, bytes)| *bytes >= LEAST_KB * 1000.0);
    rows.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    rows.push(("all others", others));

    let mut table = "\n| The first page | as it is | compressed |\n|---|---|---|\n".to_owned();
    for (name, bytes) in rows {
        let name = if name.contains(' ') { name.to_owned() } else { format!("`{name}`") };
        writeln!(table, "| {name} | {} | {} |", kb(bytes), kb(bytes / code * wasm)).unwrap();
    }
    for (name, ending) in [("script", ".js"), ("page, with its styles and icons", ".html")] {
        writeln!(table, "| {name} | | {} |", kb(sum(ending))).unwrap();
    }
    let all: f64 = weight.needed.iter().map(|(_, bytes)| *bytes as f64).sum();
    writeln!(table, "| **in all** | | **{}** |", kb(all)).unwrap();
    table
}
