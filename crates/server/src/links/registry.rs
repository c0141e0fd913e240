//! The devices of one link, as the server believes them to be, and which of them have to be written.
//!
//! A device is online because something came from it while the link stood, and for no other reason: when
//! the link goes down, all of them are offline. What people act on (on, off, online, offline, a name) is written at
//! once, a measurement at most once a second for a device. Each write becomes an event for every account of the
//! tenant, so a device that keeps switching is paced too: [`BURST`] writes at once, then one a second. What is paced
//! is merged, and the last state is never dropped.

use std::{collections::BTreeMap, time::Duration};

use latido_domain::device_link::DeviceChannel;
use latido_protocol::{
    device::{Device, DeviceId},
    link::LinkId,
    time::Timestamp,
};
use tokio::time::Instant;

use super::connector::Reading;

/// A source that makes up devices without end fills no database.
pub const MAX_DEVICES: usize = 64;
/// Writes of one device that may follow each other at once, ...
pub const BURST: u32 = 5;
/// ... and how long it takes until one more may.
const REFILL: Duration = Duration::from_secs(1);
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

struct DeviceEntry {
    device: Device,
    urgency: Urgency,
    /// When it was last written. Never: it is due at once.
    written_at: Option<Instant>,
    /// When the allowance of writes is full again: each write moves it on by [`REFILL`].
    full_at: Option<Instant>,
    /// A person waits for it: it is written at once, whatever the pace.
    awaited: bool,
}

impl DeviceEntry {
    fn new(device: Device, urgency: Urgency) -> Self {
        Self { device, urgency, written_at: None, full_at: None, awaited: false }
    }

    /// `None`: at once, or nothing is to be written.
    fn due(&self) -> Option<Instant> {
        let every = match self.urgency {
            Urgency::Written => return None,
            Urgency::Switched if self.awaited => return None,
            Urgency::Switched => {
                return self.full_at.and_then(|full_at| full_at.checked_sub(REFILL * (BURST - 1)));
            }
            Urgency::Measured => MEASURED_EVERY,
            Urgency::Seen => SEEN_EVERY,
        };
        self.written_at.map(|written_at| written_at + every)
    }

    fn wrote(&mut self, now: Instant) {
        (self.urgency, self.written_at, self.awaited) = (Urgency::Written, Some(now), false);
        self.full_at = Some(self.full_at.map_or(now, |full_at| full_at.max(now)) + REFILL);
    }

    fn is_due(&self, now: Instant) -> bool {
        self.urgency > Urgency::Written && self.due().is_none_or(|due| due <= now)
    }
}

/// A source has more devices than are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyDevices;

#[derive(Default)]
pub struct DeviceRegistry {
    entries: BTreeMap<DeviceChannel, DeviceEntry>,
}

/// The id of the device behind a channel of a link: the same whenever it comes back.
pub fn device_id(link: &LinkId, channel: &DeviceChannel) -> DeviceId {
    DeviceId::new(format!("{link}.{}", channel.as_str()))
}

impl DeviceRegistry {
    /// What is known from before. Nothing has been heard since, so all of it is offline.
    pub fn restore(devices: impl IntoIterator<Item = (DeviceChannel, Device)>) -> Self {
        let entry = |(channel, device)| (channel, DeviceEntry::new(device, Urgency::Written));
        let entries = devices.into_iter().map(entry).collect();
        let mut fleet = Self { entries };
        fleet.offline();
        fleet
    }

    pub fn get(&self, channel: &DeviceChannel) -> Option<&Device> {
        self.entries.get(channel).map(|entry| &entry.device)
    }

    pub fn devices(&self) -> impl Iterator<Item = (&DeviceChannel, &Device)> {
        self.entries.iter().map(|(channel, entry)| (channel, &entry.device))
    }

    /// How many there are, and how many of them are online.
    pub fn count(&self) -> (usize, usize) {
        (self.entries.len(), self.devices().filter(|(_, device)| device.online).count())
    }

    /// Takes in what came from a device while the link stands.
    pub fn hear(&mut self, link: &LinkId, reading: Reading, now: Timestamp) -> Result<(), TooManyDevices> {
        let full = self.entries.len() >= MAX_DEVICES;
        let entry = match self.entries.entry(reading.channel.clone()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(_) if full => return Err(TooManyDevices),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let device = unheard_of(device_id(link, &reading.channel), &reading.channel, now);
                entry.insert(DeviceEntry::new(device, Urgency::Switched))
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
                // Together with the link's status, whatever the pace: a link goes down at most as often as it is dialled.
                (entry.urgency, entry.awaited) = (Urgency::Switched, true);
            }
        }
    }

    /// Sets what people, not sources, decide; `None` when there is no such device.
    pub fn adopt(&mut self, channel: &DeviceChannel, appointment_only_mode: bool) -> Option<&Device> {
        let entry = self.entries.get_mut(channel)?;
        if entry.device.appointment_only_mode != appointment_only_mode {
            entry.device.appointment_only_mode = appointment_only_mode;
            (entry.urgency, entry.awaited) = (Urgency::Switched, true);
        }
        Some(&entry.device)
    }

    /// A person waits for this device's state: what is to be written of it is written next, whatever the pace.
    pub fn hasten(&mut self, channel: &DeviceChannel) {
        if let Some(entry) = self.entries.get_mut(channel) {
            entry.awaited = true;
        }
    }

    /// When something has to be written next. `now` if something is overdue.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let waiting = self.entries.values().filter(|entry| entry.urgency > Urgency::Written);
        waiting.map(|entry| entry.due().unwrap_or(now)).min()
    }

    /// The devices that have to be written now. They count as written.
    pub fn take_due(&mut self, now: Instant) -> Vec<(DeviceChannel, Device)> {
        let due = self.entries.iter_mut().filter(|(_, entry)| entry.is_due(now));
        due.map(|(channel, entry)| {
            entry.wrote(now);
            (channel.clone(), entry.device.clone())
        })
        .collect()
    }

    /// These could not be written after all.
    pub fn put_back(&mut self, channels: impl IntoIterator<Item = DeviceChannel>) {
        for channel in channels {
            if let Some(entry) = self.entries.get_mut(&channel) {
                entry.urgency = Urgency::Switched;
            }
        }
    }
}

/// A device before anything is known of it.
fn unheard_of(id: DeviceId, channel: &DeviceChannel, now: Timestamp) -> Device {
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

    fn plug() -> DeviceChannel {
        DeviceChannel::new("switch:0").unwrap()
    }

    fn hear(fleet: &mut DeviceRegistry, power: f64) {
        let reading = Reading { power: Some(power), relay_on: Some(true), ..Reading::of(plug()) };
        fleet.hear(&LinkId::new("l"), reading, Timestamp::EPOCH).unwrap();
    }

    fn written(fleet: &mut DeviceRegistry, now: Instant) -> Vec<f64> {
        fleet.take_due(now).iter().map(|(_, device)| device.current_power).collect()
    }

    #[test]
    fn measurements_are_written_once_a_second_and_the_last_one_always() {
        let (mut fleet, begun) = (DeviceRegistry::default(), Instant::now());
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
        let (mut fleet, now) = (DeviceRegistry::default(), Instant::now());
        hear(&mut fleet, 1.0);
        written(&mut fleet, now);
        hear(&mut fleet, 2.0);
        assert!(written(&mut fleet, now).is_empty());
        let off = Reading { relay_on: Some(false), ..Reading::of(plug()) };
        fleet.hear(&LinkId::new("l"), off, Timestamp::EPOCH).unwrap();
        assert_eq!(written(&mut fleet, now), [2.0]);
    }

    fn switch(fleet: &mut DeviceRegistry, on: bool) {
        let reading = Reading { relay_on: Some(on), ..Reading::of(plug()) };
        fleet.hear(&LinkId::new("l"), reading, Timestamp::EPOCH).unwrap();
    }

    #[test]
    fn a_device_that_keeps_switching_is_written_once_a_second() {
        let (mut fleet, begun) = (DeviceRegistry::default(), Instant::now());
        let mut written = Vec::new();
        for step in 0_u32..2_000 {
            let now = begun + Duration::from_millis(5) * step;
            switch(&mut fleet, step % 2 == 0);
            written.extend(fleet.take_due(now).into_iter().map(|(_, device)| (step, device.relay_on)));
        }
        assert_eq!(written[0], (0, true), "the first at once");
        assert!(written.len() <= BURST as usize + 10, "{} writes in ten seconds", written.len());
        let due = fleet.due(begun).expect("the last one waits");
        let last = fleet.take_due(due).pop().expect("the last one is written");
        assert!(!last.1.relay_on);
        assert_eq!(fleet.due(begun), None);
    }

    #[test]
    fn a_few_switches_in_a_row_are_written_at_once() {
        let (mut fleet, now) = (DeviceRegistry::default(), Instant::now());
        for step in 0..BURST {
            switch(&mut fleet, step % 2 == 0);
            assert_eq!(fleet.take_due(now).len(), 1, "{step}");
        }
        switch(&mut fleet, BURST.is_multiple_of(2));
        assert!(fleet.take_due(now).is_empty());
        assert!(fleet.due(now).is_some_and(|due| due > now && due <= now + REFILL));
    }

    #[test]
    fn a_link_that_goes_down_takes_a_paced_device_offline_at_once() {
        let (mut fleet, now) = (DeviceRegistry::default(), Instant::now());
        for step in 0..=BURST {
            switch(&mut fleet, step.is_multiple_of(2));
            fleet.take_due(now);
        }
        fleet.offline();
        let (_, device) = fleet.take_due(now).pop().expect("written with the link's status");
        assert!(!device.online);
    }

    #[test]
    fn a_change_that_a_person_waits_for_is_written_whatever_the_pace() {
        let (mut fleet, now) = (DeviceRegistry::default(), Instant::now());
        for step in 0..=BURST {
            switch(&mut fleet, step % 2 == 0);
            fleet.take_due(now);
        }
        fleet.hasten(&plug());
        assert_eq!(fleet.take_due(now).len(), 1);
    }

    #[test]
    fn that_it_was_seen_is_written_once_a_minute() {
        let (mut fleet, now) = (DeviceRegistry::default(), Instant::now());
        hear(&mut fleet, 1.0);
        written(&mut fleet, now);
        hear(&mut fleet, 1.0);
        assert_eq!(fleet.due(now), Some(now + SEEN_EVERY));
    }

    #[test]
    fn offline_keeps_what_is_still_known() {
        let (mut fleet, now) = (DeviceRegistry::default(), Instant::now());
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
        let (mut fleet, now) = (DeviceRegistry::default(), Instant::now());
        hear(&mut fleet, 1.0);
        written(&mut fleet, now);
        fleet.put_back([plug()]);
        assert_eq!(written(&mut fleet, now), [1.0]);
    }

    #[test]
    fn a_source_cannot_make_up_devices_without_end() {
        let mut fleet = DeviceRegistry::default();
        let heard: Vec<_> = (0..=MAX_DEVICES)
            .map(|number| {
                let reading = Reading::of(DeviceChannel::new(&number.to_string()).unwrap());
                fleet.hear(&LinkId::new("l"), reading, Timestamp::EPOCH)
            })
            .collect();
        assert_eq!(heard.iter().filter(|heard| heard.is_err()).count(), 1);
        assert_eq!(fleet.count().0, MAX_DEVICES);
    }
}
