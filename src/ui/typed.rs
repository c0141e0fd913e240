//! Unsaved text of forms. It outlives the form, a reload, the end of the session and a step back in the browser: in
//! the tab's storage, under its user's id. It is cleared when it is saved, discarded, or its user signs out. Neither
//! passwords nor secrets are stored.

use leptos::prelude::{GetUntracked, use_context};

use crate::{api::Api, browser::storage::tab};

/// Every field of a form with what is in it.
pub type FieldTexts = Vec<(&'static str, String)>;

/// Where the texts of one form are kept.
#[derive(Clone, PartialEq)]
pub struct FormStore {
    key: String,
}

impl FormStore {
    /// The signed-in user's form of this name.
    pub fn of(form: &str) -> Self {
        Self { key: [&owner(), form].concat() }
    }

    /// All of the signed-in user whose name begins like this.
    pub fn all_that_begin_with(form: &str) -> Vec<Self> {
        let begin = [&owner(), form].concat();
        tab::keys(&begin).into_iter().map(|key| Self { key }).collect()
    }

    pub fn read(&self) -> Option<String> {
        tab::get(&self.key)
    }

    pub fn write(&self, kept: &str) {
        tab::set(&self.key, kept);
    }

    pub fn clear(&self) {
        self.write("");
    }
}

/// How the keys of one user's forms begin.
fn owner() -> String {
    let signed_in = use_context::<Api>().map(|api| api.session().signed_in().get_untracked());
    let user = signed_in.as_ref().and_then(|signed_in| signed_in.user()).map_or("", |user| user.id.as_str());
    [tab::OURS, "form.", user, "."].concat()
}
