//! Providers, routes, and who gets to see them.

use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{Api, session::SignedIn},
    browser::router::Location,
    components::{
        header::Header,
        lazy::{lazy, lazy_small, load_all_later},
        outbox::RefusedWrites,
        record_page::RecordPage,
        undo::{Deleted, UndoNote},
        view::{dynamic, when},
    },
    config::Config,
    i18n::{self, Locale},
    parts,
    people::Viewing,
    queries::{Queries, record::Kind},
    realtime::{console, provide_realtime},
    writes::Writes,
};

/// The language that the whole tree is written in.
#[derive(Clone, Copy)]
pub struct LanguageChoice(pub RwSignal<Language>);

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
    let signed_in = api.session().signed_in();
    if signed_in.get_untracked() == SignedIn::Unknown {
        spawn_local(async move {
            // What it answers is in the session's signal; unreachable servers are asked again there.
            restore(api).await;
        });
    }

    move || {
        let language = language.get();
        i18n::announce(language);
        provide_context(Locale::of(language));
        let signed_in = signed_in.clone();

        dynamic(move || match signed_in.get() {
            SignedIn::No { .. } => lazy(parts::sign_in),
            SignedIn::Unknown => view! { <Restoring/> }.into_any(),
            SignedIn::Yes(_) => view! { <House/> }.into_any(),
        })
    }
}

/// Everything behind the door.
#[component]
fn House() -> impl IntoView {
    let location: Location = expect_context();
    let viewing = Viewing::provide();
    Deleted::provide();
    load_all_later();
    // A page is not built anew when the address changes below it.
    let page = Memo::new(move |_| location.page());
    let page = dynamic(move || match page.get().as_str() {
        "/" => lazy(parts::overview),
        "/food" => view! { <RecordPage kind=Kind::Food/> }.into_any(),
        "/exercise" => view! { <RecordPage kind=Kind::Exercise/> }.into_any(),
        "/metrics" => view! { <RecordPage kind=Kind::Metric/> }.into_any(),
        "/profile" => lazy(parts::profile),
        "/equipment" => lazy(parts::equipment),
        "/deliveries" => lazy(parts::deliveries),
        "/connections" => lazy(parts::connections),
        "/conversations" => lazy(parts::conversations),
        _ => lazy(parts::not_found),
    });
    let viewing_note = when(move || !viewing.is_oneself(), || lazy_small(parts::viewing_note));
    view! {
        <Header/>
        <main id="content" class="page" tabindex="-1"><RefusedWrites/>{viewing_note}{page}</main>
        <UndoNote/>
    }
    .into_any()
}

/// A reload, until the cookie has said who is there.
#[component]
fn Restoring() -> impl IntoView {
    let strings = i18n::use_locale().strings;
    view! { <main class="page" aria-busy="true"><p class="quiet">{strings.loading}</p></main> }.into_any()
}

/// Asks until somebody answers: a server that is down does not sign anybody out.
async fn restore(api: Api) {
    const PAUSE_MS: u32 = 2_000;
    while api.session().signed_in().get_untracked() == SignedIn::Unknown {
        if api.session().token(None).await.is_ok() {
            return;
        }
        console::verbose(|| "the session could not be restored yet".to_owned());
        pause(PAUSE_MS).await;
    }
}

async fn pause(ms: u32) {
    let (done, wait) = futures::channel::oneshot::channel::<()>();
    set_timeout(move || drop(done), std::time::Duration::from_millis(ms.into()));
    // Its only answer is that it is dropped.
    let _ = wait.await;
}

/// Whoever comes back to the page, or to the network, sees the present, and what waits is sent.
fn refresh_on_return(queries: &Queries, writes: &Writes) {
    for event in ["visibilitychange", "online"] {
        let (queries, writes) = (queries.clone(), writes.clone());
        let _ = window_event_listener_untyped(event, move |_| {
            queries.flush();
            if crate::browser::is_visible() {
                queries.refresh();
                writes.wake();
            }
        });
    }
    // A frozen page can neither send nor answer one that wants to.
    let writes = writes.clone();
    let _ = window_event_listener_untyped("freeze", move |_| writes.yield_the_lock());
}
