//! What became of the records that answered writes were about.
//!
//! A form that was opened before an answer came knows its record by the local id, or by the version
//! that this page's own edit has replaced meanwhile. Its write has to find the record all the same,
//! and must not be taken for a conflict with another user.

use super::entry::Write;

/// So many are remembered; a form is seldom open for longer.
const MOST_SETTLED: usize = 200;

#[derive(Clone, Debug, Default)]
pub(super) struct Settled(Vec<Step>);

/// What one answered write made of its record.
#[derive(Clone, Debug)]
struct Step {
    before: Before,
    id: String,
    version: u64,
}

#[derive(Clone, Debug)]
enum Before {
    Local { id: String },
    Version(u64),
}

impl Settled {
    pub fn created(&mut self, local: String, id: &str, version: u64) {
        self.push(Step { before: Before::Local { id: local }, id: id.to_owned(), version });
    }

    pub fn edited(&mut self, id: &str, before: u64, version: u64) {
        self.push(Step { before: Before::Version(before), id: id.to_owned(), version });
    }

    fn push(&mut self, step: Step) {
        if self.0.len() == MOST_SETTLED {
            self.0.remove(0);
        }
        self.0.push(step);
    }

    /// Whether the record is the answer to a creation.
    pub fn was_created(&self, id: &str) -> bool {
        self.0.iter().any(|step| matches!(step.before, Before::Local { .. }) && step.id == id)
    }

    /// Brings a write up to date, and says whether that changed it.
    pub fn bring_up_to_date<D, K>(&self, write: &mut Write<D, K>) -> bool {
        let mut changed = false;
        for step in &self.0 {
            changed |= step.apply(write);
        }
        changed
    }
}

impl Step {
    fn apply<D, K>(&self, write: &mut Write<D, K>) -> bool {
        match (write, &self.before) {
            (Write::Edit { id, version, .. }, Before::Local { id: local }) if id == local => {
                id.clone_from(&self.id);
                // It may have seen a newer one, where events overtook the answer.
                *version = self.version.max(*version);
                true
            }
            (Write::Delete { id, .. }, Before::Local { id: local }) if id == local => {
                id.clone_from(&self.id);
                true
            }
            (Write::Edit { id, version, .. }, Before::Version(before))
                if *id == self.id && version == before && *version < self.version =>
            {
                *version = self.version;
                true
            }
            _ => false,
        }
    }
}
