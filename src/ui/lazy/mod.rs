//! Lazy views: views whose code is loaded when they are first shown.
//!
//! With the feature `split`, which `cargo xtask build` turns on, the code that only a lazy view uses ends up in a
//! *chunk*, a wasm file of its own (`xtask/src/split.rs`). Without it everything is in one file, and every view is
//! ready at once. [`lazy_view!`] declares one, [`lazy`] shows it.
//!
//! Code that was loaded once is shown at once, without a skeleton in between. A chunk that fails to load shows an
//! error in the view's place, and is loaded again when the user asks for it: never by itself, so that no loop of
//! retries can arise.

mod strings;

use std::{cell::Cell, future::Future, pin::Pin};

use futures::FutureExt;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{
    skeleton::Skeleton,
    view::{click, reactive},
};
use crate::{browser::timer::after, i18n::use_locale};
use strings::strings;

pub use crate::browser::chunk::NotLoaded;

/// Loads the code of a view, or finds that it is loaded.
pub type LazyView = fn() -> LoadingView;

/// Builds the view. It runs where the view stands, so it finds that place's contexts.
pub type BuildView = fn() -> AnyView;

/// Resolves once the code of a view is loaded.
pub type LoadingView = Pin<Box<dyn Future<Output = Result<BuildView, NotLoaded>>>>;

/// Declares a lazy view: `lazy_view! { pub name: Component in chunk }`. It takes no arguments: the component reads
/// its contexts. Views that the same people open share a chunk: every further chunk has its name and its hash in the
/// script, and code that only some of the chunks share becomes further files.
macro_rules! lazy_view {
    ($visible:vis $name:ident: $component:ident in $chunk:ident) => {
        $visible fn $name() -> $crate::ui::lazy::LoadingView {
            // The boundary between two files: the one function that is called across it by name.
            #[cfg_attr(feature = "split", wasm_split_helpers::wasm_split($chunk, fallible))]
            fn $name() -> Result<$crate::ui::lazy::BuildView, $crate::ui::lazy::NotLoaded> {
                Ok(|| leptos::prelude::IntoAny::into_any(leptos::view! { <$component/> }))
            }
            #[cfg(not(feature = "split"))]
            let loading = std::future::ready($name());
            #[cfg(feature = "split")]
            let loading = $name();
            Box::pin(loading)
        }
    };
}
pub(crate) use lazy_view;

#[derive(Clone, Copy)]
enum Stage {
    Loading,
    Loaded(BuildView),
    Failed,
}

impl From<Result<BuildView, NotLoaded>> for Stage {
    fn from(outcome: Result<BuildView, NotLoaded>) -> Self {
        outcome.map_or(Self::Failed, Self::Loaded)
    }
}

/// The view of a page, or what stands in its place until it is there.
pub fn lazy(view: LazyView) -> AnyView {
    lazy_with(view, || view! { <Skeleton/> }.into_any(), || ().into_any())
}

/// The same for what is so small that nothing has to stand in its place.
pub fn lazy_small(view: LazyView) -> AnyView {
    lazy_with(view, || ().into_any(), || ().into_any())
}

/// The same for a view that the user did not request: a failure shows nothing. It is loaded again where it stands
/// next.
pub fn lazy_quiet(view: LazyView) -> AnyView {
    let stage = RwSignal::new(Stage::Loading);
    load(view, stage);
    reactive(move || match stage.get() {
        Stage::Loaded(build) => build(),
        Stage::Loading | Stage::Failed => ().into_any(),
    })
}

/// The same with another `meanwhile`, and where a failure needs one more button, such as one that closes the dialog
/// around it. Lazy views wait for the styles that they need.
pub fn lazy_with(view: LazyView, meanwhile: fn() -> AnyView, way_out: fn() -> AnyView) -> AnyView {
    let Some(ready) = later_styles() else { return view_or(view, meanwhile, way_out) };
    // Both at once.
    spawn_local(async move {
        let _ = view().await;
    });
    let styled = RwSignal::new(false);
    spawn_local(async move {
        ready.await;
        styled.try_set(true);
    });
    reactive(move || if styled.get() { view_or(view, meanwhile, way_out) } else { meanwhile() })
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

fn view_or(view: LazyView, meanwhile: fn() -> AnyView, way_out: fn() -> AnyView) -> AnyView {
    let stage = RwSignal::new(Stage::Loading);
    load(view, stage);
    reactive(move || match stage.get() {
        Stage::Loading => meanwhile(),
        Stage::Loaded(build) => build(),
        Stage::Failed => {
            let again = click(move || {
                stage.set(Stage::Loading);
                load(view, stage);
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

fn load(view: LazyView, stage: RwSignal<Stage>) {
    let mut loading = view();
    match loading.as_mut().now_or_never() {
        Some(outcome) => stage.set(outcome.into()),
        None => spawn_local(async move {
            // The page may have been left meanwhile.
            stage.try_set(loading.await.into());
        }),
    }
}

/// Loads a view before it is shown.
pub fn load_ahead(view: LazyView) {
    spawn_local(async move {
        if let Some(ready) = later_styles() {
            ready.await;
        }
        // A failure here is repeated, and shown, when the view is.
        let _ = view().await;
    });
}

/// Loads every part once the first page has had its time, so that all of them are there when the network is
/// gone. One after another: whatever is asked for meanwhile does not wait behind all of them.
pub fn load_all_later(views: &'static [LazyView]) {
    const AFTER_MS: u32 = 4_000;
    after(AFTER_MS, move || {
        spawn_local(async move {
            if let Some(ready) = later_styles() {
                ready.await;
            }
            for view in views {
                // As above.
                let _ = view().await;
            }
        });
    });
}
