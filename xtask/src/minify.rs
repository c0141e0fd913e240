//! What a browser does not read is not sent: comments, blanks and long names go out of the page's styles and
//! scripts, and comments out of the page. Trunk's own minifiers change what inline scripts do.

use std::{fs, path::Path};

use crate::{
    error::Error,
    tools::esbuild::{Esbuild, Language},
};

/// The folder's page, with the styles and scripts in it, and its stylesheets. The service worker stays as it is
/// written: it is completed later, and no page waits for it.
pub fn folder(esbuild: &Esbuild, dist: &Path) -> Result<(), Error> {
    for entry in dist.read_dir().map_err(Error::at("read", dist))? {
        let path = entry.map_err(Error::at("read", dist))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name == "index.html" {
            rewrite(&path, |page| inline(page, |text, language| esbuild.minify(text, language)))?;
        } else if path.extension().is_some_and(|extension| extension == "css") {
            rewrite(&path, |text| esbuild.minify(text, Language::Css))?;
        }
    }
    Ok(())
}

/// The dashboard's script.
pub fn module(esbuild: &Esbuild, path: &Path) -> Result<(), Error> {
    rewrite(path, |text| esbuild.minify(text, Language::Module))
}

fn rewrite(path: &Path, change: impl FnOnce(&str) -> Result<String, Error>) -> Result<(), Error> {
    let text = fs::read_to_string(path).map_err(Error::at("read", path))?;
    fs::write(path, change(&text)?).map_err(Error::at("write", path))
}

/// The page with other texts in its styles and scripts.
fn inline(
    page: &str,
    mut change: impl FnMut(&str, Language) -> Result<String, Error>,
) -> Result<String, Error> {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((at, tag, language)) = next_element(rest) {
        let close = format!("</{tag}>");
        let Some(open_end) = rest[at..].find('>').map(|end| at + end + 1) else { break };
        let Some(end) = rest[open_end..].find(&close).map(|end| open_end + end) else { break };
        push_without_comments(&mut out, &rest[..open_end]);
        out.push_str(change(&rest[open_end..end], language)?.trim());
        out.push_str(&close);
        rest = &rest[end + close.len()..];
    }
    push_without_comments(&mut out, rest);
    Ok(out)
}

fn push_without_comments(out: &mut String, mut markup: &str) {
    while let Some((before, comment)) = markup.split_once("<!--") {
        let Some((_, behind)) = comment.split_once("-->") else { break };
        out.push_str(before);
        markup = behind.trim_start();
    }
    out.push_str(markup);
}

/// The next style or script that has its text in the page: where it begins, and what it is.
fn next_element(page: &str) -> Option<(usize, &'static str, Language)> {
    let mut found = Vec::new();
    for (open, tag, language) in [
        ("<style", "style", Language::Css),
        ("<script>", "script", Language::Script),
        ("<script type=\"module\">", "script", Language::Module),
    ] {
        found.extend(page.find(open).map(|at| (at, tag, language)));
    }
    found.into_iter().min_by_key(|(at, ..)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minifies_only_styles_and_scripts_of_the_page() {
        let page = "<b>x</b><!-- of <b> -->  <style type=\"text/css\"> a {} </style><script src=\"/y.js\"></script>\
                    <script> let z; </script><script type=\"module\"> w() </script><i>";
        let mut seen = Vec::new();
        let changed = inline(page, |text, language| {
            seen.push((text.trim().to_owned(), language));
            Ok(format!(" {} ", text.trim().to_uppercase()))
        });
        assert_eq!(
            changed.expect("changed"),
            "<b>x</b><style type=\"text/css\">A {}</style><script src=\"/y.js\"></script>\
             <script>LET Z;</script><script type=\"module\">W()</script><i>"
        );
        let languages: Vec<_> = seen.iter().map(|(_, language)| *language).collect();
        assert_eq!(languages, [Language::Css, Language::Script, Language::Module]);
    }
}
