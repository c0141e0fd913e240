//! Conversations with each contact, live: the list, and one of them open beside it; on a phone one at a time.
//!
//! | file | what it is |
//! |---|---|
//! | [`contacts`], [`list`] | the list: what it holds, and how it looks |
//! | [`controller`], [`pane`] | the open conversation: what it holds, and how it looks |
//! | [`rows`], [`message`] | its rows: which there are, and how one looks |
//! | [`composer`], [`queue`] | where messages are written, and their way to the server |
//! | [`answer`] | what needs an answer |
//! | [`scroll`] | keeping the reader's place |
//! | [`unread`] | the count of unread messages, for the navigation |
//! | [`typing`] | who is typing |
//! | [`announcer`] | new messages for screen readers |
//! | [`drafts`] | what is unsent outlives a reload |
//!
//! The state of a conversation, whatever the order of events, is kept by `latido_cache` ([`latido_cache::families::thread`],
//! [`latido_cache::families::inbox`]).

mod announcer;
mod answer;
pub(crate) mod composer;
pub(crate) mod contacts;
mod controller;
pub(crate) mod drafts;
pub(crate) mod list;
pub(crate) mod message;
mod pane;
pub(crate) mod queue;
pub(crate) mod rows;
mod scroll;
mod strings;
pub(crate) mod typing;
pub mod unread;

use std::cell::Cell;

use latido_protocol::conversation::ContactId;
use leptos::prelude::*;

use crate::{
    browser::router::Location,
    i18n::use_locale,
    ui::{
        lazy::lazy_view,
        view::{reactive, text},
    },
};
use announcer::MessageAnnouncer;
use contacts::Contacts;
use list::ContactList;
use pane::Pane;
use strings::strings;

lazy_view! { pub conversations_page: Conversations in personal }

#[component]
pub fn Conversations() -> impl IntoView {
    let strings = strings(use_locale());
    let location: Location = expect_context();
    let open = Memo::new(move |_| location.below("/conversations").map(ContactId::new));
    let announcer = MessageAnnouncer::new(strings);
    let contacts = Contacts::follow(announcer.clone());
    let region = announcer.region();
    let first = Cell::new(true);
    let pane = {
        let contacts = contacts.clone();
        reactive(move || {
            let chosen = !first.replace(false);
            contacts.set_open(open.get());
            let (contacts, announcer) = (contacts.clone(), announcer.clone());
            match open.get() {
                Some(contact) => view! { <Pane contact contacts announcer chosen/> }.into_any(),
                None => view! {
                    <div class="empty talk-none">
                        <p><strong>{strings.choose}</strong></p>
                        <p class="quiet">{strings.choose_hint}</p>
                    </div>
                }
                .into_any(),
            }
        })
    };
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
        </div>
        <div class="talks" data-open=text(move || open.with(Option::is_some).to_string())>
            <section class="card talks-list" aria-label=strings.title>
                <ContactList contacts open/>
            </section>
            <section class="card talk">{pane}</section>
        </div>
        {region}
    }
    .into_any()
}
