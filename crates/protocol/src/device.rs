//! Equipment: relays that can be switched, and the power that they draw while they are on.
//!
//! A device exists from its first message. It is online only while the server's link to it stands and
//! a message has come from it since; when the link goes down it is offline at once, its relay counts as
//! off and its power as zero.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::{event::WireEvent, id::Id, time::Timestamp};

/// The id of a device: the same whenever the device comes back.
pub type DeviceId = Id<Device>;

/// One relay. A device with several of them is listed once for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// The server's id.
    pub id: DeviceId,
    /// The name that the source gives it, else its place within the link, `switch:0`.
    pub name: String,
    /// Whether the link stands and a message has come over it from this device.
    pub online: bool,
    /// Whether the relay is on. `false` while it is offline.
    pub relay_on: bool,
    /// The power in watts (W); negative where power is fed in. 0 while it is offline, and from a device that does not
    /// measure it.
    pub current_power: f64,
    /// The voltage in volts (V) of the last message; absent from a device that does not measure it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voltage: Option<f64>,
    /// The temperature of the device itself in °C, of the last message; absent from a device that does not measure it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The time of its last message.
    pub last_seen_at: Timestamp,
    /// Whether it is to be switched on only during an appointment. Set by an admin; absent means `false`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub appointment_only_mode: bool,
}

/// The response of `GET /devices`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceList {
    /// The tenant's devices.
    pub devices: Vec<Device>,
}

/// The response to a request about one device, `{"device":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceOne {
    /// The device as it is after the request.
    pub device: Device,
}

/// The event of a changed device, sent to every user of the tenant.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceEvent {
    /// A device is new or has changed, with all its fields: `device-update`.
    Updated(Device),
}

impl WireEvent for DeviceEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Updated(_) => "device-update",
        }
    }

    fn data(&self) -> Result<Box<RawValue>, serde_json::Error> {
        match self {
            Self::Updated(device) => to_raw_value(device),
        }
    }
}
