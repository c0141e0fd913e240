//! The dialog in which a record is made or changed. What was typed stays until it is saved or
//! the dialog is closed: a refusal closes nothing.

use leptos::{html, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

use super::{
    day_page::Editing,
    form::Form,
    icon::Icon,
    view::{click, dynamic, flag, text},
};
use crate::{
    api::{Api, error::ApiError},
    browser::clock,
    i18n::use_locale,
    queries::Queries,
};

#[component]
pub fn RecordDialog(editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = editing.with(Option::is_some);
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            } else if !open {
                dialog.close();
            }
        }
    });
    let form = dynamic(move || match editing.get() {
        Some(subject) => view! { <RecordForm subject editing/> }.into_any(),
        None => ().into_any(),
    });
    view! {
        <dialog class="dialog" node_ref=dialog on:close=move |_| editing.set(None)>
            {form}
        </dialog>
    }
    .into_any()
}

#[component]
fn RecordForm(subject: Editing, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let api: Api = expect_context();
    let queries: Queries = expect_context();
    let (kind, record, at) = match subject {
        Editing::New { kind, at } => (kind, None, at),
        Editing::Existing(record) => (record.kind(), Some(record.clone()), record.at()),
    };
    let form = Form::new(locale, kind.texts(record.as_ref(), at));
    let failure = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let title = kind.form_title(locale, record.is_some());

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.clear_errors();
        failure.set(String::new());
        let Some(draft) = kind.draft(form, record.as_ref()).filter(|_| !form.has_errors()) else { return };
        let (api, queries, record) = (api.clone(), queries.clone(), record.clone());
        busy.set(true);
        spawn_local(async move {
            let saved = match &record {
                Some(record) => api.edit(record, draft).await,
                None => api.create(kind, draft).await,
            };
            busy.try_set(false);
            match saved {
                Ok(()) => {
                    queries.changed(kind.family());
                    editing.try_set(None);
                }
                Err(error) => {
                    let at_its_field =
                        matches!(&error, ApiError::Refused(problem) if form.refused_by_server(problem));
                    let why = if at_its_field { String::new() } else { (strings.error)(&error) };
                    failure.try_set(format!("{} {why}", strings.not_saved));
                }
            }
        });
    };
    view! {
        <form class="form" data-testid="record-form" novalidate on:submit=submit>
            <div class="form-head">
                <h2>{title}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=strings.cancel
                    on:click=click(move || editing.set(None))
                >
                    <Icon name="close"/>
                </button>
            </div>
            <div class="fields">{kind.fields(form)}</div>
            <p class="note error" role="alert" hidden=flag(move || failure.with(String::is_empty))>
                {text(move || failure.get())}
            </p>
            <div class="form-end">
                <button type="button" class="button" on:click=click(move || editing.set(None))>
                    {strings.cancel}
                </button>
                <button type="submit" class="button primary" disabled=flag(move || busy.get())>
                    {text(move || if busy.get() { strings.saving } else { strings.save }.to_owned())}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Shown in a number field: no grouping, a point, nothing for nothing.
pub fn number_text(value: f64) -> String {
    String::from(js_sys::Number::from(value).to_js_string())
}

/// What a new record's time field shows.
pub fn time_text(at: latido_protocol::time::Timestamp) -> String {
    crate::browser::day::local_input(at.min(clock::wall()))
}
