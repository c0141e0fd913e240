//! Deliveries of everything that was sent.
//!
//! | file | what it holds |
//! |---|---|
//! | [`sums`] | the tiles: how many there are |
//! | [`feed`] | the list as rows, and the pages behind the first |
//! | [`filters`] | which of them are shown |
//! | [`rows`] | how they look |
//! | [`announcer`] | new deliveries for screen readers |

pub(crate) mod announcer;
mod feed;
mod filters;
pub(crate) mod rows;
mod strings;
pub(crate) mod sums;

use leptos::prelude::*;

use crate::{
    i18n::use_locale,
    ui::{
        lazy::lazy_view,
        view::{reactive, text},
    },
};
use announcer::DeliveryAnnouncer;
use feed::{DeliveryFilter, Feed};
use filters::Filters;
use rows::Rows;
use strings::strings;
use sums::Sums;

lazy_view! { pub deliveries_page: Deliveries in practice }

#[component]
pub fn Deliveries() -> impl IntoView {
    let strings = strings(use_locale());
    let filter = RwSignal::new(DeliveryFilter::default());
    let announcer = DeliveryAnnouncer::new(strings.come);
    let said = announcer.said();
    let status = Memo::new(move |_| filter.get().status);
    // The backend lists one status or all; of these the page shows one kind or all.
    let list = reactive(move || {
        let status = status.get();
        let feed = Feed::follow(filter.get_untracked(), announcer.clone());
        let narrowed = feed.clone();
        Effect::new(move |_| {
            let filter = filter.get();
            // A filter of another status has a feed of its own.
            if filter.status == status {
                narrowed.narrow(filter.kind);
            }
        });
        view! { <Rows feed filter=filter.into()/> }.into_any()
    });
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
        </div>
        <Sums/>
        <Filters filter/>
        {list}
        <p class="sr-only" role="status" data-testid="deliveries-said">{text(move || said.get())}</p>
    }
    .into_any()
}
