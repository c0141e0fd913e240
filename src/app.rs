//! Providers and routes.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{Api, session::SignedIn},
    browser::router::Location,
    config::Config,
    data::{
        mutations::Writes,
        queries::{Queries, record::RecordKind},
    },
    features::{
        connections::connections_page, conversations::conversations_page, deliveries::deliveries_page,
        equipment::equipment_page, overview::overview_page, profile::profile_page,
        records::record_page::RecordPage,
    },
    i18n::{self, LanguageChoice, Locale},
    lazy_views,
    realtime::provide_realtime,
    shell::{
        app_shell::AppShell,
        auth_gate::{auth_gate, restore},
        not_found::not_found_page,
        preferences,
        sign_in::Credentials,
    },
    ui::{lazy::lazy, view::reactive},
};

#[component]
pub fn App() -> impl IntoView {
    let config = Config::read();
    let api = Api::new(&config);
    let queries = Queries::new(api.clone());
    provide_context(api.clone());
    provide_context(queries.clone());
    let writes = Writes::new(&api, &queries);
    provide_context(writes.clone());
    provide_realtime(&config, &api, &queries, &writes);
    refresh_on_return(&queries, &writes);

    provide_context(Location::follow());
    let language = RwSignal::new(i18n::preferred());
    provide_context(LanguageChoice(language));
    Credentials::provide();
    preferences::follow_browser(&api, language);
    let leaving = api.clone();
    spawn_local(async move { leaving.session().leave().await });
    if api.session().signed_in().get_untracked() == SignedIn::Unknown {
        // Its outcome is in the session's signal.
        spawn_local(restore(api.clone()));
    }

    let gate = auth_gate(&api, || view! { <AppShell routes lazy_views=lazy_views::ALL/> }.into_any());
    move || {
        let language = language.get();
        i18n::announce(language);
        provide_context(Locale::of(language));
        gate()
    }
}

/// The page of the current address. A change of the address below a page does not build it anew.
fn routes() -> AnyView {
    let location: Location = expect_context();
    let page = Memo::new(move |_| location.page());
    reactive(move || match page.get().as_str() {
        "/" => lazy(overview_page),
        "/food" => view! { <RecordPage kind=RecordKind::Food/> }.into_any(),
        "/exercise" => view! { <RecordPage kind=RecordKind::Exercise/> }.into_any(),
        "/metrics" => view! { <RecordPage kind=RecordKind::Metric/> }.into_any(),
        "/profile" => lazy(profile_page),
        "/equipment" => lazy(equipment_page),
        "/deliveries" => lazy(deliveries_page),
        "/connections" => lazy(connections_page),
        "/conversations" => lazy(conversations_page),
        _ => lazy(not_found_page),
    })
}

/// Refreshes all queries and sends waiting writes when the user comes back to the page or to the network.
fn refresh_on_return(queries: &Queries, writes: &Writes) {
    for event in ["visibilitychange", "online"] {
        let (queries, writes) = (queries.clone(), writes.clone());
        let _ = window_event_listener_untyped(event, move |_| {
            queries.flush_now();
            if crate::browser::is_visible() {
                queries.refresh();
                writes.wake();
            }
        });
    }
    // A frozen page can neither send nor answer another tab that asks for the lock.
    let writes = writes.clone();
    let _ = window_event_listener_untyped("freeze", move |_| writes.yield_lock());
}
