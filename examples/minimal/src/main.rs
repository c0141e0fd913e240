//! The smallest app on `latido-realtime`: a list that is fetched, an event that fetches it again, a badge.

use gloo_net::http::Request;
use latido_realtime::{RealtimeProvider, Status, status::debounced, use_realtime};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    access_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Foods {
    food_logs: Vec<Food>,
}

#[derive(Clone, Deserialize)]
struct Food {
    id: String,
    name: String,
    calories: f64,
}

async fn sign_in() -> Option<String> {
    let demo = json!({ "email": "demo@latido.local", "password": "latido-demo" });
    let response = Request::post("/api/session").json(&demo).ok()?.send().await.ok()?;
    response.json().await.ok().map(|session: Session| session.access_token)
}

async fn foods(token: Option<String>) -> Vec<Food> {
    let Some(token) = token else { return Vec::new() };
    let request = Request::get("/api/food-logs").header("authorization", &format!("Bearer {token}"));
    let Ok(response) = request.send().await else { return Vec::new() };
    response.json().await.map_or(Vec::new(), |foods: Foods| foods.food_logs)
}

#[component]
fn App() -> impl IntoView {
    let session = LocalResource::new(sign_in);
    let token = Signal::derive(move || session.get()?);
    let list = LocalResource::new(move || foods(token.get()));
    let enabled = Signal::derive(move || token.get().is_some());
    view! {
        <RealtimeProvider url="/ws" token enabled on_refetch=move |()| list.refetch()>
            <Badge/>
            <ul data-testid="food-list">
                <For each=move || list.get().unwrap_or_default() key=|food| food.id.clone() let(food)>
                    <li data-testid="food-row">{food.name} ", " {food.calories} " kcal"</li>
                </For>
            </ul>
        </RealtimeProvider>
    }
}

#[component]
fn Badge() -> impl IntoView {
    let status = debounced(use_realtime().status());
    let words = move || match status.get() {
        Status::Live { .. } => "Live",
        Status::Connecting => "Connecting",
        Status::Reconnecting { .. } => "Reconnecting",
        Status::Polling | Status::Stopped | Status::Disconnected { .. } => "Offline",
    };
    view! { <p data-testid="connection-status" data-state=move || status.get().name()>{words}</p> }
}

fn main() {
    leptos::mount::mount_to_body(App);
}
