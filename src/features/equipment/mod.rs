//! Devices as they are at this moment, and their switches.
//!
//! | file | what it holds |
//! |---|---|
//! | [`board`] | the devices as cards, and what is asked of the backend |
//! | [`card`] | how one device looks |
//! | [`switch_failure`] | why nothing was switched |

pub(crate) mod board;
pub(crate) mod card;
mod strings;
pub(crate) mod switch_failure;

use std::sync::Arc;

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::{
    api::Api,
    browser::{clock, timer::while_owned},
    i18n::use_locale,
    ui::{
        lazy::lazy_view,
        stale::StaleNote,
        view::{Keyed, keyed, reactive, text},
    },
};
use board::Board;
use card::{DeviceCard, Rights, totals};
use strings::strings;

lazy_view! { pub equipment_page: Equipment in practice }

#[component]
pub fn Equipment() -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let board = Board::follow();
    let cards = board.cards();
    let rights = rights();
    let is_known: Signal<bool> = board.is_up_to_date().into();
    let sums = {
        let cards = cards.clone();
        Memo::new(move |_| {
            let some = cards.get().filter(|cards| is_known.get() && !cards.is_empty());
            some.map(|cards| totals(&cards, strings, locale)).unwrap_or_default()
        })
    };
    let instead_of_cards = {
        let cards = cards.clone();
        let count = Memo::new(move |_| cards.with(|cards| cards.as_ref().map(Vec::len)));
        reactive(move || match count.get() {
            None => view! { <Skeleton/> }.into_any(),
            Some(0) => view! { <Nothing rights/> }.into_any(),
            Some(_) if rights.switch => ().into_any(),
            Some(_) => view! { <p class="quiet device-rights">{strings.only_coaches_switch}</p> }.into_any(),
        })
    };
    let now = ticking();
    let fetch_status = board.fetch_status();
    let list = keyed(move || {
        let cards = cards.get().unwrap_or_default();
        let card = |card: board::Card| {
            let (key, board) = (card.key.clone(), board.clone());
            let build = move || {
                let (board, card) = (board.clone(), card.clone());
                view! { <DeviceCard board card rights is_known now/> }.into_any()
            };
            Keyed { key, build: Arc::new(build) }
        };
        cards.into_iter().map(card).collect()
    });
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
            <p class="quiet" data-testid="devices-online">
                <span role="status">{text(move || sums.get().0)}</span>
                <span class="device-sum">{text(move || sums.get().1)}</span>
            </p>
        </div>
        <StaleNote fetch_status/>
        {instead_of_cards}
        <ul class="devices">{list}</ul>
    }
    .into_any()
}

/// The role is known: pages are shown to signed-in users only.
fn rights() -> Rights {
    let api: Api = expect_context();
    api.session()
        .signed_in()
        .with_untracked(|signed_in| Rights::of(signed_in.user().map_or("", |user| &user.role)))
}

/// The time, every second.
fn ticking() -> Signal<latido_protocol::time::Timestamp> {
    let now = RwSignal::new(clock::wall());
    let tick = move || {
        now.try_set(clock::wall());
    };
    while_owned(Interval::new(1_000, tick));
    now.into()
}

#[component]
fn Skeleton() -> impl IntoView {
    let strings = use_locale().strings;
    view! {
        <div class="skeleton devices" role="status">
            <span class="sr-only">{strings.loading}</span>
            <div></div>
            <div></div>
            <div></div>
        </div>
    }
    .into_any()
}

#[component]
fn Nothing(rights: Rights) -> impl IntoView {
    let strings = strings(use_locale());
    let hint = if rights.set_up {
        view! {
            <p class="quiet">{strings.add_a_connection}</p>
            <a class="button" href="/connections">{strings.to_connections}</a>
        }
        .into_any()
    } else {
        view! { <p class="quiet">{strings.ask_an_admin}</p> }.into_any()
    };
    view! { <div class="empty" data-testid="no-devices"><p><strong>{strings.nothing_here}</strong></p>{hint}</div> }
        .into_any()
}
