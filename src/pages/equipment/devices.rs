//! The devices of a tenant, held together from answers, events and what somebody has asked of them.
//!
//! What arrives last is not always what happened last: an answer is a picture of some moment after its
//! fetch began, so it says nothing about a device that an event has spoken of since. What somebody asks
//! for is shown at once, and is true when the device says so, whether in the answer to the request, in an
//! event or in a list. A refusal takes it back.

use latido_protocol::{
    device::{Device, DeviceId},
    time::Timestamp,
};

use crate::{api::error::ApiError, queries::document::Fetch};

/// What somebody wants of a device, until the device says that it is so.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Wish {
    #[default]
    None,
    /// The number tells an attempt from earlier ones.
    Asked {
        value: bool,
        attempt: u32,
    },
    Failed {
        value: bool,
        why: ApiError,
    },
}

impl Wish {
    /// The device says how it is.
    fn heard(&mut self, is: bool) {
        if let Self::Asked { value, .. } | Self::Failed { value, .. } = self
            && *value == is
        {
            *self = Self::None;
        }
    }

    /// What is shown, of a device that says it is so.
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
    /// To be switched on only while somebody has an appointment.
    AppointmentOnly,
}

/// A device, and what is wanted of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub device: Device,
    relay: Wish,
    appointment_only: Wish,
}

impl Shown {
    pub fn wish(&self, control: Control) -> &Wish {
        match control {
            Control::Relay => &self.relay,
            Control::AppointmentOnly => &self.appointment_only,
        }
    }

    /// On or off, as it is shown.
    pub fn is_on(&self, control: Control) -> bool {
        self.wish(control).over(match control {
            Control::Relay => self.device.relay_on,
            Control::AppointmentOnly => self.device.appointment_only_mode,
        })
    }

    fn wish_mut(&mut self, control: Control) -> &mut Wish {
        match control {
            Control::Relay => &mut self.relay,
            Control::AppointmentOnly => &mut self.appointment_only,
        }
    }

    fn take(&mut self, device: Device) {
        // A relay that is out of reach counts as off, which is not what somebody has asked for.
        if device.online {
            self.relay.heard(device.relay_on);
        }
        self.appointment_only.heard(device.appointment_only_mode);
        self.device = device;
    }
}

struct Known {
    shown: Shown,
    /// When an event last spoke of it.
    touched: u64,
}

impl Known {
    fn new(device: Device, touched: u64) -> Self {
        let shown = Shown { device, relay: Wish::None, appointment_only: Wish::None };
        Self { shown, touched }
    }

    fn seen_at(&self) -> Timestamp {
        self.shown.device.last_seen_at
    }
}

/// All devices, by name.
#[derive(Default)]
pub struct Devices {
    known: Option<Vec<Known>>,
    /// Counts what was asked.
    attempts: u32,
}

impl Devices {
    /// `None` until the first answer.
    pub fn shown(&self) -> Option<impl Iterator<Item = &Shown>> {
        Some(self.known.as_ref()?.iter().map(|known| &known.shown))
    }

    pub fn answer(&mut self, devices: Vec<Device>, fetch: Fetch) {
        let known = self.known.get_or_insert_default();
        known.retain(|known| {
            known.touched > fetch.begun || devices.iter().any(|device| device.id == known.shown.device.id)
        });
        for device in devices {
            match known.iter_mut().find(|known| known.shown.device.id == device.id) {
                None => known.push(Known::new(device, 0)),
                Some(known) => {
                    let is_older = device.last_seen_at < known.seen_at() && !fetch.doubted;
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
            None => all.push(Known::new(device, moment)),
            Some(known) if device.last_seen_at >= known.seen_at() => {
                known.touched = moment;
                known.shown.take(device);
            }
            // It comes late. Should it be the clock that was set back, the next answer says so.
            Some(_) => return,
        }
        self.sort();
    }

    /// Somebody wants it on or off. The number of the attempt; `None` while another one is under way.
    pub fn ask(&mut self, id: &DeviceId, control: Control, value: bool) -> Option<u32> {
        self.attempts += 1;
        let attempt = self.attempts;
        let shown = self.find(id)?;
        if shown.wish(control).is_asked() {
            return None;
        }
        *shown.wish_mut(control) = Wish::Asked { value, attempt };
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
        match *shown.wish(control) {
            Wish::Asked { value, attempt: asked } if asked == attempt => {
                *shown.wish_mut(control) = failure.map_or(Wish::None, |why| Wish::Failed { value, why });
            }
            // It is so already, or somebody has seen the failure and asked again.
            Wish::Asked { .. } | Wish::None | Wish::Failed { .. } => {}
        }
    }

    /// Somebody has read what went wrong.
    pub fn dismiss(&mut self, id: &DeviceId, control: Control) {
        if let Some(shown) = self.find(id)
            && shown.wish(control).failure().is_some()
        {
            *shown.wish_mut(control) = Wish::None;
        }
    }

    fn find(&mut self, id: &DeviceId) -> Option<&mut Shown> {
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
