//! Where a record is created or edited: an existing record in its row, all else in a dialog. The form itself is
//! [`super::record_form`].

use leptos::prelude::*;

use super::{
    editing::{Editing, OpenForm},
    record_form::record_form,
};
use crate::{
    i18n::use_locale,
    ui::{
        lazy::lazy_with,
        modal::shown_while,
        skeleton::Skeleton,
        view::{click, reactive},
    },
};

#[component]
pub fn RecordDialog(editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let dialog =
        shown_while(move || editing.with(|editing| editing.as_ref().is_some_and(Editing::wants_dialog)));
    let form = reactive(move || {
        let Some(subject) = editing.get().filter(Editing::wants_dialog) else { return ().into_any() };
        open_form(OpenForm { subject, editing })
    });
    // Escape is pressed by accident too: what was typed is kept, and there when the form opens again.
    let closed = move |_| {
        if editing.with_untracked(|editing| editing.as_ref().is_some_and(Editing::wants_dialog)) {
            editing.set(None);
        }
    };
    view! { <dialog class="dialog" node_ref=dialog on:close=closed>{form}</dialog> }.into_any()
}

/// The form of a row while it is `open`. If the row is removed during typing, the dialog takes the form over.
///
/// Only a row whose form is open follows `editing`: signals keep a note of everyone who ever followed them
/// (`reactive_graph` 0.2), and rows come and go by the thousand.
pub fn form_in_row(open: RwSignal<bool>, editing: RwSignal<Option<Editing>>) -> AnyView {
    reactive(move || {
        let subject = if open.get() { editing.get_untracked() } else { None };
        let Some(Editing::InRow { key, record }) = subject else { return ().into_any() };
        let subject = Editing::InRow { key: key.clone(), record: record.clone() };
        let row = key.clone();
        Effect::new(move |_| {
            if editing.with(|editing| !editing.as_ref().is_some_and(|editing| editing.is_in(&row))) {
                open.set(false);
            }
        });
        on_cleanup(move || {
            let is_still_open = editing
                .try_with_untracked(|editing| editing.as_ref().is_some_and(|editing| editing.is_in(&key)));
            if is_still_open == Some(true) {
                editing.set(Some(Editing::InDialog { record }));
            }
        });
        open_form(OpenForm { subject, editing })
    })
}

fn open_form(form: OpenForm) -> AnyView {
    provide_context(form);
    lazy_with(
        record_form,
        || view! { <Skeleton/> }.into_any(),
        || {
            let OpenForm { editing, .. } = expect_context();
            let cancel = click(move || editing.set(None));
            let cancelled = use_locale().strings.cancel;
            view! { <button type="button" class="button small" on:click=cancel>{cancelled}</button> }
                .into_any()
        },
    )
}
