//! What was said with each contact, as it is said: the list of conversations, and one of them open beside it;
//! on a phone one at a time.
//!
//! | file | what it is |
//! |---|---|
//! | [`contacts`], [`list`] | the list: what it holds, and how it looks |
//! | [`talk`], [`pane`] | the open conversation: what it holds, and how it looks |
//! | [`rows`], [`message`] | its rows: which there are, and how one looks |
//! | [`composer`] | where messages are written |
//! | [`scroll`] | keeping the place of somebody who reads |
//! | [`typing`] | who is typing |
//! | [`announcer`] | new messages for those who hear the page |
//! | [`kept`] | what is unsent outlives a reload |
//! | [`told`] | events, as they are read here |
//!
//! What is known of a conversation, in whatever order it is heard, is `latido_replica`'s business
//! ([`latido_replica::thread`], [`latido_replica::inbox`]).

mod announcer;
mod composer;
pub(crate) mod contacts;
mod kept;
mod list;
pub(crate) mod message;
mod pane;
pub(crate) mod rows;
mod scroll;
mod strings;
mod talk;
mod told;
mod typing;

use std::cell::Cell;

use latido_protocol::conversation::ContactId;
use leptos::prelude::*;

use crate::{
    browser::router::Location,
    components::view::{dynamic, text},
    i18n::use_locale,
};
use announcer::Announcer;
use contacts::Contacts;
pub use contacts::PATH as LIST;
use list::ContactList;
use pane::Pane;
use strings::strings;

#[component]
pub fn Conversations() -> impl IntoView {
    let strings = strings(use_locale());
    let location: Location = expect_context();
    let open = Memo::new(move |_| location.below("/conversations").map(ContactId::new));
    let announcer = Announcer::new(strings);
    let contacts = Contacts::follow(announcer.clone());
    let region = announcer.region();
    let first = Cell::new(true);
    let pane = {
        let contacts = contacts.clone();
        dynamic(move || {
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
