//! Which record form is open, and where it stands.

use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use crate::{
    browser::focus,
    data::{
        mutations::Refused,
        queries::record::{AnyRecord, RecordKind},
    },
};

/// What a form is open for.
#[derive(Clone, PartialEq)]
pub enum Editing {
    New {
        kind: RecordKind,
        at: Timestamp,
    },
    /// In the row of this key.
    InRow {
        key: String,
        record: AnyRecord,
    },
    /// Of a long list, whose rows come and go as it is scrolled; or of a row that was removed during typing.
    InDialog {
        record: AnyRecord,
    },
    /// A write that was refused, with what was typed.
    Again(Refused),
}

impl Editing {
    pub fn is_in(&self, row: &str) -> bool {
        matches!(self, Self::InRow { key, .. } if key == row)
    }

    pub fn wants_dialog(&self) -> bool {
        !matches!(self, Self::InRow { .. })
    }
}

/// Opens a form, unless one is open in a row: what is typed there comes first.
pub fn begin(editing: RwSignal<Option<Editing>>, subject: Editing) -> bool {
    let is_free = editing.with_untracked(Option::is_none);
    if is_free {
        editing.set(Some(subject));
    } else {
        focus(document().query_selector(".row > form :is(input, select, textarea)").ok().flatten());
    }
    is_free
}

/// What an open form is about, and what closes it.
#[derive(Clone)]
pub struct OpenForm {
    pub subject: Editing,
    pub editing: RwSignal<Option<Editing>>,
}
