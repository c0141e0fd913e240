//! What has changed in the rows of a collection since it was last asked.

use std::rc::Rc;

/// One step from the rows before a change to those after it. Ranks count from the top, from zero.
///
/// Steps build on each other: each names ranks in the list as the steps before it have left it.
#[derive(Clone, Debug, PartialEq)]
pub enum Delta<T> {
    /// A row came to stand at this rank.
    Inserted {
        /// The rank that it stands at.
        at: usize,
        /// The new row.
        row: Rc<T>,
    },
    /// The row at this rank has other content.
    Changed {
        /// Its rank.
        at: usize,
        /// The row as it is now.
        row: Rc<T>,
    },
    /// The row at this rank left.
    Removed {
        /// Its former rank.
        at: usize,
    },
    /// A row left one rank and came to stand at another, in a list without it.
    Moved {
        /// Its former rank.
        from: usize,
        /// Its rank now.
        to: usize,
        /// The row as it is now.
        row: Rc<T>,
    },
}

impl<T> Delta<T> {
    /// Applies the step to a list that mirrors the rows.
    ///
    /// # Panics
    ///
    /// If the list is not as the steps before have left it.
    pub fn apply_to(self, rows: &mut Vec<Rc<T>>) {
        match self {
            Self::Inserted { at, row } => rows.insert(at, row),
            Self::Changed { at, row } => rows[at] = row,
            Self::Removed { at } => drop(rows.remove(at)),
            Self::Moved { from, to, row } => {
                rows.remove(from);
                rows.insert(to, row);
            }
        }
    }
}

/// What a view has to do to show the rows as they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Update<T> {
    /// Take these steps; none if nothing has changed.
    Steps(Vec<Delta<T>>),
    /// Read all rows: after a first response, and where that is cheaper than the steps.
    ReadAll,
}

/// Steps that wait for the view. A hidden tab asks for none, so their number is bounded.
#[derive(Debug)]
pub(super) struct Pending<T> {
    update: Update<T>,
}

/// So many steps are kept; more cost a view as much as reading all rows.
pub const MOST_STEPS: usize = 64;

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { update: Update::ReadAll }
    }
}

impl<T> Pending<T> {
    pub fn push(&mut self, delta: Delta<T>) {
        if let Update::Steps(steps) = &mut self.update {
            if steps.len() < MOST_STEPS {
                steps.push(delta);
            } else {
                self.read_all();
            }
        }
    }

    pub fn read_all(&mut self) {
        self.update = Update::ReadAll;
    }

    pub fn drain(&mut self) -> Update<T> {
        std::mem::replace(&mut self.update, Update::Steps(Vec::new()))
    }
}
