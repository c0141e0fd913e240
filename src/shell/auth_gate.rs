//! The gate between the sign-in page and everything that needs a session.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::sign_in::sign_in_page;
use crate::{
    api::{Api, session::SignedIn},
    i18n::use_locale,
    log,
    ui::{lazy::lazy, view::reactive},
};

/// The part of the session that decides what is shown. A remembered user who is then confirmed keeps the same view.
#[derive(Clone, Copy, PartialEq)]
enum AuthGate {
    SignedOut,
    Restoring,
    SignedIn,
}

impl AuthGate {
    fn of(signed_in: &SignedIn) -> Self {
        match signed_in {
            SignedIn::No { .. } => Self::SignedOut,
            SignedIn::Unknown => Self::Restoring,
            SignedIn::Yes(_) | SignedIn::Remembered(_) => Self::SignedIn,
        }
    }
}

/// Shows the sign-in page, a note while the session is restored, or the shell.
///
/// The returned view can be built again, as a change of language does, without a change of the gate.
pub fn auth_gate(api: &Api, shell: fn() -> AnyView) -> impl Fn() -> AnyView + Clone + use<> {
    let signed_in = api.session().signed_in();
    let gate = Memo::new(move |_| signed_in.with(AuthGate::of));
    move || {
        reactive(move || match gate.get() {
            AuthGate::SignedOut => lazy(sign_in_page),
            AuthGate::Restoring => view! { <Restoring/> }.into_any(),
            AuthGate::SignedIn => shell(),
        })
    }
}

/// Shown after a reload, until the session is restored.
#[component]
fn Restoring() -> impl IntoView {
    let strings = use_locale().strings;
    view! { <main class="page" aria-busy="true"><p class="quiet">{strings.loading}</p></main> }.into_any()
}

/// Restores the session from its cookie, and retries until the server answers: a server that is down signs out
/// no one. If that takes longer than `PATIENCE_MS`, the page shows what the last user's cache holds.
pub async fn restore(api: Api) {
    const PAUSE_MS: u32 = 2_000;
    const PATIENCE_MS: u32 = 1_500;
    let remembering = api.clone();
    spawn_local(async move {
        TimeoutFuture::new(PATIENCE_MS).await;
        remembering.session().remember().await;
    });
    while api.session().is_open() {
        if api.session().token(None).await.is_ok() {
            return;
        }
        api.session().remember().await;
        log::verbose(|| "the session could not be restored yet".to_owned());
        TimeoutFuture::new(PAUSE_MS).await;
    }
}
