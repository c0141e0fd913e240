//! The script that loads the parts, made one with the dashboard's own.
//!
//! The tool that splits writes a module beside the script that wasm-bindgen writes, and each imports the other.
//! As two files they would be fetched one after the other; joined, nothing is fetched but the parts. Each part
//! is then named by its hash, and the browser takes no other bytes for it.

use std::path::Path;

use crate::error::Error;

/// A wasm file that is loaded when it is needed.
pub struct Part {
    /// Its file, as the tool that splits has named it.
    pub piece: String,
    /// Its file in the build.
    pub name: String,
    pub integrity: String,
}

/// `split_food.wasm` holds what only `food` needs, `chunk_7.wasm` what several parts need.
pub fn part_name(piece: &Path) -> Option<String> {
    let name = piece.file_name()?.to_str()?.strip_suffix(".wasm")?;
    let shared = || name.strip_prefix("chunk_").map(|number| format!("shared{number}"));
    name.strip_prefix("split_").map(str::to_owned).or_else(shared)
}

/// `script` as wasm-bindgen has written it, `link` as the tool that splits has.
pub fn join(script: &str, link: &str, parts: &[Part]) -> Result<String, Error> {
    const LINK: &str = "\"./__wasm_split.js\"";
    let link = own(link, parts)?;
    let loaders: Vec<_> = link
        .lines()
        .filter_map(|line| line.strip_prefix("const __wasm_split_load_")?.split_once(' '))
        .map(|(part, _)| format!("__wasm_split_load_{part}"))
        .collect();
    // One import and one entry a loader, all of the same module.
    let is_import = |line: &&str| line.starts_with("import * as ") && line.ends_with(LINK);
    let is_entry = |line: &&str| line.trim_start().starts_with(LINK);
    let imports = script.lines().filter(is_import).count();
    if loaders.is_empty() || imports == 0 || imports != script.lines().filter(is_entry).count() {
        return Err(unknown("the imports of the loaders"));
    }
    let mut entry = Some(format!("        {LINK}: {{ {} }},", loaders.join(", ")));
    let lines = script.lines().filter(|line| !is_import(line));
    let lines = lines.filter_map(|line| if is_entry(&line) { entry.take() } else { Some(line.to_owned()) });
    Ok(format!("{link}{}\n", lines.collect::<Vec<_>>().join("\n")))
}

/// The loaders without imports and exports, and with the names and hashes of our files.
fn own(link: &str, parts: &[Part]) -> Result<String, Error> {
    let import = "import { initSync } from \"./latido.js\";";
    let link = link.strip_prefix(import).ok_or_else(|| unknown("the import of the dashboard's script"))?;
    let mut link = link.trim_start().replace("export const ", "const ");
    for Part { piece, name, integrity } in parts {
        let before = format!("fetch(new URL(\"./{piece}\", import.meta.url))");
        let after =
            format!("fetch(new URL(\"./{name}\", import.meta.url), {{ integrity: \"{integrity}\" }})");
        if !link.contains(&before) {
            return Err(unknown(&format!("the place where {piece} is loaded")));
        }
        link = link.replace(&before, &after);
    }
    // Whatever is fetched is fetched by its hash.
    if link.matches("fetch(").count() != parts.len() {
        return Err(unknown("which files are loaded"));
    }
    Ok(link)
}

fn unknown(what: &str) -> Error {
    Error::Missing {
        what: format!("{what}, in what the tools have written in target/web/split"),
        advice: "xtask/src/split/loader.rs has to agree with the versions of wasm-bindgen and wasm-split."
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "\
import * as import1 from \"./__wasm_split.js\"
import * as import2 from \"./__wasm_split.js\"

function __wbg_get_imports() {
    return {
        \"./latido_bg.js\": import0,
        \"./__wasm_split.js\": import1,
        \"./__wasm_split.js\": import2,
    };
}
";
    const LINK: &str = "\
import { initSync } from \"./latido.js\";

const __chunk_3 = makeLoad(() => fetch(new URL(\"./chunk_3.wasm\", import.meta.url)), []);
export const __wasm_split_load_a = makeLoad(() => fetch(new URL(\"./split_a.wasm\", import.meta.url)), [__chunk_3]);
export const __wasm_split_load_b = makeLoad(() => async (_imp) => ({}), [__chunk_3]);
";

    fn part(piece: &str, name: &str, integrity: &str) -> Part {
        Part { piece: piece.into(), name: name.into(), integrity: integrity.into() }
    }

    fn parts() -> [Part; 2] {
        [
            part("chunk_3.wasm", "part-shared3-1.wasm", "sha256-C"),
            part("split_a.wasm", "part-a-1.wasm", "sha256-A"),
        ]
    }

    #[test]
    fn script_and_loaders_become_one() {
        let joined = join(SCRIPT, LINK, &parts()).expect("joined");
        let expected = "\
const __chunk_3 = makeLoad(() => fetch(new URL(\"./part-shared3-1.wasm\", import.meta.url), { integrity: \"sha256-C\" }), []);
const __wasm_split_load_a = makeLoad(() => fetch(new URL(\"./part-a-1.wasm\", import.meta.url), { integrity: \"sha256-A\" }), [__chunk_3]);
const __wasm_split_load_b = makeLoad(() => async (_imp) => ({}), [__chunk_3]);

function __wbg_get_imports() {
    return {
        \"./latido_bg.js\": import0,
        \"./__wasm_split.js\": { __wasm_split_load_a, __wasm_split_load_b },
    };
}
";
        assert_eq!(joined, expected);
    }

    #[test]
    fn refuses_a_chunk_without_its_hash() {
        let [_, a] = parts();
        let error = join(SCRIPT, LINK, &[a]).expect_err("chunk_3 has no hash").to_string();
        assert!(error.contains("which files are loaded"), "{error}");
    }

    #[test]
    fn a_part_that_nothing_loads_is_not_built() {
        let [shared, a] = parts();
        let lost = part("split_c.wasm", "part-c-1.wasm", "sha256-C");
        let error = join(SCRIPT, LINK, &[shared, a, lost]).expect_err("nothing loads c").to_string();
        assert!(error.contains("split_c.wasm"), "{error}");
    }

    #[test]
    fn pieces_are_told_from_the_rest() {
        let name = |piece: &str| part_name(Path::new(piece));
        assert_eq!(name("pieces/split_record_form.wasm").as_deref(), Some("record_form"));
        assert_eq!(name("pieces/chunk_12.wasm").as_deref(), Some("shared12"));
        assert_eq!(name("pieces/latido.wasm"), None);
        assert_eq!(name("pieces/__wasm_split.js"), None);
    }
}
