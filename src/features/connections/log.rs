//! The log of device links: live, and paged back as far as the user reads.

use latido_protocol::{
    event::{Event, Family},
    link::{LinkId, LogKind},
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::{
    export::Export,
    link::{Link, Links},
    log_filter::LogFilter,
    log_row::{row_view, texts},
    strings::{ConnectionsStrings, strings},
    timeline::{LogPage, LogRow, OlderRows, Timeline, mentions},
};
use crate::{
    api::{Api, Call},
    browser::clock,
    data::queries::{FetchStatus, Polling, Queries, document::reads},
    i18n::{Locale, reasons, use_locale},
    realtime::use_realtime,
    ui::{
        announcer::NewRows,
        icon::Icon,
        skeleton::Skeleton,
        stale::StaleNote,
        view::{click, derived_bool, reactive, text, typed, when},
    },
};

/// Any time, an hour, a day, a week; in milliseconds.
const PERIODS: [Option<i64>; 4] = [None, Some(3_600_000), Some(86_400_000), Some(604_800_000)];

/// A stale note above covers this log too.
#[component]
pub fn Log(links: RwSignal<Links>, above: ArcRwSignal<FetchStatus>) -> impl IntoView {
    let strings = strings(use_locale());
    let narrowed = RwSignal::new(LogFilter::default());
    let sought = RwSignal::new(String::new());
    let rows = reactive(move || {
        view! { <Rows narrowed=narrowed.get() sought links above=above.clone()/> }.into_any()
    });
    view! {
        <section class="card log" data-testid="link-log">
            <div class="section-head">
                <h2>{strings.log}</h2>
                <Export narrowed/>
            </div>
            {filters(narrowed, sought, links)}
            {rows}
        </section>
    }
    .into_any()
}

fn filters(narrowed: RwSignal<LogFilter>, sought: RwSignal<String>, links: RwSignal<Links>) -> AnyView {
    let strings = strings(use_locale());
    let names = Memo::new(move |_| {
        let name = |link: &Link| (link.id.as_str().to_owned(), link.reference_id.clone());
        links.with(|links| links.all().unwrap_or_default().iter().map(name).collect::<Vec<_>>())
    });
    let of_link = typed(move |id| {
        narrowed.update(|narrowed| narrowed.link = (!id.is_empty()).then(|| LinkId::new(id)));
    });
    let of_kind = typed(move |kind| narrowed.update(|narrowed| narrowed.kind = LogKind::parse(&kind).ok()));
    let of_period = typed(move |place| {
        let back = place.parse::<usize>().ok().and_then(|place| *PERIODS.get(place)?);
        narrowed.update(|narrowed| narrowed.from = back.map(|back| clock::wall().plus_ms(-back)));
    });
    let connections = reactive(move || {
        let chosen = narrowed.with_untracked(|narrowed| narrowed.link.clone());
        let option = |(id, name): (String, String)| {
            let selected = chosen.as_ref().is_some_and(|chosen| chosen.as_str() == id);
            view! { <option value=id selected=selected>{name}</option> }
        };
        names.get().into_iter().map(option).collect_view().into_any()
    });
    let kinds = LogKind::ALL.iter().map(|kind| {
        view! { <option value=kind.as_str()>{(strings.kinds)(*kind)}</option> }
    });
    let periods = strings.periods.into_iter().enumerate();
    let periods = periods.map(|(place, name)| view! { <option value=place>{name}</option> });
    view! {
        <div class="log-filters">
            <label class="field">
                <span>{strings.connection}</span>
                <select name="log-link" on:change=of_link>
                    <option value="">{strings.all_connections}</option>
                    {connections}
                </select>
            </label>
            <label class="field">
                <span>{strings.log_kind}</span>
                <select name="log-kind" on:change=of_kind>
                    <option value="">{strings.all_kinds}</option>
                    {kinds.collect_view()}
                </select>
            </label>
            <label class="field">
                <span>{strings.period}</span>
                <select name="log-period" on:change=of_period>{periods.collect_view()}</select>
            </label>
            <label class="field">
                <span>{strings.search}</span>
                <input type="search" name="log-search" autocomplete="off" on:input=typed(move |text| sought.set(text))/>
            </label>
        </div>
    }
    .into_any()
}

/// Made anew when the filters change.
#[component]
fn Rows(
    narrowed: LogFilter,
    sought: RwSignal<String>,
    links: RwSignal<Links>,
    above: ArcRwSignal<FetchStatus>,
) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let queries: Queries = expect_context();
    let timeline = RwSignal::new(Timeline::default());
    // Those that came by themselves; older ones were asked for, and are no news.
    let arrived = RwSignal::new(0);
    let news = Memo::new(move |_| Some(arrived.get()));
    let newest =
        queries.document(&narrowed.path("", "limit=50"), Family::Link, Polling::LISTS, reads::<LogPage>);
    let fetch_status = ArcRwSignal::new(FetchStatus::default());
    let (own, shown_health) = (newest.fetch_status.clone(), fetch_status.clone());
    Effect::new(move |_| {
        let is_said_above = above.with(|above| *above != FetchStatus::default());
        shown_health.set(if is_said_above { FetchStatus::default() } else { own.get() });
    });
    Effect::new(move |_| {
        if let Some(page) = newest.read::<LogPage>() {
            timeline.update(|timeline| timeline.newest(page));
        }
    });
    let heard = {
        let narrowed = narrowed.clone();
        use_realtime().subscribe(Family::Link, move |event| {
            if let Event::Opaque(opaque) = event
                && opaque.name == "connection_log"
                && let Ok(row) = opaque.read::<LogRow>()
                && narrowed.admits(&row)
            {
                timeline.update(|timeline| timeline.event(row));
                arrived.update(|arrived| *arrived += 1);
            }
        })
    };
    let heard = SendWrapper::new(heard);
    on_cleanup(move || drop(heard));

    let name_of = move |id: &LinkId| {
        links.with(|links| links.find(id).map(|link| link.reference_id.clone())).unwrap_or_default()
    };
    let shown = Memo::new(move |_| {
        sought.with(|sought| {
            timeline.with(|timeline| {
                let fits =
                    |row: &&LogRow| sought.is_empty() || mentions(sought, &texts(row, name_of, locale));
                timeline.rows().iter().filter(fits).cloned().collect::<Vec<_>>()
            })
        })
    });
    let instead = {
        let loaded =
            Memo::new(move |_| timeline.with(|timeline| (timeline.is_known(), timeline.rows().len())));
        let none = Memo::new(move |_| shown.with(Vec::is_empty));
        reactive(move || match (loaded.get(), none.get()) {
            ((false, _), _) => view! { <Skeleton/> }.into_any(),
            ((true, 0), _) => nothing(strings.no_rows, strings.no_rows_hint.to_owned()),
            ((true, rows), true) => nothing(strings.none_match, (strings.none_match_hint)(rows)),
            ((true, _), false) => ().into_any(),
        })
    };
    view! {
        <StaleNote fetch_status/>
        {following(timeline, strings)}
        <NewRows count=news/>
        {instead}
        <ul class="log-rows">
            <For each=move || shown.get() key=|row| row.id.clone() let(row)>
                {row_view(&row, name_of, locale)}
            </For>
        </ul>
        {older(narrowed, timeline, locale)}
    }
    .into_any()
}

fn nothing(what: &'static str, hint: String) -> AnyView {
    view! { <div class="empty"><p><strong>{what}</strong></p><p class="quiet">{hint}</p></div> }.into_any()
}

fn following(timeline: RwSignal<Timeline>, strings: &'static ConnectionsStrings) -> AnyView {
    let waiting = Memo::new(move |_| timeline.with(Timeline::waiting));
    let turn = click(move || {
        timeline.update(|timeline| match timeline.waiting() {
            Some(_) => timeline.resume(),
            None => timeline.pause(),
        });
    });
    view! {
        <button
            type="button"
            class="button small follow"
            data-testid="follow"
            data-paused=text(move || waiting.get().is_some().to_string())
            on:click=turn
        >
            {text(move || waiting.get().map_or_else(|| strings.pause.to_owned(), strings.resume))}
        </button>
    }
    .into_any()
}

fn older(narrowed: LogFilter, timeline: RwSignal<Timeline>, locale: Locale) -> AnyView {
    let strings = strings(locale);
    let api: Api = expect_context();
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(String::new()));
    let load = move || {
        let OlderRows::Behind(cursor) = timeline.with_untracked(|timeline| timeline.older.clone()) else {
            return;
        };
        let (api, narrowed) = (api.clone(), narrowed.clone());
        busy.set(true);
        failure.set(String::new());
        spawn_local(async move {
            let cursor: String = js_sys::encode_uri_component(&cursor).into();
            let path = narrowed.path("", &format!("limit=50&cursor={cursor}"));
            let answer = api.send(Call::get(&path)).await.and_then(|answer| answer.parse::<LogPage>());
            busy.try_set(false);
            match answer {
                Ok(page) => {
                    timeline.try_update(|timeline| timeline.add_older(page));
                }
                Err(error) => {
                    failure.try_set((strings.older_failed)(&reasons::error(locale, &error)));
                }
            }
        });
    };
    when(
        move || timeline.with(|timeline| matches!(timeline.older, OlderRows::Behind(_))),
        move || {
            view! {
                <div class="log-older">
                    <button
                        type="button"
                        class="button small"
                        data-testid="older"
                        disabled=derived_bool(move || busy.get())
                        on:click=click(load.clone())
                    >
                        <Icon name="clock"/>
                        {text(move || if busy.get() { locale.strings.loading } else { strings.older }.to_owned())}
                    </button>
                    <p class="error" role="alert">{text(move || failure.get())}</p>
                </div>
            }
            .into_any()
        },
    )
}
