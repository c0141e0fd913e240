//! A view whose code is loaded when it is first shown, see [`crate::parts`].
//!
//! What has been loaded once is shown at once, without a skeleton in between. What cannot be loaded says so in
//! the view's place, and is tried again when somebody asks for it: never by itself, so that nothing can go
//! round in circles.

mod strings;

use std::{cell::Cell, future::Future, pin::Pin, time::Duration};

use futures::FutureExt;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{
    rows::Skeleton,
    view::{click, dynamic},
};
use crate::{i18n::use_locale, parts};
use strings::strings;

/// Fetches some code, or finds that it is there.
pub type Part = fn() -> Loading;

/// The function that builds the view. It runs where the view stands, so it finds that place's contexts.
pub type Build = fn() -> AnyView;

pub type Loading = Pin<Box<dyn Future<Output = Result<Build, NotLoaded>>>>;

/// The network is gone, or the server has another build by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Loading,
    Loaded(Build),
    Failed,
}

impl From<Result<Build, NotLoaded>> for Stage {
    fn from(outcome: Result<Build, NotLoaded>) -> Self {
        outcome.map_or(Self::Failed, Self::Loaded)
    }
}

/// The view of a page, or what stands in its place until it is there.
pub fn lazy(part: Part) -> AnyView {
    lazy_with(part, || view! { <Skeleton/> }.into_any(), || ().into_any())
}

/// The same for what is so small that nothing has to stand in its place.
pub fn lazy_small(part: Part) -> AnyView {
    lazy_with(part, || ().into_any(), || ().into_any())
}

/// What nobody has asked for: where it does not come, nothing is said. It is tried again with its next place.
pub fn lazy_quiet(part: Part) -> AnyView {
    let stage = RwSignal::new(Stage::Loading);
    load(part, stage);
    dynamic(move || match stage.get() {
        Stage::Loaded(build) => build(),
        Stage::Loading | Stage::Failed => ().into_any(),
    })
}

/// The same with another `meanwhile`, and where a failure needs one button more, such as one that closes the
/// dialog around it. Parts wait for the styles that they need.
pub fn lazy_with(part: Part, meanwhile: fn() -> AnyView, way_out: fn() -> AnyView) -> AnyView {
    let Some(ready) = later_styles() else { return part_or(part, meanwhile, way_out) };
    // Both at once.
    spawn_local(async move {
        let _ = part().await;
    });
    let styled = RwSignal::new(false);
    spawn_local(async move {
        ready.await;
        styled.try_set(true);
    });
    dynamic(move || if styled.get() { part_or(part, meanwhile, way_out) } else { meanwhile() })
}

thread_local! {
    /// The styles that the first page does without are there.
    static STYLED: Cell<bool> = const { Cell::new(false) };
}

/// Asks for them, see `public/first-paint.js`; `None` where there is nothing to wait for.
fn later_styles() -> Option<impl Future<Output = ()> + 'static> {
    if STYLED.get() {
        return None;
    }
    let asked = Reflect::get(&window(), &JsValue::from_str("latidoStyles"))
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|ask| ask.call0(&JsValue::UNDEFINED));
    let ready = JsFuture::from(Promise::resolve(&asked.ok()?));
    Some(async move {
        // Without its styles a page is plain, and better than none.
        let _ = ready.await;
        STYLED.set(true);
    })
}

fn part_or(part: Part, meanwhile: fn() -> AnyView, way_out: fn() -> AnyView) -> AnyView {
    let stage = RwSignal::new(Stage::Loading);
    load(part, stage);
    dynamic(move || match stage.get() {
        Stage::Loading => meanwhile(),
        Stage::Loaded(build) => build(),
        Stage::Failed => {
            let again = click(move || {
                stage.set(Stage::Loading);
                load(part, stage);
            });
            let reload = click(|| {
                // It can only be refused to a document that is going away.
                let _ = window().location().reload();
            });
            let (common, strings) = (use_locale().strings, strings(use_locale()));
            view! {
                <div class="note error" role="alert" data-testid="part-not-loaded">
                    <span><strong>{strings.not_loaded}</strong> " " {strings.what_to_do}</span>
                    <button type="button" class="button small" data-testid="load-again" on:click=again>
                        {common.try_again}
                    </button>
                    <button type="button" class="button small" on:click=reload>{strings.reload}</button>
                    {way_out()}
                </div>
            }
            .into_any()
        }
    })
}

fn load(part: Part, stage: RwSignal<Stage>) {
    let mut loading = part();
    match loading.as_mut().now_or_never() {
        Some(outcome) => stage.set(outcome.into()),
        None => spawn_local(async move {
            // The page may have been left meanwhile.
            stage.try_set(loading.await.into());
        }),
    }
}

/// Loads a part that is not shown yet.
pub fn load_ahead(part: Part) {
    spawn_local(async move {
        if let Some(ready) = later_styles() {
            ready.await;
        }
        // What fails here is loaded, or its failure shown, when somebody wants to see it.
        let _ = part().await;
    });
}

/// Loads every part once the first page has had its time, so that all of them are there when the network is
/// gone. One after another: whatever is asked for meanwhile does not wait behind all of them.
pub fn load_all_later() {
    const AFTER: Duration = Duration::from_secs(4);
    set_timeout(
        || {
            spawn_local(async {
                if let Some(ready) = later_styles() {
                    ready.await;
                }
                for part in parts::ALL {
                    // As above.
                    let _ = part().await;
                }
            });
        },
        AFTER,
    );
}
