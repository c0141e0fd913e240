//! Equipment. Everybody of a tenant sees its devices; coaches and admins switch them.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, patch, post},
};
use latido_protocol::device::{DeviceId, DeviceList, DeviceOne};

use super::{
    actor::Actor,
    body::JsonObject,
    caller::Caller,
    in_path::InPath,
    precondition::{json, tagged},
    problem::Problem,
};
use crate::{
    app::App,
    digest::Digest,
    domain::{Fields, Refused, account::Role, fields::boolean, scope},
    links::{
        connector::Channel,
        records::{self, StoredDevice},
        task::SwitchError,
    },
    store::StoreError,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/devices", get(list))
        .route("/devices/{id}", patch(edit))
        .route("/devices/{id}/relay", post(relay))
}

/// By name.
async fn list(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    let reading = app.store.read(move |read| records::devices(read, &caller.account.tenant)).await;
    let mut devices: Vec<_> = Result::<_, StoreError>::map_err(reading, Problem::from)?
        .into_iter()
        .map(|stored| stored.device)
        .collect();
    devices.sort_by(|one, two| (&one.name, one.id.as_str()).cmp(&(&two.name, two.id.as_str())));
    let body = serde_json::to_string(&DeviceList { devices })?;
    Ok(tagged(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

/// The device of the caller's tenant, for a caller who has at least this role.
async fn find(
    app: &App,
    caller: &Caller,
    role: Role,
    id: String,
) -> Result<(StoredDevice, Channel), Problem> {
    let account = caller.account.clone();
    let found = app.store.read(move |read| {
        let found = records::device(read, &account.tenant, &DeviceId::new(id))?.ok_or(Refused::NotFound)?;
        scope::require(&account, role)?;
        let channel = Channel::new(&found.channel).ok_or(Refused::NotFound)?;
        Ok::<_, Refused>((found, channel))
    });
    Ok(found.await?)
}

/// `{"on":true}`. Answers when the device has.
async fn relay(
    State(app): State<App>,
    caller: Caller,
    actor: Actor,
    InPath(id): InPath,
    body: JsonObject,
) -> Result<Response, Problem> {
    let (stored, channel) = find(&app, &caller, Role::Coach, id).await?;
    let mut fields = Fields::of(&body.object);
    let on = fields.required("on", boolean);
    let on = fields.finish(on).map_err(Problem::invalid)?;
    let device = app.links.switch(&stored.link, channel, on, actor.is(&caller.account.id)).await?;
    Ok(json(serde_json::to_string(&DeviceOne { device })?).into_response())
}

/// `{"appointmentOnlyMode":true}`: what is for people to say and not for the device.
async fn edit(
    State(app): State<App>,
    caller: Caller,
    _: Actor,
    InPath(id): InPath,
    body: JsonObject,
) -> Result<Response, Problem> {
    let (stored, channel) = find(&app, &caller, Role::Admin, id).await?;
    let mut fields = Fields::of(&body.object);
    let mode = fields.required("appointmentOnlyMode", boolean);
    let mode = fields.finish(mode).map_err(Problem::invalid)?;
    let device = app.links.adopt(&stored.link, channel, mode).await?.ok_or(Refused::NotFound)?;
    Ok(json(serde_json::to_string(&DeviceOne { device })?).into_response())
}

impl From<SwitchError> for Problem {
    fn from(error: SwitchError) -> Self {
        match error {
            SwitchError::Offline => Self::new(
                StatusCode::CONFLICT,
                "The device is not online, so nothing was switched. Try again when it is.",
            ),
            SwitchError::NoRelay => {
                Self::new(StatusCode::CONFLICT, "This device has no relay that could be switched.")
            }
            SwitchError::Busy => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many commands wait for this device's answer, so nothing was switched. Try again in a moment.",
            ),
            SwitchError::TimedOut => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                "The device did not answer in time. Whether it has switched shows in its state; look before trying again.",
            ),
            SwitchError::Lost => Self::new(
                StatusCode::BAD_GATEWAY,
                "The connection to the device was lost before it answered. Whether it has switched shows when it is back.",
            ),
            SwitchError::Refused(refusal) => Self::new(
                StatusCode::BAD_GATEWAY,
                format!("The device refused, and nothing was switched. It says: {refusal}"),
            ),
            SwitchError::Store(error) => error.into(),
        }
    }
}
