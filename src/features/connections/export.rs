//! The log as a file, as the server makes it: everything that the filters leave, not only what has been read.

use latido_cache::families::link_log::LogFilter;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{log_filter::path, strings::strings};
use crate::{
    api::{Api, Call},
    browser::download,
    i18n::{reasons, use_locale},
    ui::{
        icon::Icon,
        view::{click, derived_bool, text},
    },
};

#[derive(Clone, Copy)]
struct Format {
    word: &'static str,
    name: &'static str,
    media_type: &'static str,
    file: &'static str,
}

const FORMATS: [Format; 2] = [
    Format { word: "csv", name: "CSV", media_type: "text/csv", file: "connection-log.csv" },
    Format { word: "json", name: "JSON", media_type: "application/json", file: "connection-log.json" },
];

#[component]
pub fn Export(narrowed: RwSignal<LogFilter>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let api: Api = expect_context();
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let save = move |format: Format| {
        let (api, narrowed) = (api.clone(), narrowed.get_untracked());
        busy.set(true);
        said.set(strings.exporting.to_owned());
        spawn_local(async move {
            let path = path(&narrowed, "/export", &format!("format={}", format.word));
            let outcome = match api.send(Call::get(&path)).await {
                Ok(answer) if download::save_text(format.file, format.media_type, &answer.body) => {
                    strings.exported.to_owned()
                }
                Ok(_) => strings.not_saved.to_owned(),
                Err(error) => (strings.not_exported)(&reasons::error(locale, &error)),
            };
            busy.try_set(false);
            said.try_set(outcome);
        });
    };
    let buttons = FORMATS.into_iter().map(|format| {
        let save = save.clone();
        view! {
            <button
                type="button"
                class="button small"
                data-testid=format!("export-{}", format.word)
                disabled=derived_bool(move || busy.get())
                on:click=click(move || save(format))
            >
                <Icon name="download"/>
                <span>{(strings.export)(format.name)}</span>
            </button>
        }
        .into_any()
    });
    view! {
        <div class="exports">
            {buttons.collect_view()}
            <p class="quiet" role="status">{text(move || said.get())}</p>
        </div>
    }
    .into_any()
}
