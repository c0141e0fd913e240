//! The devices of a tenant, merged from responses, events and pending switches.
//!
//! What arrives last did not always happen last: a response is a snapshot of some moment after its fetch began, so it
//! decides nothing about a device with a newer event. A switch shows optimistically, and is confirmed when the device
//! reports it, in the response to the request, an event or a list. A refusal rolls it back.

use latido_protocol::{
    device::{Device, DeviceId},
    time::Timestamp,
};

use crate::{api::error::ApiError, data::queries::document::FetchMark};

/// An optimistic value of a device, until the device reports it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OptimisticValue {
    #[default]
    None,
    /// `attempt` distinguishes it from earlier ones.
    Asked {
        value: bool,
        attempt: u32,
    },
    Failed {
        value: bool,
        why: ApiError,
    },
}

impl OptimisticValue {
    /// Applies the reported value.
    fn heard(&mut self, is: bool) {
        if let Self::Asked { value, .. } | Self::Failed { value, .. } = self
            && *value == is
        {
            *self = Self::None;
        }
    }

    /// The value shown, given the reported one.
    fn over(&self, is: bool) -> bool {
        if let Self::Asked { value, .. } = self { *value } else { is }
    }

    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Asked { .. })
    }

    pub fn failure(&self) -> Option<(bool, &ApiError)> {
        if let Self::Failed { value, why } = self { Some((*value, why)) } else { None }
    }
}

/// What can be asked of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    Relay,
    /// Can be switched on only during an appointment.
    AppointmentOnly,
}

/// A device, and what is wanted of it.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceState {
    pub device: Device,
    relay: OptimisticValue,
    appointment_only: OptimisticValue,
}

impl DeviceState {
    pub fn optimistic(&self, control: Control) -> &OptimisticValue {
        match control {
            Control::Relay => &self.relay,
            Control::AppointmentOnly => &self.appointment_only,
        }
    }

    /// On or off, as it is shown.
    pub fn is_on(&self, control: Control) -> bool {
        self.optimistic(control).over(match control {
            Control::Relay => self.device.relay_on,
            Control::AppointmentOnly => self.device.appointment_only_mode,
        })
    }

    fn optimistic_mut(&mut self, control: Control) -> &mut OptimisticValue {
        match control {
            Control::Relay => &mut self.relay,
            Control::AppointmentOnly => &mut self.appointment_only,
        }
    }

    fn take(&mut self, device: Device) {
        // A relay out of reach counts as off, which confirms nothing.
        if device.online {
            self.relay.heard(device.relay_on);
        }
        self.appointment_only.heard(device.appointment_only_mode);
        self.device = device;
    }
}

struct HeldDevice {
    shown: DeviceState,
    /// When an event last spoke of it.
    touched: u64,
}

impl HeldDevice {
    fn new(device: Device, touched: u64) -> Self {
        let shown =
            DeviceState { device, relay: OptimisticValue::None, appointment_only: OptimisticValue::None };
        Self { shown, touched }
    }

    fn seen_at(&self) -> Timestamp {
        self.shown.device.last_seen_at
    }
}

/// All devices, by name.
#[derive(Default)]
pub struct Devices {
    known: Option<Vec<HeldDevice>>,
    /// Counts what was asked.
    attempts: u32,
}

impl Devices {
    /// `None` until the first answer.
    pub fn shown(&self) -> Option<impl Iterator<Item = &DeviceState>> {
        Some(self.known.as_ref()?.iter().map(|known| &known.shown))
    }

    pub fn answer(&mut self, devices: Vec<Device>, fetch: FetchMark) {
        let known = self.known.get_or_insert_default();
        known.retain(|known| {
            known.touched > fetch.begun || devices.iter().any(|device| device.id == known.shown.device.id)
        });
        for device in devices {
            match known.iter_mut().find(|known| known.shown.device.id == device.id) {
                None => known.push(HeldDevice::new(device, 0)),
                Some(known) => {
                    let is_older = device.last_seen_at < known.seen_at() && !fetch.after_reset;
                    if known.touched < fetch.begun && !is_older {
                        known.shown.take(device);
                    }
                }
            }
        }
        self.sort();
    }

    /// An event, at this moment among the fetches.
    pub fn heard(&mut self, device: Device, moment: u64) {
        // Before the first answer the event is not everything: the list would seem to have one device.
        let Some(all) = &mut self.known else { return };
        match all.iter_mut().find(|known| known.shown.device.id == device.id) {
            None => all.push(HeldDevice::new(device, moment)),
            Some(known) if device.last_seen_at >= known.seen_at() => {
                known.touched = moment;
                known.shown.take(device);
            }
            // An older event. If the clock was set back, the next response corrects it.
            Some(_) => return,
        }
        self.sort();
    }

    /// Starts an attempt to switch, and returns its number; `None` while another one is under way.
    pub fn ask(&mut self, id: &DeviceId, control: Control, value: bool) -> Option<u32> {
        self.attempts += 1;
        let attempt = self.attempts;
        let shown = self.find(id)?;
        if shown.optimistic(control).is_asked() {
            return None;
        }
        *shown.optimistic_mut(control) = OptimisticValue::Asked { value, attempt };
        Some(attempt)
    }

    /// What became of an attempt.
    pub fn answered(
        &mut self,
        id: &DeviceId,
        control: Control,
        attempt: u32,
        outcome: Result<Device, ApiError>,
        moment: u64,
    ) {
        let failure = outcome.map(|device| self.heard(device, moment)).err();
        let Some(shown) = self.find(id) else { return };
        match *shown.optimistic(control) {
            OptimisticValue::Asked { value, attempt: asked } if asked == attempt => {
                *shown.optimistic_mut(control) =
                    failure.map_or(OptimisticValue::None, |why| OptimisticValue::Failed { value, why });
            }
            // Confirmed already, or asked again after the failure was seen.
            OptimisticValue::Asked { .. } | OptimisticValue::None | OptimisticValue::Failed { .. } => {}
        }
    }

    /// Dismisses a failure.
    pub fn dismiss(&mut self, id: &DeviceId, control: Control) {
        if let Some(shown) = self.find(id)
            && shown.optimistic(control).failure().is_some()
        {
            *shown.optimistic_mut(control) = OptimisticValue::None;
        }
    }

    fn find(&mut self, id: &DeviceId) -> Option<&mut DeviceState> {
        let known = self.known.as_mut()?.iter_mut().find(|known| known.shown.device.id == *id)?;
        Some(&mut known.shown)
    }

    /// As the backend lists them.
    fn sort(&mut self) {
        if let Some(known) = &mut self.known {
            known.sort_by(|one, other| {
                let (one, other) = (&one.shown.device, &other.shown.device);
                (&one.name, one.id.as_str()).cmp(&(&other.name, other.id.as_str()))
            });
        }
    }
}
