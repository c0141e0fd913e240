//! How much is unread, beside the section that holds it. It reads only the numbers of the list that the section
//! itself shows, and asks for it when the page that somebody came for has had its turn.

use std::time::Duration;

use latido_protocol::{event::Family, read_object};
use leptos::prelude::*;

use super::{
    lazy::lazy_quiet,
    view::{text, when},
};
use crate::{
    i18n::use_locale,
    pages::conversations::LIST,
    parts,
    queries::{Polling, Queries, document::parses},
};

const LATER: Duration = Duration::from_millis(1_500);

struct Answer {
    conversations: Vec<One>,
}

read_object!(Answer { conversations = "conversations" });

struct One {
    unread: u64,
}

read_object!(One { unread = "unread" });

#[component]
pub fn Unread() -> impl IntoView {
    let (its_turn, set_its_turn) = signal(false);
    let begin = move || {
        set_its_turn.try_set(true);
    };
    if let Ok(timer) = set_timeout_with_handle(begin, LATER) {
        on_cleanup(move || timer.clear());
    }
    when(move || its_turn.get(), || lazy_quiet(parts::unread))
}

/// The number, once it is somebody's turn to ask for it.
#[component]
pub fn UnreadCount() -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let document = queries.document(LIST, Family::Message, Polling::LISTS, parses::<Answer>);
    let unread = Memo::new(move |_| {
        let answer = document.parse::<Answer>();
        answer.map_or(0, |answer| answer.conversations.iter().map(|one| one.unread).sum::<u64>() as u32)
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
