//! The devices of a tenant, and switches on their way.
//!
//! A switch shows at once, as a patch over the device's row, and is confirmed when the device reports it: in the response
//! to the request, in an event or in a list. A refusal rolls it back and stays until it is dismissed.

use latido_protocol::{
    device::{Device, DeviceId, DeviceList},
    event::Event,
    time::Timestamp,
};

use crate::{
    collection::{Collection, Entity, FetchMark, Patch},
    model::{Change, Listed, Model},
};

/// What can be asked of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// On or off.
    Relay,
    /// Can be switched on only during an appointment.
    AppointmentOnly,
}

/// What is asked of a device and not confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    relay: Option<bool>,
    appointment_only: Option<bool>,
}

impl Control {
    /// What the device reports.
    pub fn reads(self, device: &Device) -> bool {
        match self {
            Self::Relay => device.relay_on,
            Self::AppointmentOnly => device.appointment_only_mode,
        }
    }

    /// Whether the device reports this value. A relay out of reach counts as off, which confirms nothing.
    fn confirms(self, device: &Device, value: bool) -> bool {
        self.reads(device) == value && (self != Self::Relay || device.online)
    }
}

impl Entity for Device {
    /// By name, as the server lists them.
    type SortKey = (String, String);
    /// The time of its last message.
    type Revision = Timestamp;
    type Scope = ();
    type Draft = Wanted;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn sort_key(&self) -> Self::SortKey {
        (self.name.clone(), self.id.as_str().to_owned())
    }

    fn revision(&self) -> Timestamp {
        self.last_seen_at
    }

    fn is_in(&self, (): &()) -> bool {
        true
    }

    fn with_draft(&self, wanted: &Wanted) -> Self {
        Self {
            relay_on: wanted.relay.unwrap_or(self.relay_on),
            appointment_only_mode: wanted.appointment_only.unwrap_or(self.appointment_only_mode),
            ..self.clone()
        }
    }
}

impl Listed for Device {
    type Page = DeviceList;

    fn read(page: DeviceList) -> (Vec<Self>, Option<String>) {
        (page.devices, None)
    }

    fn change(event: &Event) -> Option<Change<Self>> {
        event.read("device-update").map(Change::Put)
    }
}

/// How a switch stands.
#[derive(Clone, Debug, PartialEq)]
pub enum SwitchState<E> {
    /// Shown, and not confirmed. `attempt` tells it from earlier ones.
    Asked {
        /// The value that is asked for.
        value: bool,
        /// The number of the attempt.
        attempt: u32,
    },
    /// Rolled back.
    Failed {
        /// The value that was asked for.
        value: bool,
        /// Why not.
        why: E,
    },
}

/// One control of one device, for as long as there is something to say about it.
#[derive(Clone, Debug)]
struct Switch<E> {
    device: DeviceId,
    control: Control,
    state: SwitchState<E>,
}

/// A device as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownDevice<E> {
    /// With what is asked of it laid over it.
    pub device: Device,
    relay: Option<SwitchState<E>>,
    appointment_only: Option<SwitchState<E>>,
}

impl<E> ShownDevice<E> {
    /// On or off, as it is shown.
    pub fn is_on(&self, control: Control) -> bool {
        control.reads(&self.device)
    }

    /// Whether a switch is on its way.
    pub fn is_asked(&self, control: Control) -> bool {
        matches!(self.state(control), Some(SwitchState::Asked { .. }))
    }

    /// The value that was asked for in vain, and why.
    pub fn failure(&self, control: Control) -> Option<(bool, &E)> {
        match self.state(control) {
            Some(SwitchState::Failed { value, why }) => Some((*value, why)),
            Some(SwitchState::Asked { .. }) | None => None,
        }
    }

    fn state(&self, control: Control) -> Option<&SwitchState<E>> {
        match control {
            Control::Relay => self.relay.as_ref(),
            Control::AppointmentOnly => self.appointment_only.as_ref(),
        }
    }
}

/// The devices and their switches. `E` is why a switch failed.
pub struct Devices<E> {
    list: Collection<Device>,
    switches: Vec<Switch<E>>,
    /// Counts what was asked.
    attempts: u32,
}

/// A tenant's devices come in one answer.
const MOST: usize = 10_000;

impl<E> Default for Devices<E> {
    fn default() -> Self {
        Self { list: Collection::new((), MOST), switches: Vec::new(), attempts: 0 }
    }
}

impl<E: Clone> Devices<E> {
    /// All of them, by name; `None` until the first answer.
    pub fn shown(&self) -> Option<impl Iterator<Item = ShownDevice<E>>> {
        let state = |id: &DeviceId, control| {
            let switch = self.switches.iter().find(|switch| switch.is(id, control));
            switch.map(|switch| switch.state.clone())
        };
        self.list.is_known().then(|| {
            self.list.rows().map(move |device| ShownDevice {
                device: Device::clone(device),
                relay: state(&device.id, Control::Relay),
                appointment_only: state(&device.id, Control::AppointmentOnly),
            })
        })
    }

    /// Starts an attempt to switch, and returns its number; `None` while another one is under way, or for a device that
    /// is not there.
    pub fn ask(&mut self, id: &DeviceId, control: Control, value: bool) -> Option<u32> {
        let is_asked =
            |switch: &Switch<E>| switch.is(id, control) && matches!(switch.state, SwitchState::Asked { .. });
        if self.list.get(id.as_str()).is_none() || self.switches.iter().any(is_asked) {
            return None;
        }
        self.attempts += 1;
        let attempt = self.attempts;
        self.set(id, control, Some(SwitchState::Asked { value, attempt }));
        Some(attempt)
    }

    /// Applies the outcome of an attempt.
    pub fn answered(
        &mut self,
        id: &DeviceId,
        control: Control,
        attempt: u32,
        outcome: Result<Device, E>,
        settles_at: Timestamp,
    ) {
        let failure = match outcome {
            Ok(device) => {
                self.list.put_until(device, settles_at);
                self.confirm();
                None
            }
            Err(why) => Some(why),
        };
        let asked = self.switches.iter().find(|switch| switch.is(id, control)).map(|switch| &switch.state);
        match asked {
            Some(SwitchState::Asked { value, attempt: asked }) if *asked == attempt => {
                let value = *value;
                self.set(id, control, failure.map(|why| SwitchState::Failed { value, why }));
            }
            // Confirmed already, or asked again after the failure was seen.
            Some(SwitchState::Asked { .. } | SwitchState::Failed { .. }) | None => {}
        }
    }

    /// Dismisses a failure.
    pub fn dismiss(&mut self, id: &DeviceId, control: Control) {
        let has_failed =
            |switch: &Switch<E>| switch.is(id, control) && matches!(switch.state, SwitchState::Failed { .. });
        if self.switches.iter().any(has_failed) {
            self.set(id, control, None);
        }
    }

    /// Ends the switches that devices have confirmed. Returns whether there were any.
    fn confirm(&mut self) -> bool {
        let is_confirmed = |switch: &Switch<E>| {
            let (SwitchState::Asked { value, .. } | SwitchState::Failed { value, .. }) = switch.state;
            let device = self.list.get(switch.device.as_str());
            device.is_some_and(|device| switch.control.confirms(device, value))
        };
        let confirmed: Vec<_> = self
            .switches
            .iter()
            .filter(|switch| is_confirmed(switch))
            .map(|switch| (switch.device.clone(), switch.control))
            .collect();
        for (id, control) in &confirmed {
            self.set(id, *control, None);
        }
        !confirmed.is_empty()
    }

    fn set(&mut self, id: &DeviceId, control: Control, state: Option<SwitchState<E>>) {
        self.switches.retain(|switch| !switch.is(id, control));
        self.switches.extend(state.map(|state| Switch { device: id.clone(), control, state }));
        let asked = |control| {
            self.switches.iter().filter(|switch| switch.is(id, control)).find_map(|switch| {
                match switch.state {
                    SwitchState::Asked { value, .. } => Some(value),
                    SwitchState::Failed { .. } => None,
                }
            })
        };
        let wanted =
            Wanted { relay: asked(Control::Relay), appointment_only: asked(Control::AppointmentOnly) };
        self.list.set_patch(id.as_str(), (wanted != Wanted::default()).then_some(Patch::Edit(wanted)));
    }
}

impl<E> Switch<E> {
    fn is(&self, device: &DeviceId, control: Control) -> bool {
        self.device == *device && self.control == control
    }
}

impl<E: Clone> Model for Devices<E> {
    type Page = DeviceList;

    fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        self.list.begin_fetch(now)
    }

    fn apply_first_page(&mut self, mark: FetchMark, page: DeviceList, followed: bool) {
        Model::apply_first_page(&mut self.list, mark, page, followed);
        self.confirm();
    }

    fn apply_next_page(&mut self, mark: FetchMark, asked: &str, page: DeviceList) -> bool {
        let applied = Model::apply_next_page(&mut self.list, mark, asked, page);
        self.confirm();
        applied
    }

    fn cursor(&self) -> Option<&str> {
        self.list.cursor()
    }

    fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool {
        let changed = self.list.apply_event(event, settles_at);
        self.confirm() || changed
    }

    fn mark_stale(&mut self) {
        self.list.mark_stale();
    }

    fn matches_last_response(&self) -> bool {
        self.list.matches_last_response()
    }
}

#[cfg(test)]
mod tests;
