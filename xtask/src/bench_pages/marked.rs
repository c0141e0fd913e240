//! The part of a page that is written by measuring.

use std::{fs, path::Path};

use crate::{error::Error, project::Project};

/// The lines that it stands between.
pub struct Marks {
    pub begin: &'static str,
    pub end: &'static str,
}

impl Marks {
    /// Puts what was measured into a page of the project, below a line that says by what.
    pub fn write(&self, project: &Project, page: &str, by: &str, measured: &Path) -> Result<(), Error> {
        let path = project.root().join(page);
        let text = fs::read_to_string(measured).map_err(Error::at("read", measured))?;
        let before = fs::read_to_string(&path).map_err(Error::at("read", &path))?;
        let after =
            self.replace(&before, &format!("{by}\n{}", text.trim_start())).ok_or_else(|| Error::Missing {
                what: format!("the lines `{}` and `{}` in {page}", self.begin, self.end),
                advice: format!(
                    "Restore them: git checkout {page}. The figures are in {}.",
                    measured.display()
                ),
            })?;
        fs::write(&path, after).map_err(Error::at("write", &path))?;
        println!("Written into {page}.");
        Ok(())
    }

    /// The page with something else between the marks; `None` if it has none.
    fn replace(&self, page: &str, measured: &str) -> Option<String> {
        let Self { begin, end } = self;
        let (before, rest) = page.split_once(begin)?;
        let (_, after) = rest.split_once(end)?;
        Some(format!("{before}{begin}\n{measured}{end}{after}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: Marks = Marks { begin: "<!-- these -->", end: "<!-- end of these -->" };

    #[test]
    fn only_what_is_marked_is_replaced() {
        let page = "before\n<!-- these -->\nold\n<!-- end of these -->\nafter\n<!-- others -->\n";
        let expected = "before\n<!-- these -->\nnew\n<!-- end of these -->\nafter\n<!-- others -->\n";
        assert_eq!(MARKS.replace(page, "new\n").as_deref(), Some(expected));
        assert_eq!(MARKS.replace("a page without marks", "new"), None);
    }
}
