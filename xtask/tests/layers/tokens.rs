//! The names that one file uses: paths, public re-exports and the modules it declares.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Path of a module below its crate, as `["store", "sqlite"]`. The crate's root is empty.
pub type Module = Vec<String>;

/// Every path is absolute below the crate. A path into another crate is read as one below the module itself, where
/// it names nothing but that module.
#[derive(Default)]
pub struct Names {
    pub paths: BTreeSet<Module>,
    /// `pub use path as name`.
    pub exports: BTreeMap<String, Module>,
    /// Modules in files of their own, each with the file of its `#[path]`.
    pub children: Vec<(String, Option<String>)>,
    /// Identifiers outside of imports.
    used: BTreeSet<String>,
}

impl Names {
    pub fn read(tokens: TokenStream, module: &Module) -> Self {
        let mut names = Self::default();
        names.items(tokens, module);
        // A file that also uses what it re-exports depends on it.
        let used = names.exports.iter().filter(|(name, _)| names.used.contains(*name));
        names.paths.extend(used.map(|(_, path)| path.clone()).collect::<Vec<_>>());
        names
    }

    fn items(&mut self, tokens: TokenStream, module: &Module) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            at += if is_test_attribute(rest) {
                2 + item_length(&rest[2..])
            } else if let Some((name, body)) = module_item(rest) {
                match body {
                    None => self.children.push((name, path_attribute(&tokens[..at]))),
                    Some(body) => self.items(body, &[module.clone(), vec![name]].concat()),
                }
                3
            } else if is_word(rest.first(), "use") {
                let length = item_length(rest);
                let public = is_word(at.checked_sub(1).map(|before| &tokens[before]), "pub")
                    || at >= 2 && is_word(tokens.get(at - 2), "pub");
                self.import(&rest[1..length], module, public);
                length
            } else if let Some((path, length)) = path(rest) {
                self.used.insert(path[0].clone());
                if path.len() > 1 {
                    self.paths.insert(absolute(&path, module));
                }
                length
            } else {
                if let Some(TokenTree::Group(group)) = rest.first() {
                    self.items(group.stream(), module);
                }
                1
            };
        }
    }

    fn import(&mut self, tree: &[TokenTree], module: &Module, public: bool) {
        for (path, name) in leaves(tree, &[]) {
            let path = absolute(&path, module);
            if public && name != "*" {
                self.exports.insert(name, path);
            } else {
                self.paths.insert(path);
            }
        }
    }
}

/// The paths of a `use` tree, each with the name that it gets.
fn leaves(tree: &[TokenTree], before: &[String]) -> Vec<(Module, String)> {
    let branches = tree.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    branches.flat_map(|branch| leaf(branch, before)).collect()
}

fn leaf(branch: &[TokenTree], before: &[String]) -> Vec<(Module, String)> {
    let mut path = before.to_vec();
    let mut name = before.last().cloned();
    let mut tokens = branch.iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                return leaves(&group.stream().into_iter().collect::<Vec<_>>(), &path);
            }
            TokenTree::Ident(word) if word == "as" => name = tokens.next().map(ToString::to_string),
            TokenTree::Ident(word) if word == "self" && !path.is_empty() => {}
            TokenTree::Ident(word) => {
                path.push(word.to_string());
                name = path.last().cloned();
            }
            TokenTree::Punct(punct) if punct.as_char() == '*' => name = Some("*".to_owned()),
            _ => {}
        }
    }
    name.filter(|_| path.len() > before.len() || !before.is_empty())
        .filter(|_| !branch.is_empty())
        .map(|name| (path, name))
        .into_iter()
        .collect()
}

fn absolute(path: &[String], module: &Module) -> Module {
    let mut base = module.clone();
    let mut rest = path;
    while let Some((first, following)) = rest.split_first() {
        match first.as_str() {
            "crate" => base.clear(),
            "super" => drop(base.pop()),
            "self" => {}
            _ => break,
        }
        rest = following;
    }
    base.extend_from_slice(rest);
    base
}

/// `a::b::c`, or one word, and how many tokens it takes.
fn path(tokens: &[TokenTree]) -> Option<(Module, usize)> {
    let TokenTree::Ident(first) = tokens.first()? else { return None };
    let mut path = vec![first.to_string()];
    let mut length = 1;
    while let [TokenTree::Punct(one), TokenTree::Punct(two), TokenTree::Ident(word), ..] = &tokens[length..] {
        if one.as_char() != ':' || two.as_char() != ':' {
            break;
        }
        path.push(word.to_string());
        length += 3;
    }
    Some((path, length))
}

/// `mod name;` or `mod name { body }`.
fn module_item(tokens: &[TokenTree]) -> Option<(String, Option<TokenStream>)> {
    let [TokenTree::Ident(keyword), TokenTree::Ident(name), body, ..] = tokens else { return None };
    if keyword != "mod" {
        return None;
    }
    match body {
        TokenTree::Group(group) => Some((name.to_string(), Some(group.stream()))),
        TokenTree::Punct(end) if end.as_char() == ';' => Some((name.to_string(), None)),
        _ => None,
    }
}

/// The file that `#[path = "…"]` names, where the tokens end with it.
fn path_attribute(tokens: &[TokenTree]) -> Option<String> {
    let [.., TokenTree::Punct(hash), TokenTree::Group(attribute)] = tokens else { return None };
    let text = attribute.stream().to_string();
    let file = text.strip_prefix("path = \"")?.strip_suffix('"')?;
    (hash.as_char() == '#').then(|| file.to_owned())
}

/// `#[cfg(test)]`, `#[cfg(all(test, …))]`
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(attribute), ..] = tokens else { return false };
    let text = attribute.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && (text == "cfg(test)" || text.starts_with("cfg(all(test,"))
}

/// Up to and with the semicolon or the braces that end an item. Braces of a `use` do not end it.
fn item_length(tokens: &[TokenTree]) -> usize {
    let is_import = tokens.iter().take(3).any(|token| is_word(Some(token), "use"));
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_import,
        _ => false,
    };
    tokens.iter().position(ends).map_or(tokens.len(), |end| end + 1)
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}
