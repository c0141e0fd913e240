//! Which floor of a crate may use which: the table in the documentation of its root file, top floor first.
//!
//! ```text
//! //! | floor | modules | may use |
//! //! |---|---|---|
//! //! | features | `features`: one folder a page | ui and below |
//! //! | ui | `ui` | `data`, `i18n::strings` |
//! //! | data | `data`, `i18n` | |
//! ```
//!
//! In both cells, names in backticks are modules. `may use` also takes names of floors, `NAME and below` and
//! `all below`.

use crate::{source::Crate, tokens::Module};

pub struct Floors(Vec<Floor>);

struct Floor {
    name: String,
    modules: Vec<Module>,
    may_use: String,
}

impl Floors {
    /// `None` where the file has no such table.
    pub fn parse(root_file: &str) -> Option<Self> {
        let mut lines = root_file.lines().filter_map(|line| line.strip_prefix("//!")).map(str::trim);
        lines.find(|line| cells(line).is_some_and(|cells| cells == ["floor", "modules", "may use"]))?;
        let floors = lines.skip(1).map_while(cells).filter_map(|cells| match &cells[..] {
            [name, modules, may_use] => Some(Floor {
                name: name.trim_matches('`').to_owned(),
                modules: quoted(modules),
                may_use: may_use.clone(),
            }),
            _ => None,
        });
        Some(Self(floors.collect()))
    }

    /// What is wrong with the crate, a line each.
    pub fn violations(&self, read: &Crate) -> Vec<String> {
        let unlisted = read.modules().filter(|module| !module.is_empty() && self.of(module).is_none());
        let mut wrong: Vec<_> =
            unlisted.map(|module| format!("{} is on no floor", read.file(module))).collect();
        for (from, targets) in read.imports() {
            for to in targets {
                if let (Some(floor), Some(target)) = (self.of(&from), self.of(&to))
                    && !self.may_use(floor, target, &to)
                {
                    let [floor, target] = [floor, target].map(|floor| &self.0[floor].name);
                    wrong.push(format!(
                        "{} ({floor}) imports {} ({target})",
                        read.file(&from),
                        read.file(&to)
                    ));
                }
            }
        }
        wrong
    }

    /// The floor with the most exact module that holds this one.
    fn of(&self, module: &Module) -> Option<usize> {
        let floors = self.0.iter().enumerate();
        let holding = floors.flat_map(|(at, floor)| floor.modules.iter().map(move |held| (held, at)));
        let holding = holding.filter(|(held, _)| module.starts_with(held));
        holding.max_by_key(|(held, _)| held.len()).map(|(_, at)| at)
    }

    /// Whether a floor may use a module on the floor `target`.
    fn may_use(&self, floor: usize, target: usize, module: &Module) -> bool {
        let may_use = &self.0[floor].may_use;
        let named = |part: &str| match part.trim().strip_suffix(" and below") {
            Some(top) => self.0.iter().position(|floor| floor.name == top).is_some_and(|top| target >= top),
            None => part.trim() == self.0[target].name || part.trim() == "all below" && target > floor,
        };
        floor == target
            || may_use.split(',').any(named)
            || quoted(may_use).iter().any(|allowed| module.starts_with(allowed))
    }
}

fn cells(line: &str) -> Option<Vec<String>> {
    let row = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(row.split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// The modules in backticks, as `` `http` `` or `` [`http::extract`] ``.
fn quoted(cell: &str) -> Vec<Module> {
    let names = cell.split('`').skip(1).step_by(2);
    names.map(|name| name.split("::").map(str::to_owned).collect()).collect()
}
