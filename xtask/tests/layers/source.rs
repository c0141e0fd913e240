//! The import graph of one crate: which file names which other file, read from the tokens of its source.
//!
//! Tokens rather than lines, so that imports in braces, paths in expressions and paths inside `view!` count alike.
//! Left out are comments, strings and everything under `#[cfg(test)]`: a test may name whatever it tests. A
//! `pub use` is transparent: an import of the name depends on the file that defines it, not on the façade.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use proc_macro2::TokenStream;

use crate::tokens::{Module, Names};

pub struct Crate {
    /// The file of each module, relative to the repository.
    files: BTreeMap<Module, PathBuf>,
    names: BTreeMap<Module, Names>,
}

impl Crate {
    /// Reads the crate whose root file is `file`, relative to the repository's `root`.
    pub fn read(root: &Path, file: &Path) -> Self {
        let mut read = Self { files: BTreeMap::new(), names: BTreeMap::new() };
        read.read_file(root, root.join(file), Vec::new());
        read
    }

    fn read_file(&mut self, root: &Path, path: PathBuf, module: Module) {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let tokens = TokenStream::from_str(&text);
        let tokens = tokens.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let names = Names::read(tokens, &module);
        let is_root = module.is_empty();
        let folder = match path.file_stem().and_then(|stem| stem.to_str()) {
            Some(stem) if is_root || stem == "mod" => path.parent().unwrap().to_path_buf(),
            _ => path.with_extension(""),
        };
        for (child, file) in &names.children {
            let beside = folder.join(child).with_extension("rs");
            let file = match file {
                Some(file) => path.with_file_name(file).canonicalize().unwrap(),
                None if beside.is_file() => beside,
                None => folder.join(child).join("mod.rs"),
            };
            self.read_file(root, file, [module.clone(), vec![child.clone()]].concat());
        }
        self.files.insert(module.clone(), path.strip_prefix(root).unwrap().to_path_buf());
        self.names.insert(module, names);
    }

    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.files.keys()
    }

    pub fn file(&self, module: &Module) -> String {
        self.files[module].display().to_string()
    }

    /// For every module, the other modules of this crate that it depends on.
    pub fn imports(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of = |(module, names): (&Module, &Names)| {
            let found = names.paths.iter().filter_map(|path| self.resolve(path, 0));
            (module.clone(), found.filter(|found| found != module).collect())
        };
        self.names.iter().map(of).collect()
    }

    /// The module that defines what a path names.
    fn resolve(&self, path: &[String], depth: usize) -> Option<Module> {
        let is_module = |length: &usize| self.files.contains_key(&path[..*length]);
        let length = (0..=path.len()).rev().find(is_module)?;
        let (module, rest) = path.split_at(length);
        let export = rest.first().and_then(|name| self.names[module].exports.get(name));
        match export {
            // Re-exports of re-exports; a longer chain is a circle of its own.
            Some(target) if depth < 8 => self.resolve(&[target, &rest[1..]].concat(), depth + 1),
            _ => Some(module.to_vec()),
        }
    }
}
