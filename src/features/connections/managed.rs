//! The server's device links: figures, a card each, and their log.

use std::sync::Arc;

use latido_cache::Collection;
use latido_protocol::{event::Family, link::LinkFigures};
use leptos::prelude::*;

use super::{
    add::AddLink,
    card::LinkCard,
    figures::{Figures, bytes, tile, whole},
    link::{FIGURES, follow},
    log::Log,
    strings::strings,
};
use crate::{
    data::queries::Queries,
    i18n::{Locale, use_locale},
    ui::{
        icon::Icon,
        skeleton::Skeleton,
        stale::StaleNote,
        view::{click, reactive, when},
    },
};

#[component]
pub fn Managed() -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let queries: Queries = expect_context();
    let links = follow(&queries);
    let fetch_status = links.fetch_status.clone();
    let metrics = queries.query("/websocket/metrics", Family::Link, FIGURES, Collection::of_one);
    let figures: Figures = Memo::new(move |_| metrics.get().value().cloned().map(Arc::new));

    let adding = RwSignal::new(false);
    let known = {
        let links = links.clone();
        Memo::new(move |_| Some(links.get()).filter(|links| links.is_known()).map(|links| links.row_count()))
    };
    let instead = reactive(move || match known.get() {
        None => view! { <Skeleton/> }.into_any(),
        Some(0) => view! {
            <div class="card empty no-links">
                <p><strong>{strings.empty}</strong></p>
                <p class="quiet">{strings.empty_hint}</p>
            </div>
        }
        .into_any(),
        Some(_) => ().into_any(),
    });
    let ids = {
        let links = links.clone();
        Memo::new(move |_| {
            let links = links.get();
            let known =
                links.is_known().then(|| links.rows().map(|link| link.id.clone()).collect::<Vec<_>>());
            known.unwrap_or_default()
        })
    };
    // Below them, so it would be pushed down when they come.
    let above = fetch_status.clone();
    let log = {
        let links = links.clone();
        when(
            move || known.get().is_some(),
            move || view! { <Log links=links.clone() above=above.clone()/> }.into_any(),
        )
    };
    let of_card = links.clone();
    view! {
        <StaleNote fetch_status/>
        {tiles(figures)}
        <div class="section-head">
            <h2>{strings.managed}</h2>
            <button
                type="button"
                class="button primary"
                data-testid="add-link"
                on:click=click(move || adding.set(true))
            >
                <Icon name="add"/>
                <span>{strings.add}</span>
            </button>
        </div>
        {instead}
        <ul class="links" data-testid="link-list">
            <For each=move || ids.get() key=|id| id.as_str().to_owned() let(id)>
                <LinkCard id links=of_card.clone() figures/>
            </For>
        </ul>
        {log}
        <AddLink adding links/>
    }
    .into_any()
}

fn tiles(figures: Figures) -> AnyView {
    let locale = use_locale();
    let strings = strings(locale);
    let figure = move |read: fn(&LinkFigures, Locale) -> String| {
        let known = move || figures.with(|known| known.as_ref().map(|known| known.total));
        move || known().map_or_else(|| "–".to_owned(), |total| read(&total, locale))
    };
    let up = |total: &LinkFigures, locale| part(total.connected, total.links, locale);
    let online = |total: &LinkFigures, locale| part(total.devices_online, total.devices, locale);
    view! {
        <dl class="figure-tiles" data-testid="link-figures" title=strings.since_start>
            {tile(strings.up, figure(up))}
            {tile(strings.devices_online, figure(online))}
            {tile(strings.messages, figure(|total, locale| whole(locale, total.messages)))}
            {tile(strings.data, figure(|total, locale| bytes(locale, total.bytes)))}
            {tile(locale.deferred().reconnects, figure(|total, locale| whole(locale, total.reconnects)))}
            {tile(strings.errors, figure(|total, locale| whole(locale, total.errors)))}
        </dl>
    }
    .into_any()
}

fn part(part: u64, all: u64, locale: Locale) -> String {
    (strings(locale).of)(&whole(locale, part), &whole(locale, all))
}
