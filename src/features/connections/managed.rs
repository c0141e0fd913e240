//! The server's device links: figures, a card each, and their log.
//!
//! Responses and events meet in [`Links`]. What no event reports, such as traffic and the last contact, is polled
//! while the page is open.

use std::sync::Arc;

use latido_protocol::{
    event::{Event, Family},
    link::{LinkFigures, LinkMetrics},
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{
    add::AddLink,
    card::LinkCard,
    figures::{Figures, bytes, tile, whole},
    link::{Link, LinkList, Links},
    log::Log,
    strings::strings,
};
use crate::{
    data::queries::{POLL_MS, Polling, Queries, document::reads},
    i18n::{Locale, use_locale},
    realtime::use_realtime,
    ui::{
        icon::Icon,
        skeleton::Skeleton,
        stale::StaleNote,
        view::{click, reactive, when},
    },
};

/// What changes without an event.
const FIGURES: Polling = Polling { while_live: Some(15_000), otherwise: POLL_MS };

#[component]
pub fn Managed() -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let queries: Queries = expect_context();
    let links = RwSignal::new(Links::default());
    let list = queries.document("/websocket", Family::Link, FIGURES, reads::<LinkList>);
    let fetch_status = list.fetch_status.clone();
    Effect::new(move |_| {
        if let Some(answer) = list.read::<LinkList>() {
            links.update(|links| links.answer(answer.connections));
        }
    });
    let heard = use_realtime().subscribe(Family::Link, move |event| {
        if let Event::Opaque(opaque) = event
            && opaque.name == "connection_update"
            && let Ok(link) = opaque.read::<Link>()
        {
            links.update(|links| links.put(link));
        }
    });
    let heard = SendWrapper::new(heard);
    on_cleanup(move || drop(heard));
    let metrics = queries.document("/websocket/metrics", Family::Link, FIGURES, reads::<LinkMetrics>);
    let figures: Figures = Memo::new(move |_| metrics.read::<LinkMetrics>().map(Arc::new));

    let adding = RwSignal::new(false);
    let known = Memo::new(move |_| links.with(|links| links.all().map(<[Link]>::len)));
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
    let ids = Memo::new(move |_| {
        let ids = |all: &[Link]| all.iter().map(|link| link.id.clone()).collect::<Vec<_>>();
        links.with(|links| links.all().map(ids).unwrap_or_default())
    });
    // Below them, so it would be pushed down when they come.
    let above = fetch_status.clone();
    let log =
        when(move || known.get().is_some(), move || view! { <Log links above=above.clone()/> }.into_any());
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
                <LinkCard id links figures/>
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
