//! A row: what of a record can be read at a glance, and what can be done to it.

use latido_cache::Full;
use leptos::{html, prelude::*, reactive::graph::ToAnySource};

use super::{
    editing::{Editing, begin},
    record_dialog::form_in_row,
    shown::ShownRecords,
    undo::DeletedRecords,
};
use crate::{
    browser::{focus, format},
    data::{
        mutations::Writes,
        queries::{record::AnyRecord, row::RecordRow},
    },
    i18n::{Locale, use_locale},
    ui::{
        icon::Icon,
        view::{click, forget_followers, reactive, text, when},
    },
};

#[component]
pub fn RowView(shown: ShownRecords, row: RecordRow, is_long: Memo<bool>) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let ShownRecords { kind, editing, .. } = shown;
    let RecordRow { key, record, pending, .. } = row;
    // Both signals outlive their element, and only this view observes them.
    forget_followers(vec![record.to_any_source(), pending.to_any_source()]);
    let id = text({
        let record = record.clone();
        move || record.with(|record| record.id().to_owned())
    });
    // The elements stay and only what is in them changes: what is built anew gets its attributes anew too, one by one,
    // and with them its styles (`tachys` 0.2).
    let part = |say: fn(&AnyRecord, Locale) -> AnyView| {
        let record = record.clone();
        // Units and time zone belong to the page, which is made anew when they change: signals keep a note of
        // everyone who ever followed them, and rows come and go by the thousand.
        reactive(move || record.with(|record| untrack(|| say(record, locale))))
    };
    let main = part(|record, locale| {
        let (name, below) = record.describe(locale);
        // Cut off where there is no room.
        let (whole_name, whole_below) = (name.clone(), below.clone());
        view! { <span title=whole_name>{name}</span> <span title=whole_below>{below}</span> }.into_any()
    });
    let amount = part(|record, locale| {
        let (amount, unit) = record.amount(locale);
        view! { <strong>{amount}</strong> {locale.unit_gap(unit)} <small>{unit}</small> }.into_any()
    });
    let when = part(|record, locale| {
        let time = format::time(locale.language, record.at());
        view! { <time>{time}</time> <small>{(locale.strings.source)(record.source())}</small> }.into_any()
    });
    let is_open = RwSignal::new(false);
    let actions = shown.can_change.then(|| {
        let changed = record.clone();
        let edit = click(move || {
            let record = changed.get_untracked();
            let subject = if is_long.get_untracked() {
                Editing::InDialog { record }
            } else {
                Editing::InRow { key: key.clone(), record }
            };
            let in_row = matches!(subject, Editing::InRow { .. });
            if begin(editing, subject) {
                is_open.set(in_row);
            }
        });
        let label = label_with_name(strings.edit, record.clone(), locale);
        view! {
            <div class="row-actions">
                <button type="button" class="icon-button" data-testid="edit" aria-label=label on:click=edit>
                    <Icon name="edit"/>
                </button>
                <DeleteButton record/>
            </div>
        }
        .into_any()
    });
    view! {
        <li
            class="row"
            data-testid=format!("{}-row", kind.test_id())
            data-id=id
            data-pending=text(move || pending.get().to_string())
        >
            <div class="row-main">{main}</div>
            <div class="row-amount">{amount}</div>
            <div class="row-when">{when}</div>
            {actions}
            {shown.can_change.then(|| form_in_row(is_open, editing))}
        </li>
    }
    .into_any()
}

/// `Delete Avena`: distinguishes the many buttons for users who do not see the row.
fn label_with_name(verb: &'static str, record: ArcRwSignal<AnyRecord>, locale: Locale) -> Signal<String> {
    text(move || record.with(|record| untrack(|| [verb, " ", &record.describe(locale).0].concat())))
}

/// Deletes at once; what was deleted is offered back, see [`super::undo`].
#[component]
fn DeleteButton(record: ArcRwSignal<AnyRecord>) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let label = label_with_name(strings.delete, record.clone(), locale);
    let writes: Writes = expect_context();
    let deleted: DeletedRecords = expect_context();
    let full = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let delete = click(move || {
        let record = record.get_untracked();
        match writes.delete(&record) {
            Ok(()) => {
                focus_beside(button.get_untracked());
                deleted.offer(record);
            }
            Err(Full) => full.set(true),
        }
    });
    let problem = when(
        move || full.get(),
        move || view! { <span class="error" role="alert">{strings.outbox_full}</span> }.into_any(),
    );
    view! {
        {problem}
        <button
            type="button"
            class="icon-button"
            data-testid="delete"
            aria-label=label
            node_ref=button
            on:click=delete
        >
            <Icon name="delete"/>
        </button>
    }
    .into_any()
}

/// The row goes and the keyboard goes on in its neighbour, or where a new record begins.
fn focus_beside(button: Option<web_sys::HtmlButtonElement>) {
    let row = button.and_then(|button| button.closest(".row").ok()?);
    let neighbour = row.and_then(|row| row.next_element_sibling().or_else(|| row.previous_element_sibling()));
    let next = neighbour.and_then(|row| row.query_selector("[data-testid=delete]").ok()?);
    let next = next.or_else(|| document().query_selector("[data-testid=add]").ok()?);
    focus(next);
}
