//! Equipment: what can be switched, and what it draws while it is on.
//!
//! A device exists once it has been heard of. It is online only while the server's link to it stands and
//! something has come from it since; when the link goes down it is offline at once, its relay counts as
//! off and its power as zero.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::{event::Announce, id::Id, time::Timestamp};

pub type DeviceId = Id<Device>;

/// One relay. A device with several of them is listed once for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: DeviceId,
    pub name: String,
    pub online: bool,
    pub relay_on: bool,
    /// Watts; negative where power is fed in. 0 from a device that does not measure it.
    pub current_power: f64,
    /// Volts; missing from a device that does not measure it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voltage: Option<f64>,
    /// Of the device itself, in °C; missing from a device that does not measure it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// When the last message came from it.
    pub last_seen_at: Timestamp,
    /// To be switched on only while somebody has an appointment.
    #[serde(default)]
    pub appointment_only_mode: bool,
}

/// The answer to `GET /devices`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceList {
    pub devices: Vec<Device>,
}

/// The answer to a request that concerns one device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceOne {
    pub device: Device,
}

/// What is said when a device has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceEvent {
    Updated(Device),
}

impl Announce for DeviceEvent {
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
