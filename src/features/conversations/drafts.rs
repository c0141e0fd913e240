//! Drafts and unsent messages, which outlive a reload: in the tab's own storage, under their user's id.

use latido_cache::families::thread::Outgoing;
use latido_protocol::conversation::ContactId;

use crate::browser::storage::tab;

/// Whose conversation it is.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftKey {
    pub user: String,
    pub contact: ContactId,
}

impl DraftKey {
    fn key(&self, what: &str) -> String {
        format!("{}{what}.{}.{}", tab::OURS, self.user, self.contact)
    }

    /// Messages without an answer. What another version of the page kept may not be readable.
    pub fn unsent(&self) -> Vec<Outgoing> {
        let kept = tab::get(&self.key("unsent"));
        kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
    }

    pub fn keep_unsent(&self, outgoing: &[Outgoing]) {
        let text = if outgoing.is_empty() { None } else { serde_json::to_string(outgoing).ok() };
        tab::set(&self.key("unsent"), &text.unwrap_or_default());
    }

    /// What stands in the field.
    pub fn draft(&self) -> String {
        tab::get(&self.key("draft")).unwrap_or_default()
    }

    pub fn keep_draft(&self, text: &str) {
        tab::set(&self.key("draft"), text);
    }
}
