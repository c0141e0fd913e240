//! The list of conversations, the latest first.

use latido_cache::families::thread::Standing;
use latido_protocol::{
    conversation::{ContactId, Conversation, Side},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{
    contacts::{Contacts, ConversationRow, path_of},
    message::ticks,
    strings::{ConversationsStrings, strings},
};
use crate::{
    browser::{day::Day, format},
    features::conversations::unread::capped,
    i18n::{Locale, use_locale},
    ui::{
        skeleton::Skeleton,
        stale::StaleNote,
        view::{click, reactive, text, when},
    },
};

#[component]
pub fn ContactList(contacts: Contacts, open: Memo<Option<ContactId>>) -> impl IntoView {
    let strings = strings(use_locale());
    let rows = contacts.rows();
    let count = {
        let rows = rows.clone();
        Memo::new(move |_| rows.with(|rows| rows.as_ref().map(Vec::len)))
    };
    let instead_of_rows = reactive(move || match count.get() {
        None => view! { <Skeleton/> }.into_any(),
        Some(0) => view! {
            <div class="empty">
                <p><strong>{strings.nobody}</strong></p>
                <p class="quiet">{strings.nobody_hint}</p>
            </div>
        }
        .into_any(),
        Some(_) => ().into_any(),
    });
    let has_more = {
        let contacts = contacts.clone();
        Memo::new(move |_| contacts.has_more())
    };
    let fetch_status = contacts.fetch_status();
    let failed = contacts.more_failed();
    let more = when(
        move || has_more.get(),
        move || {
            let (contacts, failed) = (contacts.clone(), failed.clone());
            let note = when(
                move || failed.get(),
                move || view! { <p class="note warn" role="status">{strings.more_failed}</p> }.into_any(),
            );
            view! {
                {note}
                <button type="button" class="button wide" on:click=click(move || contacts.load_more())>
                    {strings.more}
                </button>
            }
            .into_any()
        },
    );
    view! {
        <StaleNote fetch_status/>
        {instead_of_rows}
        <ul class="contacts" data-testid="conversation-list">
            <For each=move || rows.get().unwrap_or_default() key=|row| row.key.clone() let(row)>
                <ContactRow row open/>
            </For>
        </ul>
        {more}
    }
    .into_any()
}

#[component]
fn ContactRow(row: ConversationRow, open: Memo<Option<ContactId>>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let (contact, conversation) = (ContactId::new(row.key), row.value);
    let unread = text({
        let conversation = conversation.clone();
        move || conversation.with(|conversation| conversation.unread.to_string())
    });
    let waits = text({
        let conversation = conversation.clone();
        move || conversation.with(needs_answer).to_string()
    });
    let (href, id) = (path_of(&contact), contact.to_string());
    let current = text(move || {
        let is_open = open.with(|open| open.as_ref() == Some(&contact));
        if is_open { "page" } else { "false" }.to_owned()
    });
    let content = reactive(move || content(&conversation.get(), locale, strings));
    view! {
        <li data-testid="conversation-row" data-id=id data-unread=unread data-needs-answer=waits>
            <a class="contact" href=href aria-current=current>{content}</a>
        </li>
    }
    .into_any()
}

fn content(conversation: &Conversation, locale: Locale, strings: &'static ConversationsStrings) -> AnyView {
    let last = conversation.last_message.as_ref();
    let sent = last
        .filter(|last| conversation.side.wrote(last.author))
        .map(|last| ticks(&Standing::Known(last.status), strings));
    let said = last.map_or(strings.nothing_said, |last| last.text.as_str()).to_owned();
    let unread = (conversation.unread > 0).then(|| {
        view! {
            <span class="count" data-testid="unread">
                <span aria-hidden="true">{capped(conversation.unread)}</span>
                <span class="sr-only">{(locale.strings.unread)(conversation.unread)}</span>
            </span>
        }
        .into_any()
    });
    let needs_answer = needs_answer(conversation).then(|| {
        view! { <span class="needs-answer" data-testid="needs-answer">{strings.needs_answer}</span> }
            .into_any()
    });
    let (title, about) = names(conversation, strings);
    view! {
        <span class="avatar" aria-hidden="true">{initials(&title)}</span>
        <span class="contact-name">
            {title} <span class="contact-channel">" · " {about}</span>
        </span>
        <time class="contact-when">{when_said(conversation.updated_at, locale)}</time>
        <span class="contact-last">{sent}<span class="contact-said">{said}</span>{needs_answer}{unread}</span>
    }
    .into_any()
}

/// Answering is for the team.
pub fn needs_answer(conversation: &Conversation) -> bool {
    conversation.needs_answer && conversation.side == Side::Team
}

/// With whom the conversation is, and by which way. A person talks with the team, under the contact's name.
pub fn names(conversation: &Conversation, strings: &ConversationsStrings) -> (String, String) {
    let (name, channel) = (conversation.name.as_str(), (strings.channel)(conversation.channel));
    match conversation.side {
        Side::Team => (name.to_owned(), channel.to_owned()),
        Side::Contact => (strings.team.to_owned(), format!("{name} · {channel}")),
    }
}

/// Two letters for an avatar.
pub fn initials(name: &str) -> String {
    let first =
        name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    first.take(2).flat_map(char::to_uppercase).collect()
}

/// The time today, else the day.
fn when_said(at: Timestamp, locale: Locale) -> String {
    let (day, today) = (Day::of(at), Day::today());
    if day == today {
        format::time(locale.language, at)
    } else if day == today.plus(-1) {
        locale.strings.yesterday.to_owned()
    } else {
        format::date_of(locale.language, at)
    }
}
