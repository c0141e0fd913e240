//! The people that a coach may see besides themselves. Their records are read with `?person=<id>`.

use axum::{Router, extract::State, http::HeaderMap, response::Response, routing::get};
use latido_domain::{access, digest::Digest, store::StoreError};
use latido_protocol::session::{People, User};

use super::{current_user::CurrentUser, precondition::with_etag, problem::Problem};
use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    Router::new().route("/people", get(list))
}

/// By name. Empty for whoever follows nobody.
async fn list(
    State(app): State<AppState>,
    caller: CurrentUser,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reading = app.store.read(move |read| access::people_of(read, &caller.account.id));
    let followed = Result::<_, StoreError>::map_err(reading.await, Problem::from)?;
    let mut people: Vec<User> = followed.iter().map(latido_domain::account::Account::user).collect();
    people.sort_by(|one, two| one.name.as_str().cmp(two.name.as_str()));
    let body = serde_json::to_string(&People { people })?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}
