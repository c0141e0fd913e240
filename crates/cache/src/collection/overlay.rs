//! The optimistic overlay: rows as they will be once the server has done what waits.
//!
//! The overlay never changes what responses and events have brought. A write that is refused takes its patch away,
//! and the row is what the server says.

use super::{
    Collection, Entity,
    known::Slot,
    patch::{Patch, Patches},
};

impl<T: Entity> Collection<T> {
    /// Replaces the overlay. Costs O(log n) for each patch that changes.
    pub fn set_overlay(&mut self, patches: Patches<T>) {
        let dropped: Vec<String> =
            self.patched.iter().filter(|id| !patches.contains_key(*id)).cloned().collect();
        for id in dropped {
            self.set_patch(&id, None);
        }
        for (id, patch) in patches {
            self.set_patch(&id, Some(patch));
        }
    }

    /// Sets or takes away the patch of one id.
    pub fn set_patch(&mut self, id: &str, patch: Option<Patch<T>>) {
        if patch.is_none() && !self.patched.remove(id) {
            return;
        }
        if patch.is_some() && !self.patched.contains(id) {
            self.patched.insert(id.to_owned());
        }
        let slot = self.slots.entry(id.to_owned()).or_insert_with(|| Box::new(Slot::EMPTY));
        if slot.patch != patch {
            slot.patch = patch;
            self.update_row(id);
        }
    }

    /// Whether a pending write is about this id.
    pub fn is_patched(&self, id: &str) -> bool {
        self.patched.contains(id)
    }
}
