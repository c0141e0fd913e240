//! The devices of one link, as the server believes them to be, and which of them have to be written.
//!
//! A device is online because something came from it while the link stood, and for no other reason: when
//! the link goes down, all of them are offline. What people act on (on, off, online, offline) is written at
//! once; a measurement at most once a second for a device, and the last one is never dropped.

use std::{collections::BTreeMap, time::Duration};

use latido_protocol::{
    device::{Device, DeviceId},
    link::LinkId,
    time::Timestamp,
};
use tokio::time::Instant;

use super::connector::{Channel, Reading};

/// A source that makes up devices without end fills no database.
pub const MAX_DEVICES: usize = 64;
/// A device's measurements are written at most this often, ...
const MEASURED_EVERY: Duration = Duration::from_secs(1);
/// ... and that it was seen, if nothing else is new, this often.
const SEEN_EVERY: Duration = Duration::from_mins(1);

/// How soon a change has to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    Written,
    Seen,
    Measured,
    Switched,
}

struct Entry {
    device: Device,
    urgency: Urgency,
    written_at: Option<Instant>,
}

impl Entry {
    fn due(&self) -> Option<Instant> {
        let every = match self.urgency {
            Urgency::Written => return None,
            Urgency::Switched => Duration::ZERO,
            Urgency::Measured => MEASURED_EVERY,
            Urgency::Seen => SEEN_EVERY,
        };
        // What was never written is due since ever: an instant that has certainly passed will do.
        self.written_at.map(|written_at| written_at + every)
    }

    fn is_due(&self, now: Instant) -> bool {
        self.urgency > Urgency::Written && self.due().is_none_or(|due| due <= now)
    }
}

/// A source has more devices than are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

#[derive(Default)]
pub struct Fleet {
    entries: BTreeMap<Channel, Entry>,
}

/// The id of the device behind a channel of a link: the same whenever it comes back.
pub fn device_id(link: &LinkId, channel: &Channel) -> DeviceId {
    DeviceId::new(format!("{link}.{}", channel.as_str()))
}

impl Fleet {
    /// What is known from before. Nothing has been heard since, so all of it is offline.
    pub fn restore(devices: impl IntoIterator<Item = (Channel, Device)>) -> Self {
        let entry = |device| Entry { device, urgency: Urgency::Written, written_at: None };
        let entries = devices.into_iter().map(|(channel, device)| (channel, entry(device))).collect();
        let mut fleet = Self { entries };
        fleet.offline();
        fleet
    }

    pub fn get(&self, channel: &Channel) -> Option<&Device> {
        self.entries.get(channel).map(|entry| &entry.device)
    }

    pub fn devices(&self) -> impl Iterator<Item = (&Channel, &Device)> {
        self.entries.iter().map(|(channel, entry)| (channel, &entry.device))
    }

    /// How many there are, and how many of them are online.
    pub fn count(&self) -> (usize, usize) {
        (self.entries.len(), self.devices().filter(|(_, device)| device.online).count())
    }

    /// Takes in what came from a device while the link stands.
    pub fn hear(&mut self, link: &LinkId, reading: Reading, now: Timestamp) -> Result<(), TooMany> {
        let full = self.entries.len() >= MAX_DEVICES;
        let entry = match self.entries.entry(reading.channel.clone()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(_) if full => return Err(TooMany),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let device = unheard_of(device_id(link, &reading.channel), &reading.channel, now);
                entry.insert(Entry { device, urgency: Urgency::Switched, written_at: None })
            }
        };
        let before = entry.device.clone();
        let device = &mut entry.device;
        device.last_seen_at = now;
        device.online = reading.online.unwrap_or(true);
        device.relay_on = reading.relay_on.unwrap_or(device.relay_on);
        device.current_power = reading.power.unwrap_or(device.current_power);
        device.voltage = reading.voltage.or(device.voltage);
        device.temperature = reading.temperature.or(device.temperature);
        if let Some(name) = reading.name {
            device.name = name;
        }
        if !device.online {
            (device.relay_on, device.current_power) = (false, 0.0);
        }
        let switched = |device: &Device| (device.online, device.relay_on, device.name.clone());
        let measured = |device: &Device| (device.current_power, device.voltage, device.temperature);
        let urgency = if switched(device) != switched(&before) {
            Urgency::Switched
        } else if measured(device) != measured(&before) {
            Urgency::Measured
        } else {
            Urgency::Seen
        };
        entry.urgency = entry.urgency.max(urgency);
        Ok(())
    }

    /// The link is down: nothing is known of any device any more. When each was last seen stays.
    pub fn offline(&mut self) {
        for entry in self.entries.values_mut() {
            let device = &mut entry.device;
            if device.online || device.relay_on || device.current_power != 0.0 {
                (device.online, device.relay_on, device.current_power) = (false, false, 0.0);
                entry.urgency = Urgency::Switched;
            }
        }
    }

    /// Sets what people, not sources, decide; `None` when there is no such device.
    pub fn adopt(&mut self, channel: &Channel, appointment_only_mode: bool) -> Option<&Device> {
        let entry = self.entries.get_mut(channel)?;
        if entry.device.appointment_only_mode != appointment_only_mode {
            entry.device.appointment_only_mode = appointment_only_mode;
            entry.urgency = Urgency::Switched;
        }
        Some(&entry.device)
    }

    /// When something has to be written next. `now` if something is overdue.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let waiting = self.entries.values().filter(|entry| entry.urgency > Urgency::Written);
        waiting.map(|entry| entry.due().unwrap_or(now)).min()
    }

    /// The devices that have to be written now. They count as written.
    pub fn take_due(&mut self, now: Instant) -> Vec<(Channel, Device)> {
        let due = self.entries.iter_mut().filter(|(_, entry)| entry.is_due(now));
        due.map(|(channel, entry)| {
            (entry.urgency, entry.written_at) = (Urgency::Written, Some(now));
            (channel.clone(), entry.device.clone())
        })
        .collect()
    }

    /// These could not be written after all.
    pub fn put_back(&mut self, channels: impl IntoIterator<Item = Channel>) {
        for channel in channels {
            if let Some(entry) = self.entries.get_mut(&channel) {
                entry.urgency = Urgency::Switched;
            }
        }
    }
}

/// A device before anything is known of it.
fn unheard_of(id: DeviceId, channel: &Channel, now: Timestamp) -> Device {
    Device {
        id,
        name: channel.as_str().to_owned(),
        online: false,
        relay_on: false,
        current_power: 0.0,
        voltage: None,
        temperature: None,
        last_seen_at: now,
        appointment_only_mode: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plug() -> Channel {
        Channel::new("switch:0").unwrap()
    }

    fn hear(fleet: &mut Fleet, power: f64) {
        let reading = Reading { power: Some(power), relay_on: Some(true), ..Reading::of(plug()) };
        fleet.hear(&LinkId::new("l"), reading, Timestamp::EPOCH).unwrap();
    }

    fn written(fleet: &mut Fleet, now: Instant) -> Vec<f64> {
        fleet.take_due(now).iter().map(|(_, device)| device.current_power).collect()
    }

    #[test]
    fn measurements_are_written_once_a_second_and_the_last_one_always() {
        let (mut fleet, begun) = (Fleet::default(), Instant::now());
        let mut all = Vec::new();
        for step in 0_u16..25 {
            let now = begun + Duration::from_millis(100) * step.into();
            hear(&mut fleet, step.into());
            all.extend(written(&mut fleet, now));
        }
        let due = fleet.due(begun).expect("the last one waits");
        all.extend(written(&mut fleet, due));
        assert_eq!(all, [0.0, 10.0, 20.0, 24.0]);
        assert_eq!(fleet.due(begun), None);
    }

    #[test]
    fn a_switch_is_written_at_once_and_takes_the_measurement_along() {
        let (mut fleet, now) = (Fleet::default(), Instant::now());
        hear(&mut fleet, 1.0);
        written(&mut fleet, now);
        hear(&mut fleet, 2.0);
        assert!(written(&mut fleet, now).is_empty());
        let off = Reading { relay_on: Some(false), ..Reading::of(plug()) };
        fleet.hear(&LinkId::new("l"), off, Timestamp::EPOCH).unwrap();
        assert_eq!(written(&mut fleet, now), [2.0]);
    }

    #[test]
    fn that_it_was_seen_is_written_once_a_minute() {
        let (mut fleet, now) = (Fleet::default(), Instant::now());
        hear(&mut fleet, 1.0);
        written(&mut fleet, now);
        hear(&mut fleet, 1.0);
        assert_eq!(fleet.due(now), Some(now + SEEN_EVERY));
    }

    #[test]
    fn offline_keeps_what_is_still_known() {
        let (mut fleet, now) = (Fleet::default(), Instant::now());
        let reading = Reading {
            power: Some(5.0),
            relay_on: Some(true),
            voltage: Some(230.0),
            name: Some("Cabina".to_owned()),
            ..Reading::of(plug())
        };
        fleet.hear(&LinkId::new("l"), reading, Timestamp::from_unix_ms(7)).unwrap();
        fleet.offline();
        let (_, device) = fleet.take_due(now).pop().unwrap();
        assert_eq!((device.online, device.relay_on, device.current_power), (false, false, 0.0));
        assert_eq!((device.name.as_str(), device.voltage), ("Cabina", Some(230.0)));
        assert_eq!(device.last_seen_at, Timestamp::from_unix_ms(7));
    }

    #[test]
    fn what_could_not_be_written_is_written_later() {
        let (mut fleet, now) = (Fleet::default(), Instant::now());
        hear(&mut fleet, 1.0);
        written(&mut fleet, now);
        fleet.put_back([plug()]);
        assert_eq!(written(&mut fleet, now), [1.0]);
    }

    #[test]
    fn a_source_cannot_make_up_devices_without_end() {
        let mut fleet = Fleet::default();
        let heard: Vec<_> = (0..=MAX_DEVICES)
            .map(|number| {
                let reading = Reading::of(Channel::new(&number.to_string()).unwrap());
                fleet.hear(&LinkId::new("l"), reading, Timestamp::EPOCH)
            })
            .collect();
        assert_eq!(heard.iter().filter(|heard| heard.is_err()).count(), 1);
        assert_eq!(fleet.count().0, MAX_DEVICES);
    }
}
