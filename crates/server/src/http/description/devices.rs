//! Devices and their relays.

use latido_protocol::device::{Device, DeviceList, DeviceOne};
use utoipa::ToSchema;

use crate::openapi::{api::Api, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic(
        "Devices",
        "Devices that are switched and measured. All of a tenant see them; coaches and admins switch them.",
    );
    api.get(
        "/api/devices",
        operation("listDevices", "List devices").answers_cached::<DeviceList>("By name."),
    );
    api.patch(
        "/api/devices/{id}",
        operation("editDevice", "Set when a device may be on")
            .takes::<DevicePatch>()
            .answers::<DeviceOne>(200, "The device.")
            .refuses(&[403, 404]),
    );
    api.post(
        "/api/devices/{id}/relay",
        operation("switchRelay", "Switch a device")
            .takes::<Relay>()
            .answers::<DeviceOne>(200, "The device, as it reports itself now.")
            .refuses(&[403, 404])
            .refuses_as(409, "The device is offline, or has no relay. Nothing was switched.")
            .refuses_as(502, "The device refused, or was lost before it answered.")
            .refuses_as(504, "The device did not answer in time. Look at its state before trying again."),
    );
    api.event::<Device>("device-update", "A device has changed.");
}

/// What is set of a device.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
#[schema(rename_all = "camelCase")]
struct DevicePatch {
    appointment_only_mode: bool,
}

/// The state of a relay.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
struct Relay {
    on: bool,
}
