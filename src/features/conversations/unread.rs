//! The count of unread messages, in the navigation, from the conversations' own list. It is fetched after the page that
//! the user opened.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::contacts::follow;
use crate::{
    browser::timer::while_owned,
    data::queries::Queries,
    i18n::use_locale,
    ui::{
        lazy::{lazy_quiet, lazy_view},
        view::{text, when},
    },
};

lazy_view! { pub unread_count: UnreadCount in daily }

const LATER_MS: u32 = 1_500;

#[component]
pub fn Unread() -> impl IntoView {
    let (its_turn, set_its_turn) = signal(false);
    let begin = move || {
        set_its_turn.try_set(true);
    };
    while_owned(Timeout::new(LATER_MS, begin));
    when(move || its_turn.get(), || lazy_quiet(unread_count))
}

/// The count; built once its fetch may start.
#[component]
pub fn UnreadCount() -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let inbox = follow(&queries);
    let unread = Memo::new(move |_| {
        inbox.get().conversations().map(|conversation| conversation.unread).fold(0, u32::saturating_add)
    });
    when(
        move || unread.get() > 0,
        move || {
            view! {
                <span class="count" data-testid="unread-total">
                    <span aria-hidden="true">{text(move || capped(unread.get()))}</span>
                    <span class="sr-only">{text(move || (locale.strings.unread)(unread.get()))}</span>
                </span>
            }
            .into_any()
        },
    )
}

/// What fits into a small circle.
pub fn capped(count: u32) -> String {
    if count > 99 { "99+".to_owned() } else { count.to_string() }
}
