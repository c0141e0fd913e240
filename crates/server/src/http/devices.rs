//! Devices. Everybody of a tenant sees its devices; coaches and admins switch them.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, patch, post},
};
use latido_domain::{
    access,
    account::Role,
    device_link::{self, DeviceChannel, StoredDevice},
    digest::Digest,
    error::DomainError,
    fields::{Fields, boolean},
    store::StoreError,
};
use latido_protocol::{
    device::{DeviceId, DeviceList, DeviceOne},
    reason::Code,
};

use super::{
    audit::AuditContext,
    body::JsonObject,
    current_user::CurrentUser,
    path_id::PathId,
    precondition::{json, with_etag},
    problem::Problem,
};
use crate::{links::task::SwitchError, state::AppState};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/devices", get(list))
        .route("/devices/{id}", patch(edit))
        .route("/devices/{id}/relay", post(relay))
}

/// By name.
async fn list(
    State(app): State<AppState>,
    caller: CurrentUser,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reading = app.store.read(move |read| device_link::devices(read, &caller.account.tenant)).await;
    let mut devices: Vec<_> = Result::<_, StoreError>::map_err(reading, Problem::from)?
        .into_iter()
        .map(|stored| stored.device)
        .collect();
    devices.sort_by(|one, two| (&one.name, one.id.as_str()).cmp(&(&two.name, two.id.as_str())));
    let body = serde_json::to_string(&DeviceList { devices })?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

/// The device of the caller's tenant, for a caller who has at least this role.
async fn find(
    app: &AppState,
    caller: &CurrentUser,
    role: Role,
    id: String,
) -> Result<(StoredDevice, DeviceChannel), Problem> {
    let account = caller.account.clone();
    let found = app.store.read(move |read| {
        let found =
            device_link::device(read, &account.tenant, &DeviceId::new(id))?.ok_or(DomainError::NotFound)?;
        access::require(&account, role)?;
        let channel = DeviceChannel::new(&found.channel).ok_or(DomainError::NotFound)?;
        Ok::<_, DomainError>((found, channel))
    });
    Ok(found.await?)
}

/// `{"on":true}`. Answers when the device has.
async fn relay(
    State(app): State<AppState>,
    caller: CurrentUser,
    actor: AuditContext,
    PathId(id): PathId,
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
    State(app): State<AppState>,
    caller: CurrentUser,
    _: AuditContext,
    PathId(id): PathId,
    body: JsonObject,
) -> Result<Response, Problem> {
    let (stored, channel) = find(&app, &caller, Role::Admin, id).await?;
    let mut fields = Fields::of(&body.object);
    let mode = fields.required("appointmentOnlyMode", boolean);
    let mode = fields.finish(mode).map_err(Problem::invalid)?;
    let device = app.links.adopt(&stored.link, channel, mode).await?.ok_or(DomainError::NotFound)?;
    Ok(json(serde_json::to_string(&DeviceOne { device })?).into_response())
}

impl From<SwitchError> for Problem {
    fn from(error: SwitchError) -> Self {
        let (status, reason) = match error {
            SwitchError::Offline => (
                StatusCode::CONFLICT,
                Code::DeviceOffline
                    .says("The device is not online, so nothing was switched. Try again when it is."),
            ),
            SwitchError::NoRelay => (
                StatusCode::CONFLICT,
                Code::NoRelay.says("This device has no relay that could be switched."),
            ),
            SwitchError::Busy => (
                StatusCode::TOO_MANY_REQUESTS,
                Code::DeviceBusy.says(
                    "Too many commands wait for this device's answer, so nothing was switched. Try again in a moment.",
                ),
            ),
            SwitchError::TimedOut => (
                StatusCode::GATEWAY_TIMEOUT,
                Code::DeviceTimedOut.says(
                    "The device did not answer in time. Whether it has switched shows in its state; look before trying again.",
                ),
            ),
            SwitchError::Lost => (
                StatusCode::BAD_GATEWAY,
                Code::DeviceLost.says(
                    "The connection to the device was lost before it answered. Whether it has switched shows when it is back.",
                ),
            ),
            SwitchError::Refused(refusal) => (
                StatusCode::BAD_GATEWAY,
                Code::DeviceRefused
                    .says(format!("The device refused, and nothing was switched. It says: {refusal}"))
                    .with("says", &*refusal),
            ),
            SwitchError::Store(error) => return error.into(),
        };
        Self::new(status, reason)
    }
}
